//! Text: code spans, links, tags, and the words between them.

use std::ops::Range;

use super::{refusal, text};
use crate::template::escape::cursor::Cursor;
use crate::template::escape::page::Page;
use crate::template::escape::{comment, xml};

/// Writes the values of a paragraph, a heading, or a row.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let mut cursor = page.cursor(range);
    let mut escaped = false;
    while let Some(byte) = cursor.peek() {
        let at = cursor.at;
        if let Some(index) = page.hole_at(at) {
            word(page, &cursor, index, escaped);
            cursor.at += 1;
            escaped = false;
            continue;
        }
        match byte {
            _ if escaped => {
                cursor.at += 1;
                escaped = false;
            }
            b'\\' => {
                escaped = true;
                cursor.at += 1;
            }
            b'`' => code(page, &mut cursor),
            b'<' => tag(page, &mut cursor),
            b']' if cursor.skip("](") => link(page, &mut cursor),
            b']' if cursor.skip("]:") => {
                let end = cursor.line_end();
                cursor.skip_while(|byte| byte == b' ');
                destination(page, &(cursor.at..end));
                cursor.at = end;
            }
            _ => cursor.at += 1,
        }
    }
}

fn word(page: &mut Page, cursor: &Cursor, index: usize, escaped: bool) {
    let Some(hole) = page.hole(index) else {
        return;
    };
    let at = cursor.at;
    // on a line without end, the value may well be the first
    let before = cursor.slice(at.saturating_sub(LOOK_BACK)..at);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let marks = |c: char| c.is_whitespace() || c.is_ascii_digit() || ">-*+#|.)".contains(c);
    let place = text::Place {
        starts_line: line.trim_start_matches(marks).is_empty(),
        after_backslash: escaped,
        next: cursor.byte(at + 1),
    };
    let form = text::escape(&hole.value, place);
    page.write(index, form);
}

/// How far back a line is looked for.
const LOOK_BACK: usize = 4096;

/// Code between backticks, if there are as many at its end.
fn code(page: &mut Page, cursor: &mut Cursor) {
    let start = cursor.skip_while(|byte| byte == b'`');
    let length = cursor.at - start;
    let mut ahead = cursor.clone();
    while ahead.at < ahead.end {
        ahead.skip_while(|byte| byte != b'`');
        let close = ahead.skip_while(|byte| byte == b'`');
        if ahead.at - close == length {
            let range = cursor.at..close;
            for index in page.holes_in(&range) {
                let Some(hole) = page.hole(index) else {
                    continue;
                };
                if hole.value.contains(['`', '|']) {
                    page.refuse(
                        index,
                        refusal(
                            "this value has a backtick or a `|` and stands between backticks",
                            "code between backticks has no escapes, and `|` ends a table's cell",
                            "write it as text, or as a code block",
                        ),
                    );
                } else {
                    let form = comment::one_line(&hole.value);
                    page.write(index, form);
                }
            }
            cursor.at = ahead.at;
            return;
        }
    }
}

fn tag(page: &mut Page, cursor: &mut Cursor) {
    if cursor.skip("<!--") {
        let range = cursor.at..cursor.find("-->");
        comment::block(page, &range, "-->");
        cursor.at = (range.end + 3).min(cursor.end);
        return;
    }
    let mut ahead = cursor.clone();
    ahead.at += 1;
    ahead.skip("/");
    let start = ahead.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if ahead.at == start {
        cursor.at += 1;
    } else if matches!(ahead.peek(), Some(b':' | b'@' | b'.' | b'+')) {
        let end = cursor.find(">");
        destination(page, &(cursor.at + 1..end));
        cursor.at = end;
    } else {
        xml::html::tag(page, cursor);
    }
}

/// What is between the parentheses of a link or an image.
fn link(page: &mut Page, cursor: &mut Cursor) {
    let start = cursor.at;
    let mut open = 0_usize;
    while let Some(byte) = cursor.peek() {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => break,
            b')' => open -= 1,
            byte if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        cursor.at += 1;
    }
    destination(page, &(start..cursor.at));
    if cursor.peek() != Some(b')') {
        let title = cursor.at..cursor.find(")");
        for index in page.holes_in(&title) {
            if let Some(hole) = page.hole(index) {
                let form = xml::attribute(&text::escape(&hole.value, text::Place::default()));
                page.write(index, form.replace("&amp;", "&"));
            }
        }
        cursor.at = title.end;
    }
}

fn destination(page: &mut Page, range: &Range<usize>) {
    for index in page.holes_in(range) {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        let starts = hole.at == range.start;
        if starts && has_foreign_scheme(&hole.value) {
            page.refuse(
                index,
                refusal(
                    "this value is the scheme of a link, and none of `http`, `https` and `mailto`",
                    "a link such as `javascript:` runs what follows",
                    "write the beginning of the address out",
                ),
            );
        } else {
            let form = text::encode(&hole.value);
            page.write(index, form);
        }
    }
}

fn has_foreign_scheme(address: &str) -> bool {
    let end = address.find([':', '/', '?', '#']);
    let Some((scheme, rest)) = end.and_then(|end| address.split_at_checked(end)) else {
        return false;
    };
    let scheme: String = scheme.chars().filter(char::is_ascii_graphic).collect();
    let known = ["http", "https", "mailto"];
    rest.starts_with(':') && !known.contains(&scheme.to_ascii_lowercase().as_str())
}
