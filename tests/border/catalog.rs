//! Catalogue files over the border.

use goldenpath::wasm::{check_catalog_file, check_entity, entity_yaml};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{message, parsed};

#[wasm_bindgen_test]
fn columns_are_those_of_javascript() {
    // the crab is one character, four bytes and two UTF-16 code units
    let text = "a: [\"🦀\", @]\n";
    let answer = check_catalog_file("a.yaml", text.as_bytes(), "{}").expect("an answer");
    let report: Value = parsed(&answer);
    let found = &report["documents"][0]["diagnostics"]
        .as_array()
        .into_iter()
        .chain(report["diagnostics"].as_array())
        .flatten()
        .find(|diagnostic| diagnostic["code"] == "yaml/reserved-character")
        .expect("the reserved character")["start"];
    assert_eq!(found["column"].as_f64(), Some(11.0));
    assert_eq!(found["offset"].as_f64(), Some(12.0));
}

#[wasm_bindgen_test]
fn bytes_that_are_no_text_are_a_diagnostic() {
    let answer = check_catalog_file("a.yaml", &[b'a', 0xff], "{}").expect("an answer");
    let report: Value = parsed(&answer);
    assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(1));
}

#[wasm_bindgen_test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let text = "[".repeat(10_000);
    let answer = check_catalog_file("a.yaml", text.as_bytes(), "{}").expect("an answer");
    assert!(answer.contains("source/limit-exceeded"));
}

#[wasm_bindgen_test]
fn an_entity_is_checked_in_the_yaml_that_it_has() {
    let entity = r#"{"kind":"System","metadata":{"name":"a b"}}"#;
    let report: Value = parsed(&check_entity("system:a", entity, "{}").expect("an answer"));
    let start = &report["documents"][0]["diagnostics"][0]["start"];
    assert!(start["line"].as_f64().is_some());
    assert!(entity_yaml(entity).expect("YAML").contains("name: a b"));
}

#[wasm_bindgen_test]
fn unknown_options_are_refused() {
    let thrown = check_catalog_file("a.yaml", b"", r#"{"unknownFeilds":"off"}"#).unwrap_err();
    assert!(message(thrown).contains("unknownFeilds"));
}
