//! What browsers run: attributes of events and styles, links to scripts, the content of `script`.

use std::ops::Range;

use super::refusal;
use crate::template::escape::cursor::Cursor;
use crate::template::escape::page::Page;

/// Attributes that name an address.
const ADDRESSES: [&str; 8] = [
    "href",
    "src",
    "xlink:href",
    "action",
    "formaction",
    "data",
    "poster",
    "to",
];

/// A tag, and what is in it if that is code.
pub(in super::super) fn tag(page: &mut Page, cursor: &mut Cursor) {
    let start = cursor.at;
    super::tag(page, cursor);
    let whole = start..cursor.at;
    attributes(page, &whole);
    let text = cursor.slice(whole.clone()).to_ascii_lowercase();
    let name = text.trim_start_matches('<');
    let length = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let name = name.get(..length).unwrap_or_default();
    if matches!(name, "script" | "style") && !text.ends_with("/>") {
        let rest = cursor.rest().to_ascii_lowercase();
        let end = rest.find(&format!("</{name}"));
        let body = cursor.at..end.map_or(cursor.end, |end| cursor.at + end);
        for index in page.holes_in(&body) {
            words_only(page, index);
        }
        cursor.at = body.end;
    }
}

fn attributes(page: &mut Page, tag: &Range<usize>) {
    let mut cursor = page.cursor(tag.clone());
    cursor.skip_while(|byte| !byte.is_ascii_whitespace() && byte != b'/');
    while cursor.at < cursor.end {
        cursor.skip_while(|byte| byte.is_ascii_whitespace() || byte == b'/');
        let start =
            cursor.skip_while(|byte| !byte.is_ascii_whitespace() && !b"=/>".contains(&byte));
        let name = page.content(&(start..cursor.at)).to_ascii_lowercase();
        cursor.skip_while(|byte| byte.is_ascii_whitespace());
        if !cursor.skip("=") {
            cursor.at += usize::from(start == cursor.at);
            continue;
        }
        cursor.skip_while(|byte| byte.is_ascii_whitespace());
        let quote = cursor.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        cursor.at += usize::from(quote.is_some());
        let ends = |byte: u8| match quote {
            Some(quote) => byte == quote,
            None => byte.is_ascii_whitespace() || byte == b'>',
        };
        let start = cursor.skip_while(|byte| !ends(byte));
        attribute(page, &name, start..cursor.at);
        cursor.at += usize::from(quote.is_some());
    }
}

fn attribute(page: &mut Page, name: &str, value: Range<usize>) {
    let is_code = name.starts_with("on") || matches!(name, "style" | "srcdoc");
    for index in page.holes_in(&value) {
        let hole = page.hole(index).filter(|hole| hole.at == value.start);
        if is_code {
            words_only(page, index);
        } else if ADDRESSES.contains(&name) && hole.is_some_and(|hole| runs(&hole.value)) {
            page.refuse(
                index,
                refusal(
                    "this value is the scheme of a link that browsers run",
                    "a link such as `javascript:` runs what follows",
                    "write the beginning of the address out",
                ),
            );
        }
    }
}

/// Whether an address is code or a page of its own. The value may be written already.
fn runs(address: &str) -> bool {
    let scheme: String = address.chars().filter(char::is_ascii_graphic).collect();
    let scheme = scheme
        .replace("&#9;", "")
        .replace("&#10;", "")
        .replace("&#13;", "");
    let scheme = scheme.to_ascii_lowercase();
    let schemes = ["javascript:", "vbscript:", "data:"];
    schemes.iter().any(|known| scheme.starts_with(known))
}

fn words_only(page: &mut Page, index: usize) {
    let is_word = page.hole(index).is_some_and(|hole| {
        let mut chars = hole.value.chars();
        chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '#'))
    });
    if is_word {
        page.keep(index);
    } else {
        page.refuse(
            index,
            refusal(
                "this value is part of code that browsers run",
                "scripts, styles and attributes of events have no escape that all of them share",
                "use a value of letters, digits and `_-.#`",
            ),
        );
    }
}
