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

impl From<ApiError> for JsValue {
    fn from(error: ApiError) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
