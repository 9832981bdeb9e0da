//! How far approvals are, as it crosses the border.

use std::sync::Arc;

use serde::Serialize;

use super::super::decision::Decision;
use crate::source::Place;

/// The answer to a [`CheckRequest`](super::CheckRequest).
#[derive(Debug, Serialize)]
pub struct Check {
    /// `allow`, `deny` or `needs-approval`.
    pub outcome: &'static str,
    /// What the rules say.
    pub decision: Decision,
    /// The approval that is in the way, or the first that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<ApprovalState>,
    /// All approvals that apply.
    pub approvals: Vec<ApprovalState>,
    /// What the host has to do if it goes on.
    pub obligations: Vec<Obligation>,
}

/// How far an approval is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalState {
    /// Its id.
    pub id: Arc<str>,
    /// Where it stands.
    pub at: Place,
    /// How far it is.
    pub state: State,
    /// What is consented to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// When the first of the votes that count ceases to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Its stages, in the order of the file.
    pub stages: Vec<StageState>,
}

/// How far an approval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Somebody who may consent refused.
    Rejected,
    /// There were enough votes, but for something else.
    Void,
    /// There were enough votes, but too long ago.
    Expired,
    /// There are not enough votes.
    Pending,
    /// There are.
    Approved,
}

/// How far a stage is.
#[derive(Debug, Clone, Serialize)]
pub struct StageState {
    /// So many have to consent.
    pub count: usize,
    /// Of whom.
    pub from: Vec<String>,
    /// Who did, each counted in one stage only.
    pub given: Vec<Arc<str>>,
    /// How many are missing.
    pub missing: usize,
    /// Who else can, sorted; the first of them, if they are many.
    pub candidates: Vec<Arc<str>>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

/// What the host has to do if it goes on.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Obligation {
    /// Tell people that somebody acts in an emergency.
    Notify {
        /// Whom.
        to: Vec<Arc<str>>,
        /// Who acts.
        user: Arc<str>,
        /// By which role.
        role: Arc<str>,
        /// Why, in their words.
        reason: String,
        /// Since when.
        since: String,
        /// How long the role reaches them.
        until: String,
        /// Where the policy says so.
        at: Place,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
