//! JSON, with the comments that JSON5 and configuration files have.

use std::fmt::Write as _;
use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::page::{Page, Refusal};
use crate::template::eval::origin::Origin;

/// Writes the values in a range of JSON.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let mut cursor = page.cursor(range);
    while let Some(byte) = cursor.peek() {
        match byte {
            b'"' => text(page, &mut cursor),
            b'/' if cursor.sees("//") => {
                let range = cursor.at..cursor.line_end();
                page.has_comments = true;
                comment::line(page, &range);
                cursor.at = range.end;
            }
            b'/' if cursor.sees("/*") => {
                let range = cursor.at..cursor.find("*/");
                page.has_comments = true;
                comment::block(page, &range, "*/");
                cursor.at = (range.end + 2).min(cursor.end);
            }
            byte if is_bare(byte) => bare(page, &mut cursor),
            _ => cursor.at += 1,
        }
    }
}

fn is_bare(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'"' | b'/'
    ) && !matches!(byte, b'[' | b']' | b'{' | b'}')
}

fn text(page: &mut Page, cursor: &mut Cursor) {
    let start = cursor.at;
    cursor.at += 1;
    let mut closed = false;
    let mut escaped = Vec::new();
    while let Some(byte) = cursor.peek() {
        cursor.at += 1;
        match byte {
            b'\\' => {
                escaped.push(cursor.at);
                cursor.at += 1;
            }
            b'"' => {
                closed = true;
                break;
            }
            // a text ends on its line, so a quote that does not is none
            b'\n' => break,
            _ => {}
        }
    }
    cursor.at = cursor.at.min(cursor.end);
    let range = start..cursor.at;
    for index in page.holes_in(&range) {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        if !closed {
            page.refuse(
                index,
                refusal(
                    "the quotes around this value are never closed",
                    "where a text ends tells how a value in it is written",
                    "close the quotes on the same line",
                ),
            );
        } else if escaped.contains(&hole.at) {
            page.refuse(
                index,
                refusal(
                    "this value would be part of an escape sequence",
                    "a backslash stands before it",
                    "write `\\\\` for a backslash",
                ),
            );
        } else {
            let form = escape(&hole.value);
            page.write(index, form);
        }
    }
}

/// A number, a word, or what a value makes one.
fn bare(page: &mut Page, cursor: &mut Cursor) {
    let start = cursor.skip_while(is_bare);
    let range = start..cursor.at;
    let holes = page.holes_in(&range);
    let mut ahead = cursor.clone();
    ahead.skip_while(|byte| byte.is_ascii_whitespace());
    let is_key = ahead.peek() == Some(b':');
    let is_whole = range.len() == 1 && holes.len() == 1;
    if let (true, Some(hole)) = (is_whole, page.hole(holes.start)) {
        let index = holes.start;
        let is_literal = !is_key && is_literal(&hole.value);
        match hole.origin {
            Origin::Json => page.keep(index),
            _ if is_literal => page.keep(index),
            _ => {
                let form = format!("\"{}\"", escape(&hole.value));
                page.write(index, form);
            }
        }
    } else if is_literal(&page.content(&range)) {
        page.keep_all(&range);
    } else {
        page.refuse_all(
            &range,
            &refusal(
                "this value is part of a word that is not in quotes",
                "JSON has numbers, `true`, `false` and `null` without quotes",
                "put the word in quotes",
            ),
        );
    }
}

/// Whether a text is a scalar of JSON without quotes.
fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || is_number(text)
}

pub(super) fn is_number(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let starts = rest.starts_with(|c: char| c.is_ascii_digit());
    starts && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// A text within double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-json",
        message: message.to_owned(),
        why,
        help,
    }
}
