//! Questions about consent, as they cross the border.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::super::decision::{Request, RequestSubject, context, instant, present};
use super::super::permission::Permission;
use super::super::situation::ZoneOffsets;
use super::super::time::Instant;

/// A question whose answer may be: if others consent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRequest {
    permission: Permission,
    #[serde(default)]
    subject: Option<RequestSubject>,
    #[serde(default, deserialize_with = "present")]
    resource: Option<Value>,
    #[serde(default, deserialize_with = "instant")]
    now: Option<Instant>,
    #[serde(default)]
    zone_offsets: Option<ZoneOffsets>,
    #[serde(default, deserialize_with = "context")]
    context: Option<Value>,
    /// What exactly is consented to. A vote for another digest is void.
    #[serde(default)]
    digest: Option<String>,
    /// Who began it; the subject, if absent.
    #[serde(default)]
    requester: Option<String>,
    #[serde(default)]
    votes: Vec<Vote>,
}

/// What somebody said of a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// Who.
    pub by: String,
    /// When.
    #[serde(deserialize_with = "required_instant")]
    pub at: Instant,
    /// Of what.
    #[serde(default)]
    pub digest: Option<String>,
    /// Whether they consent.
    pub approve: bool,
}

impl CheckRequest {
    /// Without what only approvals need.
    pub fn split(self) -> (Request, Ballot) {
        let requester = self.requester.or_else(|| {
            let subject = self.subject.as_ref();
            subject.map(|subject| subject.user_entity_ref.clone())
        });
        let ballot = Ballot {
            digest: self.digest,
            requester: requester.map(|requester| requester.to_lowercase().into()),
            votes: self.votes,
        };
        let request = Request {
            permission: self.permission,
            subject: self.subject,
            resource: self.resource,
            now: self.now,
            zone_offsets: self.zone_offsets,
            context: self.context,
        };
        (request, ballot)
    }
}

/// What only approvals need.
#[derive(Debug, Default)]
pub struct Ballot {
    /// What is consented to.
    pub digest: Option<String>,
    /// Who began it, by lower-case ref.
    pub requester: Option<Arc<str>>,
    /// What people said.
    pub votes: Vec<Vote>,
}

fn required_instant<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Instant, D::Error> {
    instant(d)?.ok_or_else(|| serde::de::Error::custom("a vote needs its time"))
}
