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
use super::super::set::ids;

/// A user's number: those of the directory by their refs, then those that only bindings know.
pub type UserId = usize;

/// Users that a policy cannot tell apart.
#[derive(Debug)]
pub struct Class {
    /// What bindings give each of them, as far as it is wanted.
    pub given: RoleSet,
    /// Who they are: never empty, sorted.
    pub users: Vec<UserId>,
}

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
    let row = Row::new(wanted, mentioned.len() + 1);
    let by_group: Vec<Option<Box<[u64]>>> = shapes(members, mentioned)
        .iter()
        .enumerate()
        .map(|(group, shape)| row.of(members.of_group(group), shape))
        .collect();
    let everyone = row.of(members.everyone(), &RoleSet::NONE);
    let mut found: HashMap<Box<[u64]>, usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    let mut key = row.empty();
    let mut put = |id: UserId, user: &Arc<str>, groups: &[GroupId]| {
        key.fill(0);
        unite(&mut key, everyone.as_deref());
        let bound = members.bound_users().get(user).map(|bound| &bound.given);
        let own = mentioned.get_index_of(user);
        if bound.is_some() || own.is_some() {
            let mut shape = RoleSet::default();
            if let Some(index) = own {
                shape.insert(index);
            }
            unite(
                &mut key,
                row.of(bound.unwrap_or(&RoleSet::NONE), &shape).as_deref(),
            );
        }
        for &group in groups {
            unite(&mut key, by_group.get(group).and_then(Option::as_deref));
        }
        if let Some(&class) = found.get(&key) {
            if let Some(class) = classes.get_mut(class) {
                class.users.push(id);
            }
            return;
        }
        found.insert(key.clone(), classes.len());
        classes.push(Class {
            given: row.given(&key),
            users: vec![id],
        });
    };
    for (id, (user, groups)) in directory.users().iter().enumerate() {
        put(id, user, groups);
    }
    for (id, user) in only_bound(members).iter().enumerate() {
        put(directory.users().len() + id, user, &[]);
    }
    classes
}

/// Sets of wanted roles and of mentioned refs as bits without gaps, so that a hundred thousand unions
/// are quick.
struct Row {
    wanted: Vec<usize>,
    /// The bit of each wanted role.
    bits: HashMap<usize, usize>,
    words: usize,
}

impl Row {
    fn new(wanted: &RoleSet, mentioned: usize) -> Self {
        let wanted: Vec<usize> = wanted.iter().collect();
        let bits = wanted.iter().enumerate();
        Self {
            bits: bits.map(|(bit, &role)| (role, bit)).collect(),
            words: (wanted.len() + mentioned).div_ceil(64),
            wanted,
        }
    }

    fn empty(&self) -> Box<[u64]> {
        vec![0; self.words].into()
    }

    /// The bits of roles and refs; nothing if there is none.
    fn of(&self, roles: &RoleSet, refs: &RoleSet) -> Option<Box<[u64]>> {
        let mut row = self.empty();
        let roles = roles
            .iter()
            .filter_map(|role| self.bits.get(&role).copied());
        let refs = refs.iter().map(|index| self.wanted.len() + index);
        let mut is_empty = true;
        for bit in roles.chain(refs) {
            if let Some(word) = row.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
                is_empty = false;
            }
        }
        (!is_empty).then_some(row)
    }

    /// The roles of a row.
    fn given(&self, row: &[u64]) -> RoleSet {
        let mut given = RoleSet::default();
        for &role in ids(row.iter().copied()).map_while(|bit| self.wanted.get(bit)) {
            given.insert(role);
        }
        given
    }
}

fn unite(key: &mut [u64], row: Option<&[u64]>) {
    for (mine, theirs) in key.iter_mut().zip(row.unwrap_or_default()) {
        *mine |= theirs;
    }
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
