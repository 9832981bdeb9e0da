//! The policy as read: what the files say, names resolved, every rule with its place.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::condition::Condition;
use super::permission::{Permission, Selector};
use crate::source::Place;

/// All files of a policy, merged.
#[derive(Debug, Default)]
pub struct Model {
    /// Whom `$ownership` means.
    pub ownership: Ownership,
    /// The roles; a [`RoleId`] is an index here.
    pub roles: Vec<Role>,
    /// Who has which role, in the order of the files.
    pub bindings: Vec<Binding>,
    /// The rules, in the order of the files.
    pub rules: Vec<Rule>,
    /// The permissions that the policy was checked against.
    pub permissions: Vec<Permission>,
}

/// A role's index in [`Model::roles`].
pub type RoleId = usize;

/// Whom `$ownership` means: the user, the groups the user is a direct member of, and …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// … nobody else, as a Backstage token claims.
    #[default]
    Direct,
    /// … the groups above those.
    Ancestors,
    /// … the groups below those.
    Descendants,
}

impl Ownership {
    /// Every mode, by its name.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("direct", Self::Direct),
        ("ancestors", Self::Ancestors),
        ("descendants", Self::Descendants),
    ];
}

/// A named set of rules.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: Arc<str>,
    /// Who has this role has these roles too.
    pub inherits: Vec<RoleId>,
}

/// Gives a role to somebody.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The role.
    pub role: RoleId,
    /// To whom.
    pub to: Subject,
    /// Where that is said.
    pub at: Place,
}

/// Whom a binding reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Every signed-in user.
    Everyone,
    /// Whoever owns the resource in question, as far as it is theirs.
    OwnersOfResource,
    /// One user, by lower-case ref.
    User(Arc<str>),
    /// The members of a group and of all groups below it, by lower-case ref.
    Group(Arc<str>),
}

/// Allows or denies permissions.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its unique name.
    pub id: Arc<str>,
    /// What it does where it applies.
    pub effect: Effect,
    /// Whom it reaches: who has one of these; everybody if none is named.
    pub roles: Vec<RoleId>,
    /// What it is about.
    pub permissions: Vec<Selector>,
    /// For which resources; all, if absent.
    pub when: Option<When>,
    /// Where it stands: its id.
    pub at: Place,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Grants, unless some rule denies.
    Allow,
    /// Refuses, whatever is granted.
    Deny,
}

/// A condition as written: still with `$ownership` and `$self` in it.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// All hold; true if empty.
    AllOf(Vec<When>),
    /// At least one holds; false if empty.
    AnyOf(Vec<When>),
    /// It does not hold.
    Not(Box<When>),
    /// The entity is owned by one of these.
    Owner(Vec<Term>),
    /// The task was created by one of these.
    CreatedBy(Vec<Term>),
    /// A property of an action's input is one of these refs.
    PropertyIn {
        /// Its path.
        key: String,
        /// The refs.
        terms: Vec<Term>,
    },
    /// A permission rule that goldenpath does not know itself.
    Custom {
        /// Its resource type.
        resource_type: Arc<str>,
        /// Its name.
        rule: Arc<str>,
        /// Its parameters, in which strings may be `$ownership` (in a list) or `$self`.
        params: serde_json::Map<String, Value>,
    },
    /// A condition that is the same for every user.
    Is(Condition),
}

impl When {
    /// The type of the resources it is about; `None` if it holds no condition at all.
    pub fn resource_type(&self) -> Option<&str> {
        use super::permission::{CATALOG_ENTITY, SCAFFOLDER_ACTION, SCAFFOLDER_TASK};
        match self {
            Self::AllOf(children) | Self::AnyOf(children) => {
                children.iter().find_map(Self::resource_type)
            }
            Self::Not(child) => child.resource_type(),
            Self::Owner(_) => Some(CATALOG_ENTITY),
            Self::CreatedBy(_) => Some(SCAFFOLDER_TASK),
            Self::PropertyIn { .. } => Some(SCAFFOLDER_ACTION),
            Self::Custom { resource_type, .. } => Some(resource_type),
            Self::Is(condition) => Some(condition.resource_type()),
        }
    }
}

/// One ref in a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// `$ownership`: the user and their groups, as [`Ownership`] says.
    Ownership,
    /// `$self`: the user.
    Myself,
    /// A lower-case entity ref.
    Ref(Arc<str>),
}
