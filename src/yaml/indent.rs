//! The indentation that quoted texts and collections in brackets need, by the rule of npm `yaml`.

use crate::source::{SourceText, Span};

/// The first line of a value over several lines that does not stand right of `indent`, the column of
/// the collection the value is in. A bracket alone may close at that very column.
pub(super) fn first_wrong_line(source: &SourceText, value: Span, indent: usize) -> Option<Span> {
    let mut offset = value.start;
    let text = source.slice(value);
    let mut lines = text.split_inclusive('\n').peekable();
    offset += lines.next()?.len();
    while let Some(line) = lines.next() {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        let is_last = lines.peek().is_none();
        let closes = is_last && column == indent && matches!(content, "]" | "}");
        let is_empty = content.trim_start().is_empty() || content.starts_with('#');
        if column <= indent && !is_empty && !closes {
            let start = offset + column;
            let end = start + content.chars().next().map_or(0, char::len_utf8);
            return Some(Span::new(start, end));
        }
        offset += line.len();
    }
    None
}
