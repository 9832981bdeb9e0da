//! The WebAssembly exports: one-liners over [`crate::api`], no decisions.

use wasm_bindgen::prelude::*;

use crate::api::{self, ApiError};

/// Names the core in bug reports.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// See [`api::format_diagnostics`].
#[wasm_bindgen(js_name = formatDiagnostics)]
pub fn format_diagnostics(request: &str) -> Result<String, JsValue> {
    Ok(api::format_diagnostics(request)?)
}

/// See [`api::catalog::check_file`].
#[wasm_bindgen(js_name = checkCatalogFile)]
pub fn check_catalog_file(name: &str, content: &[u8], options: &str) -> Result<String, JsValue> {
    Ok(api::catalog::check_file(name, content, options)?)
}

/// See [`api::catalog::check_entity`].
#[wasm_bindgen(js_name = checkEntity)]
pub fn check_entity(name: &str, entity: &str, options: &str) -> Result<String, JsValue> {
    Ok(api::catalog::check_entity(name, entity, options)?)
}

/// See [`api::catalog::entity_yaml`].
#[wasm_bindgen(js_name = entityYaml)]
pub fn entity_yaml(entity: &str) -> Result<String, JsValue> {
    Ok(api::catalog::entity_yaml(entity)?)
}

impl From<ApiError> for JsValue {
    fn from(error: ApiError) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
