//! Border of the catalogue engine.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{ApiError, answer, request};
use crate::catalog::organisation::{Outcomes, Pending, Score};
use crate::catalog::{self, CatalogOptions, CheckedDocument, Report};
use crate::diagnostic::Diagnostic;
use crate::source::{Position, SourceText};
use crate::yaml::{self, Node};

/// `CatalogReport` of the JavaScript side.
#[derive(Serialize)]
struct Answer<'a> {
    diagnostics: &'a [Diagnostic],
    documents: Vec<Document<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    entity: &'a RawValue,
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
    check_each(name, content, options, |_, _| {})
}

/// As [`check_file`], and hands on the documents that are entities.
pub(super) fn check_each(
    name: &str,
    content: &[u8],
    options: &str,
    mut hand_on: impl FnMut(&SourceText, Node),
) -> Result<String, ApiError> {
    let options: CatalogOptions = request(options)?;
    let report = match SourceText::from_bytes(name, content, &options.limits) {
        Ok(source) => catalog::check_each(&source, &options, |root| hand_on(&source, root)),
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
    let documents: Result<Vec<_>, _> = report.documents.iter().map(Document::new).collect();
    answer(&Answer {
        diagnostics: &report.diagnostics,
        documents: documents?,
    })
}

impl<'a> Document<'a> {
    fn new(document: &'a CheckedDocument) -> Result<Self, serde_json::Error> {
        Ok(Self {
            entity: serde_json::from_str(&document.json)?,
            entity_ref: document.entity_ref.as_deref(),
            has_envelope: document.has_envelope,
            start: document.start,
            diagnostics: &document.diagnostics,
            pending: &document.pending,
            outcomes: &document.outcomes,
            score: document.score.as_ref(),
        })
    }
}
