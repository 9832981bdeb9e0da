//! Border of the explanations.

use serde::Serialize;

use super::{ApiError, answer};
use crate::explain::{self, Explanation};

/// Explains a code: JSON `{explanation, text}`, or `{meant?}` if there is no such code.
pub fn code(code: &str) -> Result<String, ApiError> {
    #[derive(Serialize)]
    struct Known {
        explanation: &'static Explanation,
        text: String,
    }
    #[derive(Serialize)]
    struct Unknown {
        #[serde(skip_serializing_if = "Option::is_none")]
        meant: Option<&'static str>,
    }
    match explain::explain(code) {
        Some(explanation) => answer(&Known {
            text: explanation.text(),
            explanation,
        }),
        None => answer(&Unknown {
            meant: explain::nearest(code),
        }),
    }
}

/// All explanations, as a JSON list.
pub fn all() -> Result<String, ApiError> {
    answer(&explain::all())
}
