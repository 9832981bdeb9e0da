//! GraphQL and Protocol Buffers are read no further than that their brackets match.

use super::Definition;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How comments and texts are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Graphql,
    Proto,
}

pub(super) fn check(definition: &Definition, language: Language) -> Vec<Diagnostic> {
    let text = definition.text.text();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(length) = skipped(rest, language) {
            at += length;
            continue;
        }
        let wrong = match c {
            '{' | '(' | '[' => {
                open.push((at, c));
                None
            }
            '}' | ')' | ']' => match open.pop() {
                Some((_, opening)) if closing(opening) == c => None,
                Some((_, opening)) => Some(format!("`{opening}` is closed by `{c}`")),
                None => Some(format!("`{c}` closes nothing")),
            },
            _ => None,
        };
        if let Some(wrong) = wrong {
            return vec![problem(definition, at, &wrong)];
        }
        at += c.len_utf8();
    }
    match open.pop() {
        Some((at, opening)) => vec![problem(
            definition,
            at,
            &format!("`{opening}` is not closed"),
        )],
        None => Vec::new(),
    }
}

fn problem(definition: &Definition, at: usize, what: &str) -> Diagnostic {
    let message = format!("the definition cannot be read: {what}");
    let span = Span::new(at, at + 1);
    definition
        .problem("catalog/definition-unreadable", span, message)
        .help("use pairs of brackets")
}

fn closing(opening: char) -> char {
    match opening {
        '{' => '}',
        '(' => ')',
        _ => ']',
    }
}

/// The length of the comment or the text that begins here.
fn skipped(rest: &str, language: Language) -> Option<usize> {
    let up_to = |begin: &str, end: &str| {
        let body = rest.strip_prefix(begin)?;
        let length = body.find(end).map_or(body.len(), |at| at + end.len());
        Some(begin.len() + length)
    };
    match language {
        Language::Graphql => up_to("#", "\n")
            .or_else(|| up_to("\"\"\"", "\"\"\""))
            .or_else(|| quoted(rest, '"')),
        Language::Proto => up_to("//", "\n")
            .or_else(|| up_to("/*", "*/"))
            .or_else(|| quoted(rest, '"'))
            .or_else(|| quoted(rest, '\'')),
    }
}

/// A text on one line, with escapes.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.strip_prefix(quote)?.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '\n' => return Some(quote.len_utf8() + at),
            c if c == quote => return Some(quote.len_utf8() + at + c.len_utf8()),
            _ => {}
        }
    }
    Some(rest.len())
}
