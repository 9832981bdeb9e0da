//! Files of kinds: what they say, or what is wrong with them; and entities of these kinds.

use std::collections::BTreeSet;
use std::fs;

use goldenpath::api;
use goldenpath::catalog::kinds::CODES;
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases_give_their_kinds_or_diagnostics() {
    let mut failures = Vec::new();
    let mut given = BTreeSet::new();
    for input in cases::inputs("kinds", ".yaml") {
        let content = fs::read_to_string(&input).unwrap();
        let name = input.file_name().unwrap().to_string_lossy();
        let answer = api::kinds::read(&name, content.as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let found: Vec<Diagnostic> = serde_json::from_value(answer["diagnostics"].clone()).unwrap();
        given.extend(found.iter().map(|diagnostic| diagnostic.code.to_string()));
        let source = SourceText::new(&name, content);
        let text = match answer.get("kinds") {
            Some(Value::Array(kinds)) => {
                let lines: Vec<String> = kinds.iter().map(Value::to_string).collect();
                format!("{}\n", lines.join("\n"))
            }
            _ => frame::render(&found, &[&source], Colour::Plain),
        };
        cases::compare(&input.with_extension("expected.txt"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    for code in CODES {
        assert!(given.contains(*code), "no case gives {code}");
    }
}

#[test]
fn kinds_that_cannot_be_compiled_are_refused_as_an_option() {
    let options = json!({ "kinds": [
        { "apiVersion": "acme.com/v1", "kind": "Robot", "schema": { "type": "robot" } },
    ] });
    let error = api::catalog::check_file("a.yaml", b"", &options.to_string()).unwrap_err();
    assert!(error.to_string().contains("kind `Robot`"), "{error}");
}

#[test]
fn the_kinds_of_a_file_are_an_option_of_the_check() {
    for input in cases::inputs("kinds", ".yaml") {
        let answer = api::kinds::read("kinds.yaml", &fs::read(&input).unwrap()).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let Some(kinds) = answer.get("kinds") else {
            continue;
        };
        for option in ["kinds", "model"] {
            let options = json!({ option: kinds }).to_string();
            let report = api::catalog::check_file("a.yaml", b"kind: Nothing", &options).unwrap();
            let kind = kinds[0]["kind"].as_str().unwrap();
            assert!(report.contains(kind), "{report}");
        }
    }
}

#[test]
fn a_model_stands_for_the_kinds_that_are_built_in_but_not_for_templates() {
    let model =
        json!({ "model": [{ "apiVersion": "acme.com/v1", "kind": "Robot", "schema": {} }] });
    let codes = |kind: &str, version: &str, options: &Value| {
        let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n");
        let report =
            api::catalog::check_file("a.yaml", text.as_bytes(), &options.to_string()).unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        let found = report["documents"][0]["diagnostics"].as_array().unwrap();
        let codes = found.iter().map(|each| each["code"].as_str().unwrap());
        codes.map(str::to_owned).collect::<Vec<_>>()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(codes("Robot", "acme.com/v1", &model), none);
    assert_eq!(
        codes("Robot", "acme.com/v1", &json!({})),
        ["catalog/unknown-kind"]
    );
    assert_eq!(
        codes("System", "backstage.io/v1alpha1", &model),
        ["catalog/unknown-kind"]
    );
    let template = codes("Template", "scaffolder.backstage.io/v1beta3", &model);
    assert_eq!(template, ["catalog/missing-field"]);
}
