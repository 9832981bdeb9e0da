//! Shorter criteria of the same meaning, by taking out what parts have in common:
//! `(a and b) or (a and c)` is `a and (b or c)`.
//!
//! Owners are the long part of conditions, and rules for owners repeat them. It is done only where
//! conditions are over the budget: what is not taken apart reads as the rules do.

use indexmap::{IndexMap, IndexSet};

use super::claims::Claims;
use super::condition::Condition;
use super::conditions::Params;
use super::criteria::Criteria;
use super::model::Term;

/// Takes out common parts, at all levels.
pub fn compact(criteria: Criteria) -> Criteria {
    let each = |children: Vec<Criteria>| children.into_iter().map(compact).collect();
    match criteria {
        Criteria::Not(child) => Criteria::not(compact(*child)),
        Criteria::AnyOf(children) => factor(each(children), &ANY),
        Criteria::AllOf(children) => factor(each(children), &ALL),
        other => other,
    }
}

/// About how many bytes criteria have in a decision, apart from the user's refs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    fixed: usize,
    /// How often the refs of `$ownership` stand in them.
    ownership: usize,
    /// How often only that of `$self` does.
    myself: usize,
}

impl Size {
    /// The size of criteria.
    pub fn of(criteria: &Criteria) -> Self {
        let mut size = Self::default();
        size.add(criteria);
        size
    }

    /// The size for some user.
    pub fn bytes(&self, claims: &Claims) -> usize {
        let of = |entity_ref: &str| entity_ref.len() + QUOTES;
        let ownership: usize = match self.ownership {
            0 => 0,
            _ => claims.ownership.iter().map(|own| of(own)).sum(),
        };
        self.fixed + self.ownership * ownership + self.myself * of(&claims.myself)
    }

    fn add(&mut self, criteria: &Criteria) {
        match criteria {
            Criteria::True | Criteria::False => {}
            Criteria::Is(condition) => self.add_condition(condition),
            Criteria::Not(child) => {
                self.fixed += 8;
                self.add(child);
            }
            Criteria::AllOf(children) | Criteria::AnyOf(children) => {
                self.fixed += 10 + children.len();
                for child in children {
                    self.add(child);
                }
            }
        }
    }

    fn add_condition(&mut self, condition: &Condition) {
        self.fixed += 75;
        match condition {
            Condition::EntityOwner(terms) | Condition::TaskOwner(terms) => {
                self.ownership += usize::from(terms.contains(&Term::Ownership));
                let is_alone = terms.contains(&Term::Myself) && !terms.contains(&Term::Ownership);
                self.myself += usize::from(is_alone);
                for term in terms {
                    if let Term::Ref(entity_ref) = term {
                        self.fixed += entity_ref.len() + QUOTES;
                    }
                }
            }
            Condition::EntityKind(kinds) => {
                self.fixed += kinds.iter().map(|kind| kind.len() + QUOTES).sum::<usize>();
            }
            condition => {
                let claims = &Claims::default();
                let params = serde_json::to_string(&Params { condition, claims });
                self.fixed += params.map_or(0, |params| params.len());
            }
        }
    }
}

/// Of a text in a list: its quotes and a comma.
const QUOTES: usize = 3;

/// So many bytes `$ownership` is taken to have where the user is open.
const OPEN_BYTES: usize = 200;

fn weight(criteria: &Criteria) -> usize {
    let size = Size::of(criteria);
    size.fixed + (size.ownership + size.myself) * OPEN_BYTES
}

/// One way to join criteria, and the way to join that is within it.
struct Join {
    outer: fn(Vec<Criteria>) -> Criteria,
    inner: fn(Vec<Criteria>) -> Criteria,
    parts: fn(&Criteria) -> &[Criteria],
}

const ANY: Join = Join {
    outer: |children| Criteria::any(children),
    inner: |children| Criteria::all(children),
    parts: |child| match child {
        Criteria::AllOf(parts) => parts,
        one => std::slice::from_ref(one),
    },
};

const ALL: Join = Join {
    outer: |children| Criteria::all(children),
    inner: |children| Criteria::any(children),
    parts: |child| match child {
        Criteria::AnyOf(parts) => parts,
        one => std::slice::from_ref(one),
    },
};

/// Takes the longest common part out of those that have it, until none is left.
fn factor(mut children: Vec<Criteria>, join: &Join) -> Criteria {
    while let Some(common) = longest_common(&children, join) {
        let (with, mut rest): (Vec<_>, Vec<_>) = children
            .into_iter()
            .partition(|child| (join.parts)(child).contains(&common));
        let without = with.iter().map(|child| {
            let parts = (join.parts)(child).iter();
            (join.inner)(parts.filter(|part| **part != common).cloned().collect())
        });
        let without = factor(without.collect(), join);
        rest.push((join.inner)(vec![common, without]));
        children = rest;
    }
    (join.outer)(children)
}

fn longest_common(children: &[Criteria], join: &Join) -> Option<Criteria> {
    let mut counts: IndexMap<&Criteria, usize> = IndexMap::new();
    for child in children {
        let parts: IndexSet<_> = (join.parts)(child).iter().collect();
        for part in parts {
            *counts.entry(part).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .max_by_key(|(part, count)| weight(part) * (count - 1))
        .map(|(part, _)| part.clone())
}
