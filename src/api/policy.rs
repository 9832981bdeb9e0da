//! Border of the policy engine.

use serde::Deserialize;
use serde::de::Error as _;

use super::{ApiError, answer, request};
use crate::diagnostic::{self, Diagnostic};
use crate::policy::authzen::AuthzenRequest;
use crate::policy::{self, Compilation, DirectoryData, Permission, Policy, PolicyOptions, Request};
use crate::policy::{Diff, LintOptions, Snapshot, WhatQuestion, WhoQuestion};
use crate::source::SourceText;

/// Compiles a policy: a JSON list of `{name, content}`, where `content` is text or a list of bytes,
/// and `PolicyOptions`.
pub fn compile(files: &str, options: &str) -> Result<Compilation, ApiError> {
    let files: Vec<File> = request(files)?;
    let options: PolicyOptions = request(options)?;
    let mut unreadable: Vec<Diagnostic> = Vec::new();
    let mut sources = Vec::new();
    for file in &files {
        match SourceText::from_bytes(&file.name, file.content.bytes(), &options.limits) {
            Ok(source) => sources.push(source),
            Err(diagnostic) => unreadable.push(*diagnostic),
        }
    }
    let mut compilation = policy::compile(&sources, &options);
    if !unreadable.is_empty() {
        compilation.policy = None;
        compilation.diagnostics.extend(unreadable);
        diagnostic::sort(&mut compilation.diagnostics);
    }
    Ok(compilation)
}

/// The diagnostics of a compilation as JSON.
pub fn diagnostics(compilation: &Compilation) -> Result<String, ApiError> {
    answer(&compilation.diagnostics)
}

/// Replaces a policy's users and groups by a JSON `Directory`.
pub fn set_directory(policy: &mut Policy, directory: &str) -> Result<(), ApiError> {
    let directory: DirectoryData = request(directory)?;
    policy.set_directory(&directory);
    Ok(())
}

/// Decides: a JSON `DecisionRequest` in, a JSON `Decision` out.
pub fn decide(policy: &Policy, json: &str) -> Result<String, ApiError> {
    let mut request: Request = request(json)?;
    policy.complete(&mut request.permission);
    let mut answer = String::with_capacity(1024);
    policy.decide(&request).write(&mut answer);
    Ok(answer)
}

// Analysis

/// Explains: a JSON `DecisionRequest` in, a JSON `Explanation` out.
pub fn explain(policy: &Policy, json: &str) -> Result<String, ApiError> {
    let mut request: Request = request(json)?;
    policy.complete(&mut request.permission);
    answer(&policy.explain(&request))
}

/// Who may: JSON `{permission, resource?}` in, a JSON `WhoCan` out.
pub fn who_can(policy: &Policy, json: &str) -> Result<String, ApiError> {
    let mut question: WhoQuestion = request(json)?;
    policy.complete(&mut question.permission);
    answer(&policy.who_can(&question))
}

/// What may: JSON `{subject, resource?, resourceType?}` in, a JSON `WhatCan` out.
pub fn what_can(policy: &Policy, json: &str) -> Result<String, ApiError> {
    let question: WhatQuestion = request(json)?;
    answer(&policy.what_can(&question))
}

/// What a request of AuthZEN asks: JSON `{api, body}` in, JSON `Questions` out.
pub fn authzen(policy: &Policy, json: &str) -> Result<String, ApiError> {
    let request: AuthzenRequest = request(json)?;
    let questions = policy
        .authzen(&request)
        .map_err(serde_json::Error::custom)?;
    answer(&questions)
}

/// Lints: JSON `LintOptions` in, JSON diagnostics out.
pub fn lint(policy: &Policy, options: &str) -> Result<String, ApiError> {
    let options: LintOptions = request(options)?;
    answer(&policy.lint(&options))
}

