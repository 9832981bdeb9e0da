//! `tests/cases/policy`: see `tests/cases/README.md`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on"
)]

mod generated;
mod moment;
mod people;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use goldenpath::api::{ApiError, policy as api};
use goldenpath::frame::{self, Colour};
use goldenpath::policy::Policy;
use goldenpath::{Diagnostic, SourceText};
use serde_json::{Map, Value, json};

use crate::cases::{self, read, yaml_sources};

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

#[test]
fn every_diagnostic_has_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut expected: String = ["expected.txt", "expected-tests.txt"]
        .iter()
        .flat_map(|name| cases::inputs("policy", name))
        .map(|file| fs::read_to_string(file).expect("a readable file"))
        .collect();
    expected.push_str(HOSTILE);
    let mut codes = 0;
    let parse = root.join("src/policy/parse");
    let files = fs::read_dir(&parse).expect("a folder");
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.extend([
        parse.with_extension("rs"),
        parse.with_file_name("testing.rs"),
    ]);
    for path in files {
        let text = fs::read_to_string(path).expect("a readable file");
        for code in text.split('"').filter(|text| text.starts_with("policy/")) {
            codes += 1;
            assert!(expected.contains(code), "no case expects {code}");
        }
    }
    assert!(codes > 20, "found only {codes} codes");
}

#[test]
fn the_documented_policy_compiles() {
    let docs = include_str!("../../src/policy.rs");
    let (_, example) = docs.split_once("//! ```yaml\n").expect("an example");
    let (example, _) = example.split_once("//! ```").expect("its end");
    let example = example.replace("//! ", "");
    let files = json!([{ "name": "docs", "content": example }]).to_string();
    let compilation = api::compile(&files, "{}").expect("a valid request");
    assert_eq!(compilation.diagnostics, []);
}

/// What only [`hostile_files_are_refused_in_time`] gives.
const HOSTILE: &str = "policy/too-many-roles policy/too-many-grants";

#[test]
fn hostile_files_are_refused_in_time() {
    let policy =
        |rest: &str| format!("apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n{rest}");
    let when = |when: &str| {
        policy(&format!(
            "rules: [{{ id: a, effect: allow, permissions: catalog.entity.read, when: {when} }}]"
        ))
    };
    let list = |item: &dyn Fn(usize) -> String| (0..5_000).map(item).collect::<String>();
    let deep = "{ not: ".repeat(10_000) + &"}".repeat(10_000);
    let bomb = (0..9).fold("a0: &a0 [x, x]\n".to_owned(), |text, i| {
        let items = vec![format!("*a{i}"); 9].join(", ");
        format!("{text}a{}: &a{} [{items}]\n", i + 1, i + 1)
    });
    for (name, text, code) in [
        ("deep", when(&deep), "source/limit-exceeded"),
        ("bomb", policy(&bomb), "yaml/too-many-aliases"),
        ("large", " ".repeat(5 << 20), "source/limit-exceeded"),
        (
            "roles",
            policy(&format!("roles:\n{}", list(&|i| format!("  r{i}: {{}}\n")))),
            "policy/too-many-roles",
        ),
        (
            "grants",
            policy(&format!(
                "roles: {{ r: {{}} }}\nbindings:\n{}",
                list(&|i| format!("- {{ role: r, to: 'user:u{i}', until: 2026-12-31T00:00Z }}\n"))
            )),
            "policy/too-many-grants",
        ),
        (
            "mistakes",
            policy(&format!(
                "bindings:\n{}",
                list(&|i| format!("- {{ role: r{i}, to: u }}\n"))
            )),
            "policy/unknown-role",
        ),
        (
            "wide",
            when(&format!(
                "{{ not: 1, anyOf: [{}] }}",
                list(&|i| format!("{{ label: l{i} }},"))
            )),
            "policy/wrong-type",
        ),
    ] {
        let files = json!([{ "name": name, "content": text }]).to_string();
        let compilation = api::compile(&files, "{}").expect("a valid request");
        let codes: Vec<_> = compilation.diagnostics.iter().map(|d| &d.code).collect();
        assert!(compilation.policy.is_none(), "{name} compiles");
        assert!(
            codes.iter().any(|found| *found == code),
            "{name}: {:?}",
            codes.first()
        );
    }
}

