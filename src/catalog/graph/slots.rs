//! Where entities are kept, with their references in both directions.

use std::sync::Arc;

use foldhash::fast::FixedState;
use indexmap::IndexSet;

use super::described::Described;
use super::field::RefField;
use crate::source::{Place, Position};

/// Stands for a reference that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u32);

/// Entities, and what is only referred to.
#[derive(Debug, Default)]
pub struct Slots {
    names: IndexSet<Box<str>, FixedState>,
    slots: Vec<Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    /// What was inserted: none if it is only referred to, several if there are duplicates.
    own: Vec<Descriptor>,
    /// What the live catalogue has.
    live: Option<Descriptor>,
    /// Who refers to it, and whether as to what is below.
    incoming: IndexSet<(Id, bool), FixedState>,
    /// Whether it was ever inserted, so that somebody may have been told of it.
    was_own: bool,
}

/// One text that describes an entity.
#[derive(Debug)]
pub struct Descriptor {
    /// As it is written.
    pub kind: Box<str>,
    /// What it refers to.
    pub edges: Vec<Edge>,
    /// The file and the place of the name, if they are known.
    at: Option<(Arc<str>, Range)>,
    /// The places of the edges; none if they are not known.
    places: Vec<Range>,
}

type Range = (Position, Position);

/// One reference.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The field.
    pub field: RefField,
    /// Its place in the list, if the field is one.
    pub index: Option<u32>,
    /// What it refers to.
    pub target: Id,
}

/// Fields that say what an entity is below.
const UP: [&str; 3] = ["parent", "subcomponentOf", "subdomainOf"];
/// The field that says what is below an entity.
const DOWN: &str = "children";

impl Slots {
    /// The id of a reference, which is now seen.
    pub fn id(&mut self, entity_ref: &str) -> Id {
        self.find(entity_ref).unwrap_or_else(|| {
            self.slots.push(Slot::default());
            Id::from_index(self.names.insert_full(entity_ref.into()).0)
        })
    }

    /// The id of a reference that was seen.
    pub fn find(&self, entity_ref: &str) -> Option<Id> {
        self.names.get_index_of(entity_ref).map(Id::from_index)
    }

    /// The reference.
    pub fn name(&self, id: Id) -> &str {
        self.names.get_index(id.index()).map_or("", |name| name)
    }

    /// Whether there is such an entity.
    pub fn is_known(&self, id: Id) -> bool {
        self.slot(id)
            .is_some_and(|slot| !slot.own.is_empty() || slot.live.is_some())
    }

    /// Whether it was ever inserted.
    pub fn was_own(&self, id: Id) -> bool {
        self.slot(id).is_some_and(|slot| slot.was_own)
    }

    /// All that is inserted.
    pub fn own(&self) -> impl Iterator<Item = Id> {
        self.ids(|slot| !slot.own.is_empty())
    }

    /// What was inserted under a reference, in the order of the places.
    pub fn descriptors(&self, id: Id) -> &[Descriptor] {
        self.slot(id).map_or(&[], |slot| &slot.own)
    }

    /// The references of an entity, wherever it is described.
    pub fn edges(&self, id: Id) -> impl Iterator<Item = &Edge> {
        self.slot(id)
            .into_iter()
            .flat_map(Slot::effective)
            .flat_map(|descriptor| &descriptor.edges)
    }

    /// Who refers to it.
    pub fn sources(&self, id: Id) -> impl Iterator<Item = Id> {
        let slot = self.slot(id).into_iter();
        slot.flat_map(|slot| slot.incoming.iter().map(|&(source, _)| source))
    }

    /// What an entity is below of, by its own word or by that of others.
    pub fn above(&self, id: Id) -> impl Iterator<Item = Id> {
        let own = self.edges(id).filter(|edge| edge.is_up());
        let others = self.slot(id).into_iter().flat_map(|slot| &slot.incoming);
        let others = others.filter(|&&(_, is_below)| is_below);
        own.map(|edge| edge.target)
            .chain(others.map(|&(source, _)| source))
    }

    /// What an entity says is below it.
    pub fn children(&self, id: Id) -> Vec<Id> {
        let edges = self.edges(id).filter(|edge| edge.is_down());
        edges.map(|edge| edge.target).collect()
    }

    /// Sets what is inserted under a reference.
    pub fn describe(&mut self, id: Id, entity: Described) {
        let descriptor = self.descriptor(entity);
        self.detach(id);
        if let Some(slot) = self.slot_mut(id) {
            slot.was_own = true;
            slot.own.retain(|known| known.is_beside(&descriptor));
            slot.own.push(descriptor);
            slot.own.sort_by(|a, b| a.at.cmp(&b.at));
        }
        self.attach(id);
    }

