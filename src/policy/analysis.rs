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

use serde::Serialize;

use super::decision::Reason;
use super::model::{Effect, Model};
use crate::source::Place;

/// A rule that decides, apart from whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RuleAt {
    /// Its id.
    pub rule: String,
    /// What it does.
    pub effect: Effect,
    /// Its condition in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Where it stands.
    pub at: Place,
}

/// The rules of reasons.
fn rules_of(model: &Model, reasons: &[Reason]) -> Vec<RuleAt> {
    let find = |id: &str| model.rules.iter().find(|rule| rule.id.as_ref() == id);
    let rules = reasons.iter().map(|reason| RuleAt {
        rule: reason.rule.clone(),
        effect: reason.effect,
        when: find(&reason.rule)
            .and_then(|rule| rule.when.as_ref())
            .map(ToString::to_string),
        at: reason.at.clone(),
    });
    rules.collect()
}