/// Compares: the JSON files of two policies, options for both, and a JSON `Snapshot` in, a JSON
/// `PolicyDiff` out.
pub fn diff(old: &str, new: &str, snapshot: &str, options: &str) -> Result<String, ApiError> {
    let snapshot: Snapshot = request(snapshot)?;
    let (old, new) = (compile(old, options)?, compile(new, options)?);
    let (Some(mut old_policy), Some(mut new_policy)) = (old.policy, new.policy) else {
        let mut diagnostics = old.diagnostics;
        diagnostics.extend(new.diagnostics);
        diagnostics.retain(Diagnostic::is_error);
        return answer(&Diff {
            diagnostics,
            ..Diff::default()
        });
    };
    answer(&policy::diff(&mut old_policy, &mut new_policy, &snapshot))
}

/// Decides many: a JSON list of `DecisionRequest` in, a JSON list of `Decision` out, one for each.
pub fn decide_batch(policy: &Policy, json: &str) -> Result<String, ApiError> {
    let mut requests: Vec<Request> = request(json)?;
    let mut answer = String::with_capacity(1024 * requests.len());
    answer.push('[');
    for (index, request) in requests.iter_mut().enumerate() {
        if index > 0 {
            answer.push(',');
        }
        policy.complete(&mut request.permission);
        policy.decide(request).write(&mut answer);
    }
    answer.push(']');
    Ok(answer)
}

/// Decides with the consent of others: a JSON `CheckRequest` in, a JSON `Check` out.
pub fn check(policy: &Policy, json: &str) -> Result<String, ApiError> {
    answer(&policy.check(request(json)?))
}

/// Whether an entity of the catalogue is an environment.
pub fn is_environment(entity: &str) -> Result<bool, ApiError> {
    Ok(policy::is_environment(&request(entity)?))
}

/// Whether some rule is about a permission: a JSON `Permission` in.
pub fn covers(policy: &Policy, permission: &str) -> Result<bool, ApiError> {
    let mut permission: Permission = request(permission)?;
    policy.complete(&mut permission);
    Ok(policy.covers(&permission))
}

/// The permissions that the policy was compiled with, as a JSON list of `Permission`.
pub fn permissions(policy: &Policy) -> Result<String, ApiError> {
    answer(&policy.permissions())
}

/// The time zones that conditions name, as a JSON list.
pub fn time_zones(policy: &Policy) -> Result<String, ApiError> {
    answer(&policy.time_zones())
}

/// The times at which the policy's tests take place, as a JSON list.
pub fn test_times(policy: &Policy) -> Result<String, ApiError> {
    answer(&policy.test_times())
}

/// Runs the policy's tests: JSON `TestOptions` in, a JSON list of `TestResult` out.
pub fn run_tests(policy: &Policy, options: &str) -> Result<String, ApiError> {
    answer(&policy.run_tests(request(options)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub name: String,
    pub content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Content {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_have_a_place_and_do_not_hide_the_other_files() {
        let files = r#"[
            { "name": "a.yaml", "content": [111, 107, 10, 255] },
            { "name": "b.yaml", "content": "rules: 1" }
        ]"#;
        let compilation = compile(files, "{}").unwrap();
        assert!(compilation.policy.is_none());
        let found: Vec<_> = compilation
            .diagnostics
            .iter()
            .map(|d| (d.code.as_ref(), d.at.file.as_ref(), d.at.start.line))
            .collect();
        assert_eq!(
            found,
            [
                ("source/not-utf-8", "a.yaml", 2),
                ("policy/missing-key", "b.yaml", 1),
                ("policy/missing-key", "b.yaml", 1),
                ("policy/wrong-type", "b.yaml", 1),
            ]
        );
    }

    #[test]
    fn a_broken_request_is_an_error_and_not_a_decision() {
        let mut policy = compile("[]", "{}").unwrap().policy.unwrap();
        assert!(decide(&policy, r#"{ "permision": {} }"#).is_err());
        assert!(set_directory(&mut policy, r#"{ "groups": [] }"#).is_err());
        assert!(compile(r#"[{ "name": "a" }]"#, "{}").is_err());
        assert!(compile("[]", r#"{ "permission": [] }"#).is_err());
    }
}
