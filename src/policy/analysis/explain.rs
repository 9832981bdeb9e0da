//! Why a decision is as it is: the rules, how they reach the user, what holds of the resource, and on a
//! refusal what is missing.

use serde::{Serialize, Serializer};

use super::super::Policy;
use super::super::claims::Claims;
use super::super::criteria::Criteria;
use super::super::decide::On;
use super::super::decision::{Decision, Reason, Request};
use super::super::evaluate::Resource;
use super::super::index::Reach;
use super::super::members::User;
use super::super::model::{Effect, When};
use super::super::partial::Grounding;
use super::super::permission::Permission;
use super::{Reaching, nearest, paths, reaching, text};
use crate::source::Place;

/// A decision and what it rests on.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The decision.
    pub decision: Decision,
    /// The rules that decided.
    pub matched: Vec<Matched>,
    /// On a refusal: what would have to be otherwise, at the least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest_miss: Option<NearestMiss>,
    /// What the users and groups were taken from.
    pub directory: DirectoryFacts,
    /// The same for people.
    pub text: String,
}

/// A rule that decided.
#[derive(Debug, Serialize)]
pub struct Matched {
    /// Its id.
    pub rule: String,
    /// What it does.
    pub effect: Effect,
    /// Where it stands.
    pub at: Place,
    /// How it reaches the user: the user, groups upwards, roles by inheritance.
    pub path: Vec<String>,
    /// Its condition in parts, of which all have to hold.
    pub conditions: Vec<Fact>,
}

/// A part of a condition.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// In words.
    pub text: String,
    /// Whether it holds of the resource.
    pub holds: Holds,
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That cannot be known here.
    Unknown,
}

impl Serialize for Holds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Yes => serializer.serialize_bool(true),
            Self::No => serializer.serialize_bool(false),
            Self::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

/// The least that a refusal hangs on.
#[derive(Debug, Serialize)]
pub struct NearestMiss {
    /// The rule that would allow it, or the one that denies what is allowed otherwise.
    pub rule: String,
    /// Where it stands.
    pub at: Place,
    /// What is missing, each a sentence.
    pub missing: Vec<String>,
}

/// Which users and groups a decision knew.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryFacts {
    /// When the host read them, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// How many users.
    pub users: usize,
    /// How many groups.
    pub groups: usize,
}

impl Policy {
    /// Decides one request and explains the decision.
    pub fn explain(&self, request: &Request) -> Explanation {
        let decision = self.decide_with(request, usize::MAX);
        let (mut matched, mut nearest_miss) = (Vec::new(), None);
        if let Some(subject) = &request.subject {
            let user = self.user(subject, request.situation());
            let scene = Scene::new(self, &user, request);
            let rules = reaching(self, &user, &request.permission);
            let decides = |applied: &&Reaching<'_>| {
                let is_it = |reason: &Reason| reason.rule.id == applied.rule.id;
                decision.reasons().iter().any(is_it)
            };
            let found = rules.iter().filter(decides);
            matched = found.map(|applied| scene.matched(applied)).collect();
            if matches!(decision, Decision::Deny { .. }) {
                nearest_miss = nearest::miss(&scene, &rules);
            }
        }
        let members = self.members.directory();
        let mut explanation = Explanation {
            decision: decision.abridged(),
            matched,
            nearest_miss,
            directory: DirectoryFacts {
                as_of: self.members.as_of().map(str::to_owned),
                users: members.users().len(),
                groups: members.group_count(),
            },
            text: String::new(),
        };
        explanation.text = text::explanation(&explanation, request);
        explanation
    }
}

/// Who asks for what, on what.
pub struct Scene<'s> {
    pub policy: &'s Policy,
    pub user: &'s User<'s>,
    pub permission: &'s Permission,
    claims: Claims,
    grounding: Grounding<'s>,
    resource: Option<Resource<'s>>,
}

impl<'s> Scene<'s> {
    fn new(policy: &'s Policy, user: &'s User<'s>, request: &'s Request) -> Self {
        let permission = &request.permission;
        Self {
            policy,
            user,
            permission,
            claims: user.claims(),
            grounding: Grounding::new(permission.resource_type.as_deref(), request.situation()),
            resource: On::new(permission, request.resource.as_ref()).this(),
        }
    }

    /// Whether there is something that conditions could hold of.
    pub fn has_resource(&self) -> bool {
        self.resource.is_some()
    }

    /// Whether a part of a rule's condition holds, or if there is no part, whether it reaches.
    pub fn holds(&self, reach: Reach, part: Option<&When>) -> Holds {
        // what is unknown is true in a rule that denies, and false in one that allows
        let under = |effect| {
            let only_owners = matches!(reach, Reach::OwnerRole(_));
            let criteria = self.grounding.criteria(effect, only_owners, part);
            match (&self.resource, criteria.for_user(&self.claims)) {
                (Some(resource), _) => resource.satisfies(&criteria, &self.claims),
                (None, Criteria::True) => Some(true),
                (None, Criteria::False) => Some(false),
                (None, _) => None,
            }
        };
        match (under(Effect::Allow), under(Effect::Deny)) {
            (Some(true), Some(true)) => Holds::Yes,
            (Some(false), Some(false)) => Holds::No,
            _ => Holds::Unknown,
        }
    }

    fn matched(&self, applied: &Reaching<'_>) -> Matched {
        let rule = applied.rule;
        let mut conditions = Vec::new();
        if matches!(applied.reach, Reach::OwnerRole(_)) {
            conditions.push(Fact {
                text: "the user owns the resource".to_owned(),
                holds: self.holds(applied.reach, None),
            });
        }
        for part in rule.when.iter().flat_map(parts) {
            conditions.push(Fact {
                text: part.to_string(),
                holds: self.holds(Reach::Everybody, Some(part)),
            });
        }
        Matched {
            rule: rule.id.as_ref().to_owned(),
            effect: rule.effect,
            at: rule.at.clone(),
            path: paths::path(self.policy, self.user, applied.reach, rule.effect),
            conditions,
        }
    }
}

/// The conditions of which all have to hold.
fn parts(when: &When) -> Vec<&When> {
    match when {
        When::AllOf(children) => children.iter().flat_map(parts).collect(),
        other => vec![other],
    }
}
