//! Requests and decisions, as they cross the border.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::model::Effect;
use super::permission::Permission;
use crate::source::Place;

/// A question: may this subject use this permission, on this resource if it is given?
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The permission as the asking plugin declares it.
    pub permission: Permission,
    /// Who asks; nobody, if absent.
    #[serde(default)]
    pub subject: Option<RequestSubject>,
    /// What for. Absent: not known yet, so that the decision may be conditional. Null: there is no
    /// such resource.
    #[serde(default, deserialize_with = "present")]
    pub resource: Option<Value>,
}

/// Who asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestSubject {
    /// The user.
    pub user_entity_ref: String,
    /// Claims of the Backstage token, added to what the directory knows.
    #[serde(default)]
    pub ownership_entity_refs: Vec<String>,
}

/// An answer with its reasons.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "UPPERCASE")]
pub enum Decision {
    /// Yes.
    Allow {
        /// The rules that allow it.
        reasons: Vec<Reason>,
    },
    /// No.
    Deny {
        /// The rules that deny it; none if it is only that no rule allows it.
        reasons: Vec<Reason>,
    },
    /// It depends on the resource.
    #[serde(rename_all = "camelCase")]
    Conditional {
        /// Who applies the conditions.
        plugin_id: String,
        /// To what.
        resource_type: String,
        /// Backstage's criteria tree.
        conditions: Value,
        /// The rules it was made of.
        reasons: Vec<Reason>,
    },
}

impl Decision {
    /// `ALLOW`, `DENY` or `CONDITIONAL`.
    pub fn result(&self) -> &'static str {
        match self {
            Self::Allow { .. } => "ALLOW",
            Self::Deny { .. } => "DENY",
            Self::Conditional { .. } => "CONDITIONAL",
        }
    }

    /// The rules it rests on.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Allow { reasons }
            | Self::Deny { reasons }
            | Self::Conditional { reasons, .. } => reasons,
        }
    }
}

/// One rule that took part in a decision.
#[derive(Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// What it does.
    pub effect: Effect,
    /// Whom it reached through which role, and under which condition.
    pub message: String,
    /// Where it stands.
    pub at: Place,
}

/// Tells null from absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
