//! What one subject may do.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::Policy;
use super::super::conditions::Conditions;
use super::super::decision::{Decision, Request, RequestSubject, context, instant};
use super::super::permission::{CATALOG_ENTITY, is_a};
use super::super::situation::ZoneOffsets;
use super::super::time::Instant;
use super::{RuleAt, rules_of, text};

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// Who.
    pub subject: RequestSubject,
    /// On what: permissions about its type are then decided for it.
    #[serde(default)]
    pub resource: Option<Value>,
    /// The type of `resource`; `catalog-entity` if absent.
    #[serde(default)]
    pub resource_type: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "instant")]
    pub now: Option<Instant>,
    /// What the clocks of time zones show then.
    #[serde(default)]
    pub zone_offsets: Option<ZoneOffsets>,
    /// What the host says of the request.
    #[serde(default, deserialize_with = "context")]
    pub context: Option<Value>,
}

/// The answer for every permission that the policy was compiled with.
#[derive(Debug, Serialize)]
pub struct WhatCan {
    /// In the order in which the plugins declare them.
    pub permissions: Vec<Answer>,
    /// The same for people.
    pub text: String,
}

/// The answer for one permission.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The permission.
    pub name: String,
    /// `ALLOW`, `DENY` or `CONDITIONAL`.
    pub result: &'static str,
    /// Backstage's criteria tree, if it depends on the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Conditions>,
    /// The rules that decide.
    pub rules: Vec<RuleAt>,
}

impl Policy {
    /// Decides every known permission for one subject.
    pub fn what_can(&self, question: &Question) -> WhatCan {
        let about = question.resource_type.as_deref().unwrap_or(CATALOG_ENTITY);
        let permissions = self.model.permissions.iter().map(|permission| {
            let of = permission.resource_type.as_deref();
            let is_about = of.is_some_and(|of| is_a(of, about));
            let request = Request {
                permission: permission.clone(),
                subject: Some(question.subject.clone()),
                resource: question.resource.clone().filter(|_| is_about),
                now: question.now,
                zone_offsets: question.zone_offsets.clone(),
                context: question.context.clone(),
            };
            let decision = self.decide_with(&request, usize::MAX);
            Answer {
                name: permission.name.clone(),
                result: decision.result(),
                rules: rules_of(decision.reasons()),
                conditions: match decision {
                    Decision::Conditional { conditions, .. } => Some(conditions),
                    _ => None,
                },
            }
        });
        let permissions: Vec<_> = permissions.collect();
        let text = text::what_can(&permissions, &question.subject.user_entity_ref);
        WhatCan { permissions, text }
    }
}
