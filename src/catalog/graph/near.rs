//! "Did you mean" among a whole catalogue, without a look at each of its entities.
//!
//! A slip of the pen leaves the beginning or the end of a name as it is. So the likely ones are near to
//! the name in the order of the names, or in that of the reversed names.

use super::described::split;
use super::slots::{Id, Slots};
use crate::suggest;

/// How many names to look at on either side.
const REACH: usize = 24;
/// From how many new names on it is cheaper to sort all.
const FEW: usize = 64;

/// The known entities in two orders.
#[derive(Debug, Default)]
pub struct Near {
    by_name: Vec<Id>,
    by_reversed_name: Vec<Id>,
    added: Vec<Id>,
}

impl Near {
    /// Adds entities. Those that are gone are passed over when they are met.
    pub fn add(&mut self, ids: impl IntoIterator<Item = Id>) {
        self.added.extend(ids);
    }

    /// Takes what was added into the orders.
    pub fn settle(&mut self, slots: &Slots) {
        let added = std::mem::take(&mut self.added);
        insert(&mut self.by_name, &added, slots, name);
        insert(&mut self.by_reversed_name, &added, slots, reversed_name);
    }

    /// The known entity of one of some kinds that is likely meant; of the same kind if there are none.
    pub fn nearest<'s>(&self, wanted: &str, kinds: &[&str], slots: &'s Slots) -> Option<&'s str> {
        let (wanted_kind, _, wanted_name) = split(wanted);
        let kinds = if kinds.is_empty() {
            &[wanted_kind]
        } else {
            kinds
        };
        let mut candidates: Vec<&str> = Vec::new();
        for kind in kinds.iter().map(|kind| kind.to_lowercase()) {
            let keys = [
                (&self.by_name, name as Key, wanted_name.to_owned()),
                (&self.by_reversed_name, reversed_name, reversed(wanted_name)),
            ];
            for (order, key, wanted) in keys {
                let wanted = format!("{kind}:{wanted}");
                let at = order.partition_point(|&id| key(slots, id) < wanted);
                let around = order.iter().skip(at.saturating_sub(REACH)).take(2 * REACH);
                let known = around.filter(|&&id| slots.is_known(id));
                let names = known.map(|&id| slots.name(id));
                candidates.extend(names.filter(|name| split(name).0 == kind));
            }
        }
        candidates.retain(|&candidate| candidate != wanted);
        let of_name = |name: &str| {
            let mut candidates = candidates.iter();
            candidates.find(|known| split(known).2 == name).copied()
        };
        of_name(wanted_name).or_else(|| {
            let names = candidates.iter().map(|known| split(known).2);
            of_name(suggest::nearest(wanted_name, names)?)
        })
    }
}

/// What an order is by: the kind, and the name in some form.
type Key = fn(&Slots, Id) -> String;

fn insert(order: &mut Vec<Id>, added: &[Id], slots: &Slots, key: Key) {
    if added.len() > FEW {
        order.extend(added);
        order.retain(|&id| slots.is_known(id));
        order.sort_by_cached_key(|&id| (key(slots, id), id));
        order.dedup();
        return;
    }
    for &id in added {
        let wanted = (key(slots, id), id);
        let at = order.partition_point(|&known| (key(slots, known), known) < wanted);
        if order.get(at) != Some(&id) {
            order.insert(at, id);
        }
    }
}

fn name(slots: &Slots, id: Id) -> String {
    let (kind, _, name) = split(slots.name(id));
    format!("{kind}:{name}")
}

fn reversed_name(slots: &Slots, id: Id) -> String {
    let (kind, _, name) = split(slots.name(id));
    format!("{kind}:{}", reversed(name))
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}
