//! Files that a JSON Schema of this crate describes: all that is wrong with one, each problem with its
//! place and what to write.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use crate::catalog::pointer;
use crate::catalog::schema::{Schema, Subschema, noun};
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_PROBLEMS;
use crate::source::{Place, SourceText};
use crate::suggest;
use crate::yaml::{Kind, Node, Style};

/// The names of the problems, so that each area has its own.
#[derive(Debug, Clone, Copy)]
pub struct Codes {
    /// A value of another type.
    pub wrong_type: &'static str,
    /// A value of the right type that is not possible.
    pub wrong_value: &'static str,
    /// A key that must be there.
    pub missing_key: &'static str,
    /// A key that nobody reads.
    pub unknown_key: &'static str,
}

/// What breaks the schema, in the order of the schema.
pub fn check(
    source: &SourceText,
    schema: &Schema,
    codes: &Codes,
    root: Node,
    found: &mut Vec<Diagnostic>,
) {
    for error in schema.errors(root).take(MAX_PROBLEMS) {
        report(source, schema, codes, root, &error, found);
    }
}

fn report(
    source: &SourceText,
    schema: &Schema,
    codes: &Codes,
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
            problem(codes.wrong_type, format!("{name} must be {wanted}"))
                .help(format!("write {wanted}"))
        }
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            problem(codes.missing_key, format!("{name} has no `{property}`"))
                .help(format!("add `{property}:`"))
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known: Vec<&str> = rule
                .into_iter()
                .flat_map(Subschema::property_names)
                .collect();
            for key in unexpected.iter().take(MAX_PROBLEMS) {
                let node = value.get(key).map_or(value, |entry| entry.key);
                let place = source.place(node.span());
                found.push(
                    unknown(codes, place, (&name, key), &known)
                        .pointer(pointer::join(pointer, key)),
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
            problem(codes.wrong_value, message).help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of `{list}`"),
            })
        }
        ValidationErrorKind::Pattern { .. } | ValidationErrorKind::MaxLength { .. } => {
            let given = match value.kind() {
                Kind::Text(text) => format!(" cannot be `{text}`"),
                _ => " cannot be that".to_owned(),
            };
            let told = problem(codes.wrong_value, format!("{name}{given}"));
            match rule.and_then(Subschema::example) {
                Some(example) => told.help(format!("write it like `{}`", plain(example))),
                None => told,
            }
        }
        ValidationErrorKind::Minimum { limit }
        | ValidationErrorKind::ExclusiveMinimum { limit } => {
            problem(codes.wrong_value, format!("{name} is less than {limit}"))
        }
        ValidationErrorKind::Maximum { limit } => {
            problem(codes.wrong_value, format!("{name} is more than {limit}"))
        }
        ValidationErrorKind::Constant { expected_value } => {
            problem(codes.wrong_value, format!("{name} cannot be that"))
                .help(format!("write `{}`", plain(expected_value)))
        }
        ValidationErrorKind::MinItems { .. }
        | ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::MinProperties { .. } => {
            problem(codes.wrong_value, format!("{name} is empty")).help("write a value")
        }
        other => {
            let message = format!("{name} breaks the rule `{}`", other.keyword());
            problem(codes.wrong_value, message)
        }
    });
}

/// A key of an object that nobody reads.
fn unknown(codes: &Codes, place: Place, (name, key): (&str, &str), known: &[&str]) -> Diagnostic {
    let message = format!("{name} has no key `{key}`");
    let help = match suggest::nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the keys here are `{}`", known.join("`, `")),
    };
    Diagnostic::error(codes.unknown_key, place, message)
        .why("what nobody reads has no effect")
        .help(help)
}

fn plain(example: &Value) -> String {
    example
        .as_str()
        .map_or_else(|| example.to_string(), str::to_owned)
}
