//! The entity has the shape of its kind: JSON Schema finds the errors, this says them in our words.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};

use super::super::entity::Subject;
use super::super::example;
use super::super::findings::Findings;
use super::super::model::ENVELOPE;
use super::super::placeholder::{Placeholder, placeholder};
use super::super::pointer::join;
use super::super::schema::{Schema, Subschema};
use super::wrong_type;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::suggest;
use crate::yaml::{Entry, Kind, Node, Style};

pub(super) const CODES: &[&str] = &[
    "catalog/missing-field",
    "catalog/empty-value",
    "catalog/wrong-type",
    "catalog/not-allowed-value",
    "catalog/invalid-value",
];

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    if !subject.root.is_mapping() {
        return;
    }
    let kind = subject.model.and_then(|model| model.schema.as_ref());
    for schema in ENVELOPE.as_ref().into_iter().chain(kind) {
        for error in schema.errors(subject.root) {
            if found.is_full() {
                return;
            }
            report(subject, schema, &error, found);
        }
        placeholders(subject, schema.root(), (None, subject.root), "", found);
    }
}

/// A schema takes a placeholder for an object, so a text where none is wanted is looked for here. The
/// schemas are not recursive, so this ends.
fn placeholders<'t>(
    subject: &Subject<'t>,
    rule: Subschema,
    (key, value): (Option<Node<'t>>, Node<'t>),
    pointer: &str,
    found: &mut Findings,
) {
    let finding = Finding {
        subject,
        pointer,
        key,
        value,
        rule: Some(rule),
        is_required: false,
    };
    match finding.placeholder() {
        Some(Placeholder::Text) => {
            let wanted = rule.types();
            if !wanted.is_empty() && !wanted.contains(&JsonType::String) {
                found.push(finding.wrong_type(&wanted).pointer(pointer));
            }
        }
        Some(Placeholder::Data) => {}
        None => {
            for entry in value.entries() {
                if let Some(rule) = rule.property(entry.name) {
                    let at = (Some(entry.key), entry.value);
                    placeholders(subject, rule, at, &join(pointer, entry.name), found);
                }
            }
            for (index, item) in value.items().into_iter().enumerate() {
                if let Some(rule) = rule.items() {
                    placeholders(
                        subject,
                        rule,
                        (None, item),
                        &format!("{pointer}/{index}"),
                        found,
                    );
                }
            }
        }
    }
}

fn report(subject: &Subject, schema: &Schema, error: &ValidationError, found: &mut Findings) {
    let pointer = error.instance_path().as_str();
    let Some((key, value)) = subject.root.at(pointer) else {
        return;
    };
    let finding = Finding {
        subject,
        pointer,
        key,
        value,
        rule: schema.of(error),
        is_required: is_required(schema, error, pointer),
    };
    let diagnostic = match error.kind() {
        // Backstage puts its own there when it reads a file, before anybody looks.
        _ if pointer == "/metadata/annotations" && value.is_null() => None,
        // What a placeholder will be is not known here, and `placeholders` has looked at its type.
        _ if finding.placeholder().is_some() => None,
        ValidationErrorKind::Type { kind } => Some(finding.wrong_type(&wanted(kind))),
        ValidationErrorKind::OneOfNotValid { context } => {
            // Say why the alternative fails that is meant: the one of the right type.
            let own = |error: &&ValidationError| error.instance_path().as_str() == pointer;
            let types = |errors: &[ValidationError]| -> Vec<JsonType> {
                errors
                    .iter()
                    .filter(own)
                    .filter_map(type_of)
                    .flatten()
                    .collect()
            };
            if let Some(meant) = context.iter().find(|errors| types(errors).is_empty()) {
                for error in meant {
                    report(subject, schema, error, found);
                }
                return;
            }
            let wanted: Vec<JsonType> = context.iter().flat_map(|errors| types(errors)).collect();
            Some(finding.wrong_type(&wanted))
        }
        ValidationErrorKind::Required { property } => {
            property.as_str().map(|name| finding.missing(name))
        }
        ValidationErrorKind::MinLength { .. } => Some(finding.empty("an empty text")),
        ValidationErrorKind::MinItems { .. } => Some(finding.empty("an empty list")),
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            Some(finding.not_allowed())
        }
        ValidationErrorKind::MaxLength { limit } => {
            Some(finding.invalid(&format!("is longer than {limit} characters")))
        }
        // Foreign fields at the root are for the rule `unknown-fields`.
        ValidationErrorKind::AdditionalProperties { .. } if pointer.is_empty() => None,
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for name in unexpected {
                if !found.is_full() {
                    found.push(finding.foreign(name));
                }
            }
            return;
        }
        other => Some(finding.invalid(&format!("breaks the rule `{}`", other.keyword()))),
    };
    if let Some(diagnostic) = diagnostic {
        found.push(diagnostic.pointer(pointer));
    }
}