/// Compiles the policy of a folder and compares its diagnostics, and its decisions if it has any.
fn check(folder: &Path, failures: &mut Vec<String>) {
    let sources = yaml_sources(folder);
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
    let Some(mut policy) = compilation.policy else {
        let asks = ["requests.json", "checks.json", "covers.json", "tests.json"];
        if asks.iter().any(|name| read(folder, name).is_some()) {
            failures.push(format!("{}: does not compile\n{report}", folder.display()));
        }
        return;
    };
    if let Some(directory) = read(folder, "directory.json") {
        api::set_directory(&mut policy, &directory).expect("a valid directory");
    }
    let results = tests(folder, &policy, &sources);
    if !results.is_empty() {
        cases::compare(&folder.join("expected-tests.txt"), &results, failures);
    }
    let mut asked = !results.is_empty();
    for (name, expected, ask) in [
        ("requests.json", "expected.json", api::decide as Ask),
        ("checks.json", "expected-checks.json", api::check),
        ("authzen.json", "expected-authzen.json", api::authzen),
        ("covers.json", "expected-covers.json", covers),
    ] {
        let Some(requests) = read(folder, name) else {
            continue;
        };
        asked = true;
        let requests: Map<String, Value> = serde_json::from_str(&requests).expect("named requests");
        let answers: Map<String, Value> = requests
            .into_iter()
            .map(|(sentence, request)| {
                let answer = ask(&policy, &request.to_string());
                // what others send may be wrong
                let answer = answer.unwrap_or_else(|error| {
                    assert_eq!(name, "authzen.json", "{}: {error}", folder.display());
                    json!({ "error": error.to_string() }).to_string()
                });
                (sentence, serde_json::from_str(&answer).expect("JSON"))
            })
            .collect();
        let mut answers = serde_json::to_string_pretty(&answers).expect("JSON");
        answers.push('\n');
        cases::compare(&folder.join(expected), &answers, failures);
    }
    if !asked {
        failures.push(format!("{}: compiles, but asks nothing", folder.display()));
    }
}

fn covers(policy: &Policy, permission: &str) -> Result<String, ApiError> {
    Ok(api::covers(policy, permission)?.to_string())
}

type Ask = fn(&Policy, &str) -> Result<String, ApiError>;

/// The results of the policy's own tests, and what failed as diagnostics.
fn tests(folder: &Path, policy: &Policy, sources: &[&SourceText]) -> String {
    let options = read(folder, "tests.json").unwrap_or_else(|| "{}".to_owned());
    let results = api::run_tests(policy, &options).expect("valid options");
    let results: Vec<Value> = serde_json::from_str(&results).expect("JSON");
    let mut text = String::new();
    let mut failed: Vec<Diagnostic> = Vec::new();
    for result in &results {
        let field = |name: &str| result[name].as_str().expect("a text").to_owned();
        let passed = result["passed"].as_bool().expect("a boolean");
        let outcome = if passed { "passed" } else { "failed" };
        let line = result["at"]["start"]["line"].as_u64().expect("a line");
        let _ = writeln!(
            text,
            "{outcome} {line} {}: {}",
            field("name"),
            field("message")
        );
        assert_eq!(passed, result.get("diagnostic").is_none());
        if let Some(diagnostic) = result.get("diagnostic") {
            failed.push(serde_json::from_value(diagnostic.clone()).expect("a diagnostic"));
        }
    }
    text.push_str(&frame::render(&failed, sources, Colour::Plain));
    text
}
