//! How a user comes to a role: the shortest way over groups, a binding and inherited roles.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::Policy;
use super::super::directory::{Directory, GroupId};
use super::super::index::Reach;
use super::super::members::User;
use super::super::model::{Effect, Model, RoleId, Subject};

/// What stands between a user and a rule: the user, groups, roles. Never empty.
pub fn path(policy: &Policy, user: &User<'_>, reach: Reach, effect: Effect) -> Vec<String> {
    let start = vec![user.entity_ref.as_ref().to_owned()];
    let (role, by_ownership) = match reach {
        Reach::Everybody => return start,
        Reach::Role(role) => (role, false),
        Reach::OwnerRole(role) => (role, true),
    };
    let model = &policy.model;
    let directory = policy.members.directory();
    let ways = model.bindings.iter().filter_map(|binding| {
        let gives = policy.closures.get(binding.role)?.contains(role);
        let mut way = match &binding.to {
            _ if !gives || !user.is_in_force(binding, effect) => return None,
            Subject::OwnersOfResource if by_ownership => vec!["owners-of-resource".to_owned()],
            _ if by_ownership => return None,
            Subject::Everyone => vec!["everyone".to_owned()],
            Subject::User(bound) if *bound == user.entity_ref => Vec::new(),
            Subject::User(_) | Subject::OwnersOfResource => return None,
            Subject::Group(bound) => membership(directory, user, bound)?,
        };
        way.extend(inheritance(model, binding.role, role));
        Some(way)
    });
    let shortest = ways.min_by_key(Vec::len).unwrap_or_default();
    start.into_iter().chain(shortest).collect()
}

/// Those whom bindings give one of some roles, as refs.
pub fn holders(policy: &Policy, roles: &[RoleId]) -> Vec<String> {
    let mut holders: Vec<String> = Vec::new();
    for binding in &policy.model.bindings {
        let closure = policy.closures.get(binding.role);
        let gives = closure.is_some_and(|set| roles.iter().any(|&role| set.contains(role)));
        let holder = match &binding.to {
            Subject::Everyone => "everyone",
            Subject::OwnersOfResource => "owners of the resource",
            Subject::User(entity_ref) | Subject::Group(entity_ref) => entity_ref,
        };
        if gives && !holders.iter().any(|known| known == holder) {
            holders.push(holder.to_owned());
        }
    }
    holders
}

/// From a group the user is a direct member of, upwards to the bound one.
fn membership(directory: &Directory, user: &User<'_>, bound: &Arc<str>) -> Option<Vec<String>> {
    if user.unknown_claims().contains(bound) {
        return Some(vec![bound.as_ref().to_owned()]);
    }
    let target = directory.group(bound)?;
    let upwards = |&start: &GroupId| {
        let mut seen = HashSet::new();
        let mut way = Vec::new();
        let mut next = Some(start);
        while let Some(group) = next.filter(|&group| seen.insert(group)) {
            way.push(directory.entity_ref(group)?.as_ref().to_owned());
            if group == target {
                return Some(way);
            }
            next = directory.parent(group);
        }
        None
    };
    user.direct_groups()
        .iter()
        .filter_map(upwards)
        .min_by_key(Vec::len)
}

/// From the bound role down to the one that it brings.
fn inheritance(model: &Model, bound: RoleId, wanted: RoleId) -> Vec<String> {
    let mut ways = vec![vec![bound]];
    let mut seen = HashSet::from([bound]);
    let mut next = 0;
    while let Some(way) = ways.get(next).cloned() {
        next += 1;
        let Some(&last) = way.last() else {
            break;
        };
        if last == wanted {
            let names = way.iter().filter_map(|&role| model.roles.get(role));
            return names.map(|role| format!("role {}", role.name)).collect();
        }
        for &parent in model.roles.get(last).into_iter().flat_map(|r| &r.inherits) {
            if seen.insert(parent) {
                ways.push(way.iter().copied().chain([parent]).collect());
            }
        }
    }
    Vec::new()
}
