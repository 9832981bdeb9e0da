//! The indentation that quoted texts and collections in brackets need, by the rule of npm `yaml`.

use super::document::Style;
use crate::source::{SourceText, Span};

/// The tab among the white space and dashes that stand before a value on its line.
pub(super) fn leading_tab(source: &SourceText, value: Span) -> Option<Span> {
    let before = source.text().get(..value.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lead = before.get(line..)?;
    let is_lead = lead
        .bytes()
        .all(|b| matches!(b, b' ' | b'\t' | b'-' | b'?' | b':'));
    let tab = lead.find('\t').filter(|_| is_lead)?;
    Some(Span::new(line + tab, line + tab + 1))
}

/// The column of the dash that the line of a value begins with.
pub(super) fn dash_at(source: &SourceText, value: Span) -> Option<usize> {
    let before = source.text().get(..value.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lead = before.get(line..)?;
    let content = lead.trim_start_matches(' ');
    content.starts_with('-').then(|| lead.len() - content.len())
}

/// The first line of a value over several lines that does not stand right of `indent`, the column of
/// the collection the value is in. A bracket alone may close at that very column.
pub(super) fn first_wrong_line(
    source: &SourceText,
    value: Span,
    style: Style,
    indent: usize,
) -> Option<Span> {
    let in_brackets = style == Style::Flow;
    let mut offset = value.start;
    let text = source.slice(value);
    let mut lines = text.split_inclusive('\n').peekable();
    offset += lines.next()?.len();
    while let Some(line) = lines.next() {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        let is_last = lines.peek().is_none();
        let closes = in_brackets && is_last && column == indent && matches!(content, "]" | "}");
        let is_empty = content.trim_start().is_empty() || (in_brackets && content.starts_with('#'));
        if column <= indent && !is_empty && !closes {
            let start = offset + column;
            let end = start + content.chars().next().map_or(0, char::len_utf8);
            return Some(Span::new(start, end));
        }
        offset += line.len();
    }
    None
}

/// Whether anything stands between the line of a value and the key after it, which is at `column`:
/// indentation, an empty line, a comment.
pub(super) fn has_space_above(source: &SourceText, between: Span, column: usize) -> bool {
    if let Some((_, rest)) = source.slice(between).split_once('\n') {
        // A comment right of the key belongs to the value above.
        let is_own = |line: &str| {
            let content = line.trim_start_matches(' ');
            content.starts_with('#') && line.len() - content.len() > column
        };
        return !rest.split_inclusive('\n').all(is_own);
    }
    // A block scalar ends behind its last line break.
    let before = source.text().get(..between.end).unwrap_or_default();
    let line_above = before.rsplit('\n').nth(1).unwrap_or_default().trim();
    line_above.is_empty() || line_above.starts_with('#')
}
