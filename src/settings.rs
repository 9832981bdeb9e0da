//! `goldenpath.yaml`: what an organisation decides for all its repositories, for programs that have no
//! Backstage to ask.

mod organisation;
mod plugins;
mod weights;

use std::sync::LazyLock;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};

use crate::catalog::pointer;
use crate::catalog::schema::{Schema, Subschema, noun};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::{Limits, MAX_PROBLEMS};
use crate::source::SourceText;
use crate::suggest;
use crate::yaml::{self, Kind, Node, Style};

static SCHEMA: LazyLock<Option<Schema>> =
    LazyLock::new(|| Schema::compile(include_str!("settings/schema.json")));

/// The settings in a file, or all that is wrong with it.
#[derive(Debug)]
pub struct Reading {
    /// Problems, in order of position.
    pub diagnostics: Vec<Diagnostic>,
    /// The settings as JSON text, if there is no problem.
    pub json: Option<String>,
}

/// Reads a file of settings. One that says nothing is fine.
pub fn read(source: &SourceText) -> Reading {
    let stream = yaml::parse(source, &Limits::default());
    let mut diagnostics = stream.diagnostics;
    let mut documents = stream.documents;
    for document in &mut documents {
        diagnostics.append(&mut document.diagnostics);
    }
    let mut roots = documents.iter().map(|document| document.root());
    let root = roots.next().filter(|root| !root.is_null());
    if let Some(second) = roots.next() {
        let place = source.place(second.span());
        let message = "the file has more than one document";
        diagnostics.push(
            Diagnostic::error("settings/several-documents", place, message)
                .help("write all settings into one"),
        );
    }
    if let Some((schema, root)) = SCHEMA.as_ref().zip(root) {
        for error in schema.errors(root).take(MAX_PROBLEMS) {
            report(source, schema, root, &error, &mut diagnostics);
        }
        weights::check(source, root, &mut diagnostics);
        plugins::check(source, root, &mut diagnostics);
        organisation::check(source, root, &mut diagnostics);
    }
    diagnostic::sort(&mut diagnostics);
    let is_refused = diagnostics.iter().any(Diagnostic::is_error);
    let json = || root.map_or_else(|| "{}".to_owned(), Node::to_json);
    Reading {
        json: (!is_refused).then(json),
        diagnostics,
    }
}

fn report(
    source: &SourceText,
    schema: &Schema,
    root: Node,
    error: &ValidationError,
    found: &mut Vec<Diagnostic>,
) {
    let pointer = error.instance_path().as_str();
    let Some((key, value)) = root.at(pointer) else {
        return;
    };
    let place = match key {
        Some(key) if value.style() == Style::Block || value.is_null() => source.place(key.span()),
        _ => source.place(value.span()),
    };
    let name = match pointer {
        "" => "the file".to_owned(),
        _ => format!("`{}`", pointer::shown(root, pointer)),
    };
    let rule = schema.of(error);
    let problem = |code, message: String| {
        let diagnostic = Diagnostic::error(code, place.clone(), message).pointer(pointer);
        match rule.and_then(Subschema::description) {
            Some(description) => diagnostic.why(format!("it means {description}")),
            None => diagnostic,
        }
    };
    found.push(match error.kind() {
        ValidationErrorKind::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(kind) => noun(*kind).to_owned(),
                TypeKind::Multiple(kinds) => {
                    let kinds: Vec<&str> = kinds.iter().map(noun).collect();
                    kinds.join(" or ")
                }
            };
            problem("settings/wrong-type", format!("{name} must be {wanted}"))
                .help(format!("write {wanted}"))
        }
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            problem(
                "settings/missing-key",
                format!("{name} has no `{property}`"),
            )
            .help(format!("add `{property}:`"))
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known: Vec<&str> = rule
                .into_iter()
                .flat_map(Subschema::property_names)
                .collect();
            for unknown in unexpected.iter().take(MAX_PROBLEMS) {
                let key = value.get(unknown).map_or(value, |entry| entry.key);
                let place = source.place(key.span());
                let message = format!("{name} has no key `{unknown}`");
                let help = match suggest::nearest(unknown, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the keys here are `{}`", known.join("`, `")),
                };
                found.push(
                    Diagnostic::error("settings/unknown-key", place, message)
                        .why("what nobody reads has no effect")
                        .help(help)
                        .pointer(pointer::join(pointer, unknown)),
                );
            }
            return;
        }
        ValidationErrorKind::Enum { .. } => {
            let choices: Vec<&str> = rule.into_iter().flat_map(Subschema::choices).collect();
            let list = choices.join("`, `");
            let (message, near) = match value.kind() {
                Kind::Text(text) => (
                    format!("{name} cannot be `{text}`"),
                    suggest::nearest(text, choices.iter().copied()),
                ),
                _ => (format!("{name} cannot be that"), None),
            };
            problem("settings/wrong-value", message).help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of `{list}`"),
            })
        }
        ValidationErrorKind::MinItems { .. }
        | ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::MinProperties { .. } => {
            problem("settings/wrong-value", format!("{name} is empty")).help("write a value")
        }
        other => {
            let message = format!("{name} breaks the rule `{}`", other.keyword());
            problem("settings/wrong-value", message)
        }
    });
}
