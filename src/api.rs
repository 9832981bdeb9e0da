//! The border in plain Rust: what each WebAssembly export does, testable natively.
//!
//! One file per engine. Requests and answers are JSON text or plain serde types, camelCase, unknown
//! fields refused. An answer says `diagnostics`; only a broken request is an [`ApiError`].

pub mod catalog;
pub mod desk;
pub mod exchange;
pub mod explain;
pub mod graph;
pub mod kinds;
pub mod merge;
pub mod platform;
pub mod policy;
pub mod settings;
pub mod settle;
pub mod template;
pub mod verify;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::diagnostic::Diagnostic;
use crate::frame::{self, Colour};
use crate::source::SourceText;

/// The caller broke the contract of the border: a defect of the program, not of a user's file.
#[derive(Debug, Error)]
#[error("invalid request: {0}")]
pub struct ApiError(#[from] serde_json::Error);

impl ApiError {
    /// What is wrong with a request that reads well.
    pub(crate) fn of(message: String) -> Self {
        Self(serde::de::Error::custom(message))
    }
}

/// Reads a request.
pub(crate) fn request<T: DeserializeOwned>(json: &str) -> Result<T, ApiError> {
    Ok(serde_json::from_str(json)?)
}

/// Writes an answer.
pub(crate) fn answer<T: Serialize>(value: &T) -> Result<String, ApiError> {
    Ok(serde_json::to_string(value)?)
}

/// Renders diagnostics as text: a JSON request `{diagnostics, files: [{name, content}], colour}` in,
/// plain or ANSI text out.
pub fn format_diagnostics(json: &str) -> Result<String, ApiError> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Request {
        diagnostics: Vec<Diagnostic>,
        #[serde(default)]
        files: Vec<File>,
        #[serde(default)]
        colour: bool,
    }
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        name: String,
        content: String,
    }

    let request: Request = request(json)?;
    let sources: Vec<SourceText> = request
        .files
        .into_iter()
        .map(|file| SourceText::new(&file.name, file.content))
        .collect();
    let sources: Vec<&SourceText> = sources.iter().collect();
    let colour = if request.colour {
        Colour::Ansi
    } else {
        Colour::Plain
    };
    Ok(frame::render(&request.diagnostics, &sources, colour))
}
