//! Anchors, and the budget for their aliases.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::arena::{Arena, Content, Id};

/// The anchors of one document.
#[derive(Debug, Default)]
pub(super) struct Anchors<'s> {
    names: Vec<Cow<'s, str>>,
    by_number: BTreeMap<usize, Id>,
    by_target: BTreeMap<Id, Anchor>,
}

#[derive(Debug, Default)]
struct Anchor {
    /// Nodes that an alias of it stands for; none while its node is still open.
    size: Option<usize>,
    /// Aliases of it so far.
    count: u64,
    /// The most often that anything within it was copied when its first alias came.
    weight: u64,
}

impl<'s> Anchors<'s> {
    /// The parser numbers anchors from 1; 0 is none.
    pub(super) fn define(&mut self, number: usize, target: Id) {
        if number != 0 {
            self.by_number.insert(number, target);
            self.by_target.insert(target, Anchor::default());
        }
    }

    pub(super) fn close(&mut self, number: usize, size: usize) {
        let target = self.by_number.get(&number);
        if let Some(anchor) = target.and_then(|target| self.by_target.get_mut(target)) {
            anchor.size = Some(size);
        }
    }

    pub(super) fn name(&mut self, name: Cow<'s, str>) {
        self.names.push(name);
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// Nodes an alias stands for; `None` for an alias within its own anchor.
    pub(super) fn size(&self, number: usize) -> Option<usize> {
        self.by_target.get(self.by_number.get(&number)?)?.size
    }

    /// Counts one more alias as npm `yaml` does: how often an anchor is copied times how often the
    /// most copied thing within it was. `None` if that passes the limit.
    pub(super) fn follow(&mut self, number: usize, arena: &Arena, limit: usize) -> Option<Id> {
        let target = *self.by_number.get(&number)?;
        let weight = match self.by_target.get(&target)?.weight {
            0 => self.weight(target, arena),
            known => known,
        };
        let anchor = self.by_target.get_mut(&target)?;
        anchor.weight = weight;
        anchor.count += 1;
        let copies = anchor.count.saturating_mul(weight);
        (copies <= u64::try_from(limit).unwrap_or(u64::MAX)).then_some(target)
    }

    /// An empty collection weighs nothing and any scalar one.
    fn weight(&self, of: Id, arena: &Arena) -> u64 {
        let mut heaviest = 0;
        let mut todo = vec![of];
        while let Some(id) = todo.pop() {
            match arena.node(id).map(|data| &data.content) {
                Some(Content::Sequence(run)) => todo.extend(arena.items(*run)),
                Some(Content::Mapping(run)) => {
                    let pairs = arena.pairs(*run).iter();
                    todo.extend(pairs.flat_map(|pair| [pair.key, pair.value]));
                }
                Some(Content::Alias(target)) => {
                    let anchor = self.by_target.get(target);
                    let copies = anchor.map_or(0, |a| a.count.saturating_mul(a.weight));
                    heaviest = heaviest.max(copies);
                }
                _ => heaviest = heaviest.max(1),
            }
        }
        heaviest
    }
}
