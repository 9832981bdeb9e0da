//! Border of the catalogue engine.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ApiError, answer, request};
use crate::catalog::kinds::Kinds;
use crate::catalog::organisation::{Outcomes, Pending, Score};
use crate::catalog::{
    self, CatalogOptions, CheckedDocument, Files, Ignore, Ignored, Mended, Report, Repository,
};
use crate::diagnostic::Diagnostic;
use crate::source::{Position, SourceText};
use crate::yaml::{self, Node};

/// `CatalogReport` of the JavaScript side, but for its documents.
#[derive(Serialize)]
struct Answer<'a> {
    diagnostics: &'a [Diagnostic],
    #[serde(skip_serializing_if = "<[Ignored]>::is_empty")]
    ignored: &'a [Ignored],
    #[serde(skip_serializing_if = "<[Ignore]>::is_empty")]
    ignores: &'a [Ignore],
}

/// `CheckedDocument` of the JavaScript side, but for its entity.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_ref: Option<&'a str>,
    has_envelope: bool,
    start: Position,
    diagnostics: &'a [Diagnostic],
    #[serde(skip_serializing_if = "<[Ignored]>::is_empty")]
    ignored: &'a [Ignored],
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
    check_each(name, content, options, |_, _, _| {})
}

/// As [`check_file`], and hands on the documents that are entities.
pub(super) fn check_each(
    name: &str,
    content: &[u8],
    options: &str,
    mut hand_on: impl FnMut(&SourceText, Node, Kinds),
) -> Result<String, ApiError> {
    let options = known(options)?;
    write(&report(name, content, &options, |source| {
        catalog::check_each(source, &options, None, |root| {
            hand_on(source, root, options.known_kinds());
        })
    }))
}

/// As [`check_file`], of a file of a repository, whose placeholders are read by `files`; `repository` is
/// JSON with its `path` there, and the `url` of the repository.
pub fn check_file_in(
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    files: &dyn Files,
) -> Result<String, ApiError> {
    check_each_in(name, content, options, repository, files, |_, _, _| {})
}

/// As [`check_file_in`], and hands on the documents that are entities.
pub(super) fn check_each_in(
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    files: &dyn Files,
    mut hand_on: impl FnMut(&SourceText, Node, Kinds),
) -> Result<String, ApiError> {
    let options = known(options)?;
    let whereabouts: Whereabouts = request(repository)?;
    let repository = whereabouts.repository(files);
    write(&report(name, content, &options, |source| {
        let hand_on = |root: Node| hand_on(source, root, options.known_kinds());
        catalog::check_each(source, &options, Some(repository), hand_on)
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
    let source = SourceText::for_people(name, content, &options.limits);
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
    match SourceText::for_people(name, content, &options.limits) {
        Ok(source) => check(&source),
        Err(diagnostic) => Report {
            diagnostics: vec![*diagnostic],
            ignored: Vec::new(),
            ignores: Vec::new(),
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

/// Bytes that a document has beside its entity, unless something is wrong with it.
const OF_DOCUMENT: usize = 200;

fn write(report: &Report) -> Result<String, ApiError> {
    let mut out = answer(&Answer {
        diagnostics: &report.diagnostics,
        ignored: &report.ignored,
        ignores: &report.ignores,
    })?;
    out.pop();
    let entities = report.documents.iter().map(|document| document.json.len());
    out.reserve(entities.map(|length| length + OF_DOCUMENT).sum());
    out.push_str(r#","documents":["#);
    for (index, document) in report.documents.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        // The entity is JSON already, and the largest part.
        out.push_str(r#"{"entity":"#);
        out.push_str(&document.json);
        let rest = answer(&Document::new(document))?;
        out.push(',');
        out.push_str(rest.strip_prefix('{').unwrap_or(&rest));
    }
    out.push_str("]}");
    Ok(out)
}

thread_local! {
    /// The options of the last call.
    static LAST: RefCell<Option<(String, Rc<CatalogOptions>)>> = const { RefCell::new(None) };
}

/// Options, which are read once for all files that are checked with the same: their patterns take longer
/// to compile than most files to check.
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
            ignored: &document.ignored,
            pending: &document.pending,
            outcomes: &document.outcomes,
            score: document.score.as_ref(),
        }
    }
}

/// A JSON Schema for editors, of one kind or of all: JSON `{schema}`, or `{meant?}` if there is no such kind.
pub fn editor_schema(options: &str, kind: Option<&str>) -> Result<String, ApiError> {
    #[derive(Serialize)]
    struct Answer<'o> {
        #[serde(skip_serializing_if = "Option::is_none")]
        schema: Option<Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        meant: Option<&'o str>,
    }
    let options: CatalogOptions = request(options)?;
    let schema = catalog::editor_schema(&options, kind);
    let meant = match schema {
        Some(_) => None,
        None => kind.and_then(|kind| options.known_kinds().nearest(kind)),
    };
    answer(&Answer { schema, meant })
}
