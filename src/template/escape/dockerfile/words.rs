//! Words of an instruction: names, paths, `key=value`.

use std::ops::Range;

use super::{line_break, refusal};
use crate::template::escape::page::Page;

/// Whether a text is part of a word, and nothing else. Docker has no quotes in most instructions.
pub(super) fn is_harmless(text: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,-".contains(c);
    !text.is_empty() && text.chars().all(harmless)
}

/// Writes the values; `quotes` in instructions that know quotes, as `ENV` does.
pub(super) fn scan(page: &mut Page, range: &Range<usize>, quotes: bool) {
    let mut cursor = page.cursor(range.clone());
    let mut quote = None;
    let mut word = cursor.at;
    let mut has_name = false;
    while let Some(byte) = cursor.peek() {
        let at = cursor.at;
        cursor.at += 1;
        if let Some(index) = page.hole_at(at) {
            let place = Place {
                quote,
                starts: word == at,
                in_value: has_name,
            };
            write(page, index, place, quotes);
            continue;
        }
        match (byte, quote) {
            (b'\\', None | Some(b'"')) => {
                if let Some(index) = page.hole_at(at + 1) {
                    page.refuse(
                        index,
                        refusal(
                            "a backslash stands before this value",
                            "it would take the value's first character out of its quotes",
                            "write `\\\\` for a backslash",
                        ),
                    );
                }
                cursor.at += 1;
            }
            (b'"' | b'\'', None) if quotes => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'=', None) => has_name = true,
            (b' ' | b'\t' | b'\r' | b'\n', None) => {
                word = cursor.at;
                has_name = false;
            }
            _ => {}
        }
    }
    if quote.is_some() {
        page.refuse_all(
            range,
            &refusal(
                "the quotes around this value are never closed",
                "where a quoted text ends tells how a value in it is written",
                "close the quotes",
            ),
        );
    }
}

#[derive(Clone, Copy)]
struct Place {
    quote: Option<u8>,
    /// It begins its word.
    starts: bool,
    /// It is behind `name=`.
    in_value: bool,
}

fn write(page: &mut Page, index: usize, place: Place, quotes: bool) {
    let Some(hole) = page.hole(index) else {
        return;
    };
    let value = &hole.value;
    if value.contains(['\n', '\r', '\0']) {
        return page.refuse(index, line_break());
    }
    let is_flag = place.starts && value.starts_with('-');
    if is_harmless(value) && !is_flag {
        return page.keep(index);
    }
    let form = match place.quote {
        Some(b'\'') => value.replace('\'', "'\"'\"'"),
        Some(_) => escaped(value),
        None if quotes && place.in_value => format!("\"{}\"", escaped(value)),
        None => {
            return page.refuse(
                index,
                refusal(
                    "this value is more than a plain word",
                    "this instruction has no quotes that could keep it together",
                    "use a value of letters, digits and `_./:@%+,-`, not one that begins with `-`",
                ),
            );
        }
    };
    page.write(index, form);
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
