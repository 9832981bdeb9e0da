//! What another policy would change: who gains and who loses which permission, by which rules.
//!
//! Users are taken by class. On entities of the snapshot the answer is exact: an entity counts by what
//! the conditions of both policies tell of it ([`world`]). For other resources, and for entities if
//! there are none, it is a proof over all that can be thought of ([`symbolic`]).
//!
//! Both policies are asked for one moment. What it does not say is unknown and counts as it does in a
//! decision; a proof shows what changes at some moment. The rules concerned are listed ([`undecided`]).

mod rows;
mod symbolic;
mod table;
mod undecided;
mod world;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::Policy;
use super::super::decision::{context, instant};
use super::super::directory::DirectoryData;
use super::super::model::{Effect, Rule};
use super::super::permission::Permission;
use super::super::situation::{Situation, ZoneOffsets};
use super::super::time::Instant;
use super::symbols::Symbols;
use super::text;
use crate::diagnostic::Diagnostic;
use crate::source::Place;

use self::rows::{Reached, Rows, UserId};
use self::table::Table;
pub use self::undecided::Undecided;
use self::world::{Case, KindId, Owns, World};

/// The state of a Backstage that two policies are compared on, at one moment.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// Its users and groups.
    pub directory: DirectoryData,
    /// Its entities, with their relations.
    pub entities: Vec<Value>,
    /// When.
    #[serde(deserialize_with = "instant")]
    pub now: Option<Instant>,
    /// What the clocks of time zones show then.
    pub zone_offsets: Option<ZoneOffsets>,
    /// What the host says of all requests.
    #[serde(deserialize_with = "context")]
    pub context: Option<Value>,
}

impl Snapshot {
    fn situation(&self) -> Situation<'_> {
        Situation {
            now: self.now,
            zone_offsets: self.zone_offsets.as_ref(),
            context: self.context.as_ref(),
        }
    }
}

/// What changes from one policy to another.
#[derive(Debug, Default, Serialize)]
pub struct Diff {
    /// What is allowed now and was not.
    pub gained: Vec<Change>,
    /// What was allowed and is not any more.
    pub lost: Vec<Change>,
    /// What the moment leaves open, and so may change more than is said.
    pub undecided: Vec<Undecided>,
    /// The errors of a policy that does not compile; nothing is compared then.
    pub diagnostics: Vec<Diagnostic>,
    /// The same for people.
    pub text: String,
}

/// One permission, the users for whom it changes, and why.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The permission.
    pub permission: String,
    /// The users, sorted.
    pub users: Vec<Arc<str>>,
    /// Whether it changes for signed-in users too whom nobody knows.
    pub others: bool,
    /// One resource on which it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
    /// The rules that make the difference.
    pub rules: Vec<Cause>,
}

/// A resource on which a decision changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Example {
    /// An entity of the snapshot.
    Entity(String),
    /// One of which this is so.
    Where(Vec<String>),
}

/// A rule that makes a difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Cause {
    /// Its id.
    pub rule: String,
    /// What it does.
    pub effect: Effect,
    /// Which policy it stands in.
    pub side: Side,
    /// Where.
    pub at: Place,
}

/// The policy before or the one after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Before.
    Old,
    /// After.
    New,
}

/// The direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Gained,
    Lost,
}

/// Why something changes, on which example.
type Reasoned = (Vec<Cause>, Option<Example>);

/// Compares two policies on one snapshot, whose directory both get.
pub fn diff(old: &mut Policy, new: &mut Policy, snapshot: &Snapshot) -> Diff {
    old.set_directory(&snapshot.directory);
    new.set_directory(&snapshot.directory);
    let comparison = Comparison::new(old, new, snapshot);
    let mut diff = Diff::default();
    for permission in comparison.permissions() {
        comparison.compare(permission, &mut diff);
    }
    diff.undecided = undecided::at(old, new, snapshot.situation());
    diff.text = text::diff(&diff);
    diff
}

struct Comparison<'p> {
    old: &'p Policy,
    new: &'p Policy,
    situation: Situation<'p>,
    world: World<'p>,
    rows: Rows<'p>,
    owned: Vec<OnceCell<Box<[Case]>>>,
}

