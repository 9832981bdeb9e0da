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
    out.push('"');
    if is_plain(text) {
        out.push_str(text);
    } else {
        // Writing a string to memory cannot fail.
        for line in text.split_inclusive('\n') {
            let words = line.strip_suffix('\n').unwrap_or(line);
            if is_plain(words) {
                out.push_str(words);
            } else {
                let quoted = serde_json::to_string(words).unwrap_or_default();
                out.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
            }
            if words.len() < line.len() {
                out.push_str("\\n");
            }
        }
    }
    out.push('"');
}

/// Whether a text stands in JSON as it is: no control character, no quote, no backslash.
fn is_plain(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks();
    let is_special = |b: &u8| matches!(b, 0..b' ' | b'"' | b'\\');
    !words.iter().any(|word| has_special(*word)) && !rest.iter().any(is_special)
}

/// The same of eight bytes at a time: what is borrowed by a subtraction sets the highest bit of a byte.
fn has_special(word: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let word = u64::from_le_bytes(word);
    let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, b' ') | is(b'"') | is(b'\\')) & HIGHEST != 0
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn texts_are_written_as_serde_writes_them() {
        let characters = (0..=0x100)
            .filter_map(char::from_u32)
            .chain(['\u{2028}', '🦀']);
        for character in characters {
            for before in 0..10 {
                let text = format!("{}{character}\n\nabcdefgh{character}", "x".repeat(before));
                let mut out = String::new();
                string(&text, &mut out);
                assert_eq!(out, serde_json::to_string(&text).unwrap());
            }
        }
    }
}
