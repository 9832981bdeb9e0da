//! What one placeholder stands for, or why it stands for nothing.

use std::rc::Rc;

use serde_json::Value;

use super::super::placeholder::Resolver;
use super::super::repository::{Target, Unread};
use super::super::rewrite;
use super::reader::{Loaded, Reader, Refusal};
use super::{Need, bundle};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Place, SourceText, Span};
use crate::suggest;
use crate::yaml::{self, Document};

/// A file that was read.
pub(super) struct Read {
    pub source: Rc<SourceText>,
    pub value: Content,
    /// What is wrong with it although it has a value.
    pub problems: Vec<Diagnostic>,
}

/// The value in the place of the placeholder.
pub(super) enum Content {
    Text(String),
    Value(Box<Document<'static>>),
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

pub(super) fn read(need: &Need, reader: &mut Reader<'_>) -> Outcome<Read> {
    let path = path(need, reader)?;
    let loaded = reader
        .load(&path)
        .map_err(|refusal| Box::new(refused(need, &path, refusal)))?;
    let value = match need.resolver {
        Resolver::Text | Resolver::Bundle => {
            let mark = if loaded.has_mark { "\u{feff}" } else { "" };
            Content::Text(format!("{mark}{}", loaded.source.text()))
        }
        Resolver::Json => json(need, &loaded)?,
        Resolver::Yaml => yaml(need, &loaded, reader)?,
    };
    let mut problems = Vec::new();
    if !loaded.is_utf_8 {
        problems.push(not_utf_8(need));
    }
    if need.resolver == Resolver::Bundle {
        let source = &loaded.source;
        problems.extend(broken(need, &loaded, reader).map(|problem| *problem));
        problems.extend(bundle::check(need, &path, source, reader));
    }
    Ok(Read {
        source: loaded.source,
        value,
        problems,
    })
}

fn not_utf_8(need: &Need) -> Diagnostic {
    let message = format!("`{}` is not UTF-8 text", need.shown());
    Diagnostic::warning("catalog/placeholder-content", need.at.clone(), message)
        .why("Backstage puts a replacement character in the place of each byte it cannot read")
        .help("save the file as UTF-8")
        .pointer(&need.pointer)
}

/// The path from the root of the repository.
fn path(need: &Need, reader: &Reader<'_>) -> Outcome<String> {
    let repository = &reader.repository;
    let Some(target) = &need.target else {
        return Err(need.problem(
            "catalog/placeholder-value",
            format!(
                "`{}` takes the path of a file, written as a text",
                need.name
            ),
            |problem| problem.help(format!("write it like `{}: ./openapi.yaml`", need.name)),
        ));
    };
    match repository.target(target, repository.path) {
        Target::File(path) => Ok(path),
        Target::Outside => Err(need.outside("leads out of the repository")),
        Target::OtherRepository => Err(need.outside("is in another repository")),
        Target::Address => Err(need.problem(
            "catalog/placeholder-not-read",
            format!("`{}` is an address, which is not read here", need.shown()),
            |problem| {
                problem
                    .with_severity(Severity::Info)
                    .why(
                        "Backstage reads it if it may read from that host, and if it is no file of \
                         another repository",
                    )
                    .help("write the path of a file of this repository, to have it checked")
            },
        )),
    }
}

impl Need {
    fn shown(&self) -> &str {
        self.target.as_deref().unwrap_or_default()
    }

    fn problem(
        &self,
        code: &'static str,
        message: String,
        rest: impl FnOnce(Diagnostic) -> Diagnostic,
    ) -> Box<Diagnostic> {
        let why = format!(
            "Backstage puts the file in the place of `{}`, and refuses the entity if it cannot",
            self.name
        );
        let problem = Diagnostic::error(code, self.at.clone(), message)
            .why(why)
            .pointer(&self.pointer);
        Box::new(rest(problem))
    }

    fn outside(&self, what: &str) -> Box<Diagnostic> {
        self.problem(
            "catalog/placeholder-outside",
            format!("`{}` {what}", self.shown()),
            |problem| {
                problem
                    .why(
                        "a placeholder may only read files of the repository that the entity is in",
                    )
                    .help("copy the file into this repository")
            },
        )
    }

    fn content(&self, message: String, place: Place, help: &str) -> Box<Diagnostic> {
        self.problem("catalog/placeholder-content", message, |problem| {
            problem.help(help).related("the problem is here", place)
        })
    }
}

fn refused(need: &Need, path: &str, refusal: Refusal) -> Diagnostic {
    let unreadable = |message: String, help: &str| {
        need.problem("catalog/placeholder-unreadable", message, |problem| {
            problem.help(help)
        })
    };
    let shown = need.shown();
    *match refusal {
        Refusal::Unread(Unread::Missing(beside)) => missing(need, path, &beside),
        Refusal::Unread(Unread::Outside) => {
            need.outside("is a link that leads out of the repository")
        }
        Refusal::Unread(Unread::Folder) => unreadable(
            format!("`{shown}` is a folder, not a file"),
            "write the path of a file",
        ),
        Refusal::Unread(Unread::Failed(reason)) => unreadable(
            format!("`{shown}` cannot be read: {reason}"),
            "make it a file that can be read",
        ),
        Refusal::TooLarge(limit) => unreadable(
            format!("`{shown}` is too large: {limit} bytes are the most"),
            "make the file smaller, or raise the limit in the options",
        ),
    }
}

fn missing(need: &Need, path: &str, beside: &[String]) -> Box<Diagnostic> {
    let shown = need.shown();
    let message = format!("there is no file `{shown}`");
    let name = path.rsplit('/').next().unwrap_or_default();
    let near = suggest::nearest(name, beside.iter().map(String::as_str));
    // The name as written, unless it has escapes of URLs.
    let near = near.zip(shown.strip_suffix(name));
    need.problem("catalog/placeholder-missing", message, |problem| match near {
        Some((near, folder)) => {
            let problem = problem.help(format!("did you mean `{folder}{near}`?"));
            if near.eq_ignore_ascii_case(name) {
                let text = rewrite::scalar(&format!("{folder}{near}"));
                problem.fix(format!("write `{text}`"), need.at.clone(), text)
            } else {
                problem
            }
        }
        None => problem.help(
            "write its path from the folder of this file, or from the root of the repository behind `/`",
        ),
    })
}

/// As `JSON.parse` reads it. The text is read as YAML too, where that is possible, to know the places.
fn json(need: &Need, loaded: &Loaded) -> Outcome<Content> {
    let (source, shown) = (&loaded.source, need.shown());
    if loaded.has_mark {
        return Err(need.content(
            format!("`{shown}` begins with a byte order mark, which JSON does not have"),
            source.place(Span::default()),
            "save the file as UTF-8 without a byte order mark",
        ));
    }
    match serde_json::from_str::<Value>(source.text()) {
        Ok(value) => Ok(Content::Value(Box::new(Document::from_json(&value)))),
        Err(error) => {
            let place = json_place(source, &error);
            let text = error.to_string();
            let reason = text.split(" at line ").next().unwrap_or_default();
            let message = format!("`{shown}` is not JSON: {reason}");
            Err(need.content(message, place, "make the file valid JSON"))
        }
    }
}

/// Where JSON breaks.
pub(in super::super) fn json_place(source: &SourceText, error: &serde_json::Error) -> Place {
    let start: usize = source
        .text()
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = start + error.column().saturating_sub(1);
    source.place(Span::new(at, at))
}

/// Exactly one document, without any error.
fn yaml(need: &Need, loaded: &Loaded, reader: &Reader<'_>) -> Outcome<Content> {
    let (source, shown) = (&loaded.source, need.shown());
    if let Some(problem) = broken(need, loaded, reader) {
        return Err(problem);
    }
    let mut stream = yaml::parse(source, &reader.limits);
    let count = stream.documents.len();
    let document = stream.documents.pop().filter(|_| count == 1);
    let Some(document) = document else {
        let message = match count {
            0 => format!("`{shown}` has no YAML document"),
            _ => format!("`{shown}` has {count} YAML documents, not one"),
        };
        let place = source.place(Span::default());
        let help = "write one document, without `---` behind it";
        return Err(need.content(message, place, help));
    };
    Ok(Content::Value(Box::new(document.into_owned())))
}

/// The first error of a file as YAML.
fn broken(need: &Need, loaded: &Loaded, reader: &Reader<'_>) -> Option<Box<Diagnostic>> {
    let source = &loaded.source;
    let stream = yaml::parse(source, &reader.limits);
    let of_documents = stream.documents.iter().flat_map(|d| &d.diagnostics);
    let all = stream.diagnostics.iter().chain(of_documents);
    let errors = all.filter(|found| found.is_error());
    let error = errors.min_by_key(|error| error.at.start)?;
    // Some escapes of JSON are none of YAML.
    if serde_json::from_str::<Value>(source.text()).is_ok() {
        return None;
    }
    let message = format!("`{}` is not YAML: {}", need.shown(), error.message);
    let help = error.help.clone();
    let help = help.unwrap_or_else(|| "make the file valid YAML".to_owned());
    Some(need.content(message, error.at.clone(), &help))
}
