//! Border of the template engine.

use serde::{Deserialize, Serialize};

use super::{ApiError, answer, request};
use crate::diagnostic::Diagnostic;
use crate::source::SourceText;
use crate::template::lint::{self, File, LintOptions};
use crate::template::{Context, Engine, Host, Options, Rendering, Typing};

/// Checks a template against itself, its skeletons and the actions of an instance. `files` is JSON
/// `[{name, content?}]`, the template first and then what is in its folder; `options` is JSON
/// `{lock?, limits?}`. The answer is JSON `{diagnostics, sources}`; the sources are names of files, which
/// are templates too.
pub fn lint(files: &str, options: &str) -> Result<String, ApiError> {
    let files: Vec<File> = request(files)?;
    let options: LintOptions = request(options)?;
    answer(&lint::lint(&files, &options))
}

/// Renders texts and paths with one set of options, filters and globals.
pub struct Renderer(Engine);

/// The answer to a rendering.
pub enum Answer {
    /// The output, of which there is nothing to say. It crosses the border as it is, for JSON would cost
    /// more than most renderings.
    Plain(String),
    /// JSON.
    Json(String),
}

impl Renderer {
    /// `options` is JSON: `{cookiecutterCompat, tags, trimBlocks, lstripBlocks, strict, escape,
    /// secrets, coverage, limits}`.
    pub fn new(options: &str, host: Host) -> Result<Self, ApiError> {
        let options: Options = request(options)?;
        options.check().map_err(ApiError::of)?;
        Ok(Self(Engine::new(options, host)))
    }

    /// Renders a file's content: its output, or JSON `{output?, diagnostics, secrets?}`. `target` is its
    /// path in the target, if that is another than its name.
    pub fn render_text(
        &self,
        name: &str,
        bytes: &[u8],
        context: &Context,
        target: Option<&str>,
    ) -> Result<Answer, ApiError> {
        #[derive(Serialize)]
        struct RenderResult {
            #[serde(skip_serializing_if = "Option::is_none")]
            output: Option<String>,
            diagnostics: Vec<Diagnostic>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            secrets: Vec<String>,
        }
        let rendering = self
            .0
            .render_file(name, target.unwrap_or(name), bytes, context);
        let Rendering {
            output,
            diagnostics,
            secrets,
        } = match plain(rendering) {
            Ok(output) => return Ok(Answer::Plain(output)),
            Err(rendering) => rendering,
        };
        answer(&RenderResult {
            output,
            diagnostics,
            secrets,
        })
        .map(Answer::Json)
    }

    /// The conditions of all templates so far and how they came out, as JSON.
    pub fn branches(&self) -> Result<String, ApiError> {
        answer(&self.0.branches())
    }

    /// Renders a path: the path, or JSON `{path?, diagnostics, secrets?}`.
    pub fn render_path(&self, path: &str, context: &Context) -> Result<Answer, ApiError> {
        #[derive(Serialize)]
        struct RenderedPath {
            #[serde(skip_serializing_if = "Option::is_none")]
            path: Option<String>,
            diagnostics: Vec<Diagnostic>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            secrets: Vec<String>,
        }
        let Rendering {
            output,
            diagnostics,
            secrets,
        } = match plain(self.0.render_path(path, context)) {
            Ok(path) => return Ok(Answer::Plain(path)),
            Err(rendering) => rendering,
        };
        answer(&RenderedPath {
            path: output,
            diagnostics,
            secrets,
        })
        .map(Answer::Json)
    }

    /// Renders the texts of a JSON value. `request` is JSON `{name, value, typing?}`; the answer is JSON
    /// `{value?, diagnostics, sources, secrets?}`.
    pub fn render_value(&self, request: &str, context: &Context) -> Result<String, ApiError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Request {
            name: String,
            value: serde_json::Value,
            #[serde(default)]
            typing: Typing,
        }
        #[derive(Serialize)]
        struct RenderedValue {
            #[serde(skip_serializing_if = "Option::is_none")]
            value: Option<serde_json::Value>,
            diagnostics: Vec<Diagnostic>,
            sources: Vec<Source>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            secrets: Vec<String>,
        }
        #[derive(Serialize)]
        struct Source {
            name: String,
            content: String,
        }
        let request: Request = super::request(request)?;
        let Request {
            name,
            value,
            typing,
        } = &request;
        let typed = self.0.render_value(name, value, context, *typing);
        let source = |source: &SourceText| Source {
            name: source.name().to_string(),
            content: source.text().to_owned(),
        };
        answer(&RenderedValue {
            value: typed.value,
            diagnostics: typed.diagnostics,
            sources: typed.sources.iter().map(source).collect(),
            secrets: typed.secrets,
        })
    }
}

/// The output, if there is nothing to say of it.
fn plain(rendering: Rendering) -> Result<String, Rendering> {
    match rendering.output {
        Some(output) if rendering.diagnostics.is_empty() && rendering.secrets.is_empty() => {
            Ok(output)
        }
        output => Err(Rendering {
            output,
            ..rendering
        }),
    }
}
