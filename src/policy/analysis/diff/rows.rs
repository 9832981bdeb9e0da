//! The users of both policies, by the roles they have in each.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::super::super::Policy;
use super::super::super::directory::GroupId;
use super::super::super::index::{Reach, RuleId};
use super::super::super::members::Roles;
use super::super::super::permission::Permission;
use super::super::super::situation::Situation;
use super::super::classes::roles_that_matter;

/// A rule that reaches a user, and whether only as an owner of the resource.
pub type Reached = (RuleId, bool);

/// A user's number.
pub type UserId = usize;

/// All users, and one without a name for those whom nobody knows.
pub struct Rows<'s> {
    names: Vec<Arc<str>>,
    groups: Vec<Vec<GroupId>>,
    /// The roles in both policies, and who has them.
    by_roles: IndexMap<(Roles, Roles), Vec<UserId>>,
    situation: Situation<'s>,
}

/// Users that the same rules reach.
pub struct Class {
    /// In the old policy and the new.
    pub reached: (Vec<Reached>, Vec<Reached>),
    /// Who they are.
    pub users: Vec<UserId>,
}

impl<'s> Rows<'s> {
    /// Lists the users; both policies have the same directory.
    pub fn new(old: &Policy, new: &Policy, situation: Situation<'s>) -> Self {
        let directory = new.members.directory();
        let mut names: IndexSet<&Arc<str>> = directory.users().keys().collect();
        names.extend(old.members.bound_users().keys());
        names.extend(new.members.bound_users().keys());
        let mut names: Vec<Arc<str>> = names.into_iter().cloned().collect();
        names.push("".into());
        names.sort_unstable();
        let mut rows = Self {
            groups: Vec::with_capacity(names.len()),
            by_roles: IndexMap::new(),
            names,
            situation,
        };
        for (id, name) in rows.names.iter().enumerate() {
            let roles = (
                old.members.user(name, &[], situation).roles,
                new.members.user(name, &[], situation).roles,
            );
            rows.by_roles.entry(roles).or_default().push(id);
            rows.groups.push(directory.groups_of(name).to_vec());
        }
        rows
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// A user's ref; empty for those whom nobody knows.
    pub fn name(&self, user: UserId) -> Arc<str> {
        self.names.get(user).cloned().unwrap_or_else(|| "".into())
    }

    /// The groups a user is a direct member of.
    pub fn groups(&self, user: UserId) -> &[GroupId] {
        self.groups.get(user).map_or(&[], Vec::as_slice)
    }

    /// The users by the rules on a permission that reach them.
    pub fn classes(&self, old: &Policy, new: &Policy, permission: &Permission) -> Vec<Class> {
        let matters = (
            roles_that_matter(old, permission),
            roles_that_matter(new, permission),
        );
        let mut by_roles: IndexMap<(Roles, Roles), Vec<UserId>> = IndexMap::new();
        for ((before, after), users) in &self.by_roles {
            let key = (before.within(&matters.0), after.within(&matters.1));
            by_roles.entry(key).or_default().extend(users);
        }
        let mut classes: IndexMap<(Vec<Reached>, Vec<Reached>), Vec<UserId>> = IndexMap::new();
        for users in by_roles.into_values() {
            let Some(&one) = users.first() else {
                continue;
            };
            let name = self.name(one);
            let reached = |policy| reached(policy, &name, permission, self.situation);
            let key = (reached(old), reached(new));
            classes.entry(key).or_default().extend(users);
        }
        classes
            .into_iter()
            .map(|(reached, users)| Class { reached, users })
            .collect()
    }
}

fn reached(
    policy: &Policy,
    user: &str,
    permission: &Permission,
    situation: Situation<'_>,
) -> Vec<Reached> {
    let user = policy.members.user(user, &[], situation);
    policy
        .index
        .reaching(&policy.model, &user, permission)
        .into_iter()
        .map(|(rule, reach)| (rule, matches!(reach, Reach::OwnerRole(_))))
        .collect()
}
