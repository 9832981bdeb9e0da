//! [`Members`]: who has which role, by one pass over the groups whenever the directory changes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::claims::Claims;
use super::directory::{Directory, GroupId};
use super::model::{Binding, Effect, Grant, Model, Ownership, Subject};
use super::roles::{RoleSet, closures};
use super::situation::Situation;

/// A binding's index in [`Model::bindings`].
pub type BindingId = usize;

/// The bindings of a policy over a directory.
#[derive(Debug)]
pub struct Members {
    directory: Directory,
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
    holder_of_group: HashMap<GroupId, usize>,
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

/// Which grants are in force.
#[derive(Debug, Clone, Default)]
struct Granted {
    certain: RoleSet,
    possible: RoleSet,
}

/// One user as the policy sees them, at one moment.
#[derive(Debug)]
pub struct User<'m> {
    members: &'m Members,
    /// The lower-case ref.
    pub entity_ref: Arc<str>,
    /// The roles they have whatever the resource.
    pub roles: Roles,
    /// The roles that owners of a resource have.
    pub owner_roles: Cow<'m, Roles>,
    granted: Granted,
    groups: Cow<'m, [GroupId]>,
    /// Claims of the token that the directory does not know.
    claims: Vec<Arc<str>>,
    all_groups: OnceCell<Vec<GroupId>>,
    bindings: OnceCell<Vec<BindingId>>,
}

impl Members {
    /// Works out the roles of all groups.
    pub fn new(model: &Model, directory: Directory) -> Self {
        let mut members = Self {
            directory,
            ownership: model.ownership,
            closures: closures(&model.roles),
            grants: model.grants.clone(),
            everyone: Holder::default(),
            owners: Holder::default(),
            owner_roles: Roles::default(),
            users: HashMap::new(),
            by_group_ref: IndexMap::new(),
            holder_of_group: HashMap::new(),
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
        for (holder, group) in members.by_group_ref.keys().enumerate() {
            if let Some(group) = members.directory.group(group) {
                members.holder_of_group.insert(group, holder);
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
        let entity_ref = lower_case(entity_ref);
        let (entity_ref, groups) = match self.directory.user(&entity_ref) {
            Some((known, groups)) => (Arc::clone(known), groups),
            None => (Arc::from(entity_ref), [].as_slice()),
        };
        let mut groups = Cow::Borrowed(groups);
        let mut given = self.everyone.given.clone();
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
        let owner_roles = if self.grants.is_empty() {
            Cow::Borrowed(&self.owner_roles)
        } else {
            Cow::Owned(self.roles(self.owners.given.clone(), &granted))
        };
        User {
            members: self,
            entity_ref,
            roles: self.roles(given, &granted),
            owner_roles,
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

    fn granted(&self, situation: Situation<'_>) -> Granted {
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

    fn roles(&self, mut given: RoleSet, granted: &Granted) -> Roles {
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

impl User<'_> {
    /// The refs that `$self` and `$ownership` stand for.
    pub fn claims(&self) -> Claims {
        let directory = &self.members.directory;
        let groups = match self.members.ownership {
            Ownership::Direct => Cow::Borrowed(&*self.groups),
            Ownership::Ancestors => Cow::Borrowed(self.all_groups()),
            Ownership::Descendants => Cow::Owned(
                directory
                    .with_descendants(&self.groups)
                    .into_iter()
                    .collect(),
            ),
        };
        let groups = groups.iter().filter_map(|&id| directory.entity_ref(id));
        let mut ownership: Vec<Arc<str>> = std::iter::once(&self.entity_ref)
            .chain(groups)
            .chain(&self.claims)
            .cloned()
            .collect();
        ownership.sort_unstable();
        ownership.dedup();
        Claims {
            myself: Arc::clone(&self.entity_ref),
            ownership,
        }
    }

    /// The groups of the directory that the user is a direct member of.
    pub fn direct_groups(&self) -> &[GroupId] {
        &self.groups
    }

    /// Claims of the token that the directory does not know.
    pub fn unknown_claims(&self) -> &[Arc<str>] {
        &self.claims
    }

    /// Whether a binding gives its role, as far as that depends on the moment. What is unknown counts
    /// in a rule that denies.
    pub fn is_in_force(&self, binding: &Binding, effect: Effect) -> bool {
        binding.grant.is_none_or(|grant| {
            self.granted.certain.contains(grant)
                || (effect == Effect::Deny && self.granted.possible.contains(grant))
        })
    }

    /// The bindings that reach the user whatever the resource, in the order of the files.
    pub fn bindings(&self) -> &[BindingId] {
        self.bindings.get_or_init(|| {
            let members = self.members;
            let of_group = |&group: &GroupId| members.holder_of_group.get(&group).copied();
            let of_groups = self.all_groups().iter().filter_map(of_group);
            let of_claims = self.claims.iter();
            let of_claims = of_claims.filter_map(|claim| members.by_group_ref.get_index_of(claim));
            let named = of_groups.chain(of_claims);
            let named = named.filter_map(|holder| members.by_group_ref.get_index(holder));
            let mut bindings: Vec<BindingId> = std::iter::once(&members.everyone)
                .chain(members.users.get(&self.entity_ref))
                .chain(named.map(|(_, holder)| holder))
                .flat_map(|holder| holder.bindings.iter().copied())
                .collect();
            bindings.sort_unstable();
            bindings
        })
    }

    /// The bindings to owners, in the order of the files.
    pub fn owner_bindings(&self) -> &[BindingId] {
        &self.members.owners.bindings
    }

    /// The user's groups and all above them.
    fn all_groups(&self) -> &[GroupId] {
        self.all_groups.get_or_init(|| {
            let directory = &self.members.directory;
            let mut all: Vec<GroupId> = Vec::with_capacity(8);
            for &group in &*self.groups {
                let mut next = Some(group);
                while let Some(group) = next.filter(|group| !all.contains(group)) {
                    all.push(group);
                    next = directory.parent(group);
                }
            }
            all
        })
    }
}

/// Refs are in lower case nearly always.
fn lower_case(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
    {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
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