impl<'p> Comparison<'p> {
    fn new(old: &'p Policy, new: &'p Policy, snapshot: &'p Snapshot) -> Self {
        let situation = snapshot.situation();
        let rows = Rows::new(old, new, situation);
        Self {
            old,
            new,
            situation,
            world: World::new(old, new, &snapshot.entities, situation),
            owned: vec![OnceCell::new(); rows.len()],
            rows,
        }
    }

    fn permissions(&self) -> Vec<&'p Permission> {
        let (old, new) = (self.old, self.new);
        let mut names = IndexSet::new();
        let all = new.model.permissions.iter().chain(&old.model.permissions);
        all.filter(|permission| names.insert(permission.name.as_str()))
            .collect()
    }

    fn compare(&self, permission: &Permission, diff: &mut Diff) {
        let mut found = Found::new();
        let mut tables: HashMap<(Vec<Reached>, Vec<Reached>), Verdict> = HashMap::new();
        let mut by_case: HashMap<(usize, Way, KindId, Owns), usize> = HashMap::new();
        let about = permission.resource_type.as_deref();
        let about = about.filter(|about| self.world.has(about));
        for class in self.rows.classes(self.old, self.new, permission) {
            let next = tables.len();
            let verdict = tables
                .entry(class.reached)
                .or_insert_with_key(|(old, new)| {
                    if let Some(about) = about {
                        Verdict::Table(next, Table::new(&self.world, about, old, new))
                    } else {
                        Verdict::Proof(self.proof(permission, old, new))
                    }
                });
            match verdict {
                Verdict::Proof(changes) => {
                    for (way, (causes, example)) in changes {
                        let entry = found.entry((*way, causes.clone()));
                        let (_, users) = entry.or_insert_with(|| (example.clone(), Vec::new()));
                        users.extend(&class.users);
                    }
                }
                Verdict::Table(_, table) if table.is_empty() => {}
                Verdict::Table(id, table) => {
                    for &user in &class.users {
                        let owned = table.depends_on_owner().then(|| self.owned(user));
                        for (way, case) in table.changes(&self.world, owned.unwrap_or_default()) {
                            let (plot, owns) = case;
                            let Some(plot) = self.world.plots.get(plot) else {
                                continue;
                            };
                            let key = (*id, way, plot.kind, owns);
                            let change = *by_case.entry(key).or_insert_with(|| {
                                let (rules, example) = table.reason(&self.world, way, case);
                                let entry = found.entry((way, rules));
                                let change = entry.index();
                                entry.or_insert((example, Vec::new()));
                                change
                            });
                            if let Some((_, (_, users))) = found.get_index_mut(change) {
                                users.push(user);
                            }
                        }
                    }
                }
            }
        }
        for ((way, rules), (example, mut users)) in found {
            users.sort_unstable();
            let names = users.into_iter().map(|user| self.rows.name(user));
            let (others, users): (Vec<_>, Vec<_>) = names.partition(|name| name.is_empty());
            let change = Change {
                permission: permission.name.clone(),
                users,
                others: !others.is_empty(),
                example,
                rules,
            };
            match way {
                Way::Gained => diff.gained.push(change),
                Way::Lost => diff.lost.push(change),
            }
        }
    }

    /// What a user owns; worked out once for all permissions.
    fn owned(&self, user: UserId) -> &[Case] {
        let slot = self.owned.get(user);
        slot.map_or(&[], |slot| {
            slot.get_or_init(|| {
                self.world
                    .owned(self.rows.groups(user), &self.rows.name(user))
            })
        })
    }

    fn proof(
        &self,
        permission: &Permission,
        old: &[Reached],
        new: &[Reached],
    ) -> Vec<(Way, Reasoned)> {
        let mut symbols = Symbols::new(self.new, permission.resource_type.as_deref());
        symbols.speak_of_now(self.situation);
        symbolic::changes(&mut symbols, self.old, self.new, old, new)
    }
}

/// For each change and its causes, an example and the users.
type Found = IndexMap<(Way, Vec<Cause>), (Option<Example>, Vec<UserId>)>;

enum Verdict {
    Table(usize, Table),
    Proof(Vec<(Way, Reasoned)>),
}

/// A rule as a cause.
fn cause(rule: &Rule, side: Side) -> Cause {
    Cause {
        rule: rule.id.as_ref().to_owned(),
        effect: rule.effect,
        side,
        at: rule.at.clone(),
    }
}
