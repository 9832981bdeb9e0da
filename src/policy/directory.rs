//! [`Directory`]: users and groups, and how groups lie within each other.

mod read;

pub use read::DirectoryData;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

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
    /// Adds a group. A second mention with another parent replaces the first.
    fn add_group(&mut self, entity_ref: &str, parent: Option<&str>) {
        self.note_upper_case(entity_ref);
        let id = self.intern(entity_ref);
        if let Some(parent) = parent {
            let parent = self.intern(parent);
            self.put_below(id, parent);
        }
    }

    /// Adds a user. A second mention adds its groups.
    fn add_user(&mut self, entity_ref: &str, member_of: &[impl AsRef<str>]) {
        self.note_upper_case(entity_ref);
        let groups = member_of.iter().map(|group| self.intern(group.as_ref()));
        let groups: Vec<_> = groups.collect();
        let key = lower_case(entity_ref);
        match self.users.get_mut(&*key) {
            Some(known) => known.extend(groups),
            None => {
                self.users.insert(key.into(), groups);
            }
        }
    }

    fn finish(&mut self) {
        self.users.sort_unstable_keys();
        self.users.shrink_to_fit();
    }

    fn note_upper_case(&mut self, entity_ref: &str) {
        if entity_ref.chars().any(char::is_uppercase) {
            self.upper_case.push(entity_ref.to_owned());
        }
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

    /// A group and those above it. If they go in a circle, some come more than once.
    pub fn upwards(&self, group: GroupId) -> impl Iterator<Item = GroupId> {
        // Brent: who comes back to a place that is marked ever later is in a circle
        let (mut marked, mut steps, mut limit) = (group, 0_usize, 1_usize);
        std::iter::successors(Some(group), move |&below| {
            let above = self.parent(below).filter(|&above| above != marked)?;
            steps += 1;
            if steps == limit {
                (marked, steps, limit) = (above, 0, limit.saturating_mul(2));
            }
            Some(above)
        })
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
        let entity_ref = lower_case(entity_ref);
        if let Some(&id) = self.ids.get(&*entity_ref) {
            return id;
        }
        let entity_ref: Arc<str> = entity_ref.into();
        let id = self.groups.len();
        self.ids.insert(Arc::clone(&entity_ref), id);
        self.groups.push(Group {
            entity_ref,
            parent: None,
            children: Vec::new(),
        });
        id
    }

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

/// Refs are in lower case nearly always.
pub fn lower_case(text: &str) -> Cow<'_, str> {
    let is_lower = |b: u8| b.is_ascii() && !b.is_ascii_uppercase();
    if text.bytes().all(is_lower) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}