/// One violation, and all that is known about the value.
pub(super) struct Finding<'f, 't> {
    subject: &'f Subject<'t>,
    pointer: &'f str,
    key: Option<Node<'t>>,
    pub(super) value: Node<'t>,
    pub(super) rule: Option<Subschema<'f>>,
    is_required: bool,
}

/// Fields among which a missing one is looked for under another name.
const LOOKED_AT: usize = 256;

impl<'t> Finding<'_, 't> {
    fn wrong_type(&self, wanted: &[JsonType]) -> Diagnostic {
        if self.value.is_null() {
            self.empty("empty")
        } else {
            wrong_type::diagnostic(self, wanted)
        }
    }

    fn missing(&self, name: &str) -> Diagnostic {
        let field = self.rule.and_then(|rule| rule.property(name));
        let owner = match self.pointer {
            "" => "the entity".to_owned(),
            _ => self.name(),
        };
        let whose = match self.subject.model {
            Some(model) if matches!(self.pointer, "" | "/spec") => format!("every {}", model.kind),
            _ if matches!(self.pointer, "" | "/metadata") => "every entity".to_owned(),
            _ => format!("each of `{}`", self.subject.shown(parent(self.pointer))),
        };
        let why = match field.and_then(Subschema::description) {
            Some(description) => format!("{whose} needs `{name}`: {description}"),
            None => format!("{whose} needs it"),
        };
        let meant =
            |entry: &Entry| self.rule.and_then(|rule| rule.meant_by(entry.name)) == Some(name);
        let mut entries = self.value.entries().into_iter();
        // The key of the object, or else its first key: the whole object is no place to look at.
        let first = entries.clone().next().map(|entry| entry.key);
        // A slip behind so many fields is not worth the search.
        if let Some(slip) = entries.by_ref().take(LOOKED_AT).find(meant) {
            let place = self.subject.place_of(slip.key);
            let message = format!("{owner} has `{}` instead of `{name}`", slip.name);
            return Diagnostic::error("catalog/missing-field", place.clone(), message)
                .why(why)
                .help(format!("did you mean `{name}`?"))
                .fix(format!("rename the field to `{name}`"), place, name);
        }
        let place = self
            .subject
            .place_of(self.key.or(first).unwrap_or(self.value));
        let message = format!("{owner} has no `{name}`");
        let diagnostic = Diagnostic::error("catalog/missing-field", place, message)
            .why(why)
            .help(match field.and_then(Subschema::example) {
                Some(value) => format!("add for example `{}`", example::field(name, value)),
                None => format!("add `{name}:`"),
            });
        match self.pointer {
            "" if name == "apiVersion" => self.subject.add_version(diagnostic),
            _ => diagnostic,
        }
    }

    fn empty(&self, what: &str) -> Diagnostic {
        let message = format!("{} is {what}", self.name());
        let or_remove = match (self.is_required, self.key) {
            (true, _) => "",
            (false, Some(_)) => ", or remove the field",
            (false, None) => ", or remove the item",
        };
        let diagnostic = Diagnostic::error("catalog/empty-value", self.place(), message)
            .why(self.why())
            .help(match self.rule.and_then(Subschema::example) {
                Some(value) => format!("write for example `{}`{or_remove}", example::flow(value)),
                None => format!("write a value{or_remove}"),
            });
        let owner = self.subject.root.at(parent(self.pointer)).map(|at| at.1);
        let is_alone = owner.is_none_or(|owner| owner.entries().len() + owner.items().len() < 2);
        if self.is_required || is_alone || self.value.is_alias() {
            return diagnostic;
        }
        let value = self.value.span();
        match self.key {
            Some(key) => {
                let span = if value.start == value.end {
                    key.span()
                } else {
                    key.span().to(value)
                };
                self.subject.remove(diagnostic, "the field", span)
            }
            None => self.subject.remove(diagnostic, "the item", value),
        }
    }

    fn not_allowed(&self) -> Diagnostic {
        let choices: Vec<&str> = self.rule.into_iter().flat_map(Subschema::choices).collect();
        let written = self.value.as_text().unwrap_or_default();
        let message = format!("{} cannot be `{written}`", self.name());
        let diagnostic = Diagnostic::error("catalog/not-allowed-value", self.place(), message)
            .why(format!("it is one of `{}`", choices.join("`, `")));
        match suggest::nearest(written, choices.iter().copied()) {
            Some(near) => {
                let diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                self.subject.rewrite(diagnostic, self.value, near)
            }
            None => diagnostic.help("choose one of them"),
        }
    }

    /// A field that the schema of a kind forbids.
    fn foreign(&self, name: &str) -> Diagnostic {
        let key = self.value.get(name).map_or(self.value, |entry| entry.key);
        let place = self.subject.place_of(key);
        let pointer = join(self.pointer, name);
        let message = format!("unknown field `{}`", self.subject.shown(&pointer));
        let diagnostic = Diagnostic::error("catalog/unknown-field", place.clone(), message)
            .why("the schema of the kind allows no other fields here")
            .pointer(pointer);
        match self.rule.and_then(|rule| rule.meant_by(name)) {
            Some(near) if self.value.get(near).is_none() => diagnostic
                .help(format!("did you mean `{near}`?"))
                .fix(format!("rename the field to `{near}`"), place, near),
            _ => diagnostic.help("remove it"),
        }
    }

    fn invalid(&self, what: &str) -> Diagnostic {
        let message = format!("{} {what}", self.name());
        Diagnostic::error("catalog/invalid-value", self.place(), message)
            .why(self.why())
            .help("write a value that fits")
    }

    /// The placeholder that the value is; Backstage looks at the envelope before it resolves any.
    pub(super) fn placeholder(&self) -> Option<Placeholder> {
        match self.pointer {
            ""
            | "/apiVersion"
            | "/kind"
            | "/metadata"
            | "/metadata/name"
            | "/metadata/namespace" => None,
            // What was read is not looked through for further ones.
            pointer if self.subject.resolution.holds(pointer) => None,
            _ => placeholder(self.value),
        }
    }

    /// Whether the value is written elsewhere: at its anchor, or in a file that was read.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.value.is_alias() || self.subject.resolution.holds(self.pointer)
    }

    /// Whether the value is that of `metadata.tags`.
    pub(super) fn is_tags(&self) -> bool {
        self.pointer == "/metadata/tags"
    }

    /// Offers to write the only item of a list in the place of the list.
    pub(super) fn only(&self, diagnostic: Diagnostic, item: Node<'t>) -> Diagnostic {
        let source = self.subject.source;
        let (list, item) = (self.value.span(), source.slice(item.span()));
        let (Some(key), false) = (self.key, item.is_empty() || item.contains('\n')) else {
            return diagnostic;
        };
        let span = key.span().to(list);
        // Nothing else is lost: no comment, no anchor, no tag.
        let written = source.slice(span);
        let rest = written.strip_prefix(source.slice(key.span()));
        let rest = rest.unwrap_or(written).replacen(item, "", 1);
        if rest
            .chars()
            .any(|c| !(c.is_whitespace() || matches!(c, ':' | '-' | '[' | ']')))
        {
            return diagnostic;
        }
        let text = format!("{}: {item}", source.slice(key.span()));
        diagnostic.fix("write the value alone", source.place(span), text)
    }

    /// Where a part of the value is.
    pub(super) fn place_of(&self, part: Node<'t>) -> Place {
        self.subject.place_of(part)
    }

    /// The value as people name it.
    pub(super) fn name(&self) -> String {
        format!("`{}`", self.subject.shown(self.pointer))
    }

    /// What the value is for, or else why its shape matters.
    pub(super) fn why(&self) -> String {
        let name = self.pointer.rsplit('/').next().unwrap_or_default();
        match self.rule.and_then(Subschema::description) {
            Some(description) => format!("`{name}` means {description}"),
            None => {
                "Backstage refuses an entity that does not have the shape of its kind".to_owned()
            }
        }
    }

    /// The value as written.
    pub(super) fn written(&self) -> &'t str {
        self.subject.source.slice(self.value.span())
    }

    /// Where the value is; where its key is if it is nothing at all or a collection by indentation.
    pub(super) fn place(&self) -> Place {
        let span = self.value.span();
        let collection = matches!(self.value.kind(), Kind::Mapping(_) | Kind::Sequence(_));
        let is_block = collection && self.value.style() == Style::Block && !self.value.is_alias();
        match self.key {
            Some(key) if is_block || span.start == span.end => self.subject.place_of(key),
            _ => self.subject.source.place(span),
        }
    }
}

fn is_required(schema: &Schema, error: &ValidationError, pointer: &str) -> bool {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    schema
        .owner_of(error)
        .is_some_and(|owner| owner.requires(name))
}

fn type_of(error: &ValidationError) -> Option<Vec<JsonType>> {
    match error.kind() {
        ValidationErrorKind::Type { kind } => Some(wanted(kind)),
        _ => None,
    }
}

fn wanted(kind: &TypeKind) -> Vec<JsonType> {
    match kind {
        TypeKind::Single(kind) => vec![*kind],
        TypeKind::Multiple(kinds) => kinds.iter().collect(),
    }
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
