//! Border of the catalogue engine.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use serde_json::Value;

use super::{ApiError, answer, request};
use crate::catalog::organisation::{Outcomes, Pending, Score};
use crate::catalog::{self, CatalogOptions, CheckedDocument, Report};
use crate::diagnostic::Diagnostic;
use crate::source::{Position, SourceText};
use crate::yaml;

/// `CheckedDocument` of the JavaScript side, but for its entity.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_ref: Option<&'a str>,
    has_envelope: bool,
    start: Position,
    diagnostics: &'a [Diagnostic],
    #[serde(skip_serializing_if = "<[Pending]>::is_empty")]
    pending: &'a [Pending],
    #[serde(skip_serializing_if = "Outcomes::is_empty")]
    outcomes: &'a Outcomes,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<&'a Score>,
}

/// Checks a descriptor file: its bytes in, a JSON `CatalogReport` out.
pub fn check_file(name: &str, content: &[u8], options: &str) -> Result<String, ApiError> {
    let options = known(options)?;
    let report = match SourceText::from_bytes(name, content, &options.limits) {
        Ok(source) => catalog::check(&source, &options),
        Err(diagnostic) => Report {
            diagnostics: vec![*diagnostic],
            documents: Vec::new(),
        },
    };
    write(&report)
}

/// Checks an entity that has no file; places refer to the text that [`entity_yaml`] gives for it.
pub fn check_entity(name: &str, entity: &str, options: &str) -> Result<String, ApiError> {
    check_file(name, entity_yaml(entity)?.as_bytes(), options)
}

/// An entity as YAML text.
pub fn entity_yaml(entity: &str) -> Result<String, ApiError> {
    Ok(yaml::write(&request::<Value>(entity)?))
}

fn write(report: &Report) -> Result<String, ApiError> {
    let mut out = r#"{"diagnostics":"#.to_owned();
    out.push_str(&answer(&report.diagnostics)?);
    out.push_str(r#","documents":["#);
    for (index, document) in report.documents.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        // The entity is JSON already, and the largest part.
        out.push_str(r#"{"entity":"#);
        out.push_str(&document.json);
        let rest = answer(&Document::new(document))?;
        out.push_str(&rest.replacen('{', ",", 1));
    }
    out.push_str("]}");
    Ok(out)
}

thread_local! {
    /// The options of the last request.
    static LAST: RefCell<Option<(String, Rc<CatalogOptions>)>> = const { RefCell::new(None) };
}

/// Options, which are read once for all files that are checked with the same.
fn known(json: &str) -> Result<Rc<CatalogOptions>, ApiError> {
    LAST.with_borrow_mut(|last| match last {
        Some((text, options)) if text == json => Ok(Rc::clone(options)),
        _ => {
            let options: Rc<CatalogOptions> = Rc::new(request(json)?);
            *last = Some((json.to_owned(), Rc::clone(&options)));
            Ok(options)
        }
    })
}

impl<'a> Document<'a> {
    fn new(document: &'a CheckedDocument) -> Self {
        Self {
            entity_ref: document.entity_ref.as_deref(),
            has_envelope: document.has_envelope,
            start: document.start,
            diagnostics: &document.diagnostics,
            pending: &document.pending,
            outcomes: &document.outcomes,
            score: document.score.as_ref(),
        }
    }
}
