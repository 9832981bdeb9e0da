//! Users by class: two users of one class have the same roles, and own the same of what a question
//! mentions, so that the policy cannot tell them apart.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexSet;
use serde_json::Value;

use super::super::Policy;
use super::super::directory::{Directory, GroupId};
use super::super::members::Members;
use super::super::model::{Model, Ownership, Term, When};
use super::super::permission::Permission;
use super::super::roles::RoleSet;

/// A user's number: those of the directory by their refs, then those that only bindings know.
pub type UserId = usize;

/// Users that a policy cannot tell apart; never empty, sorted.
pub type Class = Vec<UserId>;

/// The users that only bindings know, sorted.
pub fn only_bound(members: &Members) -> Vec<Arc<str>> {
    let known = members.directory().users();
    let bound = members.bound_users().keys();
    let mut only: Vec<_> = bound
        .filter(|user| !known.contains_key(*user))
        .cloned()
        .collect();
    only.sort_unstable();
    only
}

/// The users that the directory or a binding knows, by class. `wanted` are the roles that matter, and
/// `mentioned` the refs, in lower case, that owners are compared with.
pub fn classes(members: &Members, wanted: &RoleSet, mentioned: &IndexSet<Arc<str>>) -> Vec<Class> {
    let directory = members.directory();
    let groups = 0..directory.group_count();
    let by_group = groups.map(|group| members.of_group(group).within(wanted));
    let mut roles = Sets::new(by_group);
    let mut shapes = Sets::new(shapes(members, mentioned).into_iter());
    let everyone = roles.intern(&members.everyone().within(wanted));
    let mut found: HashMap<(u32, u32), usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    let mut put = |id: UserId, user: &Arc<str>, groups: &[GroupId]| {
        let mut key = (everyone, Sets::EMPTY);
        if let Some(bound) = members.bound_users().get(user) {
            let bound = roles.intern(&bound.given.within(wanted));
            key.0 = roles.union(key.0, bound);
        }
        if let Some(index) = mentioned.get_index_of(user) {
            let mut shape = RoleSet::default();
            shape.insert(index);
            let shape = shapes.intern(&shape);
            key.1 = shapes.union(key.1, shape);
        }
        for &group in groups {
            key = (
                roles.union(key.0, roles.of_group(group)),
                shapes.union(key.1, shapes.of_group(group)),
            );
        }
        let class = *found.entry(key).or_insert_with(|| {
            classes.push(Class::new());
            classes.len() - 1
        });
        if let Some(class) = classes.get_mut(class) {
            class.push(id);
        }
    };
    for (id, (user, groups)) in directory.users().iter().enumerate() {
        put(id, user, groups);
    }
    for (id, user) in only_bound(members).iter().enumerate() {
        put(directory.users().len() + id, user, &[]);
    }
    classes
}

/// For each group, which of the mentioned refs its members own, and (the last bit) whether they own
/// more groups than are mentioned.
fn shapes(members: &Members, mentioned: &IndexSet<Arc<str>>) -> Vec<RoleSet> {
    let directory = members.directory();
    let mode = members.ownership();
    let mut shapes = vec![RoleSet::default(); directory.group_count()];
    for (index, entity_ref) in mentioned.iter().enumerate() {
        let Some(group) = directory.group(entity_ref) else {
            continue;
        };
        for owner in members.owners_for(group) {
            if let Some(shape) = shapes.get_mut(owner) {
                shape.insert(index);
            }
        }
    }
    for (group, shape) in shapes.iter_mut().enumerate() {
        let is_mentioned = |group: &GroupId| {
            directory
                .entity_ref(*group)
                .is_some_and(|entity_ref| mentioned.contains(entity_ref))
        };
        if !is_mentioned(&group) || !owned(directory, mode, group).iter().all(is_mentioned) {
            shape.insert(mentioned.len());
        }
    }
    shapes
}

/// The groups for which a direct member of `group` may act as an owner.
pub fn owned(directory: &Directory, mode: Ownership, group: GroupId) -> IndexSet<GroupId> {
    match mode {
        Ownership::Direct => IndexSet::from([group]),
        Ownership::Ancestors => directory.with_ancestors(&[group]),
        Ownership::Descendants => directory.with_descendants(&[group]),
    }
}

