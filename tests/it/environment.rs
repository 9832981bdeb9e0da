//! Plans of staging environments: values beside the plan with its files, or beside what is in its way.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText, api};
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases_give_their_plan_or_diagnostics() {
    let mut failures = Vec::new();
    for input in cases::inputs("environment", ".yaml") {
        let content = fs::read_to_string(&input).unwrap();
        let name = input.file_name().unwrap().to_string_lossy();
        let plan = plan(&name, &content);
        let text = if let Some(environment) = plan.get("environment") {
            shown(environment, &plan)
        } else {
            let found: Vec<Diagnostic> =
                serde_json::from_value(plan["diagnostics"].clone()).unwrap();
            frame::render(&found, &[&SourceText::new(&name, content)], Colour::Plain)
        };
        cases::compare(&input.with_extension("expected.txt"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// As a reader of the pull request sees it.
fn shown(environment: &Value, plan: &Value) -> String {
    let mut out = serde_json::to_string_pretty(environment).unwrap();
    let estimate = &plan["estimate"];
    let total = estimate["total"].as_f64().unwrap();
    let currency = estimate["currency"].as_str().unwrap();
    writeln!(out, "\n{total:.6} {currency}").unwrap();
    for (path, text) in plan["files"].as_object().unwrap() {
        write!(out, "\n=== {path}\n{}", text.as_str().unwrap()).unwrap();
    }
    out
}

#[test]
fn branches_that_slug_alike_share_neither_names_nor_hosts() {
    let branches = [
        "feature/x",
        "feature-x",
        "Feature/X",
        "feature.x",
        "feature/x-",
    ];
    let long = format!("feature/{}", "x".repeat(150));
    let longer = format!("feature/{}", "x".repeat(151));
    let mut ids = BTreeSet::new();
    let mut hosts = BTreeSet::new();
    for branch in branches.into_iter().chain([long.as_str(), longer.as_str()]) {
        let plan = plan("values.json", &one_service(branch).to_string());
        let environment = &plan["environment"];
        let id = environment["id"].as_str().unwrap().to_owned();
        let host = environment["services"][0]["host"]
            .as_str()
            .unwrap()
            .to_owned();
        let label = host.split('.').next().unwrap();
        assert!(id.len() <= 63 && label.len() <= 63, "{id} {host}");
        assert!(ids.insert(id), "{branch}");
        assert!(hosts.insert(host), "{branch}");
    }
    assert_eq!(ids.len(), 7);
}

#[test]
fn asking_twice_gives_one_plan() {
    let values = one_service("main").to_string();
    assert_eq!(plan("values.json", &values), plan("values.json", &values));
}

fn one_service(branch: &str) -> Value {
    let reference = "component:default/orders";
    let digest = "0".repeat(64);
    json!({
        "owner": "group:default/a-team-with-a-very-long-name-indeed",
        "requester": "user:default/ada",
        "branch": branch,
        "components": [reference],
        "now": "2026-11-24T10:00:00Z",
        "domain": "staging.example.org",
        "catalog": [{ "ref": reference }],
        "images": { reference: { "main": format!("ghcr.io/acme/orders@sha256:{digest}") } },
    })
}

fn plan(name: &str, content: &str) -> Value {
    let answer = api::platform::environment(name, content.as_bytes(), "", None).unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn a_price_that_is_missing_is_told_where_the_services_are_asked_for() {
    let values = one_service("main").to_string();
    let sheet = br#"{ "CPU": "0.03" }"#;
    let answer =
        api::platform::environment("values.json", values.as_bytes(), "prices.json", Some(sheet));
    let answer: Value = serde_json::from_str(&answer.unwrap()).unwrap();
    let found: Vec<Diagnostic> = serde_json::from_value(answer["diagnostics"].clone()).unwrap();
    let [missing] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(missing.code, "cost/unknown-price");
    let at = |position: goldenpath::Position| usize::try_from(position.offset).unwrap();
    let (start, end) = (at(missing.at.start), at(missing.at.end));
    assert_eq!(
        values.get(start..end),
        Some(r#"["component:default/orders"]"#)
    );
}
