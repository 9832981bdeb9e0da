//! Java's properties.

use std::fmt::Write as _;
use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::page::{Page, Refusal};

/// Writes the values in a range of properties.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let mut cursor = page.cursor(range);
    while cursor.at < cursor.end {
        let start = cursor.skip_while(is_blank);
        if matches!(cursor.peek(), Some(b'#' | b'!')) {
            let range = start..cursor.line_end();
            comment::line(page, &range);
        } else {
            entry(page, &mut cursor);
        }
        cursor.next_line();
    }
}

/// A key and its value, on one line or several with a backslash at the end of each.
fn entry(page: &mut Page, cursor: &mut Cursor) {
    let mut in_key = true;
    // nothing but blanks stands between the separator, or the start of the line, and here
    let mut at_start = true;
    while let Some(byte) = cursor.peek() {
        let at = cursor.at;
        if let Some(index) = page.hole_at(at) {
            write(page, index, in_key, at_start);
            at_start = false;
            cursor.at += 1;
            continue;
        }
        match byte {
            b'\n' | b'\r' => return,
            b'\\' => {
                cursor.at += 1;
                if let Some(index) = page.hole_at(cursor.at) {
                    page.refuse(
                        index,
                        refusal(
                            "this value would be part of an escape sequence",
                            "a backslash stands before it",
                            "write `\\\\` for a backslash",
                        ),
                    );
                }
                if cursor.skip("\r\n") || cursor.skip("\n") || cursor.skip("\r") {
                    cursor.skip_while(is_blank);
                    at_start = true;
                    continue;
                }
                at_start = false;
            }
            b'=' | b':' if in_key => {
                in_key = false;
                at_start = true;
            }
            byte if is_blank(byte) => {
                let was_key = in_key && !at_start;
                cursor.skip_while(is_blank);
                // a blank ends the key too, and a separator may follow it
                if was_key {
                    in_key = false;
                    at_start = true;
                    if matches!(cursor.peek(), Some(b'=' | b':'))
                        && page.hole_at(cursor.at).is_none()
                    {
                        cursor.at += 1;
                    }
                }
                continue;
            }
            _ => at_start = false,
        }
        cursor.at += 1;
    }
}

fn write(page: &mut Page, index: usize, in_key: bool, at_start: bool) {
    let Some(hole) = page.hole(index) else {
        return;
    };
    if hole.value.contains("${") || hole.value.contains("#{") {
        return page.refuse(
            index,
            refusal(
                "this value has `${` or `#{`",
                "Spring and others replace them by other properties, or run them",
                "leave them out of the value",
            ),
        );
    }
    if in_key && hole.value.is_empty() {
        return page.refuse(
            index,
            refusal(
                "this value is empty, and part of a key",
                "what follows would be taken for the key",
                "use a value that is not empty",
            ),
        );
    }
    let form = escaped(&hole.value, in_key, at_start);
    page.write(index, form);
}

fn escaped(text: &str, in_key: bool, at_start: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut leading = at_start;
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{C}' => out.push_str("\\f"),
            ' ' if in_key || leading => out.push_str("\\ "),
            '=' | ':' | '#' | '!' if in_key || leading => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
        leading &= c == ' ';
    }
    out
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0C)
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-properties",
        message: message.to_owned(),
        why,
        help,
    }
}
