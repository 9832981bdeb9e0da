//! [`Index`]: from a permission to its rules, without a look at the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    /// Permissions that were not known when the policy was compiled, or were known otherwise.
    others: Mutex<HashMap<Permission, Arc<Selection>>>,
}

/// So many other permissions are remembered.
const MAX_OTHERS: usize = 256;

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
            others: Mutex::default(),
        }
    }

    /// Asks something of the rules on a permission.
    pub fn ask<R>(
        &self,
        model: &Model,
        permission: &Permission,
        ask: impl FnOnce(&Selection) -> R,
    ) -> R {
        match self.by_name.get(&permission.name) {
            Some(known) if known.is_about(permission) => ask(known),
            _ => ask(&self.other(model, permission)),
        }
    }

    fn other(&self, model: &Model, permission: &Permission) -> Arc<Selection> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = others.get(permission) {
            return Arc::clone(known);
        }
        if others.len() >= MAX_OTHERS {
            others.clear();
        }
        let selection = Arc::new(Selection::new(model, permission));
        others.insert(permission.clone(), Arc::clone(&selection));
        selection
    }

    /// The rules on a permission that reach a user, in the order of the files. A rule that only may reach
    /// them counts if it denies.
    pub fn reaching(
        &self,
        model: &Model,
        user: &User<'_>,
        permission: &Permission,
    ) -> Vec<(RuleId, Reach)> {
        self.ask(model, permission, |selection| {
            selection.reaching(user.held())
        })
    }
}
