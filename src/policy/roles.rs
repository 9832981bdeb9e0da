//! Which roles a role brings with it.

use super::model::Role;
use super::set::IdSet;

/// A set of roles.
pub type RoleSet = IdSet;

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
    use crate::policy::model::RoleId;

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
