//! `tests/cases/policy-export`: see `tests/cases/README.md`. That Cedar decides the same with what is
//! written is proven by `tests/cedar`.

use std::fs;

use goldenpath::api::{exchange, policy};
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases() {
    let mut failures = Vec::new();
    for file in cases::inputs("policy-export", "policy.yaml") {
        let folder = file.parent().expect("a folder");
        let content = fs::read_to_string(&file).expect("a readable file");
        let files = json!([{ "name": "policy.yaml", "content": content }]).to_string();
        let compiled = policy::compile(&files, "{}").expect("a valid request");
        let policy = compiled.policy.expect("a policy that compiles");
        let snapshot = fs::read_to_string(folder.join("snapshot.json")).expect("a snapshot");
        let export = exchange::export_cedar(&policy, &snapshot).expect("a valid request");
        let export: Value = serde_json::from_str(&export).expect("JSON");
        let text = |name: &str| export.get(name).and_then(Value::as_str).expect("a text");
        let entities = export.get("entities").expect("entities");
        let mut entities = serde_json::to_string_pretty(entities).expect("JSON");
        entities.push('\n');
        for (name, actual) in [
            ("expected.cedar", text("policies")),
            ("expected.cedarschema", text("schema")),
            ("expected.entities.json", &entities),
        ] {
            cases::compare(&folder.join(name), actual, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
