//! [`Index`]: from a permission to its rules, and from a user to those that reach them, without a
//! look at the others.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::members::{Members, User};
use super::model::{Model, RoleId};
use super::permission::Permission;

/// A rule's index in [`Model::rules`].
pub type RuleId = usize;

/// The rules by permission.
#[derive(Debug)]
pub struct Index {
    by_name: HashMap<String, (Permission, Selected)>,
}

/// How a rule reaches a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Through no role: it is for everybody.
    Everybody,
    /// Through a role the user has.
    Role(RoleId),
    /// Through a role the user has where they own the resource.
    OwnerRole(RoleId),
}

#[derive(Debug, Default)]
struct Selected {
    for_everybody: Vec<RuleId>,
    by_role: IndexMap<RoleId, Vec<RuleId>>,
}

impl Index {
    /// Finds the rules of every known permission.
    pub fn new(model: &Model) -> Self {
        let entry = |permission: &Permission| {
            let selected = Selected::of(model, permission);
            (permission.name.clone(), (permission.clone(), selected))
        };
        Self {
            by_name: model.permissions.iter().map(entry).collect(),
        }
    }

    /// The rules on a permission that reach a user, in the order of the files. A permission that was
    /// not known when the policy was compiled, or was known otherwise, is looked up rule by rule.
    pub fn reaching(
        &self,
        model: &Model,
        members: &Members,
        user: &User<'_>,
        permission: &Permission,
    ) -> Vec<(RuleId, Reach)> {
        match self.by_name.get(&permission.name) {
            Some((known, selected))
                if known.action == permission.action
                    && known.resource_type == permission.resource_type =>
            {
                selected.reaching(members, user)
            }
            _ => Selected::of(model, permission).reaching(members, user),
        }
    }
}

impl Selected {
    fn of(model: &Model, permission: &Permission) -> Self {
        let mut selected = Self::default();
        for (id, rule) in model.rules.iter().enumerate() {
            if !rule.permissions.iter().any(|s| s.selects(permission)) {
                continue;
            }
            if rule.roles.is_empty() {
                selected.for_everybody.push(id);
            }
            for &role in &rule.roles {
                selected.by_role.entry(role).or_default().push(id);
            }
        }
        selected
    }

    fn reaching(&self, members: &Members, user: &User<'_>) -> Vec<(RuleId, Reach)> {
        let everybody = self.for_everybody.iter().map(|&id| (id, Reach::Everybody));
        let mut found: Vec<_> = everybody.collect();
        for (&role, rules) in &self.by_role {
            let reach = if user.roles.contains(role) {
                Reach::Role(role)
            } else if members.owners_have(role) {
                Reach::OwnerRole(role)
            } else {
                continue;
            };
            found.extend(rules.iter().map(|&id| (id, reach)));
        }
        // a rule that is reached in several ways is reached in the least conditional one
        found.sort_unstable();
        found.dedup_by_key(|(id, _)| *id);
        found
    }
}
