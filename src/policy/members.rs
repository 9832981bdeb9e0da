//! [`Members`]: who has which role, by one pass over the groups whenever the directory changes.

mod user;

pub use user::User;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::directory::{Directory, GroupId, lower_case};
use super::model::{Grant, Model, Ownership, Subject};
use super::roles::{RoleSet, closures};
use super::situation::Situation;

/// A binding's index in [`Model::bindings`].
pub type BindingId = usize;

/// The bindings of a policy over a directory.
#[derive(Debug)]
pub struct Members {
    directory: Arc<Directory>,
    as_of: Option<String>,
    ownership: Ownership,
    closures: Vec<RoleSet>,
    grants: Vec<Grant>,
    everyone: Holder,
    owners: Holder,
    /// What owners have where no grant is in force.
    owner_roles: Roles,
    users: HashMap<Arc<str>, Holder>,
    by_group_ref: IndexMap<Arc<str>, Holder>,
    /// The groups of the directory that are in `by_group_ref`, with their index there.
    holder_of_group: Vec<Option<u32>>,
    /// What a member of each group has: its own and what all groups above it have; as an index in `sets`.
    by_group: Vec<u32>,
    sets: IndexSet<RoleSet>,
}

/// What bindings give to one subject.
#[derive(Debug, Default)]
pub struct Holder {
    /// Roles, and behind all roles the grants.
    pub given: RoleSet,
    /// The bindings, in the order of the files.
    pub bindings: Vec<BindingId>,
}

/// Roles that somebody has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Roles {
    /// Those that they certainly have.
    pub certain: RoleSet,
    /// Those that they have or have not, as what the roles depend on is unknown.
    pub possible: RoleSet,
}

impl Roles {
    /// Those that are in a set.
    pub fn within(&self, set: &RoleSet) -> Self {
        Self {
            certain: self.certain.within(set),
            possible: self.possible.within(set),
        }
    }
}

/// What somebody has: whatever the resource, and where they own it.
#[derive(Debug, Clone, Copy)]
pub struct Held<'r> {
    /// Whatever the resource.
    pub roles: &'r Roles,
    /// Where they own the resource.
    pub as_owner: &'r Roles,
}

/// Which grants are in force.
#[derive(Debug, Clone, Default)]
pub struct Granted {
    certain: RoleSet,
    possible: RoleSet,
}

impl Members {
    /// Works out the roles of all groups.
    pub fn new(model: &Model, directory: Arc<Directory>) -> Self {
        let mut members = Self {
            as_of: directory.as_of().map(str::to_owned),
            directory,
            ownership: model.ownership,
            closures: closures(&model.roles),
            grants: model.grants.clone(),
            everyone: Holder::default(),
            owners: Holder::default(),
            owner_roles: Roles::default(),
            users: HashMap::new(),
            by_group_ref: IndexMap::new(),
            holder_of_group: Vec::new(),
            by_group: Vec::new(),
            sets: IndexSet::new(),
        };
        for (id, binding) in model.bindings.iter().enumerate() {
            let holder = match &binding.to {
                Subject::Everyone => &mut members.everyone,
                Subject::OwnersOfResource => &mut members.owners,
                Subject::User(user) => members.users.entry(Arc::clone(user)).or_default(),
                Subject::Group(group) => members.by_group_ref.entry(Arc::clone(group)).or_default(),
            };
            holder.bindings.push(id);
            if let Some(grant) = binding.grant {
                holder.given.insert(model.roles.len() + grant);
            } else if let Some(roles) = members.closures.get(binding.role) {
                holder.given.union_with(roles);
            }
        }
        members.owner_roles = members.roles(members.owners.given.clone(), &Granted::default());
        members.holder_of_group = vec![None; members.directory.group_count()];
        for (holder, group) in members.by_group_ref.keys().enumerate() {
            let group = members.directory.group(group);
            if let Some(slot) = group.and_then(|group| members.holder_of_group.get_mut(group)) {
                *slot = u32::try_from(holder).ok();
            }
        }
        for set in roles_by_group(&members.directory, &members.by_group_ref) {
            let (id, _) = members.sets.insert_full(set);
            members.by_group.push(u32::try_from(id).unwrap_or(u32::MAX));
        }
        members
    }

