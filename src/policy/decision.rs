//! Requests and decisions, as they cross the border.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::conditions::Conditions;
use super::model::Effect;
use super::permission::Permission;
use super::situation::{Situation, ZoneOffsets};
use super::time::Instant;
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
    /// The time, in RFC 3339: the core has no clock. What depends on a time that is not given is unknown.
    #[serde(default, deserialize_with = "instant")]
    pub now: Option<Instant>,
    /// How many minutes the clocks of time zones are ahead of UTC then: the core knows no zones.
    #[serde(default)]
    pub zone_offsets: Option<ZoneOffsets>,
    /// What the host says of the request. `breakGlass: {reason, since}` declares an emergency.
    #[serde(default, deserialize_with = "context")]
    pub context: Option<Value>,
}

impl Request {
    /// A request at no particular moment.
    pub fn new(
        permission: Permission,
        subject: Option<RequestSubject>,
        resource: Option<Value>,
    ) -> Self {
        Self {
            permission,
            subject,
            resource,
            now: None,
            zone_offsets: None,
            context: None,
        }
    }

    /// When it is made, and under which circumstances.
    pub fn situation(&self) -> Situation<'_> {
        Situation {
            now: self.now,
            zone_offsets: self.zone_offsets.as_ref(),
            context: self.context.as_ref(),
        }
    }
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
#[derive(Debug, Serialize)]
#[serde(tag = "result", rename_all = "UPPERCASE")]
pub enum Decision {
    /// Yes.
    Allow {
        /// The rules that allow it.
        reasons: Vec<Reason>,
        /// Whether there are more.
        #[serde(skip_serializing_if = "is_false")]
        more: bool,
    },
    /// No.
    Deny {
        /// The rules that deny it; none if it is only that no rule allows it.
        reasons: Vec<Reason>,
        /// Whether there are more.
        #[serde(skip_serializing_if = "is_false")]
        more: bool,
    },
    /// It depends on the resource.
    #[serde(rename_all = "camelCase")]
    Conditional {
        /// Who applies the conditions.
        plugin_id: String,
        /// To what.
        resource_type: String,
        /// Backstage's criteria tree.
        conditions: Conditions,
        /// The rules it was made of.
        reasons: Vec<Reason>,
        /// Whether there are more.
        #[serde(skip_serializing_if = "is_false")]
        more: bool,
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

    /// With as many reasons of each kind as a decision has at most.
    pub fn abridged(mut self) -> Self {
        let (Self::Allow { reasons, more }
        | Self::Deny { reasons, more }
        | Self::Conditional { reasons, more, .. }) = &mut self;
        let before = reasons.len();
        let (mut allowing, mut denying) = (0, 0);
        reasons.retain(|reason| {
            let count = match reason.effect {
                Effect::Allow => &mut allowing,
                Effect::Deny => &mut denying,
            };
            *count += 1;
            *count <= MAX_REASONS
        });
        *more |= reasons.len() < before;
        self
    }

    /// The rules it rests on.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Allow { reasons, .. }
            | Self::Deny { reasons, .. }
            | Self::Conditional { reasons, .. } => reasons,
        }
    }
}

/// One rule that took part in a decision.
#[derive(Debug, Serialize)]
pub struct Reason {
    /// The rule's id.
    pub rule: Arc<str>,
    /// What it does.
    pub effect: Effect,
    /// Whom it reached through which role, and under which condition.
    pub message: String,
    /// Where it stands.
    pub at: Place,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// So many reasons a decision has at most, of those that allow and of those that deny.
pub const MAX_REASONS: usize = 16;

/// Tells null from absent.
pub fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A time, or nothing.
pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let instant = Instant::parse(&text);
    let error = || serde::de::Error::custom(format!("`{text}` is no time of RFC 3339"));
    instant.map(Some).ok_or_else(error)
}

/// An object, or nothing.
pub fn context<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None => Ok(None),
        Some(context) if context.is_object() => Ok(Some(context)),
        Some(_) => Err(serde::de::Error::custom("`context` must be an object")),
    }
}
