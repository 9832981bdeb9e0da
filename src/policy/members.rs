//! [`Members`]: who has which role, by one pass over the groups whenever the directory changes.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexSet;

use super::directory::{Directory, GroupId};
use super::model::{Model, Ownership, RoleId, Subject};
use super::roles::{RoleSet, closures};

/// The bindings of a policy over a directory.
#[derive(Debug)]
pub struct Members {
    directory: Directory,
    ownership: Ownership,
    everyone: RoleSet,
    owners: RoleSet,
    users: HashMap<Arc<str>, RoleSet>,
    /// What bindings give to groups by name, for groups that the directory does not know.
    by_group_ref: HashMap<Arc<str>, RoleSet>,
    /// What a member of each group has: its own roles and those of all groups above it.
    by_group: Vec<RoleSet>,
}

/// One user as the policy sees them.
#[derive(Debug)]
pub struct User<'m> {
    members: &'m Members,
    /// The lower-case ref.
    pub entity_ref: Arc<str>,
    /// The roles they have whatever the resource.
    pub roles: RoleSet,
    groups: Vec<GroupId>,
    /// Claims of the token that the directory does not know.
    claims: Vec<Arc<str>>,
    group_refs: OnceCell<HashSet<Arc<str>>>,
}

impl Members {
    /// Works out the roles of all groups.
    pub fn new(model: &Model, directory: Directory) -> Self {
        let closures = closures(&model.roles);
        let mut members = Self {
            directory,
            ownership: model.ownership,
            everyone: RoleSet::default(),
            owners: RoleSet::default(),
            users: HashMap::new(),
            by_group_ref: HashMap::new(),
            by_group: Vec::new(),
        };
        for binding in &model.bindings {
            let Some(roles) = closures.get(binding.role) else {
                continue;
            };
            let holder = match &binding.to {
                Subject::Everyone => &mut members.everyone,
                Subject::OwnersOfResource => &mut members.owners,
                Subject::User(user) => members.users.entry(Arc::clone(user)).or_default(),
                Subject::Group(group) => members.by_group_ref.entry(Arc::clone(group)).or_default(),
            };
            holder.union_with(roles);
        }
        members.by_group = roles_by_group(&members.directory, &members.by_group_ref);
        members
    }

    /// A user with what the directory and the claims of their token say.
    pub fn user(&self, entity_ref: &str, claims: &[String]) -> User<'_> {
        let entity_ref: Arc<str> = entity_ref.to_lowercase().into();
        let mut groups = self.directory.groups_of(&entity_ref).to_vec();
        let mut roles = self.everyone.clone();
        if let Some(own) = self.users.get(&entity_ref) {
            roles.union_with(own);
        }
        let mut unknown = Vec::new();
        for claim in claims {
            let claim = claim.to_lowercase();
            if let Some(group) = self.directory.group(&claim) {
                groups.push(group);
                continue;
            }
            if let Some(bound) = self.by_group_ref.get(claim.as_str()) {
                roles.union_with(bound);
            }
            unknown.push(claim.into());
        }
        for bound in groups.iter().filter_map(|&group| self.by_group.get(group)) {
            roles.union_with(bound);
        }
        User {
            members: self,
            entity_ref,
            roles,
            groups,
            claims: unknown,
            group_refs: OnceCell::new(),
        }
    }

    /// The users and groups.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Whom `$ownership` means.
    pub fn ownership(&self) -> Ownership {
        self.ownership
    }

    /// What every signed-in user has.
    pub fn everyone(&self) -> &RoleSet {
        &self.everyone
    }

    /// What bindings give to users by name.
    pub fn bound_users(&self) -> &HashMap<Arc<str>, RoleSet> {
        &self.users
    }

    /// What a member of each group has.
    pub fn by_group(&self) -> &[RoleSet] {
        &self.by_group
    }

    /// Whether who owns the resource has the role.
    pub fn owners_have(&self, role: RoleId) -> bool {
        self.owners.contains(role)
    }
}

impl User<'_> {
    /// The refs that `$ownership` stands for.
    pub fn ownership(&self) -> BTreeSet<Arc<str>> {
        let directory = &self.members.directory;
        let groups = match self.members.ownership {
            Ownership::Direct => self.groups.iter().copied().collect(),
            Ownership::Ancestors => directory.with_ancestors(&self.groups),
            Ownership::Descendants => directory.with_descendants(&self.groups),
        };
        let groups = groups.into_iter().filter_map(|id| directory.entity_ref(id));
        std::iter::once(&self.entity_ref)
            .chain(groups)
            .chain(&self.claims)
            .cloned()
            .collect()
    }

    /// The groups of the directory that the user is a direct member of.
    pub fn direct_groups(&self) -> &[GroupId] {
        &self.groups
    }

    /// Claims of the token that the directory does not know.
    pub fn claims(&self) -> &[Arc<str>] {
        &self.claims
    }

    /// The groups that give the user roles: their own and all above, and those the token claims.
    pub fn group_refs(&self) -> &HashSet<Arc<str>> {
        self.group_refs.get_or_init(|| {
            let directory = &self.members.directory;
            let groups = directory.with_ancestors(&self.groups);
            let refs = groups.into_iter().filter_map(|id| directory.entity_ref(id));
            refs.chain(&self.claims).cloned().collect()
        })
    }
}

/// Each group has at most one parent, so that a walk upwards from each group, until it meets what is
/// already known, visits every group once. The groups of a cycle are within each other and so have
/// the same roles.
fn roles_by_group(directory: &Directory, bound: &HashMap<Arc<str>, RoleSet>) -> Vec<RoleSet> {
    let own = |group: GroupId| directory.entity_ref(group).and_then(|name| bound.get(name));
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
