//! `tests/cases/policy-analysis`: see `tests/cases/README.md`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on"
)]

use std::fs;
use std::path::Path;

use goldenpath::SourceText;
use goldenpath::api::policy as api;
use goldenpath::policy::Policy;
use serde_json::{Map, Value, json};

use crate::cases;

#[test]
fn cases() {
    let mut failures = Vec::new();
    for asks in cases::inputs("policy-analysis", "asks.json") {
        check(asks.parent().expect("a folder"), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(folder: &Path, failures: &mut Vec<String>) {
    let sources = sources(folder);
    let policy = compile(folder, &sources);
    let asks = read(&folder.join("asks.json")).expect("questions");
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
            other => panic!("{}: unknown question `{other}`", folder.display()),
        };
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut answer: Value = serde_json::from_str(&answer).expect("JSON");
        let text = answer.as_object_mut().and_then(|a| a.remove("text"));
        let text = text.as_ref().and_then(Value::as_str).unwrap_or_default();
        texts.push_str(&format!("=== {sentence}\n{text}\n"));
        answers.insert(sentence, answer);
    }
    let mut json = serde_json::to_string_pretty(&answers).expect("JSON");
    json.push('\n');
    cases::compare(&folder.join("expected.json"), &json, failures);
    cases::compare(&folder.join("expected.txt"), &texts, failures);
}

fn compile(folder: &Path, sources: &[SourceText]) -> Policy {
    let options = read(&folder.join("options.json")).unwrap_or_else(|| "{}".to_owned());
    let compilation = api::compile(&files(sources), &options).expect("a valid request");
    let diagnostics = compilation.diagnostics;
    let Some(mut policy) = compilation.policy else {
        panic!("{}: {diagnostics:#?}", folder.display());
    };
    if let Some(directory) = read(&folder.join("directory.json")) {
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

fn sources(folder: &Path) -> Vec<SourceText> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "yaml"))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
        .iter()
        .map(|name| SourceText::new(name, read(&folder.join(name)).expect("a readable file")))
        .collect()
}

fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
