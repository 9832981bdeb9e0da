//! Border of files of kinds.

use serde::Serialize;

use super::{ApiError, answer};
use crate::catalog::kinds::{self, KindDefinition, KindsReading};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::SourceText;

/// `KindsReading` of the JavaScript side.
#[derive(Serialize)]
struct Answer {
    diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<KindDefinition>,
}

/// Reads a file of kinds: its bytes in, a JSON `KindsReading` out.
pub fn read(name: &str, content: &[u8]) -> Result<String, ApiError> {
    let KindsReading { diagnostics, kinds } =
        match SourceText::from_bytes(name, content, &Limits::default()) {
            Ok(source) => kinds::read(&source),
            Err(diagnostic) => KindsReading {
                diagnostics: vec![*diagnostic],
                kinds: Vec::new(),
            },
        };
    answer(&Answer { diagnostics, kinds })
}
