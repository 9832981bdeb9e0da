//! Fixes of YAML that cannot be read, where there is no doubt what was meant.

use crate::diagnostic::Diagnostic;
use crate::source::{Place, SourceText, Span};

/// Adds them to the problems of a file.
pub(super) fn offer(source: &SourceText, found: &mut [Diagnostic]) {
    let mut tabs = None;
    for diagnostic in found {
        let fix = match &*diagnostic.code {
            "yaml/tab" => {
                let fixed = tabs.get_or_insert_with(|| without_tabs(source.text()));
                let whole = Span::new(0, source.text().len());
                let title = "indent by two spaces in the place of each tab";
                fixed.clone().map(|text| (title, whole, text))
            }
            "yaml/reserved-character" => quoted(source.text(), offset(&diagnostic.at))
                .map(|(span, text)| ("put the text in quotes", span, text)),
            "yaml/duplicate-key" => {
                let first = diagnostic.related.first();
                first
                    .and_then(|first| {
                        repeated(source.text(), offset(&first.at), offset(&diagnostic.at))
                    })
                    .map(|line| ("remove the second", line, String::new()))
            }
            _ => None,
        };
        if let Some((title, span, text)) = fix {
            let place = source.place(span);
            *diagnostic = diagnostic.clone().fix(title, place, text);
        }
    }
}

fn offset(at: &Place) -> usize {
    usize::try_from(at.start.offset).unwrap_or(usize::MAX)
}

/// The line of a key, if it says the same as that of the key before, and nothing more.
fn repeated(text: &str, first: usize, second: usize) -> Option<Span> {
    let line = |at: usize| {
        let start = text.get(..at)?.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..)?.split_inclusive('\n').next()?;
        let is_first_word = text.get(start..at)?.trim().is_empty();
        is_first_word.then_some((start, line))
    };
    let (_, before) = line(first)?;
    let (start, again) = line(second)?;
    let (_, value) = again.trim().split_once(": ")?;
    let value = value.trim_start();
    let is_whole = !value.is_empty() && !value.starts_with(['|', '>', '[', '{', '&', '!', '#']);
    let end = start + again.len();
    // A line that goes on below is deeper.
    let indent = |line: &str| line.len() - line.trim_start().len();
    let goes_on = text
        .get(end..)
        .and_then(|rest| rest.lines().find(|line| !line.trim().is_empty()))
        .is_some_and(|next| indent(next) > indent(again));
    (is_whole && !goes_on && before.trim() == again.trim()).then(|| Span::new(start, end))
}

/// The text with two spaces for each tab of its indentation; nothing if that has spaces, too, so that
/// nobody knows how wide a tab is.
fn without_tabs(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\t');
        if content.starts_with(' ') {
            return None;
        }
        out.push_str(&"  ".repeat(line.len() - content.len()));
        out.push_str(content);
    }
    Some(out)
}

/// The rest of the line in quotes, if it is one plain text.
fn quoted(text: &str, start: usize) -> Option<(Span, String)> {
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line_start..start)?;
    let rest = text.get(start..)?.split('\n').next()?.trim_end();
    let is_value = before.trim().is_empty()
        || before.ends_with(": ") && !before.trim_start().starts_with(['{', '[', '"', '\''])
        || before.trim() == "-";
    let is_plain = !rest.contains(['"', '\\', '#', '{', '}', '[', ']', '\t'])
        && !rest.contains(": ")
        && !rest.ends_with(':');
    (is_value && is_plain).then(|| (Span::new(start, start + rest.len()), format!("\"{rest}\"")))
}

#[cfg(test)]
mod tests {
    use super::{quoted, repeated, without_tabs};

    #[test]
    fn a_line_that_is_there_twice_is_removed_once() {
        let second = |text: &str| {
            let first = text.find("a:").unwrap();
            let again = first + 1 + text.get(first + 1..).unwrap().find("a:").unwrap();
            repeated(text, first, again)
                .map(|span| text.get(span.start..span.end).unwrap().to_owned())
        };
        assert_eq!(second("a: 1\nb: 2\na: 1\n"), Some("a: 1\n".to_owned()));
        assert_eq!(second("  a: 1\r\n  a: 1"), Some("  a: 1".to_owned()));
        for other in [
            "a: 1\na: 2\n",
            "a: 1\na: 1\n  2\n",
            "a: |\n  1\na: |\n  1\n",
            "a:\n  b: 1\na:\n  b: 1\n",
            "{a: 1, a: 1}\n",
        ] {
            assert_eq!(second(other), None, "{other}");
        }
    }

    #[test]
    fn tabs_become_spaces_only_where_nothing_else_indents() {
        let fixed = without_tabs("a:\n\tb:\n\t\tc: 1\t# d\r\n");
        assert_eq!(fixed.as_deref(), Some("a:\n  b:\n    c: 1\t# d\r\n"));
        assert_eq!(without_tabs("a:\n\tb:\n    c: 1\n"), None);
        assert_eq!(without_tabs("a:\n\t b: 1\n"), None);
    }

    #[test]
    fn a_reserved_character_is_quoted_with_the_rest_of_its_line() {
        let text = "a: @b c\r\nd: {e: @f}\ng: @h # i\n- `j`\n";
        let at = |word| quoted(text, text.find(word).unwrap()).map(|(_, text)| text);
        assert_eq!(at("@b").as_deref(), Some("\"@b c\""));
        assert_eq!((at("@f"), at("@h")), (None, None));
        assert_eq!(at("`j`").as_deref(), Some("\"`j`\""));
    }
}
