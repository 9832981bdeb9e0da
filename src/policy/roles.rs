//! Sets of roles, and which roles a role brings with it.

use super::model::{Role, RoleId};

/// A set of roles: one bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RoleSet(Vec<u64>);

impl RoleSet {
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
        let mut words: Vec<u64> = common.collect();
        // equal sets are equal words
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
