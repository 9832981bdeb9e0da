//! [`Directory`]: users and groups, and how groups lie within each other.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;

/// The users and groups as the host knows them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DirectoryData {
    /// When the host read them, as it wants to see it in explanations.
    #[serde(default)]
    pub as_of: Option<String>,
    /// The groups.
    pub groups: Vec<GroupData>,
    /// The users.
    pub users: Vec<UserData>,
}

/// A group of the host.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupData {
    /// Its entity ref.
    #[serde(rename = "ref")]
    pub entity_ref: String,
    /// The group it is in.
    #[serde(default)]
    pub parent: Option<String>,
}

/// A user of the host.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserData {
    /// Its entity ref.
    #[serde(rename = "ref")]
    pub entity_ref: String,
    /// The groups it is a direct member of.
    pub member_of: Vec<String>,
}

/// A group's index.
pub type GroupId = usize;

/// Users and groups, interned. Every ref is in lower case, as Backstage compares them. A group that
/// is only mentioned exists too.
#[derive(Debug, Default)]
pub struct Directory {
    as_of: Option<String>,
    upper_case: Vec<String>,
    ids: HashMap<Arc<str>, GroupId>,
    groups: Vec<Group>,
    /// In the order of their refs.
    users: IndexMap<Arc<str>, Vec<GroupId>>,
}

#[derive(Debug)]
struct Group {
    entity_ref: Arc<str>,
    parent: Option<GroupId>,
    children: Vec<GroupId>,
}

impl Directory {
    /// Interns what the host knows.
    pub fn new(data: &DirectoryData) -> Self {
        let mut directory = Self {
            as_of: data.as_of.clone(),
            ..Self::default()
        };
        let groups = data.groups.iter().map(|group| &group.entity_ref);
        let users = data.users.iter().map(|user| &user.entity_ref);
        let upper_case = groups
            .chain(users)
            .filter(|r| r.chars().any(char::is_uppercase));
        directory.upper_case = upper_case.cloned().collect();
        for group in &data.groups {
            let id = directory.intern(&group.entity_ref);
            if let Some(parent) = &group.parent {
                let parent = directory.intern(parent);
                directory.put_below(id, parent);
            }
        }
        for user in &data.users {
            let groups: Vec<_> = user.member_of.iter().map(|g| directory.intern(g)).collect();
            let key = user.entity_ref.to_lowercase().into();
            directory.users.entry(key).or_default().extend(groups);
        }
        directory.users.sort_unstable_keys();
        directory
    }

    /// When the host read it.
    pub fn as_of(&self) -> Option<&str> {
        self.as_of.as_deref()
    }

    /// The refs of users and groups that the host gives with upper-case letters, as it gives them.
    pub fn upper_case(&self) -> &[String] {
        &self.upper_case
    }

    /// The groups that the host knows, or at least mentions, in a circle: each within the others.
    pub fn cycles(&self) -> Vec<Vec<GroupId>> {
        let mut seen = vec![false; self.groups.len()];
        let mut cycles = Vec::new();
        for start in 0..self.groups.len() {
            let mut path: IndexSet<GroupId> = IndexSet::new();
            let mut next = Some(start);
            while let Some(group) = next {
                if let Some(first) = path.get_index_of(&group) {
                    let mut cycle: Vec<_> = path.drain(first..).collect();
                    cycle.sort_unstable();
                    cycles.push(cycle);
                    break;
                }
                match seen.get_mut(group) {
                    Some(seen) if !*seen => *seen = true,
                    _ => break,
                }
                path.insert(group);
                next = self.parent(group);
            }
        }
        cycles
    }

    /// The users by lower-case ref, sorted, with the groups they are direct members of.
    pub fn users(&self) -> &IndexMap<Arc<str>, Vec<GroupId>> {
        &self.users
    }

    /// How many groups there are; ids are below.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// The group of a lower-case ref.
    pub fn group(&self, entity_ref: &str) -> Option<GroupId> {
        self.ids.get(entity_ref).copied()
    }

    /// The lower-case ref of a group.
    pub fn entity_ref(&self, group: GroupId) -> Option<&Arc<str>> {
        self.groups.get(group).map(|group| &group.entity_ref)
    }

    /// A user by lower-case ref, with the groups they are a direct member of.
    pub fn user(&self, entity_ref: &str) -> Option<(&Arc<str>, &[GroupId])> {
        let (_, entity_ref, groups) = self.users.get_full(entity_ref)?;
        Some((entity_ref, groups))
    }

    /// The groups a user is a direct member of.
    pub fn groups_of(&self, user: &str) -> &[GroupId] {
        self.users.get(user).map_or(&[], Vec::as_slice)
    }

    /// The group that a group is in.
    pub fn parent(&self, group: GroupId) -> Option<GroupId> {
        self.groups.get(group)?.parent
    }

    /// The groups, and all above them.
    pub fn with_ancestors(&self, groups: &[GroupId]) -> IndexSet<GroupId> {
        self.reachable(groups, |group| group.parent.as_slice())
    }

    /// The groups, and all below them.
    pub fn with_descendants(&self, groups: &[GroupId]) -> IndexSet<GroupId> {
        self.reachable(groups, |group| &group.children)
    }

    fn reachable(
        &self,
        start: &[GroupId],
        next: impl Fn(&Group) -> &[GroupId],
    ) -> IndexSet<GroupId> {
        let mut found: IndexSet<GroupId> = start.iter().copied().collect();
        let mut index = 0;
        while let Some(&group) = found.get_index(index) {
            found.extend(self.groups.get(group).map_or(&[][..], &next));
            index += 1;
        }
        found
    }

    fn intern(&mut self, entity_ref: &str) -> GroupId {
        let entity_ref: Arc<str> = entity_ref.to_lowercase().into();
        let next = self.groups.len();
        let id = *self.ids.entry(Arc::clone(&entity_ref)).or_insert(next);
        if id == next {
            self.groups.push(Group {
                entity_ref,
                parent: None,
                children: Vec::new(),
            });
        }
        id
    }

    /// A second mention of a group with another parent replaces the first.
    fn put_below(&mut self, child: GroupId, parent: GroupId) {
        let Some(group) = self.groups.get_mut(child) else {
            return;
        };
        let before = group.parent.replace(parent);
        if let Some(before) = before.and_then(|before| self.groups.get_mut(before)) {
            before.children.retain(|&id| id != child);
        }
        if let Some(parent) = self.groups.get_mut(parent) {
            parent.children.push(child);
        }
    }
}
