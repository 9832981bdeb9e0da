//! YAML that is a template of another program too, such as Helm or Ansible: between `{{` and `}}` is its code.

use std::ops::Range;

use crate::template::escape::cursor::Cursor;
use crate::template::escape::page::{Page, Refusal};

/// The actions of a text, with their braces. Values in them, and beside them on a line, can only be plain
/// words; others cannot begin an action.
pub(super) fn guard(page: &mut Page, range: &Range<usize>) -> Vec<Range<usize>> {
    let cursor = page.cursor(range.clone());
    let actions = find(page, &cursor);
    if actions.is_empty() {
        return actions;
    }
    for index in page.holes_in(range) {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        let (at, value) = (hole.at, hole.value.as_str());
        if actions.iter().any(|action| action.contains(&at)) {
            if value.chars().all(is_plain) {
                page.fix(index);
            } else {
                page.refuse(
                    index,
                    refusal(
                        "this value is part of code between `{{` and `}}`",
                        "the program that reads the file next, such as Helm, runs it",
                        "use a value of letters, digits and `_-./:`, or take it from that program's values",
                    ),
                );
            }
        } else if value.contains("{{") || value.starts_with('{') || value.ends_with('{') {
            page.refuse(
                index,
                refusal(
                    "this value would begin an action between `{{` and `}}`",
                    "the program that reads the file next, such as Helm, runs it",
                    "leave the braces out of the value",
                ),
            );
        } else if is_beside(&cursor, &actions, at) && !is_words(value) {
            page.refuse(
                index,
                refusal(
                    "this value needs quotes, which code between `{{` and `}}` on its line cannot have around it",
                    "where that code ends tells how a value beside it is written",
                    "use a value of letters, digits, blanks and `_-./`, or write it on a line of its own",
                ),
            );
        }
    }
    actions
}

fn find(page: &Page, cursor: &Cursor) -> Vec<Range<usize>> {
    let mut cursor = cursor.clone();
    let mut found = Vec::new();
    loop {
        let start = cursor.find("{{");
        if start >= cursor.end {
            return found;
        }
        cursor.at = start + 2;
        // an expression of GitHub's is none, and a value's word is no brace
        if start.checked_sub(1).and_then(|at| cursor.byte(at)) == Some(b'$') {
            continue;
        }
        let mut quote = None;
        while let Some(byte) = cursor.peek() {
            if quote.is_none() && cursor.sees("}}") {
                break;
            }
            match quote {
                Some(open) if byte == open => quote = None,
                Some(b'"') if byte == b'\\' => cursor.at += 1,
                None if matches!(byte, b'"' | b'`') && page.hole_at(cursor.at).is_none() => {
                    quote = Some(byte);
                }
                _ => {}
            }
            cursor.at += 1;
        }
        cursor.at = (cursor.at + 2).min(cursor.end);
        found.push(start..cursor.at);
    }
}

/// Whether an action is on the line of this place.
fn is_beside(cursor: &Cursor, actions: &[Range<usize>], at: usize) -> bool {
    let start = cursor.slice(0..at).rfind('\n').map_or(0, |found| found + 1);
    let mut ahead = cursor.clone();
    ahead.at = at;
    let end = ahead.line_end();
    actions
        .iter()
        .any(|action| action.start < end && action.end > start)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./:".contains(c)
}

/// Words with single blanks between them, which need no quotes anywhere.
fn is_words(text: &str) -> bool {
    let words = |word: &str| {
        let is_edge = |c: char| c.is_ascii_alphanumeric();
        word.starts_with(is_edge) && word.ends_with(is_edge) && word.chars().all(is_plain)
    };
    text.split(' ').all(words)
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-action",
        message: message.to_owned(),
        why,
        help,
    }
}
