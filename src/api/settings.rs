//! Border of the settings.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{ApiError, answer};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::settings::{self, Reading};
use crate::source::SourceText;

/// `SettingsReading` of the JavaScript side.
#[derive(Serialize)]
struct Answer {
    diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Box<RawValue>>,
}

/// Reads a file of settings: its bytes in, a JSON `SettingsReading` out.
pub fn read(name: &str, content: &[u8]) -> Result<String, ApiError> {
    let reading = match SourceText::for_people(name, content, &Limits::default()) {
        Ok(source) => settings::read(&source),
        Err(diagnostic) => Reading {
            diagnostics: vec![*diagnostic],
            json: None,
        },
    };
    answer(&Answer {
        diagnostics: reading.diagnostics,
        settings: reading.json.map(RawValue::from_string).transpose()?,
    })
}
