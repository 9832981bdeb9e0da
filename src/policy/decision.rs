//! Requests and decisions, as they cross the border.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::conditions::Conditions;
use super::json;
use super::model::{Effect, Rule};
use super::permission::Permission;
use super::situation::{Situation, ZoneOffsets};
use super::time::Instant;

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
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestSubject {
    /// The user.
    pub user_entity_ref: String,
    /// Claims of the Backstage token, added to what the directory knows.
    #[serde(default)]
    pub ownership_entity_refs: Vec<String>,
}

/// An answer with its reasons.
#[derive(Debug)]
pub enum Decision {
    /// Yes.
    Allow {
        /// The rules that allow it.
        reasons: Vec<Reason>,
        /// Whether there are more.
        more: bool,
    },
    /// No.
    Deny {
        /// The rules that deny it; none if it is only that no rule allows it.
        reasons: Vec<Reason>,
        /// Whether there are more.
        more: bool,
    },
    /// It depends on the resource.
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
        more: bool,
    },
}

impl Decision {
    /// No rule allows it, and none denies it.
    pub const NOTHING: Self = Self::Deny {
        reasons: Vec::new(),
        more: false,
    };

    /// `ALLOW`, `DENY` or `CONDITIONAL`.
    pub fn result(&self) -> &'static str {
        match self {
            Self::Allow { .. } => "ALLOW",
            Self::Deny { .. } => "DENY",
            Self::Conditional { .. } => "CONDITIONAL",
        }
    }

    /// Writes the JSON.
    pub fn write(&self, out: &mut String) {
        out.push_str("{\"result\":\"");
        out.push_str(self.result());
        out.push('"');
        let more = match self {
            Self::Conditional {
                plugin_id,
                resource_type,
                conditions,
                more,
                ..
            } => {
                out.push_str(",\"pluginId\":");
                json::text(out, plugin_id);
                out.push_str(",\"resourceType\":");
                json::text(out, resource_type);
                out.push_str(",\"conditions\":");
                conditions.write(out);
                more
            }
            Self::Allow { more, .. } | Self::Deny { more, .. } => more,
        };
        out.push_str(",\"reasons\":[");
        for (index, reason) in self.reasons().iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            reason.write(out);
        }
        out.push_str(if *more { "],\"more\":true}" } else { "]}" });
    }

    /// With as many reasons of each kind as a decision has at most.
    #[must_use]
    pub fn abridged(mut self) -> Self {
        let (Self::Allow { reasons, more }
        | Self::Deny { reasons, more }
        | Self::Conditional { reasons, more, .. }) = &mut self;
        let before = reasons.len();
        let (mut allowing, mut denying) = (0, 0);
        reasons.retain(|reason| {
            let count = match reason.rule.effect {
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
#[derive(Debug)]
pub struct Reason {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Whom it reached through which role.
    pub way: Arc<str>,
}

impl Reason {
    /// Whom it reached through which role, and under which condition.
    pub fn message(&self) -> String {
        [&*self.way, &*self.rule.words].concat()
    }

    fn write(&self, out: &mut String) {
        let json = self.rule.json();
        out.push_str(&json.head);
        json::escaped(out, &self.way);
        out.push_str(&json.tail);
    }
}

/// Within other answers.
impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = String::new();
        self.write(&mut json);
        let json = RawValue::from_string(json).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

/// So many reasons a decision has at most, of those that allow and of those that deny.
pub const MAX_REASONS: usize = 2;

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
