//! What an organisation asks of its entities, beyond what Backstage does.
//!
//! Rules are data: for which entities, what must be there, since when and until when it may be missing.
//! A rule is judged on one entity alone. What that entity cannot tell, such as whether its owner exists,
//! becomes a [`Pending`] finding, which [`settle`](super::settle) decides with the facts of its caller; without
//! the facts it is never said.

mod dates;
mod expectation;
mod ownership;
mod path;
mod pattern;
mod requirements;
mod scorecard;
mod selector;
mod services;
mod techdocs;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

pub use dates::{Due, Moment, Since};
pub use expectation::{Choice, Expectation};
pub use path::FieldPath;
pub use pattern::{Many, Pattern};
pub use requirements::Requirements;
pub use scorecard::{Level, Score, Scorecard};
pub use selector::Selector;

use super::entity::Subject;
use super::findings::Findings;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Place;

/// What the codes of organisation rules begin with; the rule's name follows.
pub const AREA: &str = "organisation/";

/// One rule of an organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationRule {
    /// Its name, as codes have it.
    pub name: String,
    /// The entities it is for; all if absent.
    #[serde(default, rename = "for")]
    pub selector: Selector,
    /// What must be there.
    #[serde(default)]
    pub require: Requirements,
    /// What fields may be, if they are there.
    #[serde(default)]
    pub allow: BTreeMap<FieldPath, Expectation>,
    /// How much a finding weighs, once it is due.
    #[serde(default = "error")]
    pub severity: Severity,
    /// What is wrong, in the organisation's own words.
    #[serde(default)]
    pub message: Option<String>,
    /// What to do, in the organisation's own words.
    #[serde(default)]
    pub help: Option<String>,
    /// Where it is explained.
    #[serde(default)]
    pub docs: Option<String>,
    /// When it begins; it always held if absent.
    #[serde(default)]
    pub since: Option<Since>,
    /// Until when it is a warning.
    #[serde(default)]
    pub due_by: Option<Due>,
}

fn error() -> Severity {
    Severity::Error
}

/// How an entity does by one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is as the rule asks.
    Passed,
    /// It is not.
    Failed,
    /// That depends on what is not known here.
    Unknown,
}

/// The outcomes of the rules that are for an entity, by name.
pub type Outcomes = BTreeMap<String, Outcome>;

/// A finding that is one only if something is not there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pending {
    /// The rule that asks.
    pub rule: String,
    /// What must be there.
    pub needs: Need,
    /// What is said otherwise; nothing before the rule begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostic: Option<Diagnostic>,
}

/// What must be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Need {
    /// An entity, by its full reference in lower case.
    Entity(String),
    /// One of these files or folders, named like the file of the entity.
    Files(Vec<String>),
}

/// What rules say of one entity.
#[derive(Debug, Default)]
pub struct Judgement {
    /// How it does.
    pub outcomes: Outcomes,
    /// What is left to decide.
    pub pending: Vec<Pending>,
}

/// One way in which an entity is not as a rule asks.
pub(super) struct Complaint {
    place: Place,
    pointer: String,
    message: String,
    help: String,
}

/// What the requirements of one rule find.
#[derive(Default)]
pub(super) struct Findout {
    complaints: Vec<Complaint>,
    needs: Vec<(Need, Complaint)>,
    is_unknown: bool,
    /// Something is wrong that a rule of the catalogue reports.
    is_said_elsewhere: bool,
}

/// Judges an entity by all rules that are for it.
pub(super) fn judge(subject: &Subject, found: &mut Findings) -> Judgement {
    let mut judgement = Judgement::default();
    if subject.options.organisation.is_empty() {
        return judgement;
    }
    if subject.text("/kind").is_none() || subject.text("/metadata/name").is_none() {
        // no entity, which others say
        return judgement;
    }
    for rule in &subject.options.organisation {
        if !rule.selector.takes(subject) {
            continue;
        }
        let mut findout = Findout::default();
        rule.require.check(subject, &mut findout);
        for (path, expectation) in &rule.allow {
            expectation.check_allowed(subject, path, &mut findout);
        }
        let severity = rule.severity_at(subject.options.now);
        let outcome = findout.outcome();
        judgement.outcomes.insert(rule.name.clone(), outcome);
        for complaint in findout.complaints {
            if let Some(severity) = severity {
                found.push(rule.diagnostic(complaint, severity));
            }
        }
        for (needs, complaint) in findout.needs {
            judgement.pending.push(Pending {
                rule: rule.name.clone(),
                needs,
                diagnostic: severity.map(|severity| rule.diagnostic(complaint, severity)),
            });
        }
    }
    judgement
}

impl OrganisationRule {
    /// How much a finding weighs at a time; nothing before the rule begins.
    pub(super) fn severity_at(&self, now: Option<Moment>) -> Option<Severity> {
        let is_over = |due: &Due| now.is_some_and(|now| due.is_over(now));
        let is_ahead = |since: &Since| now.is_some_and(|now| !since.is_over(now));
        if self.since.as_ref().is_some_and(is_ahead) {
            None
        } else if self.due_by.as_ref().is_none_or(is_over) {
            Some(self.severity)
        } else {
            // `Info` weighs least and comes last
            Some(self.severity.max(Severity::Warning))
        }
    }

    fn diagnostic(&self, complaint: Complaint, severity: Severity) -> Diagnostic {
        let Self {
            name,
            severity: due,
            ..
        } = self;
        let specific = complaint.message;
        let (message, specific) = match &self.message {
            Some(message) => (message.clone(), Some(specific)),
            None => (specific, None),
        };
        let mut why = format!("your organisation's rule `{name}` asks for it");
        if let Some(specific) = specific {
            why = format!("{specific}; {why}");
        }
        if let Some(date) = self.due_by.as_ref().filter(|_| severity != *due) {
            // a String takes all
            let _ = write!(why, ", and makes it {} after {date}", noun(*due));
        }
        let mut help = self.help.clone().unwrap_or(complaint.help);
        if let Some(docs) = &self.docs {
            let _ = write!(help, "; see {docs}");
        }
        let mut diagnostic = Diagnostic::warning("", complaint.place, message)
            .with_severity(severity)
            .why(why)
            .help(help)
            .pointer(complaint.pointer);
        diagnostic.code = format!("{AREA}{name}").into();
        diagnostic
    }
}

fn noun(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Info => "an information",
    }
}

impl Findout {
    fn outcome(&self) -> Outcome {
        if !self.complaints.is_empty() || self.is_said_elsewhere {
            Outcome::Failed
        } else if self.is_unknown || !self.needs.is_empty() {
            Outcome::Unknown
        } else {
            Outcome::Passed
        }
    }
}
