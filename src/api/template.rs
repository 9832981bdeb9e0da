//! Border of the template engine.

use serde::Serialize;

use super::{ApiError, answer, request};
use crate::diagnostic::Diagnostic;
use crate::template::{Context, Engine, Host, Options};

/// Renders texts and paths with one set of options, filters and globals.
pub struct Renderer(Engine);

impl Renderer {
    /// `options` is JSON: `{cookiecutterCompat, trimBlocks, lstripBlocks, strict, escape,
    /// limits}`.
    pub fn new(options: &str, host: Host) -> Result<Self, ApiError> {
        let options: Options = request(options)?;
        Ok(Self(Engine::new(options, host)))
    }

    /// Renders a file's content: JSON `{output?, diagnostics}`. `target` is its path in the target, if that
    /// is another than its name.
    pub fn render_text(
        &self,
        name: &str,
        bytes: &[u8],
        context: &Context,
        target: Option<&str>,
    ) -> Result<String, ApiError> {
        #[derive(Serialize)]
        struct RenderResult {
            #[serde(skip_serializing_if = "Option::is_none")]
            output: Option<String>,
            diagnostics: Vec<Diagnostic>,
        }
        let rendering = self
            .0
            .render_file(name, target.unwrap_or(name), bytes, context);
        answer(&RenderResult {
            output: rendering.output,
            diagnostics: rendering.diagnostics,
        })
    }

    /// Renders a path: JSON `{path?, diagnostics}`.
    pub fn render_path(&self, path: &str, context: &Context) -> Result<String, ApiError> {
        #[derive(Serialize)]
        struct RenderedPath {
            #[serde(skip_serializing_if = "Option::is_none")]
            path: Option<String>,
            diagnostics: Vec<Diagnostic>,
        }
        let rendering = self.0.render_path(path, context);
        answer(&RenderedPath {
            path: rendering.output,
            diagnostics: rendering.diagnostics,
        })
    }
}