    /// Adds to what is inserted under a reference if both have places of their own: a file may hold
    /// one entity thousands of times, and none of them looks at all others. Gives what it says is below
    /// it, or it back.
    pub fn describe_also(&mut self, id: Id, entity: Described) -> Result<Vec<Id>, Described> {
        let place = |slot: &Slot| {
            let at = entity.at.as_ref()?;
            let at = Some((Arc::clone(&at.file), (at.start, at.end)));
            slot.own.first()?.at.as_ref()?;
            let search = slot.own.binary_search_by(|known| known.at.cmp(&at));
            search.err()
        };
        let Some(index) = self.slot(id).and_then(place) else {
            return Err(entity);
        };
        let descriptor = self.descriptor(entity);
        let edges = descriptor.edges.iter();
        let outgoing: Vec<_> = edges.map(|edge| (edge.target, edge.is_down())).collect();
        if let Some(slot) = self.slot_mut(id) {
            slot.own.insert(index, descriptor);
        }
        let mut children = Vec::new();
        for (target, is_below) in outgoing {
            if let Some(slot) = self.slot_mut(target) {
                slot.incoming.insert((id, is_below));
            }
            if is_below {
                children.push(target);
            }
        }
        Ok(children)
    }

    /// Sets what the live catalogue has of a reference.
    pub fn describe_live(&mut self, id: Id, entity: Described) {
        let descriptor = self.descriptor(entity);
        self.detach(id);
        if let Some(slot) = self.slot_mut(id) {
            slot.live = Some(descriptor);
        }
        self.attach(id);
    }

    /// Forgets what is inserted under a reference.
    pub fn clear(&mut self, id: Id) {
        self.detach(id);
        if let Some(slot) = self.slot_mut(id) {
            slot.own = Vec::new();
        }
        self.attach(id);
    }

    /// What the live catalogue has.
    pub fn live(&self) -> impl Iterator<Item = Id> {
        self.ids(|slot| slot.live.is_some())
    }

    /// Forgets what the live catalogue has of a reference.
    pub fn clear_live(&mut self, id: Id) {
        self.detach(id);
        if let Some(slot) = self.slot_mut(id) {
            slot.live = None;
        }
        self.attach(id);
    }

    fn descriptor(&mut self, entity: Described) -> Descriptor {
        let places = entity.references.iter().map_while(|reference| {
            let at = reference.at.as_ref()?;
            Some((at.start, at.end))
        });
        let places: Vec<Range> = places.collect();
        let edges = entity.references.into_iter().map(|reference| Edge {
            field: reference.field,
            index: reference.index,
            target: self.id(&reference.target),
        });
        Descriptor {
            kind: entity.kind.into(),
            edges: edges.collect(),
            at: entity.at.map(|at| (at.file, (at.start, at.end))),
            places,
        }
    }

    /// Tells the targets of an entity that it refers to them.
    fn attach(&mut self, id: Id) {
        for (target, is_below) in self.outgoing(id) {
            if let Some(slot) = self.slot_mut(target) {
                slot.incoming.insert((id, is_below));
            }
        }
    }

    fn detach(&mut self, id: Id) {
        for (target, is_below) in self.outgoing(id) {
            if let Some(slot) = self.slot_mut(target) {
                slot.incoming.swap_remove(&(id, is_below));
            }
        }
    }

    fn outgoing(&self, id: Id) -> Vec<(Id, bool)> {
        let edges = self.edges(id);
        edges.map(|edge| (edge.target, edge.is_down())).collect()
    }

    fn ids(&self, is_meant: impl Fn(&Slot) -> bool) -> impl Iterator<Item = Id> {
        let ids = (0..).map(Id).zip(&self.slots);
        ids.filter(move |(_, slot)| is_meant(slot))
            .map(|(id, _)| id)
    }

    fn slot(&self, id: Id) -> Option<&Slot> {
        self.slots.get(id.index())
    }

    fn slot_mut(&mut self, id: Id) -> Option<&mut Slot> {
        self.slots.get_mut(id.index())
    }
}

impl Slot {
    /// What counts: the live catalogue's word is replaced by what was inserted.
    fn effective(&self) -> impl Iterator<Item = &Descriptor> {
        let live = self.live.as_ref().filter(|_| self.own.is_empty());
        self.own.iter().chain(live)
    }
}

impl Descriptor {
    /// Whether both can be there at once: each has a place of its own.
    fn is_beside(&self, other: &Self) -> bool {
        self.at.is_some() && other.at.is_some() && self.at != other.at
    }

    /// Where the name is written, or else the entity as a whole.
    pub fn place(&self, name: &str) -> Place {
        match &self.at {
            Some((file, range)) => place(file, *range),
            None => place(&name.into(), (START, START)),
        }
    }

    /// Where a reference is written, or else the entity as a whole.
    pub fn edge_place(&self, name: &str, edge: usize) -> Place {
        match (&self.at, self.places.get(edge)) {
            (Some((file, _)), Some(range)) => place(file, *range),
            _ => self.place(name),
        }
    }
}

impl Edge {
    /// Whether it says what the entity is below of.
    pub fn is_up(&self) -> bool {
        UP.contains(&self.field.path())
    }

    /// Whether it says what is below the entity.
    pub fn is_down(&self) -> bool {
        self.field.path() == DOWN
    }

    /// It as a JSON pointer.
    pub fn pointer(&self) -> String {
        let field = self.field.pointer();
        match self.index {
            Some(index) => format!("/spec{field}/{index}"),
            None => format!("/spec{field}"),
        }
    }
}

impl Id {
    /// Memory ends far before 2^32 entities.
    fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

const START: Position = Position {
    line: 1,
    column: 1,
    offset: 0,
};

fn place(file: &Arc<str>, (start, end): Range) -> Place {
    Place {
        file: Arc::clone(file),
        start,
        end,
    }
}
