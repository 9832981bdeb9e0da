//! Entities and the references between them, judged together: what no look at one file can tell.
//!
//! Only what a change touches is judged again. Nothing is kept of what was found: a finding is made
//! from the references when it is asked for, so that 100,000 entities take little more than their
//! names.

mod cycles;
mod described;
mod diff;
mod field;
mod judge;
mod near;
mod slots;
mod snapshot;

use std::collections::BTreeSet;

use serde::Deserialize;

pub use described::{Described, NotAnEntity};
pub use diff::{Diff, File, diff};
pub use judge::CODES;

use self::cycles::Cycles;
use self::near::Near;
use self::slots::{Id, Slots};
use super::kinds::{Kinds, OwnKinds};
use super::weight::Weights;
use crate::diagnostic::Diagnostic;

/// What a caller may say of a graph.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct GraphOptions {
    /// Whether no entity is anywhere else, so that a reference to another leads nowhere. Also so if
    /// the graph was told the live catalogue.
    pub complete: bool,
    /// What findings weigh, where it is not the usual.
    pub rules: Weights,
    /// Kinds that are added to those that Backstage has, of entities that come without a file.
    pub kinds: OwnKinds,
    /// The kinds of a Backstage, in place of those that it has built in.
    pub model: Option<OwnKinds>,
}

/// Entities by their references.
#[derive(Debug, Default)]
pub struct Graph {
    options: GraphOptions,
    slots: Slots,
    cycles: Cycles,
    near: Near,
    /// Whether the live catalogue is known.
    has_live: bool,
    /// What may be judged otherwise than before.
    touched: BTreeSet<Id>,
}

/// All that is wrong with the references of one entity.
#[derive(Debug)]
pub struct Judged {
    /// `kind:namespace/name` in lower case.
    pub entity_ref: String,
    /// In order of their places; empty if it is well, or gone.
    pub findings: Vec<Diagnostic>,
}

impl Graph {
    /// A graph without entities.
    pub fn new(options: GraphOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Adds an entity. It takes the place of one with the same reference, unless both say where they
    /// are written and that is not the same place: then they are duplicates.
    pub fn insert(&mut self, entity: Described) {
        let id = self.slots.id(&entity.entity_ref);
        match self.slots.describe_also(id, entity) {
            Ok(children) => {
                self.cycles.touch(id);
                for child in children {
                    self.cycles.touch(child);
                }
                self.touched.insert(id);
            }
            Err(entity) => self.change(id, |slots| slots.describe(id, entity)),
        }
    }

    /// Removes all that was inserted under a reference.
    pub fn remove(&mut self, entity_ref: &str) {
        if let Some(id) = self.slots.find(entity_ref) {
            self.change(id, |slots| slots.clear(id));
        }
    }

    /// Says what the live catalogue has. Inserted entities stand for those of the same reference.
    pub fn set_live(&mut self, entities: Vec<Described>) {
        for id in self.slots.live().collect::<Vec<_>>() {
            self.change(id, |slots| slots.clear_live(id));
        }
        for entity in entities {
            let id = self.slots.id(&entity.entity_ref);
            self.change(id, |slots| slots.describe_live(id, entity));
        }
        self.has_live = true;
        self.touched.extend(self.slots.own());
    }

    /// The kinds of entities that come without a file.
    pub fn known_kinds(&self) -> Kinds<'_> {
        Kinds {
            own: &self.options.kinds,
            model: self.options.model.as_ref(),
        }
    }

    /// How many entities were inserted.
    pub fn len(&self) -> usize {
        self.slots.own().count()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.slots.own().next().is_none()
    }

    /// Judges what was touched since it was last called, in the order of the references.
    pub fn judge(&mut self) -> Vec<Judged> {
        self.settle();
        let touched = std::mem::take(&mut self.touched);
        self.all_of(touched)
    }

    /// Judges everything; only entities with findings are told.
    pub fn findings(&mut self) -> Vec<Judged> {
        self.settle();
        let mut all = self.all_of(self.slots.own().collect::<Vec<_>>());
        all.retain(|judged| !judged.findings.is_empty());
        all
    }

    fn all_of(&self, ids: impl IntoIterator<Item = Id>) -> Vec<Judged> {
        let mut all: Vec<Judged> = ids
            .into_iter()
            .map(|id| Judged {
                entity_ref: self.slots.name(id).to_owned(),
                findings: self.judge_one(id),
            })
            .collect();
        all.sort_by(|a, b| a.entity_ref.cmp(&b.entity_ref));
        all
    }

    /// Brings what is derived from the references up to date.
    fn settle(&mut self) {
        self.near.settle(&self.slots);
        self.touched.extend(self.cycles.settle(&self.slots));
        self.touched.retain(|id| self.slots.was_own(*id));
    }

    /// Changes one entity, and notes what that touches.
    fn change(&mut self, id: Id, change: impl FnOnce(&mut Slots)) {
        let was_known = self.slots.is_known(id);
        self.touch_hierarchy(id);
        change(&mut self.slots);
        self.touch_hierarchy(id);
        self.touched.insert(id);
        let is_known = self.slots.is_known(id);
        if was_known != is_known {
            self.touched.extend(self.slots.sources(id));
        }
        if is_known && !was_known {
            self.near.add([id]);
        }
    }

    fn touch_hierarchy(&mut self, id: Id) {
        self.cycles.touch(id);
        for child in self.slots.children(id) {
            self.cycles.touch(child);
        }
    }
}
