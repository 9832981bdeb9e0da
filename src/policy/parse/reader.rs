//! Typed reading of YAML nodes: whoever reads gets the value or has reported why not.

use std::fmt::Display;

use crate::diagnostic::Diagnostic;
use crate::source::{Place, SourceText, Span};
use crate::suggest;
use crate::yaml::{Entry, Kind, Node};

/// One file being read, and the problems found.
pub struct Reader<'r> {
    source: &'r SourceText,
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl<'r> Reader<'r> {
    /// Reads a file.
    pub fn new(source: &'r SourceText, diagnostics: &'r mut Vec<Diagnostic>) -> Self {
        Self {
            source,
            diagnostics,
        }
    }

    /// Where a span is.
    pub fn place(&self, span: Span) -> Place {
        self.source.place(span)
    }

    /// Adds a problem.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A mapping that has no other keys than `known` and has all that are `required`.
    pub fn mapping<'t>(
        &mut self,
        what: &str,
        node: Node<'t>,
        known: &[&str],
        required: &[&str],
    ) -> Option<Node<'t>> {
        if !node.is_mapping() {
            self.wrong_type(what, "an object", node, node.span());
            return None;
        }
        for entry in node.entries() {
            if !known.contains(&entry.name) {
                self.unknown_key(what, entry, known);
            }
        }
        for key in required {
            if node.get(key).is_none() {
                let first = node.entries().into_iter().next();
                let span = first.map_or(node.span(), |entry| entry.key.span());
                self.report(
                    Diagnostic::error(
                        "policy/missing-key",
                        self.place(span),
                        format!("{what} has no `{key}`"),
                    )
                    .help(format!("add `{key}:`")),
                );
            }
        }
        Some(node)
    }

    /// A text that is not empty.
    pub fn text<'t>(&mut self, what: &str, node: Node<'t>) -> Option<&'t str> {
        match node.as_text() {
            Some("") => {
                self.wrong_value(what, "`\"\"`", "a text that is not empty", node.span());
                None
            }
            Some(text) => Some(text),
            None => {
                self.wrong_type(what, "a text", node, node.span());
                None
            }
        }
    }

    /// The items of a list, or the one value that stands in place of a list of one.
    pub fn one_or_more<'t>(&mut self, what: &str, entry: Entry<'t>) -> Vec<Node<'t>> {
        match entry.value.kind() {
            Kind::Sequence(items) if items.is_empty() => {
                self.wrong_value(what, "empty", "at least one item", entry.span());
                Vec::new()
            }
            Kind::Sequence(items) => items.into_iter().collect(),
            Kind::Null => {
                self.wrong_type(what, "a value or a list", entry.value, entry.span());
                Vec::new()
            }
            _ => vec![entry.value],
        }
    }

    /// The items of a list.
    pub fn list<'t>(&mut self, what: &str, entry: Entry<'t>) -> Option<Vec<Node<'t>>> {
        if let Kind::Sequence(items) = entry.value.kind() {
            return Some(items.into_iter().collect());
        }
        self.wrong_type(what, "a list", entry.value, entry.span());
        None
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, what: &str, node: Node<'_>, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(what, node)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let names = words.iter().map(|(word, _)| *word);
            let help = self
                .did_you_mean(text, names.clone())
                .unwrap_or_else(|| format!("write {}", enumerate(names, "or")));
            self.report(
                Diagnostic::error(
                    "policy/wrong-value",
                    self.place(node.span()),
                    format!("{what} cannot be `{text}`"),
                )
                .help(help),
            );
        }
        found.map(|&(_, value)| value)
    }

    /// Says that a value is of the wrong type.
    pub fn wrong_type(&mut self, what: &str, wanted: &str, node: Node<'_>, span: Span) {
        let message = format!("{what} must be {wanted}, not {}", kind_name(node));
        self.report(Diagnostic::error(
            "policy/wrong-type",
            self.place(span),
            message,
        ));
    }

    /// A text to compare with, maybe empty. Where YAML reads a number or a boolean, quotes are
    /// missing.
    pub fn quoted_text<'t>(&mut self, what: &str, node: Node<'t>) -> Option<&'t str> {
        match node.kind() {
            Kind::Text(text) => return Some(text),
            Kind::Number(_) | Kind::Bool(_) => {}
            _ => return self.text(what, node),
        }
        let written = self.source.slice(node.span());
        let help = format!("put it in quotes: `'{written}'`");
        let message = format!("{what} must be a text, not {}", kind_name(node));
        let place = self.place(node.span());
        self.report(Diagnostic::error("policy/wrong-type", place, message).help(help));
        None
    }

    /// Says that a value is of the right type, but not possible.
    pub fn wrong_value(&mut self, what: &str, value: impl Display, wanted: &str, span: Span) {
        let message = format!("{what} is {value}");
        let place = self.place(span);
        self.report(
            Diagnostic::error("policy/wrong-value", place, message).help(format!("write {wanted}")),
        );
    }

    /// "did you mean `x`?", if something near is known. After a hundred problems nobody reads it, and
    /// comparing every word with every name would take long.
    pub fn did_you_mean<'a>(
        &self,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        if self.diagnostics.len() > 100 {
            return None;
        }
        suggest::nearest(word, known).map(|near| format!("did you mean `{near}`?"))
    }

    /// Says that nobody reads a key.
    pub fn unknown_key(&mut self, what: &str, entry: Entry<'_>, known: &[&str]) {
        let place = self.place(entry.key.span());
        let name = entry.name;
        let help = self
            .did_you_mean(name, known.iter().copied())
            .unwrap_or_else(|| {
                let known = enumerate(known.iter().copied(), "and");
                format!("its keys are {known}")
            });
        self.report(
            Diagnostic::error(
                "policy/unknown-key",
                place,
                format!("{what} has no key `{name}`"),
            )
            .why("what nobody reads protects nothing")
            .help(help),
        );
    }
}

/// A key as diagnostics show it.
pub fn key(name: &str) -> String {
    format!("`{name}`")
}

/// "`a`, `b` and `c`".
pub fn enumerate<'a>(words: impl IntoIterator<Item = &'a str>, conjunction: &str) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

fn kind_name(node: Node<'_>) -> &'static str {
    match node.kind() {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::Text(_) => "a text",
        Kind::Sequence(items) if items.is_empty() => "an empty list",
        Kind::Sequence(_) => "a list",
        Kind::Mapping(entries) if entries.is_empty() => "an empty object",
        Kind::Mapping(_) => "an object",
    }
}
