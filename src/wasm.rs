//! The WebAssembly exports: one-liners over [`crate::api`], no decisions.

use wasm_bindgen::prelude::*;

use crate::api::{self, ApiError};
use crate::template::js;

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

// Template engine

/// Renders texts and paths with one set of options, filters and globals.
#[wasm_bindgen]
pub struct Renderer(api::template::Renderer);

/// Values for any number of renderings, copied once.
#[wasm_bindgen]
pub struct Context(crate::template::Context);

#[wasm_bindgen]
impl Renderer {
    /// See [`api::template::Renderer::new`]; `filters` is an object of functions, `globals` of anything.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, filters: &JsValue, globals: &JsValue) -> Result<Self, JsValue> {
        let host = js::host(filters, globals);
        Ok(Self(api::template::Renderer::new(options, host)?))
    }

    /// See [`api::template::Renderer::render_text`].
    #[wasm_bindgen(js_name = renderText)]
    pub fn render_text(
        &self,
        name: &str,
        content: &[u8],
        context: &Context,
    ) -> Result<String, JsValue> {
        Ok(self.0.render_text(name, content, &context.0)?)
    }

    /// See [`api::template::Renderer::render_path`].
    #[wasm_bindgen(js_name = renderPath)]
    pub fn render_path(&self, path: &str, context: &Context) -> Result<String, JsValue> {
        Ok(self.0.render_path(path, &context.0)?)
    }
}

/// Copies an object of names into the core.
#[wasm_bindgen(js_name = prepareContext)]
pub fn prepare_context(context: &JsValue) -> Context {
    Context(js::context(context))
}
