//! The exports as JavaScript calls them, in WebAssembly under Node.
#![cfg(target_arch = "wasm32")]

mod catalog;
mod policy;
mod template;

use goldenpath::wasm;
use js_sys::{Error, JSON};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn version_is_that_of_the_crate() {
    assert_eq!(wasm::version(), env!("CARGO_PKG_VERSION"));
}

#[wasm_bindgen_test]
fn a_broken_request_is_a_real_error() {
    let message = message(wasm::format_diagnostics("{").unwrap_err());
    assert!(message.starts_with("invalid request: "), "{message}");
}

#[wasm_bindgen_test]
fn an_unknown_field_of_a_request_is_refused() {
    let request = r#"{"diagnostics": [], "color": true}"#;
    let message = message(wasm::format_diagnostics(request).unwrap_err());
    assert!(message.contains("`color`"), "{message}");
}

/// The message of a thrown value, which has to be an `Error`.
fn message(thrown: JsValue) -> String {
    let error: Error = thrown.dyn_into().expect("an Error");
    error.message().into()
}

/// A JSON answer, as JavaScript reads it.
fn parsed<T: serde::de::DeserializeOwned>(answer: &str) -> T {
    let value = JSON::parse(answer).expect("JSON");
    serde_wasm_bindgen::from_value(value).expect("the declared shape")
}
