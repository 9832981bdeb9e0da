//! The exports as JavaScript calls them, in WebAssembly under Node.
#![cfg(target_arch = "wasm32")]

use goldenpath::wasm;
use js_sys::Error;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn version_is_that_of_the_crate() {
    assert_eq!(wasm::version(), env!("CARGO_PKG_VERSION"));
}

#[wasm_bindgen_test]
fn a_broken_request_is_a_real_error() {
    let thrown = wasm::format_diagnostics("{").unwrap_err();
    let error: Error = thrown.dyn_into().expect("an Error");
    assert!(String::from(error.message()).starts_with("invalid request: "));
}

#[wasm_bindgen_test]
fn an_unknown_field_of_a_request_is_refused() {
    let request = r#"{"diagnostics": [], "color": true}"#;
    let thrown = wasm::format_diagnostics(request).unwrap_err();
    let error: Error = thrown.dyn_into().expect("an Error");
    assert!(String::from(error.message()).contains("color"));
}
