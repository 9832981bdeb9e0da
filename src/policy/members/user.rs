//! [`User`]: what the policy knows of one user.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::super::claims::Claims;
use super::super::directory::GroupId;
use super::super::model::{Binding, Effect, Ownership, RoleId};
use super::{BindingId, Granted, Held, Members, Roles};

/// One user as the policy sees them, at one moment.
#[derive(Debug)]
pub struct User<'m> {
    pub(super) members: &'m Members,
    /// The lower-case ref.
    pub entity_ref: Arc<str>,
    /// The ref as it was given, if that is not in lower case.
    pub(super) as_written: Option<Arc<str>>,
    /// The roles they have whatever the resource.
    pub roles: Roles,
    /// The roles that owners of a resource have.
    pub owner_roles: Cow<'m, Roles>,
    pub(super) granted: Granted,
    pub(super) groups: Cow<'m, [GroupId]>,
    /// Claims of the token that the directory does not know.
    pub(super) claims: Vec<Arc<str>>,
    pub(super) all_groups: OnceCell<Vec<GroupId>>,
    pub(super) bindings: OnceCell<Vec<BindingId>>,
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
            as_written: self.as_written.clone(),
            ownership,
        }
    }

    /// The roles they have.
    pub fn held(&self) -> Held<'_> {
        Held {
            roles: &self.roles,
            as_owner: &self.owner_roles,
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

    /// The first binding that gives a role to the user at every moment. Only groups are looked at by way
    /// of which the user has it.
    pub fn lasting_binding(
        &self,
        role: RoleId,
        gives: impl Fn(BindingId) -> bool,
    ) -> Option<BindingId> {
        let members = self.members;
        let gives_role = |group: &GroupId| members.of_group(*group).contains(role);
        let of_groups = self
            .groups
            .iter()
            .filter(|group| gives_role(group))
            .flat_map(|&group| members.directory.upwards(group).take_while(gives_role))
            .filter_map(|group| {
                let holder = members.holder_of_group.get(group).copied().flatten()?;
                members
                    .by_group_ref
                    .get_index(usize::try_from(holder).ok()?)
            });
        let of_claims = self.claims.iter();
        let of_claims = of_claims.filter_map(|claim| members.by_group_ref.get_key_value(claim));
        std::iter::once(&members.everyone)
            .chain(members.users.get(&self.entity_ref))
            .chain(of_groups.chain(of_claims).map(|(_, holder)| holder))
            .filter(|holder| holder.given.contains(role))
            .filter_map(|holder| holder.bindings.iter().copied().find(|&id| gives(id)))
            .min()
    }

    /// The bindings that reach the user whatever the resource, in the order of the files.
    pub fn bindings(&self) -> &[BindingId] {
        self.bindings.get_or_init(|| {
            let members = self.members;
            let of_group = |&group: &GroupId| {
                let holder = members.holder_of_group.get(group).copied().flatten()?;
                usize::try_from(holder).ok()
            };
            let of_groups = self.all_groups().iter().filter_map(of_group);
            let of_claims = self.claims.iter();
            let of_claims = of_claims.filter_map(|claim| members.by_group_ref.get_index_of(claim));
            let named = of_groups.chain(of_claims);
            let named = named.filter_map(|holder| members.by_group_ref.get_index(holder));
            let mut bindings: Vec<BindingId> = Vec::with_capacity(32);
            for holder in std::iter::once(&members.everyone)
                .chain(members.users.get(&self.entity_ref))
                .chain(named.map(|(_, holder)| holder))
            {
                bindings.extend(&holder.bindings);
            }
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
            let mut all: Vec<GroupId> = Vec::with_capacity(32);
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
