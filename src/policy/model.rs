//! The policy as read: what the files say, names resolved, every rule with its place.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::condition::Condition;
use super::permission::{Permission, Selector};
use super::schedule::Schedule;
use super::time::{Duration, Instant};
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
    /// What bindings give under conditions; a [`GrantId`] is an index here.
    pub grants: Vec<Grant>,
    /// The rules, in the order of the files.
    pub rules: Vec<Rule>,
    /// What needs the consent of others, in the order of the files.
    pub approvals: Vec<Approval>,
    /// What the files say that the policy decides.
    pub tests: Vec<TestCase>,
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
    /// Under which condition, if any.
    pub grant: Option<GrantId>,
    /// Where that is said.
    pub at: Place,
}

/// A grant's index in [`Model::grants`].
pub type GrantId = usize;

/// A role that is given for some time, or in an emergency.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The role.
    pub role: RoleId,
    /// Until when, and where that is said.
    pub until: Option<(Instant, Place)>,
    /// In which emergency.
    pub break_glass: Option<BreakGlass>,
}

/// A role that is had by whoever says why it is needed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlass {
    /// For how long.
    pub max_duration: Duration,
    /// Whom to tell, by lower-case refs.
    pub notify: Vec<Arc<str>>,
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
    /// The condition in words, as reasons end with it; empty if there is none.
    pub words: Arc<str>,
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// It is one of these times, or, if `outside`, none of them.
    Time {
        /// The times.
        schedules: Vec<Schedule>,
        /// Whether it must be another time.
        outside: bool,
    },
    /// The host says this of the request.
    Context {
        /// Of what: a path as [`property`](super::property::property) reads it.
        key: String,
        /// What; anything, if absent.
        value: Option<Value>,
    },
}

impl When {
    /// Calls `look` with every part that has no parts itself.
    pub fn visit(&self, look: &mut impl FnMut(&Self)) {
        match self {
            Self::AllOf(children) | Self::AnyOf(children) => {
                for child in children {
                    child.visit(look);
                }
            }
            Self::Not(child) => child.visit(look),
            leaf => look(leaf),
        }
    }

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
            Self::Time { .. } | Self::Context { .. } => None,
        }
    }
}

/// One ref in a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// `$self`: the user.
    Myself,
    /// `$ownership`: the user and their groups, as [`Ownership`] says.
    Ownership,
    /// A lower-case entity ref.
    Ref(Arc<str>),
}

/// Makes a permission depend on the consent of others.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Its unique name.
    pub id: Arc<str>,
    /// Where it stands: its id.
    pub at: Place,
    /// What it is about.
    pub permissions: Vec<Selector>,
    /// For which resources; all, if absent.
    pub when: Option<When>,
    /// Who has to consent; all stages have to be complete.
    pub stages: Vec<Stage>,
    /// Whether the requester's own vote does not count.
    pub distinct_from_requester: bool,
    /// How long a vote counts; for ever, if absent.
    pub expires: Option<Duration>,
}

/// So many of some people have to consent.
#[derive(Debug, Clone)]
pub struct Stage {
    /// How many.
    pub count: usize,
    /// Of whom.
    pub from: Vec<Subject>,
    /// Where that is said.
    pub at: Place,
}

/// A request, and the answer that the author of the policy expects.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// Its name, as written or made of what it asks.
    pub name: String,
    /// Where it stands.
    pub at: Place,
    /// Who asks, by lower-case ref.
    pub user: Arc<str>,
    /// Groups that the user is a member of beside those of the directory.
    pub member_of: Vec<String>,
    /// For what.
    pub permission: Permission,
    /// On what; on nothing, if absent.
    pub resource: Option<TestResource>,
    /// What the host would say of the request.
    pub context: Option<Value>,
    /// When.
    pub now: Option<Instant>,
    /// The answer.
    pub expect: Expect,
    /// A rule or approval that the answer must rest on.
    pub because: Option<Arc<str>>,
}

/// What a test asks about.
#[derive(Debug, Clone)]
pub enum TestResource {
    /// This value.
    Value(Value),
    /// The entity of this lower-case ref.
    Entity(Arc<str>),
}

/// An expected answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Yes.
    Allow,
    /// No.
    Deny,
    /// It depends on the resource.
    Conditional,
    /// Yes, once others consent.
    NeedsApproval,
}

impl Expect {
    /// Every answer, by its name.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("allow", Self::Allow),
        ("deny", Self::Deny),
        ("conditional", Self::Conditional),
        ("needs-approval", Self::NeedsApproval),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        let name = Self::NAMES.iter().find(|(_, answer)| *answer == self);
        name.map_or("", |(name, _)| name)
    }
}
