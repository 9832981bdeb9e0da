//! XML: text, attributes, comments, CDATA.

pub(super) mod html;

use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::page::{Page, Refusal};

/// Writes the values in a range of XML, or of HTML.
pub(super) fn scan(page: &mut Page, range: Range<usize>, is_html: bool) {
    let mut cursor = page.cursor(range);
    // browsers show pictures, and run what is in them
    let is_page = is_html || cursor.rest().contains("<svg");
    while cursor.at < cursor.end {
        let start = cursor.at;
        if cursor.skip("<!--") {
            let range = until(&mut cursor, "-->");
            comment::block(page, &range, "-->");
        } else if !is_html && cursor.skip("<![CDATA[") {
            let range = until(&mut cursor, "]]>");
            rewrite(page, &range, cdata);
        } else if cursor.sees("<?") || cursor.sees("<!") {
            let range = until(&mut cursor, ">");
            names(page, &(start..range.end));
        } else if cursor.sees("<") {
            if is_page {
                html::tag(page, &mut cursor);
            } else {
                tag(page, &mut cursor);
            }
        } else {
            cursor.at = cursor.find("<");
            rewrite(page, &(start..cursor.at), text);
        }
    }
}

/// The range up to a mark, behind which the cursor is left.
fn until(cursor: &mut Cursor, mark: &str) -> Range<usize> {
    let range = cursor.at..cursor.find(mark);
    cursor.at = (range.end + mark.len()).min(cursor.end);
    range
}

/// A tag: names, and attributes in quotes.
pub(super) fn tag(page: &mut Page, cursor: &mut Cursor) {
    cursor.at += 1;
    loop {
        let start = cursor.skip_while(|byte| !matches!(byte, b'"' | b'\'' | b'>'));
        names(page, &(start..cursor.at));
        match cursor.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                let start = cursor.at;
                cursor.at += 1;
                cursor.skip_while(|byte| byte != quote);
                let range = start + 1..cursor.at;
                if cursor.peek().is_some() {
                    cursor.at += 1;
                    rewrite(page, &range, attribute);
                } else {
                    names(page, &range);
                }
            }
            Some(_) => {
                cursor.at += 1;
                return;
            }
            None => return,
        }
    }
}

/// Values in a tag, where only names can be.
fn names(page: &mut Page, range: &Range<usize>) {
    for index in page.holes_in(range) {
        let is_name = page.hole(index).is_some_and(|hole| {
            let mut chars = hole.value.chars();
            let starts = chars
                .next()
                .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
            starts && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        });
        if is_name {
            page.keep(index);
        } else {
            page.refuse(
                index,
                refusal(
                    "this value is part of a tag",
                    "a tag has only names outside of quotes",
                    "put the value into the quotes of an attribute, or between tags",
                ),
            );
        }
    }
}

fn rewrite(page: &mut Page, range: &Range<usize>, form: impl Fn(&str) -> String) {
    for index in page.holes_in(range) {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        if hole.value.chars().all(is_character) {
            let text = form(&hole.value);
            page.write(index, text);
        } else {
            page.refuse(
                index,
                refusal(
                    "this value has characters that XML cannot hold",
                    "XML has no control characters, not even as references",
                    "leave them out of the value",
                ),
            );
        }
    }
}

/// The characters of XML 1.0.
fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}

fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // a reader would make it a line feed
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // a reader would make them blanks
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c => out.push_str(&text(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}

/// No bracket is left beside another, whatever stands around the value.
fn cdata(value: &str) -> String {
    let split = value.replace(']', "]]]><![CDATA[");
    if value.starts_with('>') {
        return format!("]]><![CDATA[{split}");
    }
    split
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-xml",
        message: message.to_owned(),
        why,
        help,
    }
}
