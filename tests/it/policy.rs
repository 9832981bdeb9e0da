//! `tests/cases/policy`: see `tests/cases/README.md`.

#![expect(clippy::expect_used, reason = "a test that cannot go on")]

mod generated;

use std::fs;
use std::path::{Path, PathBuf};

use goldenpath::SourceText;
use goldenpath::api::policy as api;
use goldenpath::frame::{self, Colour};
use serde_json::{Map, Value, json};

use crate::cases;

#[test]
fn cases() {
    let mut folders: Vec<PathBuf> = cases::inputs("policy", ".yaml")
        .iter()
        .filter_map(|file| Some(file.parent()?.to_owned()))
        .collect();
    folders.dedup();
    let mut failures = Vec::new();
    for folder in &folders {
        check(folder, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Compiles the policy of a folder and compares its diagnostics, and its decisions if it has any.
fn check(folder: &Path, failures: &mut Vec<String>) {
    let sources = sources(folder);
    let files: Vec<Value> = sources
        .iter()
        .map(|source| json!({ "name": source.name().as_ref(), "content": source.text() }))
        .collect();
    let options = read(folder, "options.json").unwrap_or_else(|| "{}".to_owned());
    let compilation = api::compile(&json!(files).to_string(), &options).expect("a valid request");

    let sources: Vec<&SourceText> = sources.iter().collect();
    let report = frame::render(&compilation.diagnostics, &sources, Colour::Plain);
    if !report.is_empty() || read(folder, "expected.txt").is_some() {
        cases::compare(&folder.join("expected.txt"), &report, failures);
    }
    let Some(requests) = read(folder, "requests.json") else {
        if compilation.policy.is_some() {
            failures.push(format!("{}: compiles, but asks nothing", folder.display()));
        }
        return;
    };
    let Some(mut policy) = compilation.policy else {
        failures.push(format!("{}: does not compile\n{report}", folder.display()));
        return;
    };
    if let Some(directory) = read(folder, "directory.json") {
        api::set_directory(&mut policy, &directory).expect("a valid directory");
    }
    let requests: Map<String, Value> = serde_json::from_str(&requests).expect("named requests");
    let decisions: Map<String, Value> = requests
        .into_iter()
        .map(|(name, request)| {
            let decision = api::decide(&policy, &request.to_string()).expect("a valid request");
            (name, serde_json::from_str(&decision).expect("JSON"))
        })
        .collect();
    let mut decisions = serde_json::to_string_pretty(&decisions).expect("JSON");
    decisions.push('\n');
    cases::compare(&folder.join("expected.json"), &decisions, failures);
}

fn sources(folder: &Path) -> Vec<SourceText> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "yaml"))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
        .iter()
        .map(|name| SourceText::new(name, read(folder, name).expect("a readable file")))
        .collect()
}

fn read(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(name)).ok()
}
