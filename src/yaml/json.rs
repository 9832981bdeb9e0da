//! A node as JSON.

use serde_json::{Map, Number, Value};

use super::document::{EntryIter, ItemIter, Kind, Node};
use super::number::js_number;

impl Node<'_> {
    /// The value as JSON text, as `JSON.stringify` would write it: keys in the order of the file.
    pub fn to_json(self) -> String {
        let mut out = String::with_capacity(self.span().end.saturating_sub(self.span().start));
        let mut open = Vec::new();
        open_value(self, &mut out, &mut open);
        while let Some(last) = open.last_mut() {
            let value = match last {
                Open::Sequence(items, first) => items.next().inspect(|_| comma(&mut out, first)),
                Open::Mapping(entries, first) => entries.next().map(|entry| {
                    comma(&mut out, first);
                    string(entry.name, &mut out);
                    out.push(':');
                    entry.value
                }),
            };
            if let Some(value) = value {
                open_value(value, &mut out, &mut open);
            } else {
                out.push(match open.pop() {
                    Some(Open::Sequence(..)) => ']',
                    _ => '}',
                });
            }
        }
        out
    }

    /// The value in serde's terms. Nesting is bounded by the parser, so this may recurse.
    pub fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Number(value) => Value::Number(json_number(value)),
            Kind::Text(text) => Value::String(text.to_owned()),
            Kind::Sequence(items) => items.into_iter().map(Node::to_value).collect(),
            Kind::Mapping(entries) => entries
                .into_iter()
                .map(|entry| (entry.name.to_owned(), entry.value.to_value()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

/// An integer if it is one, as JSON text would say it.
pub(super) fn json_number(value: f64) -> Number {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the integers that a double tells apart"
    )]
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        return (value as i64).into();
    }
    Number::from_f64(value).unwrap_or_else(|| 0.into())
}

/// A collection that is being written; the flag says that nothing was written in it yet.
enum Open<'t> {
    Sequence(ItemIter<'t>, bool),
    Mapping(EntryIter<'t>, bool),
}

fn open_value<'t>(node: Node<'t>, out: &mut String, open: &mut Vec<Open<'t>>) {
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Kind::Number(value) => out.push_str(&js_number(value)),
        Kind::Text(text) => string(text, out),
        Kind::Sequence(items) => {
            out.push('[');
            open.push(Open::Sequence(items.into_iter(), true));
        }
        Kind::Mapping(entries) => {
            out.push('{');
            open.push(Open::Mapping(entries.into_iter(), true));
        }
    }
}

fn comma(out: &mut String, first: &mut bool) {
    if !std::mem::take(first) {
        out.push(',');
    }
}

fn string(text: &str, out: &mut String) {
    let is_plain = |b: &u8| !matches!(b, 0..b' ' | b'"' | b'\\');
    if text.as_bytes().iter().all(is_plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    // Writing a string to memory cannot fail.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}
