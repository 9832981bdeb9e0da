//! Questions about a policy as a whole, beside single decisions: why, who, what, what is wrong with it,
//! and what does another policy change.
//!
//! Nothing here goes through users one by one where it can be helped: users of whom the policy cannot
//! tell one from another form a class ([`classes`]), and one of them is asked for all.

mod classes;
mod diff;
mod explain;
mod formula;
mod lint;
mod nearest;
mod paths;
mod symbols;
mod text;
mod what_can;
mod who_can;

pub use diff::{Diff, Snapshot, diff};
pub use explain::Explanation;
pub use lint::{LintOptions, PolicyLock};
pub use what_can::{Question as WhatQuestion, WhatCan};
pub use who_can::{Question as WhoQuestion, WhoCan};

use std::sync::Arc;

use serde::Serialize;

use super::Policy;
use super::decision::Reason;
use super::index::Reach;
use super::members::User;
use super::model::{Effect, Rule};
use super::permission::Permission;
use crate::source::Place;

/// A rule that decides, apart from whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RuleAt {
    /// Its id.
    pub rule: Arc<str>,
    /// What it does.
    pub effect: Effect,
    /// Its condition in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Where it stands.
    pub at: Place,
}

impl RuleAt {
    fn of(rule: &Rule) -> Self {
        Self {
            rule: Arc::clone(&rule.id),
            effect: rule.effect,
            when: rule.when.as_ref().map(ToString::to_string),
            at: rule.at.clone(),
        }
    }
}

/// A rule that reaches a user, and how.
struct Reaching<'p> {
    rule: &'p Rule,
    reach: Reach,
}

/// The rules on a permission that reach a user.
fn reaching<'p>(policy: &'p Policy, user: &User<'_>, permission: &Permission) -> Vec<Reaching<'p>> {
    let found = policy.index.reaching(&policy.model, user, permission);
    let rules = found.into_iter().filter_map(|(id, reach)| {
        let rule = policy.model.rules.get(id)?;
        Some(Reaching { rule, reach })
    });
    rules.collect()
}

/// The rules of reasons.
fn rules_of(reasons: &[Reason]) -> Vec<RuleAt> {
    reasons
        .iter()
        .map(|reason| RuleAt::of(&reason.rule))
        .collect()
}
