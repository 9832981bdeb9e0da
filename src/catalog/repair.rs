//! Fixes of YAML that cannot be read, where there is no doubt what was meant.

use crate::diagnostic::Diagnostic;
use crate::source::{SourceText, Span};

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
            "yaml/reserved-character" => {
                let start = usize::try_from(diagnostic.at.start.offset).unwrap_or(usize::MAX);
                quoted(source.text(), start)
                    .map(|(span, text)| ("put the text in quotes", span, text))
            }
            _ => None,
        };
        if let Some((title, span, text)) = fix {
            let place = source.place(span);
            *diagnostic = diagnostic.clone().fix(title, place, text);
        }
    }
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
    use super::{quoted, without_tabs};

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
