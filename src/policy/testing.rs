//! [`Policy::run_tests`]: the tests that stand beside the rules.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Policy;
use super::approval::{Ballot, Check};
use super::decision::{Decision, Request, RequestSubject};
use super::model::{Expect, TestCase, TestResource};
use super::situation::ZoneOffsets;
use crate::diagnostic::Diagnostic;
use crate::source::Place;

/// What tests may name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct TestOptions {
    /// Entities that tests name by their refs, with their relations.
    pub entities: Vec<Value>,
    /// What the clocks of the policy's time zones say at the times of [`Policy::test_times`].
    pub zone_offsets: HashMap<String, ZoneOffsets>,
}

/// How one test went.
#[derive(Debug, Serialize)]
pub struct TestResult {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub at: Place,
    /// Whether the answer was as expected.
    pub passed: bool,
    /// The answer and its reasons, in one sentence.
    pub message: String,
    /// The same as a problem, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostic: Option<Diagnostic>,
}

impl Policy {
    /// The times at which tests take place, for the host to say what clocks show then.
    pub fn test_times(&self) -> Vec<String> {
        let times = self.model.tests.iter().filter_map(|test| test.now);
        times.map(|now| now.to_string()).collect()
    }

    /// Runs all tests with the users and groups of the directory.
    pub fn run_tests(&self, mut options: TestOptions) -> Vec<TestResult> {
        let mut entities: HashMap<Arc<str>, Value> = HashMap::new();
        for entity in options.entities.drain(..) {
            if let Some(entity_ref) = entity_ref(&entity) {
                entities.entry(entity_ref).or_insert(entity);
            }
        }
        let tests = self.model.tests.iter();
        tests
            .map(|test| self.run(test, &entities, &options.zone_offsets))
            .collect()
    }

    fn run(
        &self,
        test: &TestCase,
        entities: &HashMap<Arc<str>, Value>,
        zone_offsets: &HashMap<String, ZoneOffsets>,
    ) -> TestResult {
        let resource = match &test.resource {
            None => None,
            Some(TestResource::Value(value)) => Some(value.clone()),
            Some(TestResource::Entity(entity_ref)) => match entities.get(entity_ref) {
                Some(entity) => Some(entity.clone()),
                None => {
                    let message = format!("there is no entity `{entity_ref}`");
                    let help =
                        "write the entity into the test, or give the entities that tests name";
                    return result(test, Err((message, None, help)));
                }
            },
        };
        let offsets = test
            .now
            .and_then(|now| zone_offsets.get(&now.to_string()).cloned());
        let request = Request {
            permission: test.permission.clone(),
            subject: Some(RequestSubject {
                user_entity_ref: test.user.as_ref().to_owned(),
                ownership_entity_refs: test.member_of.clone(),
            }),
            resource,
            now: test.now,
            zone_offsets: offsets,
            context: test.context.clone(),
        };
        let check = self.check_request(&request, &Ballot::default());
        let actual = match (&check.decision, check.outcome) {
            (Decision::Conditional { .. }, _) => Expect::Conditional,
            (_, "allow") => Expect::Allow,
            (_, "needs-approval") => Expect::NeedsApproval,
            _ => Expect::Deny,
        };
        let why = why(&check);
        let said = format!("it is `{}`: {why}", actual.name());
        if actual != test.expect {
            let message = format!("expected `{}`, but {said}", test.expect.name());
            let help = "correct the rules, or what the test expects";
            return result(test, Err((message, Some(&check), help)));
        }
        match &test.because {
            Some(id) if !rests_on(&check, id) => {
                let message = format!(
                    "it is `{}` as expected, but not because of `{id}`: {why}",
                    actual.name()
                );
                let help = "correct the rules, or `because`";
                result(test, Err((message, Some(&check), help)))
            }
            _ => result(test, Ok(said)),
        }
    }
}

type Failure<'c> = (String, Option<&'c Check>, &'static str);

fn result(test: &TestCase, outcome: Result<String, Failure<'_>>) -> TestResult {
    let (name, at) = (test.name.clone(), test.at.clone());
    match outcome {
        Ok(message) => TestResult {
            name,
            at,
            passed: true,
            message,
            diagnostic: None,
        },
        Err((message, check, help)) => {
            let what = format!("test `{name}` failed");
            let mut diagnostic = Diagnostic::error("policy/test-failed", at.clone(), what)
                .why(message.clone())
                .help(help);
            for reason in check.iter().flat_map(|check| check.decision.reasons()) {
                let rule = format!("`{}` took part", reason.rule);
                diagnostic = diagnostic.related(rule, reason.at.clone());
            }
            TestResult {
                name,
                at,
                passed: false,
                message,
                diagnostic: Some(diagnostic),
            }
        }
    }
}

/// What an answer rests on, in words.
fn why(check: &Check) -> String {
    let mut parts: Vec<String> = Vec::new();
    for reason in check.decision.reasons() {
        parts.push(format!("`{}` ({})", reason.rule, reason.message));
    }
    for approval in &check.approvals {
        parts.push(format!("approval `{}`", approval.id));
    }
    if parts.is_empty() {
        return "no rule allows it".to_owned();
    }
    parts.join(", ")
}

fn rests_on(check: &Check, id: &Arc<str>) -> bool {
    let mut reasons = check.decision.reasons().iter();
    reasons.any(|reason| reason.rule == *id) || check.approvals.iter().any(|a| a.id == *id)
}

/// `kind:namespace/name` in lower case.
fn entity_ref(entity: &Value) -> Option<Arc<str>> {
    let text = |pointer: &str| entity.pointer(pointer)?.as_str();
    let namespace = text("/metadata/namespace").unwrap_or("default");
    let (kind, name) = (text("/kind")?, text("/metadata/name")?);
    Some(format!("{kind}:{namespace}/{name}").to_lowercase().into())
}
