//! Two lists of rules on every kind of entity, for every way to own it: what changes where.

use super::super::super::model::Effect;
use super::rows::Reached;
use super::world::{Case, KindId, Owns, PlotId, World};
use super::{Cause, Example, Reasoned, Side, Way, cause};

const WAYS: [Way; 2] = [Way::Gained, Way::Lost];

/// Every way to own something.
const OWNS: [Owns; 5] = [
    owns(false, false, false),
    owns(true, false, false),
    owns(false, true, false),
    owns(true, true, false),
    owns(true, true, true),
];

/// The changes for users whom the same rules reach.
pub struct Table {
    old: Vec<Reached>,
    new: Vec<Reached>,
    by_kind: Vec<[Option<Way>; OWNS.len()]>,
    is_empty: bool,
    depends_on_owner: bool,
    /// The plots where it is the same for all that do not own them: gained, and lost.
    elsewhere: [Vec<PlotId>; WAYS.len()],
}

impl Table {
    /// Works out all kinds of a type of resource.
    pub fn new(world: &World<'_>, resource_type: &str, old: &[Reached], new: &[Reached]) -> Self {
        let by_kind = world.kinds.iter().enumerate().map(|(id, kind)| {
            OWNS.map(|owns| {
                let is_asked = kind.is_of(resource_type);
                is_asked
                    .then(|| change(world, old, new, id, owns))
                    .flatten()
            })
        });
        let by_kind: Vec<_> = by_kind.collect();
        let is_empty = by_kind.iter().flatten().all(Option::is_none);
        let depends_on_owner = by_kind
            .iter()
            .any(|[first, rest @ ..]| rest.iter().any(|way| way != first));
        let elsewhere = WAYS.map(|way| {
            let plots = world.plots.iter().enumerate();
            let changed = plots.filter(|(_, plot)| {
                by_kind
                    .get(plot.kind)
                    .is_some_and(|[unowned, ..]| *unowned == Some(way))
            });
            changed.map(|(plot, _)| plot).collect()
        });
        Self {
            old: old.to_vec(),
            new: new.to_vec(),
            by_kind,
            is_empty,
            depends_on_owner,
            elsewhere,
        }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether it matters what a user owns.
    pub fn depends_on_owner(&self) -> bool {
        self.depends_on_owner
    }

    /// What changes for a user who owns some plots, each with one case of it.
    pub fn changes(&self, world: &World<'_>, owned: &[Case]) -> Vec<(Way, Case)> {
        let mut found = Vec::new();
        for (way, elsewhere) in WAYS.into_iter().zip(&self.elsewhere) {
            let is_owned = |plot: &PlotId| owned.binary_search_by_key(plot, |(p, _)| *p).is_ok();
            let unowned = elsewhere.iter().copied().find(|plot| !is_owned(plot));
            let case = unowned.map(|plot| (plot, Owns::default())).or_else(|| {
                let mut owned = owned.iter().copied();
                owned.find(|&(plot, owns)| self.at(world, plot, owns) == Some(way))
            });
            found.extend(case.map(|case| (way, case)));
        }
        found
    }

    fn at(&self, world: &World<'_>, plot: PlotId, owns: Owns) -> Option<Way> {
        let kind = world.plots.get(plot)?.kind;
        let ways = self.by_kind.get(kind)?;
        let index = OWNS.iter().position(|known| *known == owns)?;
        *ways.get(index)?
    }

    /// The rules that make the difference in a case.
    pub fn reason(&self, world: &World<'_>, way: Way, (plot, owns): Case) -> Reasoned {
        let Some(plot) = world.plots.get(plot) else {
            return (Vec::new(), None);
        };
        let holding = |side, effect| holding(world, self.of(side), side, effect, plot.kind, owns);
        let causes = match way {
            Way::Gained => match holding(Side::Old, Effect::Allow).as_slice() {
                [] => holding(Side::New, Effect::Allow),
                _ => holding(Side::Old, Effect::Deny),
            },
            Way::Lost => match holding(Side::New, Effect::Allow).as_slice() {
                [] => holding(Side::Old, Effect::Allow),
                _ => holding(Side::New, Effect::Deny),
            },
        };
        (causes, Some(Example::Entity(world.name(plot))))
    }

    fn of(&self, side: Side) -> &[Reached] {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }
}

fn change(
    world: &World<'_>,
    old: &[Reached],
    new: &[Reached],
    kind: KindId,
    owns: Owns,
) -> Option<Way> {
    let allowed = |reached: &[Reached], side| {
        let some = |effect| any_holds(world, reached, side, effect, kind, owns);
        some(Effect::Allow) && !some(Effect::Deny)
    };
    match (allowed(old, Side::Old), allowed(new, Side::New)) {
        (false, true) => Some(Way::Gained),
        (true, false) => Some(Way::Lost),
        _ => None,
    }
}

fn any_holds(
    world: &World<'_>,
    reached: &[Reached],
    side: Side,
    effect: Effect,
    kind: KindId,
    owns: Owns,
) -> bool {
    let rules = rules(world, side);
    let Some(kind) = world.kinds.get(kind) else {
        return false;
    };
    reached.iter().any(|&(id, only_owners)| {
        rules.get(id).is_some_and(|compiled| {
            compiled.rule.effect == effect && compiled.holds(only_owners, kind, owns, side)
        })
    })
}

fn holding(
    world: &World<'_>,
    reached: &[Reached],
    side: Side,
    effect: Effect,
    kind: KindId,
    owns: Owns,
) -> Vec<Cause> {
    let holds =
        |one: &&Reached| any_holds(world, std::slice::from_ref(*one), side, effect, kind, owns);
    let rules = rules(world, side);
    let holding = reached.iter().filter(holds);
    holding
        .filter_map(|&(id, _)| Some(cause(rules.get(id)?.rule, side)))
        .collect()
}

fn rules<'w>(world: &'w World<'_>, side: Side) -> &'w [super::world::Compiled<'w>] {
    match side {
        Side::Old => &world.old,
        Side::New => &world.new,
    }
}

const fn owns(old: bool, new: bool, by_name: bool) -> Owns {
    Owns { old, new, by_name }
}
