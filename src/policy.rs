//! The policy engine: who may do what in Backstage, written as rules in YAML.
//!
//! # Language
//!
//! A policy is one or more YAML files, each of one or more documents. All are read as one.
//!
//! ```yaml
//! apiVersion: goldenpath/v1alpha1
//! kind: AccessPolicy
//! defaults:
//!   ownership: ancestors # direct (default) | ancestors | descendants
//! roles:
//!   engineer: {}
//!   platform-engineer: { inherits: [engineer] }
//! bindings:
//!   - { role: engineer, to: everyone }
//!   - { role: platform-engineer, to: [group:default/platform, user:default/ann] }
//!   - { role: platform-engineer, to: group:default/guests, until: 2026-12-31T18:00:00Z }
//!   - role: platform-engineer
//!     to: group:default/on-call
//!     breakGlass: { reason: required, maxDuration: 4h, notify: [group:default/security] }
//! rules:
//!   - id: read-catalog
//!     effect: allow
//!     role: engineer
//!     permissions: [catalog.entity.read, catalog.location.read]
//!   - id: change-own
//!     effect: allow
//!     role: engineer
//!     permissions: [{ resourceType: catalog-entity, action: delete }]
//!     when: { owner: $ownership, not: { label: { tier: prod } } }
//!   - id: destroy
//!     effect: allow
//!     role: platform-engineer
//!     permissions: [goldenpath.environment.destroy]
//!   - id: not-after-hours
//!     effect: deny
//!     permissions: [goldenpath.environment.*]
//!     when: { time: { outside: Mon-Fri 08:00-18:00 Europe/Berlin }, not: { context: breakGlass.reason } }
//! approvals:
//!   - id: destroy-prod
//!     for: { permissions: [goldenpath.environment.destroy], when: { label: { tier: prod } } }
//!     require:
//!       - { count: 2, from: owners-of-resource }
//!       - { from: [group:default/sre] }
//!     expires: 24h
//! tests:
//!   - as: user:default/ann
//!     permission: goldenpath.environment.destroy
//!     resource: { kind: Resource, metadata: { name: shop, labels: { tier: prod } }, spec: { type: environment } }
//!     now: 2026-11-24T12:00:00Z
//!     expect: needs-approval
//!     because: destroy-prod
//! ```
//!
//! **Bindings** give a role to users (`user:default/ann`), to the members of a group and of all groups
//! below it (`group:default/platform`), to every signed-in user (`everyone`), or to whoever owns the
//! resource in question (`owners-of-resource`). Who has a role has all roles that it inherits.
//!
//! A binding with `until` ends at that time. One with `breakGlass` reaches only whoever declares an
//! emergency, by `context.breakGlass: {reason, since}` in the request: the reason is not empty, and
//! `since` is at most `maxDuration` ago. Whom to `notify` then is an obligation of the host
//! ([`Policy::check`]). Backstage gives no context when it asks for permissions, so that only hosts that
//! ask directly can open the glass.
//!
//! **Rules** allow or deny permissions to those who have one of the rule's `role` or `roles`; a rule
//! without a role is for every signed-in user. `permissions` holds names, globs in which `*` stands
//! for any run of characters, and objects that select by `resourceType`, `action` or both.
//!
//! **Conditions** (`when`) are Backstage's own permission rules, the time, and what the host says. An object of several conditions
//! means all of them; a list of values means any of them; a key without a value means that it is there.
//! So `not: { kind: API, label: beta }` holds of all but the APIs labelled `beta`, and
//! `not: { kind: [API, Group] }` of what is neither.
//!
//! | condition | about | Backstage's rule |
//! | --- | --- | --- |
//! | `allOf: […]`, `anyOf: […]`, `not: {…}` | any | |
//! | `owner: $ownership` or refs | `catalog-entity` | `IS_ENTITY_OWNER` |
//! | `kind: Component` | `catalog-entity` | `IS_ENTITY_KIND` |
//! | `annotation:`, `label: {tier: [prod, beta]}` | `catalog-entity` | `HAS_ANNOTATION`, `HAS_LABEL` |
//! | `metadata:`, `spec: {type: service}` | `catalog-entity` | `HAS_METADATA`, `HAS_SPEC` |
//! | `tag: secret` | `scaffolder-template` | `HAS_TAG` |
//! | `actionId: publish:github` | `scaffolder-action` | `HAS_ACTION_ID` |
//! | `stringProperty: {owner: $ownership}` | `scaffolder-action` | `HAS_STRING_PROPERTY` |
//! | `numberProperty:`, `booleanProperty: {private: true}` | `scaffolder-action` | `HAS_NUMBER_PROPERTY`, `HAS_BOOLEAN_PROPERTY` |
//! | `createdBy: $self` | `scaffolder-task` | `IS_TASK_OWNER` |
//! | `{rule: NAME, params: {…}}` | the type of the permissions | any |
//! | `time: {within: Mon-Fri 08:00-18:00 Europe/Berlin}`, `time: {outside: …}` | any, or none | |
//! | `context: {input.tier: [dev, test]}` | any, or none | |
//!
//! A time is days, hours and a zone: `Mon-Thu 08:00-18:00, Fri 08:00-12:00 13:00-15:00 +01:00`. Hours
//! belong to the days before them, to all days if there are none; hours over midnight (`22:00-06:00`)
//! belong to the day on which they begin. A zone is a name, `Z` or an offset; names are the host's
//! ([`Policy::time_zones`]). A fact of the context is named by its path; of a list one item is enough.
//!
//! `$self` is the user. `$ownership` is the user, the groups they are a direct member of, and by
//! `defaults.ownership` the groups above (`ancestors`) or below (`descendants`) those. Refs are
//! compared, and sent to Backstage, in lower case.
//!
//! **Approvals** make what rules allow depend on the consent of others. Each stage wants `count` (1 if
//! absent) of those `from` users, groups or `owners-of-resource`. The requester does not count unless
//! `distinctFromRequester: false`. Votes are for a digest of what is consented to, and void for another.
//!
//! **Tests** are requests and the answer they expect: `allow`, `deny`, `conditional` or
//! `needs-approval`, `because` of a rule or approval. A `resource` is written out, or is the ref of an
//! entity that the host gives; `memberOf` are groups beside those of the directory.
//!
//! **goldenpath's own permissions** are `goldenpath.environment.create`, `goldenpath.service.create` and
//! `goldenpath.policy.read` (basic), and `goldenpath.environment.approve`, `.extend` and `.destroy`, which
//! are about environments (`goldenpath-environment`). An environment is an entity of the catalogue of kind
//! `Resource` and type `environment`, so all conditions on `catalog-entity` can be asked of it; the plugin
//! goldenpath applies them. Those on what Terraform describes, `goldenpath.platform.plan`, `.apply` and
//! `.approve`, are about any entity.
//!
//! # Semantics
//!
//! For a user *u*, a permission *p*, a resource *r* and a moment *m* (its time and its context):
//!
//! > allowed(u, p, r, m) = (some allow rule holds of u, p, r, m) ∧ ¬ (some deny rule holds of u, p, r, m)
//!
//! 1. What no rule allows is denied, and so is whoever is not signed in.
//! 2. A deny cannot be outvoted: there is no priority by order, name, type, role or directness.
//! 3. A rule holds if it reaches u by a role at m, selects p, and its condition holds of r and m.
//! 4. What is absent from r fails its condition, as in Backstage. What cannot be known counts as false in
//!    a rule that allows and as true in one that denies. Unknown are the rule of another plugin,
//!    ownership of what has no owner, a malformed resource; what m does not say (the time, the offset of
//!    a zone, a fact); and whether a binding with `until` still reaches, if m has no time. An emergency
//!    that is not declared is not unknown: there is none.
//! 5. Unknowns follow Kleene's logic: `not` of unknown is unknown, `anyOf` with one that holds holds,
//!    `allOf` with one that fails fails. Only the rule as a whole is then taken as false or true.
//! 6. A member of a group is a member of all groups above it. Groups in a cycle are within each other.
//! 7. Without r the decision is what remains of the formula once u, p and m are known: allow, deny, or
//!    conditions of Backstage that hold of exactly the resources that would be allowed. If r is not there,
//!    conditions are a no; for permissions on environments an entity that is none is not there.
//! 8. An approval applies to what is allowed if it selects p and its condition holds of r and m or is
//!    unknown; of several that apply all are needed. A vote counts if it is its voter's last word up to
//!    the time, is for this digest, and is not older than `expires`. If approvals expire and m has no
//!    time, no vote counts. One counting refusal of somebody who may consent rejects. Else an approval is
//!    given if votes can be assigned to its stages so that each is complete and no person is in two.
//!
//! # Coverage
//!
//! A policy covers a permission if a selector of one of its rules names it: by its name, by a glob, or by
//! its resource type and action. Whom the rule reaches, when, and to what effect does not matter, so that
//! a lone `*` covers everything. What is covered is decided here; what is not, a host may have decided by
//! another policy in place of the denial that point 1 gives ([`Policy::covers`]).
//!
//! # Analysis
//!
//! Users whom the rules cannot tell apart (the same roles that matter, the same ownership of what is
//! asked about) form a class, and one of them answers for all.
//!
//! - [`Policy::explain`]: the rules that decided, the shortest path from the user over groups to the
//!   role, and each part of the condition with whether it holds. On a refusal the nearest miss: the
//!   allow rule that lacks the fewest conditions and roles, and the denies that hold.
//! - [`Policy::who_can`] and [`Policy::what_can`]: every user of a permission, every permission of a user.
//! - [`Policy::lint`]: rules that never hold, allow what is always denied, or add nothing to another.
//!   That is proven over all users and resources, given that an entity has one kind and a label one
//!   value, an action one id, and that group members are members of the groups above; what no proof
//!   is found for is not reported. Also subjects that the directory does not know, roles of nobody,
//!   groups in a circle, conditions over the byte budget, and what the plugins' metadata lacks.
//! - [`diff`]: who gains and who loses which permission. On the entities of a snapshot it is exact. For
//!   other resources, and without entities, a change is shown by what a resource would have to be.
//!   Both are asked for one moment, and it is said which rules and bindings need more of it than is known.
//!
//! Conditions over [`PolicyOptions::budget_bytes`] are factored, so that owners stand in them once.
//!
//! # Exchange
//!
//! [`import`] reads the files of Red Hat's RBAC plugin, decides as that plugin does, and lists what an
//! access policy changes. [`export`] writes a policy for Cedar.

