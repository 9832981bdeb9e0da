//! What is wrong with the references of one entity.

use super::Graph;
use super::described::split;
use super::slots::{Descriptor, Edge, Id};
use crate::diagnostic::{self, Diagnostic};
use crate::source::Place;

/// The diagnostics it may give.
pub const CODES: &[&str] = &[
    "reference/cycle",
    "reference/dangling",
    "reference/duplicate",
    "reference/itself",
    "reference/wrong-kind",
];

/// How much of a cycle is told: a longer one is a broken import, not a slip of the pen.
const SHOWN: usize = 16;

impl Graph {
    /// All findings on one entity, in order of their places.
    pub(super) fn judge_one(&self, id: Id) -> Vec<Diagnostic> {
        let name = self.slots.name(id);
        let descriptors = self.slots.descriptors(id);
        let mut found = Vec::new();
        for (index, descriptor) in descriptors.iter().enumerate() {
            let mut own = Vec::new();
            if let Some(first) = descriptors.first().filter(|_| index > 0) {
                own.push(duplicate(name, descriptor, first));
            }
            for (number, edge) in descriptor.edges.iter().enumerate() {
                let place = || descriptor.edge_place(name, number);
                let finding = self.judge_edge(id, edge, place);
                own.extend(finding.map(|finding| finding.pointer(edge.pointer())));
            }
            self.options.rules.apply(&descriptor.kind, &mut own);
            found.extend(own);
        }
        if let Some(first) = descriptors.first() {
            let mut cycle: Vec<_> = self.cycle(id).into_iter().collect();
            self.options.rules.apply(&first.kind, &mut cycle);
            found.extend(cycle);
        }
        diagnostic::sort(&mut found);
        found
    }

    fn judge_edge(&self, id: Id, edge: &Edge, place: impl Fn() -> Place) -> Option<Diagnostic> {
        let target = self.slots.name(edge.target);
        let kinds = edge.field.allowed_kinds();
        if !is_allowed(target, &kinds) {
            let meant = self.near.nearest(target, &kinds, &self.slots);
            Some(wrong_kind(target, edge, &kinds, meant, place()))
        } else if edge.target == id {
            Some(itself(target, edge, place()))
        } else if self.judges_dangling() && !self.slots.is_known(edge.target) {
            let meant = self.near.nearest(target, &kinds, &self.slots);
            Some(self.dangling(target, edge, meant, place()))
        } else {
            None
        }
    }

    /// Whether all entities are known that there can be.
    fn judges_dangling(&self) -> bool {
        self.options.complete || self.has_live
    }

    fn dangling(&self, target: &str, edge: &Edge, meant: Option<&str>, place: Place) -> Diagnostic {
        let among = if self.has_live {
            "it is neither in the catalogue nor among what is checked"
        } else {
            "nothing has this reference"
        };
        Diagnostic::warning(
            "reference/dangling",
            place,
            format!("`{target}` does not exist: {among}"),
        )
        .why(format!(
            "Backstage accepts it, and leaves the relation of `spec.{}` out of its pages",
            edge.field.path()
        ))
        .help(match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("add `{target}` in the same change, or refer to what exists"),
        })
    }

    /// The cycle of an entity if it is the one to tell of it.
    fn cycle(&self, id: Id) -> Option<Diagnostic> {
        let way = self.cycles.told_by(id)?;
        let name = |id: Id| self.slots.name(id);
        let mut names: Vec<&str> = way.iter().take(SHOWN).map(|&id| name(id)).collect();
        if way.len() > SHOWN {
            names.push("…");
        }
        names.push(name(id));
        let nexts = way.iter().skip(1).chain([&id]);
        let shown = way.iter().zip(nexts).take(SHOWN);
        let mut links = shown.map(|(&from, &to)| self.link(from, to));
        let first = links.next().flatten();
        let (place, pointer) = match first {
            Some((place, pointer, _)) => (place, Some(pointer)),
            None => (self.slots.descriptors(id).first()?.place(name(id)), None),
        };
        let mut found = Diagnostic::warning(
            "reference/cycle",
            place,
            format!("`{}` is above itself: `{}`", name(id), names.join("` → `")),
        )
        .why("a hierarchy has a top; pages that walk it up never arrive, and some show it twice")
        .help("remove one of these references");
        found.pointer = pointer;
        Some(
            links
                .flatten()
                .fold(found, |found, (place, _, said)| found.related(said, place)),
        )
    }

    /// Where it is said that an entity is below another: the place, the pointer, and in words.
    fn link(&self, from: Id, to: Id) -> Option<(Place, String, String)> {
        let find = |id: Id, is_meant: &dyn Fn(&Edge) -> bool| {
            self.slots.descriptors(id).iter().find_map(|descriptor| {
                let number = descriptor.edges.iter().position(is_meant)?;
                let edge = descriptor.edges.get(number)?;
                let place = descriptor.edge_place(self.slots.name(id), number);
                let (name, target) = (self.slots.name(id), self.slots.name(edge.target));
                let said = format!("`{name}` has `{target}` as `{}`", edge.field.path());
                Some((place, edge.pointer(), said))
            })
        };
        find(from, &|edge| edge.is_up() && edge.target == to)
            .or_else(|| find(to, &|edge| edge.is_down() && edge.target == from))
    }
}

fn is_allowed(target: &str, kinds: &[&str]) -> bool {
    let kind = split(target).0;
    kinds.is_empty() || kinds.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

fn duplicate(name: &str, descriptor: &Descriptor, first: &Descriptor) -> Diagnostic {
    Diagnostic::error(
        "reference/duplicate",
        descriptor.place(name),
        format!("`{name}` is described twice"),
    )
    .why("Backstage keeps one of them and refuses the other, and which one is a matter of chance")
    .help("remove one, or give it another name or namespace")
    .pointer("/metadata/name")
    .related("the other is here", first.place(name))
}

fn itself(target: &str, edge: &Edge, place: Place) -> Diagnostic {
    Diagnostic::warning(
        "reference/itself",
        place,
        format!(
            "`{target}` refers to itself in `spec.{}`",
            edge.field.path()
        ),
    )
    .why("Backstage accepts it, and shows the entity as its own neighbour")
    .help("remove it")
}

fn wrong_kind(
    target: &str,
    edge: &Edge,
    kinds: &[&str],
    meant: Option<&str>,
    place: Place,
) -> Diagnostic {
    let field = edge.field.path();
    let kinds = format!("`{}`", kinds.join("` or `"));
    Diagnostic::warning(
        "reference/wrong-kind",
        place,
        format!("`spec.{field}` takes {kinds}, which `{target}` is not"),
    )
    .why("Backstage accepts it, but its pages look for the other kind, and newer versions drop the relation")
    .help(match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("refer to one of kind {kinds}"),
    })
}