    /// A user with what the directory and the claims of their token say, at some moment.
    pub fn user(&self, entity_ref: &str, claims: &[String], situation: Situation<'_>) -> User<'_> {
        let written = entity_ref;
        let entity_ref = lower_case(written);
        let as_written = (*entity_ref != *written).then(|| Arc::from(written));
        let (entity_ref, groups) = match self.directory.user(&entity_ref) {
            Some((known, groups)) => (Arc::clone(known), groups),
            None => (Arc::from(entity_ref), [].as_slice()),
        };
        let mut groups = Cow::Borrowed(groups);
        let mut given = RoleSet::default();
        given.reserve(self.closures.len() + self.grants.len());
        given.union_with(&self.everyone.given);
        if let Some(own) = self.users.get(&entity_ref) {
            given.union_with(&own.given);
        }
        let mut unknown = Vec::new();
        for claim in claims {
            let claim = lower_case(claim);
            if let Some(group) = self.directory.group(&claim) {
                if !groups.contains(&group) {
                    groups.to_mut().push(group);
                }
                continue;
            }
            if let Some(bound) = self.by_group_ref.get(&*claim) {
                given.union_with(&bound.given);
            }
            unknown.push(claim.into());
        }
        for &group in &*groups {
            given.union_with(self.of_group(group));
        }
        let granted = self.granted(situation);
        User {
            members: self,
            entity_ref,
            as_written,
            roles: self.roles(given, &granted),
            owner_roles: self.owner_roles(&granted),
            granted,
            groups,
            claims: unknown,
            all_groups: OnceCell::new(),
            bindings: OnceCell::new(),
        }
    }

    /// The users and groups.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// When the host read the directory, or found that it had not changed.
    pub fn as_of(&self) -> Option<&str> {
        self.as_of.as_deref()
    }

    /// The host found at this time that the directory has not changed.
    pub fn set_as_of(&mut self, as_of: &str) {
        self.as_of = Some(as_of.to_owned());
    }

    /// Whom `$ownership` means.
    pub fn ownership(&self) -> Ownership {
        self.ownership
    }

    /// What every signed-in user has.
    pub fn everyone(&self) -> &RoleSet {
        &self.everyone.given
    }

    /// What bindings give to users by name.
    pub fn bound_users(&self) -> &HashMap<Arc<str>, Holder> {
        &self.users
    }

    /// What a member of a group has: roles, and behind all roles the grants.
    pub fn of_group(&self, group: GroupId) -> &RoleSet {
        static NONE: RoleSet = RoleSet::NONE;
        let set = self.by_group.get(group).copied();
        set.and_then(|set| self.sets.get_index(usize::try_from(set).ok()?))
            .unwrap_or(&NONE)
    }

    /// The groups whose direct members own what a group owns.
    pub fn owners_for(&self, group: GroupId) -> IndexSet<GroupId> {
        match self.ownership {
            Ownership::Direct => IndexSet::from([group]),
            Ownership::Ancestors => self.directory.with_descendants(&[group]),
            Ownership::Descendants => self.directory.with_ancestors(&[group]),
        }
    }

    /// The grants that are in force at a moment.
    pub fn granted(&self, situation: Situation<'_>) -> Granted {
        let mut granted = Granted::default();
        for (id, grant) in self.grants.iter().enumerate() {
            match situation.grants(grant) {
                Some(true) => {
                    granted.certain.insert(id);
                }
                Some(false) => {}
                None => {
                    granted.possible.insert(id);
                }
            }
        }
        granted
    }

    /// What owners of a resource have.
    pub fn owner_roles(&self, granted: &Granted) -> Cow<'_, Roles> {
        if self.grants.is_empty() {
            Cow::Borrowed(&self.owner_roles)
        } else {
            Cow::Owned(self.roles(self.owners.given.clone(), granted))
        }
    }

    /// The roles in what bindings give.
    pub fn roles(&self, mut given: RoleSet, granted: &Granted) -> Roles {
        if self.grants.is_empty() {
            return Roles {
                certain: given,
                possible: RoleSet::default(),
            };
        }
        let mut possible = RoleSet::default();
        for bit in given.split_off(self.closures.len()).iter() {
            let id = bit - self.closures.len();
            let role = self.grants.get(id).map(|grant| grant.role);
            let Some(closure) = role.and_then(|role| self.closures.get(role)) else {
                continue;
            };
            if granted.certain.contains(id) {
                given.union_with(closure);
            } else if granted.possible.contains(id) {
                possible.union_with(closure);
            }
        }
        Roles {
            certain: given,
            possible,
        }
    }
}

/// Each group has at most one parent, so that a walk upwards from each group, until it meets what is
/// already known, visits every group once. The groups of a cycle are within each other and so have
/// the same roles.
fn roles_by_group(directory: &Directory, bound: &IndexMap<Arc<str>, Holder>) -> Vec<RoleSet> {
    let own = |group: GroupId| {
        let entity_ref = directory.entity_ref(group)?;
        bound.get(entity_ref).map(|holder| &holder.given)
    };
    let mut known: Vec<Option<RoleSet>> = vec![None; directory.group_count()];
    for group in 0..directory.group_count() {
        let mut path: IndexSet<GroupId> = IndexSet::new();
        let mut next = Some(group);
        let mut inherited = RoleSet::default();
        while let Some(above) = next {
            if let Some(Some(roles)) = known.get(above) {
                inherited.union_with(roles);
                break;
            }
            if let Some(start) = path.get_index_of(&above) {
                let cycle: Vec<_> = path.drain(start..).collect();
                for roles in cycle.iter().filter_map(|&member| own(member)) {
                    inherited.union_with(roles);
                }
                for &member in &cycle {
                    set(&mut known, member, &inherited);
                }
                break;
            }
            path.insert(above);
            next = directory.parent(above);
        }
        for &below in path.iter().rev() {
            if let Some(roles) = own(below) {
                inherited.union_with(roles);
            }
            set(&mut known, below, &inherited);
        }
    }
    known.into_iter().map(Option::unwrap_or_default).collect()
}

fn set(known: &mut [Option<RoleSet>], group: GroupId, roles: &RoleSet) {
    if let Some(slot) = known.get_mut(group) {
        *slot = Some(roles.clone());
    }
}
