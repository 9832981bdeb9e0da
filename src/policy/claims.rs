//! [`Claims`]: whom `$self` and `$ownership` stand for.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::model::Term;

/// The refs of one user.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// The user.
    pub myself: Arc<str>,
    /// The user as their token has it, if that is not in lower case. The scaffolder stores who created a
    /// task so, and compares exactly; all else knows refs in lower case.
    pub as_written: Option<Arc<str>>,
    /// The user and the groups that they own for, sorted.
    pub ownership: Vec<Arc<str>>,
}

impl Claims {
    /// The refs that some terms stand for.
    pub fn refs<'t>(&'t self, terms: impl IntoIterator<Item = &'t Term>) -> BTreeSet<&'t Arc<str>> {
        let mut refs = BTreeSet::new();
        for term in terms {
            match term {
                Term::Ownership => refs.extend(&self.ownership),
                Term::Myself => refs.extend([&self.myself]),
                Term::Ref(entity_ref) => refs.extend([entity_ref]),
            }
        }
        refs
    }

    /// The refs of those who created tasks that some terms stand for.
    pub fn creators<'t>(
        &'t self,
        terms: impl IntoIterator<Item = &'t Term> + Clone,
    ) -> BTreeSet<&'t Arc<str>> {
        let mut refs = self.refs(terms.clone());
        if terms.into_iter().any(is_open) {
            refs.extend(&self.as_written);
        }
        refs
    }

    /// Whether a ref, as it is written, is one that some terms stand for.
    pub fn include<'t>(&self, terms: impl IntoIterator<Item = &'t Term>, entity_ref: &str) -> bool {
        terms.into_iter().any(|term| match term {
            Term::Ownership => self.ownership.iter().any(|own| **own == *entity_ref),
            Term::Myself => *self.myself == *entity_ref,
            Term::Ref(named) => **named == *entity_ref,
        })
    }

    /// Whether the ref of who created a task, as it is written, is one that some terms stand for.
    pub fn include_creator<'t>(
        &self,
        terms: impl IntoIterator<Item = &'t Term> + Clone,
        creator: &str,
    ) -> bool {
        self.include(terms.clone(), creator)
            || (self.as_written.as_deref() == Some(creator) && terms.into_iter().any(is_open))
    }

    /// Parameters of a permission rule, in which strings may stand for refs.
    pub fn params(&self, params: &Map<String, Value>) -> Map<String, Value> {
        let text = |entity_ref: &Arc<str>| Value::from(entity_ref.as_ref());
        let ground = |value: &Value| match value {
            Value::String(term) if term == "$self" => text(&self.myself),
            Value::String(term) if term == "$ownership" => {
                self.ownership.iter().map(text).collect()
            }
            Value::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    match item.as_str() {
                        Some("$self") => list.push(text(&self.myself)),
                        Some("$ownership") => list.extend(self.ownership.iter().map(text)),
                        _ => list.push(item.clone()),
                    }
                }
                Value::Array(list)
            }
            other => other.clone(),
        };
        params
            .iter()
            .map(|(name, value)| (name.clone(), ground(value)))
            .collect()
    }
}

/// Whether a term stands for the user, perhaps among others.
fn is_open(term: &Term) -> bool {
    match term {
        Term::Ownership | Term::Myself => true,
        Term::Ref(_) => false,
    }
}
