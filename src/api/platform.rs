//! Border of the golden paths.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ApiError, answer, request};
use crate::diagnostic::Diagnostic;
use crate::platform::edit::{self, Edit};
use crate::platform::{PriceSheet, cost, environment, person};

/// `Result` of the JavaScript side: a plan, or all that is in its way.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<T> {
    diagnostics: Vec<Diagnostic>,
    #[serde(flatten)]
    result: Option<T>,
}

#[derive(Serialize)]
struct Priced {
    estimate: cost::Estimate,
}

/// What resources cost: a file of values and a price sheet, or none for `OpenCost`'s prices, in; a JSON
/// `CostReport` out.
pub fn cost(
    name: &str,
    content: &[u8],
    sheet_name: &str,
    sheet: Option<&[u8]>,
) -> Result<String, ApiError> {
    let estimate =
        prices(sheet_name, sheet).and_then(|prices| cost::estimate(name, content, &prices));
    write(estimate.map(|estimate| Priced { estimate }))
}

/// The plan of a staging environment: a file of values and a price sheet, or none for `OpenCost`'s prices,
/// in; a JSON `EnvironmentReport` out.
pub fn environment(
    name: &str,
    content: &[u8],
    sheet_name: &str,
    sheet: Option<&[u8]>,
) -> Result<String, ApiError> {
    write(prices(sheet_name, sheet).and_then(|prices| environment::plan(name, content, &prices)))
}

/// What a person may use from now on, and not any more: a file of values in, a JSON `PersonReport` out.
pub fn person(name: &str, content: &[u8]) -> Result<String, ApiError> {
    write(person::plan(name, content))
}

fn prices(name: &str, sheet: Option<&[u8]>) -> Result<PriceSheet, Vec<Diagnostic>> {
    match sheet {
        Some(sheet) => PriceSheet::read(name, sheet),
        None => Ok(PriceSheet::opencost()),
    }
}

/// Edits shared files: JSON `{files, edits}` in, the texts of `files` by their paths; JSON `Edited` out.
pub fn edit(json: &str) -> Result<String, ApiError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        files: BTreeMap<String, String>,
        edits: Vec<Edit>,
    }

    let Request { files, edits } = request(json)?;
    answer(&edit::all(&files, &edits))
}

fn write<T: Serialize>(result: Result<T, Vec<Diagnostic>>) -> Result<String, ApiError> {
    answer(&match result {
        Ok(result) => Answer {
            diagnostics: Vec::new(),
            result: Some(result),
        },
        Err(diagnostics) => Answer {
            diagnostics,
            result: None,
        },
    })
}
