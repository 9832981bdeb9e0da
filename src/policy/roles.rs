//! Sets of roles, and which roles a role brings with it.

use super::model::{Role, RoleId};

/// A set of roles: one bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RoleSet(Vec<u64>);

impl RoleSet {
    /// No role.
    pub const NONE: Self = Self(Vec::new());

    /// Adds a role; whether it is new.
    pub fn insert(&mut self, role: RoleId) -> bool {
        let (word, bit) = (role / 64, 1 << (role % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let Some(bits) = self.0.get_mut(word) else {
            return false;
        };
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    /// Whether the role is in it.
    pub fn contains(&self, role: RoleId) -> bool {
        self.0
            .get(role / 64)
            .is_some_and(|bits| bits & (1 << (role % 64)) != 0)
    }

    /// Adds all roles of another set.
    pub fn union_with(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    /// Those that are in another set too.
    pub fn within(&self, other: &Self) -> Self {
        let common = self.0.iter().zip(&other.0).map(|(a, b)| a & b);
        Self::of_words(common.collect())
    }

    /// Its roles in order.
    pub fn iter(&self) -> impl Iterator<Item = RoleId> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(index, &word)| {
            let next = |bits: &u64| Some(bits & bits.wrapping_sub(1)).filter(|bits| *bits != 0);
            std::iter::successors(Some(word).filter(|word| *word != 0), next).map(move |bits| {
                let bit = usize::try_from(bits.trailing_zeros()).unwrap_or(0);
                index * 64 + bit
            })
        })
    }

    /// Splits off what is not below a number; the numbers of the rest stay as they are.
    pub fn split_off(&mut self, end: RoleId) -> Self {
        let mut rest = Self::default();
        for role in self.iter().filter(|&role| role >= end) {
            rest.insert(role);
        }
        if !rest.0.is_empty() {
            let mut words = std::mem::take(&mut self.0);
            for (mine, theirs) in words.iter_mut().zip(&rest.0) {
                *mine &= !theirs;
            }
            *self = Self::of_words(words);
        }
        rest
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its bits, 64 a word; equal sets have equal words.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    fn of_words(mut words: Vec<u64>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words)
    }
}

/// For each role, itself and all that it inherits.
pub fn closures(roles: &[Role]) -> Vec<RoleSet> {
    (0..roles.len())
        .map(|role| {
            let mut set = RoleSet::default();
            let mut pending = vec![role];
            while let Some(next) = pending.pop() {
                if set.insert(next) {
                    pending.extend(roles.get(next).into_iter().flat_map(|role| &role.inherits));
                }
            }
            set
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_in_order_and_split() {
        let mut set = RoleSet::default();
        for role in [3, 64, 63, 200, 0] {
            set.insert(role);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 200]);
        let rest = set.split_off(64);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63]);
        assert_eq!(rest.iter().collect::<Vec<_>>(), [64, 200]);
        assert_eq!(set.words(), [1 << 63 | 0b1001]);
    }

    #[test]
    fn inheritance_is_transitive_and_ends_in_cycles() {
        let role = |name: &str, inherits: &[RoleId]| Role {
            name: name.into(),
            inherits: inherits.to_vec(),
        };
        let mut roles = vec![
            role("a", &[1]),
            role("b", &[2]),
            role("c", &[1]),
            role("d", &[]),
        ];
        roles.resize(70, role("filler", &[]));
        roles.push(role("late", &[0]));
        let closures = closures(&roles);
        let members = |id: RoleId| {
            (0..71)
                .filter(|&r| closures[id].contains(r))
                .collect::<Vec<_>>()
        };
        assert_eq!(members(0), [0, 1, 2]);
        assert_eq!(members(1), [1, 2]);
        assert_eq!(members(3), [3]);
        assert_eq!(members(70), [0, 1, 2, 70]);
    }
}
