//! What OpenAPI and AsyncAPI have in common.

use super::Definition;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::suggest;
use crate::yaml::{Entry, Kind, Node};

/// A definition that can be read, while it is checked.
pub(super) struct Api<'a> {
    pub definition: &'a Definition<'a>,
    pub root: Node<'a>,
    pub found: Vec<Diagnostic>,
}

impl<'a> Api<'a> {
    /// The version in a field of that name; what is wrong with it is said.
    pub fn version(&mut self, field: Entry<'a>, is_known: fn(&str) -> bool, example: &str) {
        let name = field.name;
        match field.value.kind() {
            Kind::Text(text) if is_known(text) => {}
            Kind::Number(_) => self.say(
                field.span(),
                format!("`{name}` is a number, not a text"),
                format!("quote it: `{name}: \"{example}\"`"),
            ),
            Kind::Text(text) => self.say(
                field.span(),
                format!("`{text}` is no version of `{name}` that is known"),
                format!("write for example `{name}: {example}`"),
            ),
            _ => self.say(
                field.span(),
                format!("`{name}` is no text"),
                format!("write for example `{name}: {example}`"),
            ),
        }
    }

    /// `info` with its title and version.
    pub fn info(&mut self) {
        let Some(info) = self.object(self.root, "info", "`info` with `title` and `version`") else {
            return;
        };
        for (name, example) in [("title", "Shop"), ("version", "1.0.0")] {
            let Some(field) = self.field(info.value, info.key.span(), name, "info.") else {
                continue;
            };
            let shown = format!("info.{name}");
            let help = match field.value.kind() {
                Kind::Text(text) if !text.trim().is_empty() => continue,
                Kind::Number(_) => "put it in quotes".to_owned(),
                _ => format!("write for example `{name}: {example}`"),
            };
            let message = format!("`{shown}` is no text");
            let is_number = matches!(field.value.kind(), Kind::Number(_));
            self.say(field.span(), message, help);
            if is_number {
                self.quote(field);
            }
        }
    }

    /// A property that must be an object.
    pub fn object(&mut self, owner: Node<'a>, name: &str, what: &str) -> Option<Entry<'a>> {
        let at = self.start();
        let field = self.field(owner, at, name, "")?;
        if field.value.is_mapping() {
            return Some(field);
        }
        let message = format!("`{name}` is no object");
        self.say(field.span(), message, format!("write {what}"));
        None
    }

    /// A property that must be there; `at` is where to say that it is not.
    pub fn field(
        &mut self,
        owner: Node<'a>,
        at: Span,
        name: &str,
        path: &str,
    ) -> Option<Entry<'a>> {
        let field = owner.get(name);
        if field.is_none() {
            let names = owner.entries().into_iter().map(|entry| entry.name);
            let slip = suggest::nearest(name, names).and_then(|slip| owner.get(slip));
            match slip {
                Some(slip) => self.say(
                    slip.key.span(),
                    format!(
                        "the definition has `{path}{}` instead of `{path}{name}`",
                        slip.name
                    ),
                    format!("did you mean `{name}`?"),
                ),
                None => self.say(
                    at,
                    format!("the definition has no `{path}{name}`"),
                    format!("add `{name}:`"),
                ),
            }
        }
        field
    }

    /// Where the definition begins: its first key.
    pub fn start(&self) -> Span {
        let first = self.root.entries().into_iter().next();
        first.map_or(self.root.span(), |entry| entry.key.span())
    }

    /// Offers to put the value that was spoken of in quotes, where it stands in the descriptor.
    fn quote(&mut self, field: Entry<'a>) {
        let text = self.definition.text.slice(field.value.span()).to_owned();
        if !self.definition.is_block() {
            return;
        }
        if let Some(last) = self.found.pop() {
            let place = last.at.clone();
            let fixed = last.fix("quote the value", place, format!("\"{text}\""));
            self.found.push(fixed);
        }
    }

    pub fn say(&mut self, span: Span, message: String, help: impl Into<String>) {
        let problem = self
            .definition
            .problem("catalog/definition-shape", span, message);
        self.found.push(problem.help(help));
    }
}
