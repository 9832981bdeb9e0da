//! A mapping that is being read: unique keys, in linear time but for a logarithm.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::arena::{Id, Pair};
use super::key::Identity;
use super::problem;
use crate::diagnostic::Diagnostic;
use crate::source::Place;

#[derive(Debug, Default)]
pub(super) struct OpenMapping<'s> {
    pairs: Vec<Pair<'s>>,
    /// Where in `pairs` a name is. A tree, not a hash table: hostile keys cannot degrade it.
    seen: BTreeMap<Cow<'s, str>, (usize, Identity)>,
    key: Option<Id>,
}

impl<'s> OpenMapping<'s> {
    pub(super) fn set_key(&mut self, key: Id) {
        self.key = Some(key);
    }

    pub(super) fn take_key(&mut self) -> Option<Id> {
        self.key.take()
    }

    /// Adds a property. A key that is there already is a problem: `places` gives those of the first
    /// and of this key.
    pub(super) fn insert(
        &mut self,
        (name, identity): (Cow<'s, str>, Identity),
        key: Id,
        value: Id,
        places: impl FnOnce(Id) -> (Place, Place),
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(&(index, first_identity)) = self.seen.get(&name) else {
            self.seen.insert(name.clone(), (self.pairs.len(), identity));
            self.pairs.push(Pair { name, key, value });
            return;
        };
        let Some(first) = self.pairs.get_mut(index) else {
            return;
        };
        let (first_place, place) = places(first.key);
        if identity == first_identity && identity != Identity::Unique {
            diagnostics.push(problem::duplicate_key(&name, first_place, place));
        } else {
            // Two keys for YAML, one property for JavaScript, which keeps the last value.
            diagnostics.push(problem::shadowed_key(&name, first_place, place));
            first.value = value;
        }
    }

    pub(super) fn last_value(&self) -> Option<Id> {
        self.pairs.last().map(|pair| pair.value)
    }

    pub(super) fn into_pairs(self) -> Vec<Pair<'s>> {
        self.pairs
    }
}
