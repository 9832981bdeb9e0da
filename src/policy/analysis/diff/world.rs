//! The entities of a snapshot as the conditions of two policies see them: by what holds of them, and by
//! their owners.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::super::super::Policy;
use super::super::super::claims::Claims;
use super::super::super::condition::Condition;
use super::super::super::criteria::Criteria;
use super::super::super::directory::GroupId;
use super::super::super::evaluate::Resource;
use super::super::super::model::{Effect, Rule, Term, When};
use super::super::super::permission::{CATALOG_ENTITY, is_a, is_environment};
use super::super::super::situation::Situation;
use super::super::classes::owned;
use super::Side;

/// Entities of which the same conditions hold.
pub type KindId = usize;
/// Entities of one kind with the same owners.
pub type PlotId = usize;

/// A plot, and how somebody owns it.
pub type Case = (PlotId, Owns);

/// All entities.
pub struct World<'p> {
    pub old: Vec<Compiled<'p>>,
    pub new: Vec<Compiled<'p>>,
    pub kinds: Vec<Kind>,
    pub plots: Vec<Plot>,
    by_owner: HashMap<Arc<str>, Vec<PlotId>>,
    by_group: [Vec<Vec<PlotId>>; 2],
    entities: &'p [Value],
}

/// What holds of some entities.
#[derive(Debug)]
pub struct Kind {
    facts: Vec<Option<bool>>,
    /// Whether it can be known who owns them.
    pub has_readable_owners: bool,
    /// Whether they are environments too.
    is_environment: bool,
}

/// Entities that no user can tell apart.
#[derive(Debug)]
pub struct Plot {
    pub kind: KindId,
    /// The number of the first.
    pub first: usize,
}

/// How a user owns something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Owns {
    /// By `$ownership` of the old policy.
    pub old: bool,
    /// By `$ownership` of the new one.
    pub new: bool,
    /// By name.
    pub by_name: bool,
}

/// A rule whose conditions are numbers.
pub struct Compiled<'p> {
    pub rule: &'p Rule,
    when: Expression,
}

enum Expression {
    Fact(usize),
    /// `$ownership`
    Owned,
    /// `$self`
    Mine,
    Unknown,
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
}

impl<'p> World<'p> {
    /// Sorts the entities by the conditions on entities in both policies.
    pub fn new(
        old: &'p Policy,
        new: &'p Policy,
        entities: &'p [Value],
        situation: Situation<'_>,
    ) -> Self {
        let mut facts = IndexSet::new();
        let mut compile = |policy: &'p Policy| {
            let rules = policy.model.rules.iter();
            rules
                .map(|rule| Compiled::new(rule, situation, &mut facts))
                .collect::<Vec<_>>()
        };
        let (compiled_old, compiled_new) = (compile(old), compile(new));
        let mut world = Self {
            old: compiled_old,
            new: compiled_new,
            kinds: Vec::new(),
            plots: Vec::new(),
            by_owner: HashMap::new(),
            by_group: [Vec::new(), Vec::new()],
            entities,
        };
        world.sort_entities(&facts);
        for (policy, lists) in [old, new].into_iter().zip(&mut world.by_group) {
            let directory = policy.members.directory();
            let mode = policy.members.ownership();
            let plots = |group: GroupId| {
                let mut plots = Vec::new();
                if world.plots.is_empty() {
                    return plots;
                }
                for id in owned(directory, mode, group) {
                    let name = directory.entity_ref(id);
                    plots.extend(
                        name.and_then(|name| world.by_owner.get(name))
                            .into_iter()
                            .flatten(),
                    );
                }
                plots
            };
            *lists = (0..directory.group_count()).map(plots).collect();
        }
        world
    }

    fn sort_entities(&mut self, facts: &IndexSet<Condition>) {
        let conditions: Vec<_> = facts.iter().cloned().map(Criteria::is).collect();
        let nobody = Claims::default();
        let mut kinds: IndexMap<(Vec<Option<bool>>, bool, bool), KindId> = IndexMap::new();
        let mut plots: IndexMap<(KindId, Vec<Arc<str>>), PlotId> = IndexMap::new();
        for (number, entity) in self.entities.iter().enumerate() {
            let resource = Resource::new(entity);
            let holds = conditions
                .iter()
                .map(|criteria| resource.satisfies(criteria, &nobody));
            let owners = owners(entity);
            let key = (holds.collect(), owners.is_some(), is_environment(entity));
            let next = kinds.len();
            let kind = *kinds.entry(key).or_insert(next);
            let owners = owners.unwrap_or_default();
            let next = plots.len();
            let plot = *plots.entry((kind, owners.clone())).or_insert(next);
            if plot < next {
                continue;
            }
            self.plots.push(Plot {
                kind,
                first: number,
            });
            for owner in owners {
                self.by_owner.entry(owner).or_default().push(plot);
            }
        }
        self.kinds = kinds
            .into_keys()
            .map(|(facts, has_readable_owners, is_environment)| Kind {
                facts,
                has_readable_owners,
                is_environment,
            })
            .collect();
    }

    /// Whether some entity is a resource of the type.
    pub fn has(&self, resource_type: &str) -> bool {
        self.kinds.iter().any(|kind| kind.is_of(resource_type))
    }

    /// What a user owns, and how, by plot.
    pub fn owned(&self, groups: &[GroupId], user: &Arc<str>) -> Box<[Case]> {
        let mut all: Vec<Case> = Vec::new();
        let by_name = Owns {
            old: true,
            new: true,
            by_name: true,
        };
        let named = self.by_owner.get(user).into_iter().flatten();
        all.extend(named.map(|&plot| (plot, by_name)));
        let [old, new] = &self.by_group;
        for &group in groups {
            for (lists, old, new) in [(old, true, false), (new, false, true)] {
                let owns = Owns {
                    old,
                    new,
                    by_name: false,
                };
                all.extend(
                    lists
                        .get(group)
                        .into_iter()
                        .flatten()
                        .map(|&plot| (plot, owns)),
                );
            }
        }
        all.sort_unstable();
        all.dedup_by(|(later, more), (kept, owns)| {
            let is_same = later == kept;
            if is_same {
                owns.old |= more.old;
                owns.new |= more.new;
                owns.by_name |= more.by_name;
            }
            is_same
        });
        all.into()
    }

    /// The ref of the first entity of a plot.
    pub fn name(&self, plot: &Plot) -> String {
        let entity = self.entities.get(plot.first);
        let text = |pointer: &str| {
            let value = entity.and_then(|entity| entity.pointer(pointer)?.as_str());
            value.map(str::to_lowercase)
        };
        format!(
            "{}:{}/{}",
            text("/kind").unwrap_or_default(),
            text("/metadata/namespace").unwrap_or_else(|| "default".to_owned()),
            text("/metadata/name").unwrap_or_default()
        )
    }
}

