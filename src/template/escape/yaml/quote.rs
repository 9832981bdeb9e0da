//! Values in quoted scalars, and scalars that need quotes.

use std::fmt::Write as _;
use std::ops::Range;

use crate::template::escape::page::{Page, Part};

/// Writes the values within double quotes.
pub(super) fn in_double(page: &mut Page, content: &Range<usize>) {
    let long = is_long(page, content);
    for index in page.holes_in(content) {
        if let Some(hole) = page.hole(index) {
            let form = escaped(&hole.value, long);
            page.write(index, form);
        }
    }
}

/// Writes the values within single quotes, which become double quotes where a value needs them.
pub(super) fn in_single(page: &mut Page, quoted: &Range<usize>, content: &Range<usize>) {
    let holes = page.holes_in(content);
    if holes.is_empty() {
        return;
    }
    let long = is_long(page, content);
    let needs_escape = holes.clone().any(|index| {
        page.hole(index).is_some_and(|hole| {
            hole.value.chars().any(is_special) || (long && hole.value != hole.value.trim())
        })
    });
    if needs_escape {
        let form = double_quoted(page, content, true);
        page.replace(quoted.clone(), form);
        return;
    }
    for index in holes {
        if let Some(hole) = page.hole(index) {
            let form = hole.value.replace('\'', "''");
            page.write(index, form);
        }
    }
}

/// A range as a scalar in double quotes; `single` if it was written for single quotes.
pub(super) fn double_quoted(page: &Page, range: &Range<usize>, single: bool) -> String {
    let long = is_long(page, range);
    let mut out = String::from("\"");
    for part in page.parts(range) {
        match part {
            Part::Text(text) if single => out.push_str(&author(&text.replace("''", "'"))),
            Part::Text(text) => out.push_str(&author(text)),
            Part::Hole(_, hole) => out.push_str(&escaped(&hole.value, long)),
        }
    }
    out.push('"');
    out
}

fn is_long(page: &Page, range: &Range<usize>) -> bool {
    page.cursor(range.clone()).rest().contains('\n')
}

/// What the author wrote, its line breaks as they are.
fn author(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// A value within double quotes. In a scalar of several lines, blanks beside a line break would be lost.
fn escaped(value: &str, long: bool) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (index, c) in value.chars().enumerate() {
        let at_edge = index == 0 || index == last;
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' ' if long && at_edge => out.push_str("\\x20"),
            c if is_special(c) => {
                let code = u32::from(c);
                let _ = if code < 0x100 {
                    write!(out, "\\x{code:02x}")
                } else {
                    write!(out, "\\u{code:04x}")
                };
            }
            c => out.push(c),
        }
    }
    out
}

/// Characters that YAML reads as line breaks, or does not read at all, unless they are escaped.
pub(super) fn is_special(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}
