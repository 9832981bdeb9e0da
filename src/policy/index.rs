//! [`Index`]: from a permission to its rules, and from a user to those that reach them, without a
//! look at the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;

use super::members::{Roles, User};
use super::model::{Effect, Model, RoleId, When};
use super::permission::Permission;
use super::roles::RoleSet;
use super::situation::Situation;
use super::verdict::Verdict;

/// A rule's index in [`Model::rules`].
pub type RuleId = usize;

/// The rules by permission.
#[derive(Debug)]
pub struct Index {
    by_name: HashMap<String, Selected>,
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

/// The rules on one permission, and what was found out about them before.
#[derive(Debug)]
struct Selected {
    permission: Permission,
    for_everybody: Vec<RuleId>,
    by_role: IndexMap<RoleId, Vec<RuleId>>,
    /// The roles that rules name.
    roles: RoleSet,
    /// The conditions of the rules that depend on the moment.
    momentary: Vec<When>,
    /// By the roles that reach the rules and what is so at the moment.
    known: Mutex<HashMap<Box<[u64]>, Arc<Verdict>>>,
}

/// So many verdicts are remembered for one permission. There are about as many as there are
/// combinations of roles; if there are more, remembering them does not pay.
const MAX_KNOWN: usize = 4096;

impl Index {
    /// Finds the rules of every known permission.
    pub fn new(model: &Model) -> Self {
        let entry = |permission: &Permission| {
            let selected = Selected::of(model, permission);
            (permission.name.clone(), selected)
        };
        Self {
            by_name: model.permissions.iter().map(entry).collect(),
        }
    }

    /// What is decided for a user. A permission that was not known when the policy was compiled, or was
    /// known otherwise, is looked up rule by rule.
    pub fn verdict(
        &self,
        model: &Model,
        user: &User<'_>,
        permission: &Permission,
        situation: Situation<'_>,
    ) -> Arc<Verdict> {
        match self.by_name.get(&permission.name) {
            Some(selected) if selected.is_about(permission) => {
                selected.verdict(model, user, situation)
            }
            _ => {
                let selected = Selected::of(model, permission);
                Arc::new(Verdict::new(
                    model,
                    permission,
                    selected.reaching(model, user),
                    situation,
                ))
            }
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
        match self.by_name.get(&permission.name) {
            Some(selected) if selected.is_about(permission) => selected.reaching(model, user),
            _ => Selected::of(model, permission).reaching(model, user),
        }
    }
}

impl Selected {
    fn of(model: &Model, permission: &Permission) -> Self {
        let mut selected = Self {
            permission: permission.clone(),
            for_everybody: Vec::new(),
            by_role: IndexMap::new(),
            roles: RoleSet::default(),
            momentary: Vec::new(),
            known: Mutex::default(),
        };
        for (id, rule) in model.rules.iter().enumerate() {
            if !rule.permissions.iter().any(|s| s.selects(permission)) {
                continue;
            }
            if rule.roles.is_empty() {
                selected.for_everybody.push(id);
            }
            for &role in &rule.roles {
                selected.by_role.entry(role).or_default().push(id);
                selected.roles.insert(role);
            }
            if let Some(when) = &rule.when {
                when.visit(&mut |part| {
                    let is_momentary = matches!(part, When::Time { .. } | When::Context { .. });
                    if is_momentary && !selected.momentary.contains(part) {
                        selected.momentary.push(part.clone());
                    }
                });
            }
        }
        selected
    }

    fn is_about(&self, permission: &Permission) -> bool {
        self.permission.action == permission.action
            && self.permission.resource_type == permission.resource_type
    }

    fn verdict(&self, model: &Model, user: &User<'_>, situation: Situation<'_>) -> Arc<Verdict> {
        let key = self.key(user, situation);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verdict) = known().get(key.as_slice()) {
            return Arc::clone(verdict);
        }
        let reaching = self.reaching(model, user);
        let verdict = Arc::new(Verdict::new(model, &self.permission, reaching, situation));
        let mut known = known();
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(key.into(), Arc::clone(&verdict));
        verdict
    }

    /// Everything of user and moment that a verdict depends on.
    fn key(&self, user: &User<'_>, situation: Situation<'_>) -> Vec<u64> {
        let mut key = Vec::with_capacity(self.roles.words().len() + 4);
        let mut put = |roles: &RoleSet| {
            let start = key.len();
            key.push(0);
            let words = roles.words().iter().zip(self.roles.words());
            key.extend(words.map(|(has, matters)| has & matters));
            while key.len() > start + 1 && key.last() == Some(&0) {
                key.pop();
            }
            // where one set ends and the next begins
            let length = u64::try_from(key.len() - start).unwrap_or(u64::MAX);
            if let Some(first) = key.get_mut(start) {
                *first = length;
            }
        };
        for Roles { certain, possible } in [&user.roles, &*user.owner_roles] {
            put(certain);
            put(possible);
        }
        for part in &self.momentary {
            key.push(match situation.holds(part) {
                None => 2,
                Some(holds) => u64::from(holds),
            });
        }
        key
    }

    fn reaching(&self, model: &Model, user: &User<'_>) -> Vec<(RuleId, Reach)> {
        let everybody = self.for_everybody.iter().map(|&id| (id, Reach::Everybody));
        let mut found: Vec<_> = everybody.collect();
        let denies = |id: &RuleId| {
            let rule = model.rules.get(*id);
            rule.is_some_and(|rule| rule.effect == Effect::Deny)
        };
        let ways: [(&Roles, fn(RoleId) -> Reach); 2] = [
            (&user.roles, Reach::Role),
            (&user.owner_roles, Reach::OwnerRole),
        ];
        for (roles, reach) in ways {
            for (set, only_denies) in [(&roles.certain, false), (&roles.possible, true)] {
                for role in set.within(&self.roles).iter() {
                    let rules = self.by_role.get(&role).into_iter().flatten();
                    let rules = rules.filter(|id| !only_denies || denies(id));
                    found.extend(rules.map(|&id| (id, reach(role))));
                }
            }
        }
        // a rule that is reached in several ways is reached in the least conditional one
        found.sort_unstable();
        found.dedup_by_key(|(id, _)| *id);
        found
    }
}