impl Kind {
    /// Whether they are resources of the type.
    pub fn is_of(&self, resource_type: &str) -> bool {
        resource_type == CATALOG_ENTITY
            || (self.is_environment && is_a(resource_type, CATALOG_ENTITY))
    }
}

impl<'p> Compiled<'p> {
    fn new(rule: &'p Rule, situation: Situation<'_>, facts: &mut IndexSet<Condition>) -> Self {
        let when = match &rule.when {
            None => Expression::All(Vec::new()),
            Some(when) => match when.resource_type() {
                Some(about) if about != CATALOG_ENTITY => Expression::Unknown,
                _ => Expression::new(when, situation, facts),
            },
        };
        Self { rule, when }
    }

    /// Whether the rule holds for somebody; what is unknown holds only in a rule that denies.
    pub fn holds(&self, only_owners: bool, kind: &Kind, owns: Owns, side: Side) -> bool {
        let is_deny = self.rule.effect == Effect::Deny;
        let reached = !only_owners || Expression::Owned.holds(kind, owns, side).unwrap_or(is_deny);
        reached && self.when.holds(kind, owns, side).unwrap_or(is_deny)
    }
}

impl Expression {
    fn new(when: &When, situation: Situation<'_>, facts: &mut IndexSet<Condition>) -> Self {
        let mut each = |children: &[When]| {
            let children = children.iter();
            children
                .map(|child| Self::new(child, situation, facts))
                .collect()
        };
        match when {
            When::AllOf(children) => Self::All(each(children)),
            When::AnyOf(children) => Self::Any(each(children)),
            When::Not(child) => Self::Not(Box::new(Self::new(child, situation, facts))),
            When::Owner(terms) => {
                let terms = terms.iter().map(|term| match term {
                    Term::Ownership => Self::Owned,
                    Term::Myself => Self::Mine,
                    Term::Ref(entity_ref) => {
                        let owner =
                            Condition::EntityOwner([Term::Ref(Arc::clone(entity_ref))].into());
                        Self::Fact(facts.insert_full(owner).0)
                    }
                });
                Self::Any(terms.collect())
            }
            When::Is(condition) => Self::Fact(facts.insert_full(condition.clone()).0),
            When::Time { .. } | When::Context { .. } => match situation.holds(when) {
                Some(true) => Self::All(Vec::new()),
                Some(false) => Self::Any(Vec::new()),
                None => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }

    fn holds(&self, kind: &Kind, owns: Owns, side: Side) -> Option<bool> {
        let decided_by = |children: &[Self], decisive: bool| {
            let mut result = Some(!decisive);
            for child in children {
                match child.holds(kind, owns, side) {
                    Some(value) if value == decisive => return Some(decisive),
                    Some(_) => {}
                    None => result = None,
                }
            }
            result
        };
        match self {
            Self::Fact(fact) => kind.facts.get(*fact).copied().flatten(),
            Self::Owned => kind.has_readable_owners.then_some(match side {
                Side::Old => owns.old,
                Side::New => owns.new,
            }),
            Self::Mine => kind.has_readable_owners.then_some(owns.by_name),
            Self::Unknown => None,
            Self::All(children) => decided_by(children, false),
            Self::Any(children) => decided_by(children, true),
            Self::Not(child) => child.holds(kind, owns, side).map(|holds| !holds),
        }
    }
}

/// The lower-case refs that own an entity, sorted; nothing if that cannot be known.
fn owners(entity: &Value) -> Option<Vec<Arc<str>>> {
    let everybody = Criteria::is(Condition::EntityOwner([Term::Ref("".into())].into()));
    Resource::new(entity).satisfies(&everybody, &Claims::default())?;
    let relations = entity.get("relations").and_then(Value::as_array);
    let mut owners: Vec<Arc<str>> = relations
        .into_iter()
        .flatten()
        .filter(|relation| relation.get("type").and_then(Value::as_str) == Some("ownedBy"))
        .filter_map(|relation| relation.get("targetRef")?.as_str())
        // claims are in lower case, and Backstage compares them as they are
        .map(Arc::from)
        .collect();
    owners.sort_unstable();
    owners.dedup();
    Some(owners)
}
