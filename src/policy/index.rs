//! [`Index`]: from a permission to its rules, without a look at the others.

use std::collections::HashMap;

use super::members::User;
use super::model::{Model, RoleId};
use super::permission::Permission;
use super::selection::Selection;

/// A rule's index in [`Model::rules`].
pub type RuleId = usize;

/// The rules by permission.
#[derive(Debug)]
pub struct Index {
    by_name: HashMap<String, Selection>,
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

impl Index {
    /// Finds the rules of every known permission.
    pub fn new(model: &Model) -> Self {
        let entry = |permission: &Permission| {
            let selection = Selection::new(model, permission);
            (permission.name.clone(), selection)
        };
        Self {
            by_name: model.permissions.iter().map(entry).collect(),
        }
    }

    /// Asks something of the rules on a permission. One that was not known when the policy was compiled,
    /// or was known otherwise, is looked up rule by rule.
    pub fn ask<R>(
        &self,
        model: &Model,
        permission: &Permission,
        ask: impl FnOnce(&Selection) -> R,
    ) -> R {
        match self.by_name.get(&permission.name) {
            Some(known) if known.is_about(permission) => ask(known),
            _ => ask(&Selection::new(model, permission)),
        }
    }

    /// The rules on a permission that reach a user, in the order of the files. A rule that only may reach
    /// them counts if it denies.
    pub fn reaching(
        &self,
        model: &Model,
        user: &User<'_>,
        permission: &Permission,
    ) -> Vec<(RuleId, Reach)> {
        self.ask(model, permission, |selection| selection.reaching(user))
    }
}