/// The roles that rules on a permission name, and the grants that give one of them: nothing else that
/// bindings give changes a decision about it.
pub fn roles_that_matter(policy: &Policy, permission: &Permission) -> RoleSet {
    let model = &policy.model;
    let mut roles = RoleSet::default();
    for rule in &model.rules {
        if rule.permissions.iter().any(|s| s.selects(permission)) {
            for &role in &rule.roles {
                roles.insert(role);
            }
        }
    }
    let mut grants = Vec::new();
    for (id, grant) in model.grants.iter().enumerate() {
        let closure = policy.closures.get(grant.role);
        if closure.is_some_and(|closure| !closure.within(&roles).is_empty()) {
            grants.push(model.roles.len() + id);
        }
    }
    for grant in grants {
        roles.insert(grant);
    }
    roles
}

/// The refs that a policy's conditions name.
pub fn refs_of_policy(model: &Model) -> IndexSet<Arc<str>> {
    let mut refs = IndexSet::new();
    for when in model.rules.iter().filter_map(|rule| rule.when.as_ref()) {
        collect_terms(when, &mut refs);
    }
    refs
}

fn collect_terms(when: &When, refs: &mut IndexSet<Arc<str>>) {
    match when {
        When::AllOf(children) | When::AnyOf(children) => {
            for child in children {
                collect_terms(child, refs);
            }
        }
        When::Not(child) => collect_terms(child, refs),
        When::Owner(terms) | When::CreatedBy(terms) | When::PropertyIn { terms, .. } => {
            refs.extend(terms.iter().filter_map(|term| match term {
                Term::Ref(entity_ref) => Some(Arc::clone(entity_ref)),
                Term::Ownership | Term::Myself => None,
            }));
        }
        When::Custom { params, .. } => {
            params
                .values()
                .for_each(|value| collect_strings(value, refs));
        }
        When::Is(_) | When::Time { .. } | When::Context { .. } => {}
    }
}

/// All texts of a value, in lower case: whatever a user is compared with is among them.
pub fn collect_strings(value: &Value, found: &mut IndexSet<Arc<str>>) {
    match value {
        Value::String(text) => {
            found.insert(text.to_lowercase().into());
        }
        Value::Array(items) => {
            for item in items {
                collect_strings(item, found);
            }
        }
        Value::Object(entries) => {
            for item in entries.values() {
                collect_strings(item, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Sets as numbers, so that the union of two is one look-up.
struct Sets {
    ids: HashMap<RoleSet, u32>,
    by_id: Vec<RoleSet>,
    by_group: Vec<u32>,
    unions: HashMap<(u32, u32), u32>,
}

impl Sets {
    const EMPTY: u32 = 0;

    fn new(by_group: impl Iterator<Item = RoleSet>) -> Self {
        let mut sets = Self {
            ids: HashMap::new(),
            by_id: Vec::new(),
            by_group: Vec::new(),
            unions: HashMap::new(),
        };
        sets.intern(&RoleSet::default());
        sets.by_group = by_group.map(|set| sets.intern(&set)).collect();
        sets
    }

    fn of_group(&self, group: GroupId) -> u32 {
        self.by_group.get(group).copied().unwrap_or(Self::EMPTY)
    }

    fn intern(&mut self, set: &RoleSet) -> u32 {
        if let Some(&id) = self.ids.get(set) {
            return id;
        }
        let id = u32::try_from(self.by_id.len()).unwrap_or(u32::MAX);
        self.ids.insert(set.clone(), id);
        self.by_id.push(set.clone());
        id
    }

    fn union(&mut self, a: u32, b: u32) -> u32 {
        if a == b || b == Self::EMPTY {
            return a;
        }
        if a == Self::EMPTY {
            return b;
        }
        let key = (a.min(b), a.max(b));
        if let Some(&known) = self.unions.get(&key) {
            return known;
        }
        let mut set = self.get(a);
        set.union_with(&self.get(b));
        let id = self.intern(&set);
        self.unions.insert(key, id);
        id
    }

    fn get(&self, id: u32) -> RoleSet {
        let set = usize::try_from(id).ok().and_then(|id| self.by_id.get(id));
        set.cloned().unwrap_or_default()
    }
}
