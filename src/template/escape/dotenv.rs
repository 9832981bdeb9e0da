//! `.env` files. Their readers (dotenv, Compose, shells) agree on little: names, plain words, and what
//! stands between single quotes on one line.

use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::page::{Page, Refusal};

/// Writes the values in a range of such a file.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let mut cursor = page.cursor(range);
    while cursor.at < cursor.end {
        line(page, &mut cursor);
        cursor.next_line();
    }
}

fn line(page: &mut Page, cursor: &mut Cursor) {
    let line = cursor.at..cursor.line_end();
    let text = cursor.slice(line.clone()).trim_start();
    if text.starts_with('#') {
        return comment::line(page, &line);
    }
    let Some(length) = cursor.slice(line.clone()).find('=') else {
        return names(page, &line);
    };
    names(page, &(line.start..line.start + length));
    cursor.at = line.start + length + 1;
    cursor.skip_while(|byte| matches!(byte, b' ' | b'\t'));
    let value = cursor.at..line.end;
    match cursor.peek().filter(|_| cursor.at < line.end) {
        Some(quote @ (b'"' | b'\'')) => quoted(page, cursor, &value, quote),
        _ => bare(page, cursor, value),
    }
}

/// A value in quotes, and the comment behind it.
fn quoted(page: &mut Page, cursor: &Cursor, range: &Range<usize>, quote: u8) {
    let inner = cursor.slice(range.start + 1..range.end);
    let Some(length) = inner.find(char::from(quote)) else {
        return page.refuse_all(
            range,
            &refusal(
                "the quotes around this value are not closed on its line",
                "readers of `.env` files do not agree on values of several lines",
                "close the quotes on the same line",
            ),
        );
    };
    let end = range.start + 1 + length;
    let takes: fn(&str) -> bool = if quote == b'\'' {
        |value| {
            !value
                .chars()
                .any(|c| matches!(c, '\'' | '\\') || is_special(c))
        }
    } else {
        |value| {
            !value
                .chars()
                .any(|c| "\"\\$`'".contains(c) || is_special(c))
        }
    };
    only(page, &(range.start..end), takes);
    let rest = end + 1..range.end;
    if cursor.slice(rest.clone()).trim_start().starts_with('#') {
        comment::line(page, &rest);
    } else {
        only(page, &rest, |_| false);
    }
}

/// A value without quotes: if it is nothing else, it can get them.
fn bare(page: &mut Page, cursor: &Cursor, range: Range<usize>) {
    let comment = cursor.slice(range.clone()).find(" #");
    let end = comment.map_or(range.end, |at| range.start + at);
    comment::line(page, &(end..range.end));
    let value = range.start..end;
    let text = cursor.slice(value.clone());
    let content = page.content(&value);
    let holes = page.holes_in(&value);
    let is_whole = holes.len() == 1 && text.trim_end().len() == 1;
    let quotable = !content
        .chars()
        .any(|c| matches!(c, '\'' | '\\') || is_special(c));
    if is_whole && !content.is_empty() && !is_plain(&content) && quotable {
        let hole = page.hole(holes.start);
        let form = hole.map_or_else(String::new, |hole| format!("'{}'", hole.value));
        page.write(holes.start, form);
    } else {
        only(page, &value, is_plain);
    }
}

fn names(page: &mut Page, range: &Range<usize>) {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    for index in page.holes_in(range) {
        let hole = page.hole(index);
        if hole.is_some_and(|hole| !hole.value.is_empty() && hole.value.bytes().all(is_name)) {
            page.keep(index);
        } else {
            page.refuse(
                index,
                refusal(
                    "this value is part of the name of a variable",
                    "such a name has only letters, digits and `_`",
                    "use a value that is a name, or write the name out",
                ),
            );
        }
    }
}

/// Refuses what this place does not take.
fn only(page: &mut Page, range: &Range<usize>, takes: impl Fn(&str) -> bool) {
    for index in page.holes_in(range) {
        if page.hole(index).is_some_and(|hole| takes(&hole.value)) {
            page.keep(index);
        } else {
            page.refuse(
                index,
                refusal(
                    "this value cannot be written into a `.env` file here",
                    "readers of such files do not agree on quotes, `$`, backslashes and line breaks",
                    "put single quotes around the whole value, and leave these characters out of it",
                ),
            );
        }
    }
}

/// A word that all readers take as it is.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    text.chars().all(plain)
}

fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-dotenv",
        message: message.to_owned(),
        why,
        help,
    }
}
