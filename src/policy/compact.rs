//! Shorter criteria of the same meaning, by taking out what parts have in common:
//! `(a and b) or (a and c)` is `a and (b or c)`.
//!
//! Owners are the long part of conditions, and rules for owners repeat them. It is done only where
//! conditions are over the budget: what is not taken apart reads as the rules do.

use indexmap::{IndexMap, IndexSet};

use super::conditions::Template;
use super::criteria::Criteria;

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

/// So many bytes `$ownership` is taken to have where the user is open.
const OPEN_BYTES: usize = 200;

fn weight(criteria: &Criteria) -> usize {
    Template::of(criteria, "").bytes_with(OPEN_BYTES, OPEN_BYTES)
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
