//! `tests/cases/policy-import`: see `tests/cases/README.md`.

#![expect(clippy::expect_used, reason = "a test that cannot go on")]

mod recorded;

use std::fs;
use std::path::Path;

use goldenpath::api::{exchange, policy};
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde_json::{Map, Value, json};

use crate::cases::{self, read};

#[test]
fn cases() {
    let mut failures = Vec::new();
    for file in cases::inputs("policy-import", "policy.csv") {
        check(file.parent().expect("a folder"), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_diagnostic_has_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy/import");
    let expected: String = cases::inputs("policy-import", "expected.txt")
        .iter()
        .map(|file| fs::read_to_string(file).expect("a readable file"))
        .collect();
    let mut codes = 0;
    for file in fs::read_dir(root).expect("a folder").flatten() {
        let text = fs::read_to_string(file.path()).unwrap_or_default();
        for code in text.split('"').filter(|text| text.starts_with("policy/")) {
            codes += 1;
            assert!(expected.contains(code), "no case expects {code}");
        }
    }
    assert!(codes > 10, "found only {codes} codes");
}

#[test]
fn hostile_files_are_refused_in_time() {
    let conditions = |text: String| json!({ "csv": { "name": "p", "content": "" }, "conditions": { "name": "c", "content": text } });
    let csv = |text: String| json!({ "csv": { "name": "p", "content": text } });
    for (files, code) in [
        (csv("x\n".repeat(100_000)), "source/limit-exceeded"),
        (csv("p,".repeat(1_000_000)), "policy/csv-line"),
        (csv(" ".repeat(5 << 20)), "source/limit-exceeded"),
        (csv("\"".repeat(1_000_001)), "policy/csv-line"),
        (conditions("a: 1\n---\n".repeat(300)), "policy/rhdh-limit"),
        (conditions("[".repeat(100_000)), "source/limit-exceeded"),
    ] {
        let answer = exchange::import_rhdh(&files.to_string(), "{}").expect("a valid request");
        assert!(answer.contains(code), "{code}");
        assert!(answer.starts_with(r#"{"files":[],"#), "{code}");
    }
}

fn check(folder: &Path, failures: &mut Vec<String>) {
    let sources = sources(folder);
    let files = rhdh_files(&sources);
    let options = read(folder, "options.json").unwrap_or_else(|| "{}".to_owned());

    let answer = exchange::import_rhdh(&files, &options).expect("a valid request");
    let imported: Value = serde_json::from_str(&answer).expect("JSON");
    let report = rendered(imported.get("diagnostics"), &sources);
    if !report.is_empty() || read(folder, "expected.txt").is_some() {
        cases::compare(&folder.join("expected.txt"), &report, failures);
    }
    let mut rhdh = exchange::compile_rhdh(&files, &options).expect("a valid request");
    assert_eq!(
        exchange::diagnostics(&rhdh).expect("JSON"),
        imported
            .get("diagnostics")
            .expect("diagnostics")
            .to_string(),
        "importing and compiling find the same"
    );
    let Some(file) = imported.pointer("/files/0") else {
        assert!(
            rhdh.policy.is_none(),
            "{}: refused and compiled",
            folder.display()
        );
        return;
    };
    let content = file.get("content").and_then(Value::as_str).expect("a text");
    cases::compare(&folder.join("expected.imported.yaml"), content, failures);

    let directory = read(folder, "directory.json");
    let directory = directory.unwrap_or_else(|| r#"{"groups":[],"users":[]}"#.to_owned());
    let answer = exchange::compare_rhdh(&files, &options, &directory).expect("a valid request");
    let mut answer: Value = serde_json::from_str(&answer).expect("JSON");
    let text = answer
        .as_object_mut()
        .and_then(|answer| answer.remove("text"));
    let text = text.as_ref().and_then(Value::as_str).expect("a text");
    cases::compare(&folder.join("expected.report.txt"), text, failures);

    let Some(requests) = read(folder, "requests.json") else {
        return;
    };
    let rhdh = rhdh.policy.as_mut().expect("a policy");
    exchange::set_directory(rhdh, &directory).expect("a directory");
    let strict = json!([file]).to_string();
    let strict = policy::compile(&strict, &without_precedence(&options)).expect("a valid request");
    let mut strict = strict.policy.expect("an imported policy compiles");
    policy::set_directory(&mut strict, &directory).expect("a directory");
    let requests: Map<String, Value> = serde_json::from_str(&requests).expect("named requests");
    let decided = requests.into_iter().map(|(sentence, request)| {
        let request = request.to_string();
        let rhdh: Value = decision(exchange::decide(rhdh, &request));
        let strict: Value = decision(policy::decide(&strict, &request));
        (sentence, json!({ "rhdh": rhdh, "strict": strict }))
    });
    let decided: Map<String, Value> = decided.collect();
    let mut decided = serde_json::to_string_pretty(&decided).expect("JSON");
    decided.push('\n');
    cases::compare(&folder.join("expected.json"), &decided, failures);
}

fn decision(answer: Result<String, goldenpath::api::ApiError>) -> Value {
    serde_json::from_str(&answer.expect("a valid request")).expect("JSON")
}

fn without_precedence(options: &str) -> String {
    let mut options: Map<String, Value> = serde_json::from_str(options).expect("options");
    options.remove("precedence");
    json!(options).to_string()
}

fn rendered(diagnostics: Option<&Value>, sources: &[SourceText]) -> String {
    let diagnostics = diagnostics.cloned().unwrap_or_default();
    let diagnostics: Vec<Diagnostic> = serde_json::from_value(diagnostics).expect("diagnostics");
    let sources: Vec<&SourceText> = sources.iter().collect();
    frame::render(&diagnostics, &sources, Colour::Plain)
}

fn sources(folder: &Path) -> Vec<SourceText> {
    ["policy.csv", "conditions.yaml"]
        .into_iter()
        .filter_map(|name| Some(SourceText::new(name, read(folder, name)?)))
        .collect()
}

fn rhdh_files(sources: &[SourceText]) -> String {
    let files = ["csv", "conditions"].into_iter().zip(sources);
    let file = |source: &SourceText| json!({ "name": source.name(), "content": source.text() });
    let files: Map<String, Value> = files
        .map(|(key, source)| (key.to_owned(), file(source)))
        .collect();
    json!(files).to_string()
}
