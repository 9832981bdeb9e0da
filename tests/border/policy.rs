//! Policies and their handles over the border.

use goldenpath::wasm::compile_policy;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{message, parsed};

const POLICY: &str = "apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles: { viewer: {} }
bindings:
  - { role: viewer, to: group:default/team }
rules:
  - { id: read, effect: allow, role: viewer, permissions: [catalog.entity.read] }
";

#[wasm_bindgen_test]
fn a_policy_is_a_handle_that_is_given_out_once() {
    let files = json!([{ "name": "p.yaml", "content": POLICY }]).to_string();
    let mut compilation = compile_policy(&files, "{}").expect("an answer");
    assert_eq!(compilation.diagnostics().expect("JSON"), "[]");
    assert!(compilation.policy().is_some());
    assert!(compilation.policy().is_none());
}

#[wasm_bindgen_test]
fn the_directory_of_a_handle_can_be_replaced() {
    let files = json!([{ "name": "p.yaml", "content": POLICY }]).to_string();
    let mut compilation = compile_policy(&files, "{}").expect("an answer");
    let mut policy = compilation.policy().expect("a policy");
    let request = json!({
        "permission": { "name": "catalog.entity.read", "action": "read", "resourceType": "catalog-entity" },
        "subject": { "userEntityRef": "user:default/ann" },
    })
    .to_string();
    let mut result = |member_of: &[&str]| -> Value {
        let directory = json!({
            "groups": [{ "ref": "group:default/team" }],
            "users": [{ "ref": "user:default/ann", "memberOf": member_of }],
        });
        policy
            .set_directory(&directory.to_string())
            .expect("a directory");
        parsed::<Value>(&policy.decide(&request).expect("a decision"))["result"].clone()
    };
    assert_eq!(result(&["group:default/team"]), "ALLOW");
    assert_eq!(result(&[]), "DENY");
}

#[wasm_bindgen_test]
fn a_policy_with_an_error_gives_no_handle() {
    let files = r#"[{"name": "p.yaml", "content": [255]}]"#;
    let mut compilation = compile_policy(files, "{}").expect("an answer");
    assert!(compilation.policy().is_none());
    let diagnostics: Value = parsed(&compilation.diagnostics().expect("JSON"));
    assert_eq!(diagnostics[0]["file"], "p.yaml");
}

#[wasm_bindgen_test]
fn a_request_with_an_unknown_field_is_an_error() {
    let files = json!([{ "name": "p.yaml", "content": POLICY }]).to_string();
    let mut compilation = compile_policy(&files, "{}").expect("an answer");
    let policy = compilation.policy().expect("a policy");
    let thrown = policy.decide(r#"{"permision": {}}"#).unwrap_err();
    assert!(message(thrown).contains("permision"));
}
