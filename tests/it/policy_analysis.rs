//! `tests/cases/policy-analysis`: see `tests/cases/README.md`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on"
)]

mod brute_force;

use std::fmt::Write as _;
use std::path::Path;

use goldenpath::api::{ApiError, policy as api};
use goldenpath::frame::{self, Colour};
use goldenpath::policy::Policy;
use goldenpath::{Diagnostic, SourceText};
use serde_json::{Map, Value, json};

use crate::cases::{self, read, yaml_sources};

#[test]
fn cases() {
    let mut failures = Vec::new();
    for asks in cases::inputs("policy-analysis", "asks.json") {
        check(asks.parent().expect("a folder"), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(folder: &Path, failures: &mut Vec<String>) {
    let sources = yaml_sources(folder);
    let policy = compile(folder, &sources);
    let asks = read(folder, "asks.json").expect("questions");
    let asks: Map<String, Value> = serde_json::from_str(&asks).expect("named questions");
    let mut answers = Map::new();
    let mut texts = String::new();
    for (sentence, ask) in asks {
        let (kind, question) = ask
            .as_object()
            .and_then(|ask| ask.iter().next())
            .expect("one question");
        let question = question.to_string();
        let answer = match kind.as_str() {
            "decide" => api::decide(&policy, &question),
            "explain" => api::explain(&policy, &question),
            "whoCan" => api::who_can(&policy, &question),
            "whatCan" => api::what_can(&policy, &question),
            "lint" => lint(folder, &policy, &question),
            "diff" => diff(folder, &sources, &question),
            other => panic!("{}: unknown question `{other}`", folder.display()),
        };
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut answer: Value = serde_json::from_str(&answer).expect("JSON");
        let text = match answer.as_object_mut() {
            Some(answer) => answer.remove("text"),
            None => Some(json!(rendered(&answer, &sources))),
        };
        let text = text.as_ref().and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(texts, "=== {sentence}\n{text}");
        answers.insert(sentence, answer);
    }
    let mut json = serde_json::to_string_pretty(&answers).expect("JSON");
    json.push('\n');
    cases::compare(&folder.join("expected.json"), &json, failures);
    cases::compare(&folder.join("expected.txt"), &texts, failures);
}

/// Lint findings are shown as text only.
fn rendered(diagnostics: &Value, sources: &[SourceText]) -> String {
    let diagnostics: Vec<Diagnostic> =
        serde_json::from_value(diagnostics.clone()).expect("diagnostics");
    frame::render(
        &diagnostics,
        &sources.iter().collect::<Vec<_>>(),
        Colour::Plain,
    )
}

fn lint(folder: &Path, policy: &Policy, options: &str) -> Result<String, ApiError> {
    let mut options: Map<String, Value> = serde_json::from_str(options).expect("JSON");
    if let Some(lock) = read(folder, "lock.json") {
        let lock = serde_json::from_str(&lock).expect("JSON");
        options.insert("permissions".to_owned(), lock);
    }
    api::lint(policy, &json!(options).to_string())
}

fn diff(folder: &Path, new: &[SourceText], moment: &str) -> Result<String, ApiError> {
    let json = |name: &str, otherwise: &str| -> Value {
        let text = read(folder, name).unwrap_or_else(|| otherwise.to_owned());
        serde_json::from_str(&text).expect("JSON")
    };
    let mut snapshot: Map<String, Value> = serde_json::from_str(moment).expect("JSON");
    let directory = json("directory.json", r#"{ "groups": [], "users": [] }"#);
    snapshot.insert("directory".to_owned(), directory);
    snapshot.insert("entities".to_owned(), json("entities.json", "[]"));
    let old = files(&self::yaml_sources(&folder.join("old")));
    let options = json("options.json", "{}").to_string();
    api::diff(&old, &files(new), &json!(snapshot).to_string(), &options)
}

fn compile(folder: &Path, sources: &[SourceText]) -> Policy {
    let options = read(folder, "options.json").unwrap_or_else(|| "{}".to_owned());
    let compilation = api::compile(&files(sources), &options).expect("a valid request");
    let diagnostics = compilation.diagnostics;
    let Some(mut policy) = compilation.policy else {
        panic!("{}: {diagnostics:#?}", folder.display());
    };
    if let Some(directory) = read(folder, "directory.json") {
        api::set_directory(&mut policy, &directory).expect("a valid directory");
    }
    policy
}

fn files(sources: &[SourceText]) -> String {
    let files: Vec<Value> = sources
        .iter()
        .map(|source| json!({ "name": source.name().as_ref(), "content": source.text() }))
        .collect();
    json!(files).to_string()
}
