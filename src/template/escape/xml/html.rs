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
        let body = cursor.at..cursor.find("</");
        for index in page.holes_in(&body) {
            words_only(page, index);
        }
        cursor.at = body.end;
    }
}

fn attributes(page: &mut Page, tag: &Range<usize>) {
    let cursor = page.cursor(tag.clone());
    for index in page.holes_in(tag) {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        let before = cursor.slice(tag.start..hole.at);
        let Some((head, start)) = before.rsplit_once('=') else {
            continue;
        };
        let start = start.trim_start();
        let name = head.trim_end().rsplit(char::is_whitespace).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let is_code = name.starts_with("on") || matches!(name.as_str(), "style" | "srcdoc");
        let begins = start.len() <= 1;
        if is_code {
            words_only(page, index);
        } else if begins && ADDRESSES.contains(&name.as_str()) && runs(&hole.value) {
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
