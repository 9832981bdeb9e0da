//! Border of the verification of rendered files.

use serde::Deserialize;

use super::{ApiError, answer, request};
use crate::limits::Limits;
use crate::source::SourceText;
use crate::verify::{self, Check};

/// Verifies a file: its bytes and JSON `{checks}` in, a JSON list of diagnostics out.
pub fn file(name: &str, content: &[u8], options: &str) -> Result<String, ApiError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Options {
        checks: Vec<Check>,
    }
    let Options { checks } = request(options)?;
    answer(
        &match SourceText::from_bytes(name, content, &Limits::default()) {
            Ok(source) => verify::check(&source, &checks),
            Err(diagnostic) => vec![*diagnostic],
        },
    )
}
