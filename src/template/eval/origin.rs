//! Where each piece of the output comes from: the template's author, or a value.
//!
//! What is written goes through [`Machine::emit`]. Texts of the template, its literals and what
//! `safe` marked are the author's; everything else is a value's. A captured block (the body of a
//! macro, a `set` block) keeps the origins of its pieces as long as its text stays whole.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Machine, Outcome};
use crate::source::{SourceText, Span};
use crate::template::value::convert::to_text;
use crate::template::value::{Value, number};

/// Who wrote a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The template's author.
    Template,
    /// Text of a value.
    Text,
    /// A number or a boolean.
    Scalar,
    /// JSON that `dump` made of a value.
    Json,
}

/// A piece of the output.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Where it begins; it ends where the next does.
    pub start: usize,
    pub origin: Origin,
    /// The part of the template that gave it.
    pub span: Span,
    pub source: Rc<SourceText>,
}

/// What is known of texts, by their address.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    known: HashMap<*const u8, (Rc<str>, Known)>,
    /// Bytes of texts in `known` after which it is looked through for those that nobody else has.
    sweep_at: usize,
    bytes: usize,
}

#[derive(Debug, Clone)]
enum Known {
    Is(Origin),
    Captured(Rc<[Piece]>),
}

/// A first look through what is known comes after so many bytes.
const FIRST_SWEEP: usize = 1 << 20;

impl Origins {
    fn remember(&mut self, text: &Rc<str>, known: Known) {
        self.bytes += text.len() + 64;
        if self.bytes > self.sweep_at.max(FIRST_SWEEP) {
            self.known.retain(|_, (text, _)| Rc::strong_count(text) > 1);
            let left = self.known.values().map(|(text, _)| text.len() + 64);
            self.bytes = left.sum::<usize>() + text.len() + 64;
            self.sweep_at = self.bytes * 2;
        }
        // the text is kept, so that nothing else can come to its address
        self.known
            .insert(Rc::as_ptr(text).cast(), (Rc::clone(text), known));
    }

    fn of(&self, text: &Rc<str>) -> Known {
        let known = self.known.get(&Rc::as_ptr(text).cast());
        known.map_or(Known::Is(Origin::Text), |(_, known)| known.clone())
    }
}

impl Machine<'_> {
    /// Writes a piece: the one place where output is made.
    pub(super) fn emit(&mut self, text: &str, origin: Origin, span: Span) -> Outcome<()> {
        let start = self.out.len();
        if let Some(trace) = &mut self.trace {
            trace.push(Piece {
                start,
                origin,
                span,
                source: Rc::clone(&self.source),
            });
        }
        self.write(text)
    }

    /// Writes a value as text.
    pub(super) fn emit_value(&mut self, value: &Value, span: Span) -> Outcome<()> {
        match value {
            Value::Undefined | Value::Null => Ok(()),
            Value::Str(text) | Value::Safe(text) => match self.origin_of(text) {
                Known::Is(origin) => self.emit(text, origin, span),
                Known::Captured(pieces) => {
                    let start = self.out.len();
                    let moved = pieces.iter().cloned().map(|piece| Piece {
                        start: start + piece.start,
                        ..piece
                    });
                    if let Some(trace) = &mut self.trace {
                        trace.extend(moved);
                    }
                    self.pay(pieces.len())?;
                    self.write(text)
                }
            },
            Value::Bool(truth) => {
                let text = if *truth { "true" } else { "false" };
                self.emit(text, Origin::Scalar, span)
            }
            Value::Number(number) => self.emit(&number::print(*number), Origin::Scalar, span),
            other => {
                let text = to_text(other)?;
                self.emit(&text, Origin::Text, span)
            }
        }
    }

    fn origin_of(&self, text: &Rc<str>) -> Known {
        let origins = self.origins.as_ref();
        origins.map_or(Known::Is(Origin::Text), |origins| origins.of(text))
    }

    /// Notes that a value is a literal of the template.
    pub(super) fn note_literal(&mut self, value: &Value) {
        if let (Some(origins), Value::Str(text)) = (&mut self.origins, value) {
            // a literal lives as long as the template, so its address is its own
            let known = Known::Is(Origin::Template);
            let entry = origins.known.entry(Rc::as_ptr(text).cast());
            entry.or_insert_with(|| (Rc::clone(text), known));
        }
    }

    /// The result of a filter, with what is known of it.
    pub(super) fn filtered(&mut self, name: &str, result: Value, from: &[Value]) -> Value {
        let origin = match name {
            "safe" => Origin::Template,
            "dump" | "jsonify" => Origin::Json,
            _ => return self.derive(result, from),
        };
        if self.origins.is_none() {
            return self.derive(result, from);
        }
        // `safe` may have given back the text it got, which elsewhere is not safe
        let result = match result {
            Value::Str(text) => Value::text(&*text),
            Value::Safe(text) => Value::Safe(Rc::from(&*text)),
            other => other,
        };
        let result = self.derive(result, from);
        if let (Some(origins), Some(text)) = (&mut self.origins, result.as_text()) {
            origins.remember(text, Known::Is(origin));
        }
        result
    }

    /// Keeps the pieces of a captured text.
    pub(super) fn note_capture(&mut self, text: &Rc<str>, pieces: Option<Vec<Piece>>) {
        if let (Some(origins), Some(pieces)) = (&mut self.origins, pieces) {
            origins.remember(text, Known::Captured(pieces.into()));
        }
    }
}
