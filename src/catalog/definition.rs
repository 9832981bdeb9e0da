//! The definition of an API: a text within the descriptor, or the file that a placeholder reads.
//!
//! Backstage keeps it unread, and its page stays empty if it is broken.

mod api;
mod asyncapi;
mod brackets;
mod openapi;
mod refs;

use std::rc::Rc;

use serde_json::Value;

use super::entity::Subject;
use super::placeholder::Resolver;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{Place, SourceText, Span};
use crate::yaml::{self, Document, Entry, Style};
use api::Api;
pub(super) use refs::{Reference, references};

/// What is wrong with the definition of an API, if the entity is one of a known type.
pub(super) fn check(subject: &Subject) -> Vec<Diagnostic> {
    let Some(spec) = subject.field("spec").map(|entry| entry.value) else {
        return Vec::new();
    };
    let Some(entry) = spec.get("definition") else {
        return Vec::new();
    };
    let spec_type = spec.get("type").and_then(|entry| entry.value.as_text());
    let Some(text) = entry.value.as_text().filter(|text| !text.trim().is_empty()) else {
        return Vec::new();
    };
    let definition = Definition::new(subject, entry, text);
    let limits = &subject.options.limits;
    match spec_type {
        Some("openapi") => definition.document(limits, openapi::check),
        Some("asyncapi") => definition.document(limits, asyncapi::check),
        Some("graphql") => brackets::check(&definition, brackets::Language::Graphql),
        Some("grpc") => brackets::check(&definition, brackets::Language::Proto),
        _ => Vec::new(),
    }
}

/// The text, and where it stands.
struct Definition<'t> {
    text: Rc<SourceText>,
    written: Written<'t>,
    /// Whether its references to other files are followed.
    is_bundled: bool,
}

enum Written<'t> {
    /// In a file of its own, read by the placeholder.
    File(Place),
    /// In a block of this text: where each line of the definition begins in both.
    Block(&'t SourceText, Vec<(usize, usize)>),
    /// In a text whose lines are not those of the definition.
    Folded(Place),
}

impl<'t> Definition<'t> {
    fn new(subject: &Subject<'t>, entry: Entry<'t>, text: &'t str) -> Self {
        let graft = subject.resolution.graft_at("/spec/definition");
        if let Some(graft) = graft {
            return Self {
                text: Rc::clone(&graft.source),
                written: Written::File(subject.place(entry)),
                is_bundled: graft.resolver == Resolver::Bundle,
            };
        }
        let is_block = entry.value.style() == Style::Block && !entry.value.is_alias();
        let lines = is_block.then(|| block_lines(subject.source, entry.value.span(), text));
        Self {
            text: Rc::new(SourceText::new(subject.source.name(), text)),
            written: match lines.flatten() {
                Some(lines) => Written::Block(subject.source, lines),
                None => Written::Folded(subject.place(entry)),
            },
            is_bundled: false,
        }
    }

    /// Whether its lines are lines of the descriptor.
    fn is_block(&self) -> bool {
        matches!(self.written, Written::Block(..))
    }

    /// Checks it as one document of YAML or JSON.
    fn document(&self, limits: &Limits, check: fn(&mut Api)) -> Vec<Diagnostic> {
        let text = self.text.text();
        let stream = yaml::parse(&self.text, limits);
        let mut found: Vec<Diagnostic> = stream
            .diagnostics
            .into_iter()
            .chain(stream.documents.iter().flat_map(|d| d.diagnostics.clone()))
            .filter(Diagnostic::is_error)
            .map(|problem| self.unreadable(problem))
            .collect();
        // Of the files of a bundle this was said when they were read.
        if self.is_bundled && !found.is_empty() {
            return Vec::new();
        }
        // Some escapes of JSON are none of YAML.
        let json = || serde_json::from_str::<Value>(text).ok();
        let by_json = (!found.is_empty() && text.trim_start().starts_with('{'))
            .then(json)
            .flatten()
            .map(|value| Document::from_json(&value));
        let document = match (&by_json, &*stream.documents) {
            (Some(document), _) => {
                found.clear();
                document
            }
            (None, [document]) if found.is_empty() => document,
            (None, documents) => {
                if found.is_empty() {
                    let message =
                        format!("the definition has {} documents, not one", documents.len());
                    let problem =
                        self.problem("catalog/definition-unreadable", Span::default(), message);
                    found.push(problem.help("remove the lines `---`"));
                }
                found.truncate(3);
                return found;
            }
        };
        let mut api = Api {
            definition: self,
            root: document.root(),
            found,
        };
        check(&mut api);
        refs::check(&mut api);
        api.found
    }

    fn unreadable(&self, problem: Diagnostic) -> Diagnostic {
        let offset = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        let span = Span::new(
            offset(problem.at.start.offset),
            offset(problem.at.end.offset),
        );
        let message = format!("the definition cannot be read: {}", problem.message);
        let diagnostic = self.problem("catalog/definition-unreadable", span, message);
        match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// A problem of the definition, where it is written.
    fn problem(&self, code: &'static str, span: Span, message: String) -> Diagnostic {
        let diagnostic = match &self.written {
            Written::File(placeholder) => Diagnostic::warning(code, placeholder.clone(), message)
                .related("it is written here", self.text.place(span)),
            Written::Block(source, lines) => {
                let place =
                    source.place(Span::new(moved(lines, span.start), moved(lines, span.end)));
                Diagnostic::warning(code, place, message)
            }
            Written::Folded(place) => {
                let line = self.text.position(span.start).line;
                let message = match line {
                    1 => message,
                    line => format!("{message} (line {line} of the text)"),
                };
                Diagnostic::warning(code, place.clone(), message)
            }
        };
        diagnostic
            .why("Backstage keeps the definition unread, and shows a page without it")
            .pointer("/spec/definition")
    }
}

/// Where the lines of a block begin in the definition, and in the file behind their indentation; nothing
/// if they are not the same lines, as a `>` block folds them.
fn block_lines(source: &SourceText, span: Span, text: &str) -> Option<Vec<(usize, usize)>> {
    let whole = source.text();
    let line_of = |at: usize| {
        whole
            .get(..at)
            .and_then(|t| t.rfind('\n'))
            .map_or(0, |n| n + 1)
    };
    let is_header = source.slice(span).starts_with(['|', '>']);
    let mut file = if is_header {
        span.start + source.slice(span).find('\n')? + 1
    } else {
        // The first line that is not blank: those above belong to the text, too.
        let blank = text
            .split_inclusive('\n')
            .take_while(|l| l.trim().is_empty());
        blank.fold(line_of(span.start), |at, _| line_of(at.saturating_sub(1)))
    };
    let mut own = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let raw = whole.get(file..)?.split_inclusive('\n').next()?;
        let (written, wanted) = (
            raw.trim_end_matches(['\n', '\r']),
            line.trim_end_matches('\n'),
        );
        if !written.ends_with(wanted) {
            return None;
        }
        lines.push((own, file + (written.len() - wanted.len())));
        own += line.len();
        file += raw.len();
    }
    Some(lines)
}

/// An offset of the definition as one of the file.
fn moved(lines: &[(usize, usize)], offset: usize) -> usize {
    let next = lines.partition_point(|(own, _)| *own <= offset);
    lines
        .get(next.saturating_sub(1))
        .map_or(0, |(own, file)| file + (offset - own))
}