mod analysis;
mod approval;
pub mod authzen;
mod claims;
mod compact;
mod condition;
mod conditions;
mod criteria;
mod decide;
mod decision;
mod directory;
mod evaluate;
mod explain;
pub mod export;
pub mod import;
mod index;
mod json;
mod members;
mod model;
mod parse;
mod partial;
mod permission;
mod property;
mod roles;
mod schedule;
mod search;
mod selection;
mod set;
mod situation;
mod testing;
pub(crate) mod time;
mod verdict;

pub use analysis::{
    Diff, Explanation, LintOptions, PolicyLock, Snapshot, WhatCan, WhatQuestion, WhoCan,
    WhoQuestion, diff,
};
pub use approval::{ApprovalState, Check, CheckRequest, Obligation, StageState, State, Vote};
pub use decision::{Decision, Reason, Request, RequestSubject};
pub use directory::DirectoryData;
pub use model::Effect;
pub use permission::{Action, Permission, is_environment};
pub use testing::{TestOptions, TestResult};

use std::sync::Arc;

use serde::Deserialize;

use self::index::Index;
use self::members::Members;
use self::model::Model;
use self::roles::RoleSet;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::SourceText;

/// What compiling depends on beside the files.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyOptions {
    /// Permissions beyond those of Backstage's own plugins; one of the same name replaces those.
    pub permissions: Vec<Permission>,
    /// How many bytes the conditions of one decision should have at most. Longer ones are made shorter
    /// where that does not change their meaning; 2048 if absent.
    pub budget_bytes: Option<usize>,
    /// Upper bounds on the files.
    pub limits: Limits,
}

