//! [`Electorate`]: who may consent in one stage of an approval.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::super::directory::{Directory, GroupId};
use super::super::members::Members;
use super::super::model::Subject;
use super::super::permission::{CATALOG_ENTITY, Permission, SCAFFOLDER_TASK, is_a};

/// Those who may consent.
#[derive(Debug)]
pub struct Electorate<'m> {
    directory: &'m Directory,
    /// By name.
    users: BTreeSet<Arc<str>>,
    /// Every direct member of one of these.
    groups: HashSet<GroupId>,
    /// But not this one.
    barred: Option<Arc<str>>,
}

/// So many of an electorate are named.
const SHOWN: usize = 100;

impl<'m> Electorate<'m> {
    /// Those whom subjects reach, for a request on a resource, but for one.
    pub fn new(
        members: &'m Members,
        permission: &Permission,
        resource: Option<&Value>,
        from: &[Subject],
        barred: Option<&str>,
    ) -> Self {
        let mut electorate = Self {
            directory: members.directory(),
            users: BTreeSet::new(),
            groups: HashSet::new(),
            barred: barred.map(Arc::from),
        };
        for subject in from {
            match subject {
                Subject::User(user) => {
                    electorate.users.insert(Arc::clone(user));
                }
                Subject::Group(group) => {
                    let group = electorate.directory.group(group);
                    let below = electorate.directory.with_descendants(group.as_slice());
                    electorate.groups.extend(below);
                }
                Subject::OwnersOfResource => {
                    for owner in owners(permission, resource) {
                        if let Some(group) = electorate.directory.group(owner) {
                            electorate.groups.extend(members.owners_for(group));
                        } else if owner.starts_with("user:") {
                            electorate.users.insert(owner.into());
                        }
                    }
                }
                Subject::Everyone => {}
            }
        }
        electorate
    }

    /// Those whom subjects reach, whatever the resource.
    pub fn of(members: &'m Members, from: &[Subject]) -> Self {
        let permission = Permission::default();
        Self::new(members, &permission, None, from, None)
    }

    /// Some of them, so many if there are.
    pub fn some(&self, count: usize) -> Vec<Arc<str>> {
        let known = self.directory.users().iter();
        let members = known.filter(|(_, groups)| self.has_member(groups));
        let all = members.map(|(who, _)| who).chain(&self.users);
        let all: BTreeSet<&Arc<str>> = all.take(count + self.users.len()).collect();
        all.into_iter().cloned().collect()
    }

    /// Whether somebody, by lower-case ref, is one of them.
    pub fn includes(&self, who: &str) -> bool {
        self.barred.as_deref() != Some(who)
            && (self.users.contains(who) || self.has_member(self.directory.groups_of(who)))
    }

    /// All but some, sorted: the first of them, and how many more there are.
    pub fn without(&self, some: &[Arc<str>]) -> (Vec<Arc<str>>, usize) {
        let known = self.directory.users().iter();
        let members = known.filter(|(_, groups)| self.has_member(groups));
        let all = members.map(|(who, _)| who).chain(&self.users);
        let is_left = |who: &&Arc<str>| !some.contains(who) && self.barred.as_ref() != Some(who);
        let left: BTreeSet<&Arc<str>> = all.filter(is_left).collect();
        let more = left.len().saturating_sub(SHOWN);
        (left.into_iter().take(SHOWN).cloned().collect(), more)
    }

    fn has_member(&self, groups: &[GroupId]) -> bool {
        groups.iter().any(|group| self.groups.contains(group))
    }
}

/// The refs of those who own a resource, as it says them; nobody, if it is malformed.
fn owners<'r>(permission: &Permission, resource: Option<&'r Value>) -> Vec<&'r str> {
    let text = |value: &'r Value, key| value.get(key).and_then(Value::as_str);
    let Some(resource) = resource else {
        return Vec::new();
    };
    match permission.resource_type.as_deref() {
        Some(about) if is_a(about, CATALOG_ENTITY) => {
            let relations = resource.get("relations").and_then(Value::as_array);
            let relations = relations.into_iter().flatten();
            relations
                .filter(|relation| text(relation, "type") == Some("ownedBy"))
                .filter_map(|relation| text(relation, "targetRef"))
                .collect()
        }
        Some(SCAFFOLDER_TASK) => text(resource, "createdBy").into_iter().collect(),
        _ => Vec::new(),
    }
}
