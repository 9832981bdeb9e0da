//! Value mode: the texts within a JSON value are templates, and one that is a single expression keeps
//! the type of its value, as the inputs of a scaffolder's step do.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::ast::{Statement, Template};
use super::engine::{Context, Engine};
use super::syntax::Syntax;
use crate::diagnostic::Diagnostic;
use crate::limits::LimitExceeded;
use crate::source::{SourceText, Span};

/// What becomes of a text that is one expression.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Typing {
    /// As the scaffolder up to 3.x: also a single tag counts, its output is read as JSON, and what is
    /// empty is undefined.
    #[default]
    Backstage,
    /// The value of the expression; every other text stays text.
    Native,
}

/// A JSON value with its templates rendered.
#[derive(Debug, Default)]
pub struct Typed {
    /// None if it is undefined, or after an error.
    pub value: Option<Json>,
    /// Errors and warnings, each about a text that is named by its JSON pointer.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics are about.
    pub sources: Vec<SourceText>,
    /// See [`super::Rendering::secrets`].
    pub secrets: Vec<String>,
}

impl Engine {
    /// Renders the texts of a value; keys are not templates. A field that is undefined is left out, in a
    /// list it is null, as in JSON. `name` names the value in diagnostics.
    pub fn render_value(
        &self,
        name: &str,
        value: &Json,
        context: &Context,
        typing: Typing,
    ) -> Typed {
        let mut walk = Walk {
            engine: self,
            context,
            typing,
            pointer: name.to_owned(),
            result: Typed::default(),
            bytes: 0,
            given_up: false,
        };
        let rendered = self.sharing_fuel(|| walk.value(value));
        let mut result = walk.result;
        result
            .secrets
            .sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        result.secrets.dedup();
        let failed = result.diagnostics.iter().any(Diagnostic::is_error);
        result.value = rendered.filter(|_| !failed);
        result
    }
}

struct Walk<'a> {
    engine: &'a Engine,
    context: &'a Context,
    typing: Typing,
    pointer: String,
    result: Typed,
    /// What was rendered so far.
    bytes: usize,
    /// A limit was passed: nothing more is rendered.
    given_up: bool,
}

impl Walk<'_> {
    fn value(&mut self, value: &Json) -> Option<Json> {
        match value {
            Json::String(text) => self.text(text),
            Json::Array(items) => {
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let item = self.within(&index.to_string(), item);
                    out.push(item.unwrap_or(Json::Null));
                }
                Some(Json::Array(out))
            }
            Json::Object(fields) => {
                let mut out = Map::with_capacity(fields.len());
                for (key, field) in fields {
                    if let Some(field) = self.within(key, field) {
                        out.insert(key.clone(), field);
                    }
                }
                Some(Json::Object(out))
            }
            other => Some(other.clone()),
        }
    }

    fn within(&mut self, key: &str, value: &Json) -> Option<Json> {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&key.replace('~', "~0").replace('/', "~1"));
        let rendered = self.value(value);
        self.pointer.truncate(length);
        rendered
    }

    fn text(&mut self, text: &str) -> Option<Json> {
        if self.given_up {
            return None;
        }
        let template = self.engine.parsed(&self.pointer, text);
        match self.typing {
            Typing::Backstage if is_single(&template) => {
                let wrapped = wrap(text, self.engine.syntax());
                if let Some(rendered) = self.quietly(&wrapped) {
                    if rendered.is_empty() || !self.fits(text, rendered.len()) {
                        return None;
                    }
                    if let Ok(value) = serde_json::from_str(&rendered) {
                        return Some(value);
                    }
                }
            }
            Typing::Native => {
                if let [Statement::Output(expression)] = template.body.as_slice() {
                    let (value, told) = self.engine.evaluate(&template, expression, self.context);
                    self.result.secrets.extend(told.secrets);
                    self.tell(text, told.diagnostics);
                    let value = value?;
                    if !self.fits(text, value.len()) {
                        return None;
                    }
                    return serde_json::from_str(&value).ok();
                }
            }
            Typing::Backstage => {}
        }
        let rendering = self
            .engine
            .render_text(&self.pointer, text.as_bytes(), self.context);
        self.result.secrets.extend(rendering.secrets);
        self.tell(text, rendering.diagnostics);
        let output = rendering.output?;
        if !self.fits(text, output.len()) {
            return None;
        }
        let is_undefined = output.is_empty() && self.typing == Typing::Backstage;
        (!is_undefined).then_some(Json::String(output))
    }

    /// Renders a text that is not the user's own; if it fails, the user's own tells why.
    fn quietly(&mut self, text: &str) -> Option<String> {
        let fuel = self.engine.shared_fuel();
        let before = fuel.get();
        let rendering = self
            .engine
            .render_text(&self.pointer, text.as_bytes(), self.context);
        self.result.secrets.extend(rendering.secrets);
        if fuel.get() == Some(0) {
            // the user's own text runs out of them too, and knows where
            fuel.set(before);
        }
        rendering.output
    }

    /// All texts of a value together are one output.
    fn fits(&mut self, text: &str, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        let limit = self.engine.limits().output_bytes;
        let Err(exceeded) = LimitExceeded::check("output bytes", self.bytes, limit) else {
            return true;
        };
        let source = SourceText::new(&self.pointer, text);
        let at = source.place(Span::new(0, text.len()));
        self.tell(text, vec![exceeded.diagnostic(at)]);
        false
    }

    fn tell(&mut self, text: &str, diagnostics: Vec<Diagnostic>) {
        if diagnostics.is_empty() {
            return;
        }
        let is_limit = |found: &Diagnostic| found.code == "source/limit-exceeded";
        self.given_up |= diagnostics.iter().any(is_limit);
        self.result
            .sources
            .push(SourceText::new(&self.pointer, text));
        self.result.diagnostics.extend(diagnostics);
    }
}

/// The scaffolder's `isSingleTemplateString`: one node at the top, which is not text.
fn is_single(template: &Template) -> bool {
    let faulty = template.diagnostics.iter().any(Diagnostic::is_error);
    !faulty && matches!(template.body.as_slice(), [only] if !matches!(only, Statement::Text(_)))
}

/// What the scaffolder does to a single template: `/\${{(.+)}}/g` becomes `${{ ( $1 ) | dump }}`. The
/// dot matches no line break, so an expression over several lines is not wrapped.
fn wrap(text: &str, syntax: &Syntax) -> String {
    const BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];
    let (open, close) = (&syntax.variable_start, &syntax.variable_end);
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive(BREAKS) {
        match parts(line, open, close) {
            Some((before, inner, after)) => {
                let _ = write!(out, "{before}{open} ( {inner} ) | dump {close}{after}");
            }
            None => out.push_str(line),
        }
    }
    out
}

/// The first opening and the last closing brackets of a line, with something between them.
fn parts<'a>(line: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, rest) = line.split_once(open)?;
    let (inner, after) = rest.rsplit_once(close)?;
    if inner.is_empty() {
        // `${{}}}` closes one bracket further left
        return None;
    }
    Some((before, inner, after))
}
