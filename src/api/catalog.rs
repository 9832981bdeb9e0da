//! Border of the catalogue engine.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{ApiError, answer, request};
use crate::catalog::organisation::{Outcomes, Pending, Score};
use crate::catalog::{self, CatalogOptions, CheckedDocument, Files, Mended, Report, Repository};
use crate::diagnostic::Diagnostic;
use crate::source::{Position, SourceText};
use crate::yaml;

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

/// Where a file is in its repository: `Repository` of the JavaScript side, but for the function that
/// reads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Whereabouts {
    path: String,
    url: Option<String>,
}

/// Checks a descriptor file: its bytes in, a JSON `CatalogReport` out.
pub fn check_file(name: &str, content: &[u8], options: &str) -> Result<String, ApiError> {
    let options: CatalogOptions = request(options)?;
    write(&report(name, content, &options, |source| {
        catalog::check(source, &options)
    }))
}

/// Likewise of a file of a repository, whose placeholders are read by `files`; `repository` is JSON
/// with its `path` there, and the `url` of the repository.
pub fn check_file_in(
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    files: &dyn Files,
) -> Result<String, ApiError> {
    let options: CatalogOptions = request(options)?;
    let whereabouts: Whereabouts = request(repository)?;
    let repository = whereabouts.repository(files);
    write(&report(name, content, &options, |source| {
        catalog::check_in(source, &options, repository)
    }))
}

/// Applies the fixes of a descriptor, that of its problems which are certain; JSON with the new `content`
/// unless the file stays as it is, and what was `fixed`.
pub fn fix_file_in(
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    files: &dyn Files,
) -> Result<String, ApiError> {
    let options: CatalogOptions = request(options)?;
    let whereabouts: Whereabouts = request(repository)?;
    let repository = whereabouts.repository(files);
    let source = SourceText::from_bytes(name, content, &options.limits);
    let mended = source.ok().and_then(|source| {
        catalog::mend(&source, |text| {
            catalog::check_in(text, &options, repository)
        })
    });
    let mark = if content.starts_with(BYTE_ORDER_MARK) {
        "\u{feff}"
    } else {
        ""
    };
    answer(&match mended {
        Some(Mended { text, fixed }) => Fixed {
            content: Some(format!("{mark}{text}")),
            fixed,
        },
        None => Fixed::default(),
    })
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// `CatalogFixes` of the JavaScript side.
#[derive(Default, Serialize)]
struct Fixed {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    fixed: Vec<Diagnostic>,
}

impl Whereabouts {
    fn repository<'r>(&'r self, files: &'r dyn Files) -> Repository<'r> {
        let (path, url) = (&*self.path, self.url.as_deref());
        Repository { path, url, files }
    }
}

fn report(
    name: &str,
    content: &[u8],
    options: &CatalogOptions,
    check: impl FnOnce(&SourceText) -> Report,
) -> Report {
    match SourceText::from_bytes(name, content, &options.limits) {
        Ok(source) => check(&source),
        Err(diagnostic) => Report {
            diagnostics: vec![*diagnostic],
            documents: Vec::new(),
        },
    }
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