/// Fifty owners, of which fifty items fit into one request of Backstage.
const BUDGET_BYTES: usize = 2048;

/// A policy, if there is no error, and what is to be said of its files.
#[derive(Debug)]
pub struct Compilation {
    /// Absent if a diagnostic is an error.
    pub policy: Option<Policy>,
    /// All problems of all files, by file and position.
    pub diagnostics: Vec<Diagnostic>,
}

/// A compiled policy over a directory of users and groups.
#[derive(Debug)]
pub struct Policy {
    model: Model,
    index: Index,
    closures: Vec<RoleSet>,
    members: Members,
    budget_bytes: usize,
    time_zones: Vec<Arc<str>>,
}

/// Compiles the files of a policy.
pub fn compile(sources: &[SourceText], options: &PolicyOptions) -> Compilation {
    let permissions = permission::known(&options.permissions);
    let (model, diagnostics) = parse::parse(sources, permissions, &options.limits);
    let has_error = diagnostics.iter().any(Diagnostic::is_error);
    Compilation {
        policy: (!has_error).then(|| Policy::new(model, options)),
        diagnostics,
    }
}

impl Policy {
    /// Prepares a model for decisions; the directory is empty at first.
    fn new(model: Model, options: &PolicyOptions) -> Self {
        Self {
            index: Index::new(&model),
            closures: roles::closures(&model.roles),
            members: Members::new(&model, Arc::default()),
            budget_bytes: options.budget_bytes.unwrap_or(BUDGET_BYTES),
            time_zones: situation::time_zones(&model),
            model,
        }
    }

    /// Replaces the users and groups.
    pub fn set_directory(&mut self, directory: &DirectoryData) {
        self.members = Members::new(&self.model, directory.directory());
    }

    /// Says that the users and groups are still the same at a later time, as explanations shall show it.
    pub fn set_directory_as_of(&mut self, as_of: &str) {
        self.members.set_as_of(as_of);
    }

    /// Whether some rule is about the permission, whomever it reaches.
    pub fn covers(&self, permission: &Permission) -> bool {
        self.index
            .ask(&self.model, permission, |rules| !rules.is_empty())
    }

    /// The time zones that conditions name, sorted: the host says what their clocks show.
    pub fn time_zones(&self) -> &[Arc<str>] {
        &self.time_zones
    }

    /// Adds to a permission what its plugin declares, where a request leaves that out: else rules by type or
    /// action would not select what is only named, and a deny not deny it.
    pub fn complete(&self, permission: &mut Permission) {
        if permission.action.is_some() && permission.resource_type.is_some() {
            return;
        }
        let mut known = self.model.permissions.iter();
        if let Some(declared) = known.find(|known| known.name == permission.name) {
            permission.action = permission.action.or(declared.action);
            if permission.resource_type.is_none() {
                permission.resource_type.clone_from(&declared.resource_type);
            }
        }
    }

    /// The permissions that the policy was compiled with, as their plugins declare them.
    pub fn permissions(&self) -> &[Permission] {
        &self.model.permissions
    }
}
