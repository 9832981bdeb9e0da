//! Block scalars: `|` and `>`.

use std::ops::Range;

use super::quote::is_special;
use super::{is_blank, refusal};
use crate::template::escape::cursor::Cursor;
use crate::template::escape::page::Page;

/// The first line: the indicator and what is said of indentation and the last line breaks.
pub(super) struct Header {
    /// Just behind the `|` or the `>`.
    indicator: usize,
    /// How many columns deeper than its parent the content is, if the author says so.
    explicit: Option<usize>,
    pub end: usize,
}

/// The lines of the content.
pub(super) struct Body {
    pub range: Range<usize>,
    indent: usize,
    /// The column that an indentation indicator counts from.
    base: usize,
}

impl Header {
    /// Reads the header that the cursor is at.
    pub(super) fn read(cursor: &Cursor, page: &Page) -> Option<Self> {
        let mut cursor = cursor.clone();
        cursor.at += 1;
        let indicator = cursor.at;
        cursor.skip_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-'));
        let end = cursor.at;
        let digit = cursor
            .slice(indicator..end)
            .chars()
            .find_map(|c| c.to_digit(10));
        let explicit = digit.and_then(|digit| usize::try_from(digit).ok());
        cursor.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let ends = matches!(cursor.peek(), None | Some(b'\n' | b'#'));
        let is_hole = page.hole_at(end).is_some();
        (ends && is_blank(cursor.byte(end)) && !is_hole).then_some(Self {
            indicator,
            explicit,
            end,
        })
    }

    /// The content, whose first line the cursor is at.
    pub(super) fn body(&self, cursor: &Cursor, parent: Option<usize>) -> Body {
        let start = cursor.at;
        let base = parent.unwrap_or(0);
        let least = parent.map_or(0, |parent| parent + 1);
        let mut indent = self.explicit.map(|explicit| base + explicit);
        let mut cursor = cursor.clone();
        let mut end = start;
        while cursor.at < cursor.end {
            let line = cursor.at;
            cursor.skip_while(|byte| byte == b' ');
            let column = cursor.at - line;
            let is_empty = matches!(cursor.peek(), None | Some(b'\n' | b'\r'));
            if !is_empty {
                let wanted = *indent.get_or_insert(column.max(least));
                if column < wanted {
                    break;
                }
            }
            cursor.next_line();
            end = cursor.at;
        }
        Body {
            range: start..end,
            indent: indent.unwrap_or(least),
            base,
        }
    }
}

/// Writes the values of a block scalar, with the indentation behind each of their line breaks.
pub(super) fn write(page: &mut Page, header: &Header, body: &Body) {
    let holes = page.holes_in(&body.range);
    if holes.is_empty() {
        return;
    }
    let cursor = page.cursor(body.range.clone());
    for index in holes {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        let text = hole.value.replace("\r\n", "\n").replace('\r', "\n");
        if text.contains(|c| is_special(c) && !matches!(c, '\n' | '\t')) {
            page.refuse(
                index,
                refusal(
                    "this value has characters that a block scalar cannot hold",
                    "YAML has no escapes between `|` or `>` and the next key",
                    "write the value in double quotes, where it is escaped",
                ),
            );
            continue;
        }
        let at_end = matches!(cursor.byte(hole.at + 1), None | Some(b'\n' | b'\r'));
        let form = indented(&text, body.indent, at_end);
        page.write(index, form);
    }
    if header.explicit.is_some() || is_found(&page.content(&body.range), body.indent) {
        return;
    }
    let digit = body.indent.saturating_sub(body.base);
    if (1..=9).contains(&digit) {
        page.replace(header.indicator..header.indicator, digit.to_string());
    } else {
        page.refuse_all(
            &body.range,
            &refusal(
                "this value begins with blanks, and the block scalar is indented too far to say so",
                "YAML takes the indentation from the first line, or from a digit up to 9",
                "indent the block scalar less, or write the value in double quotes",
            ),
        );
    }
}

fn indented(text: &str, indent: usize, at_end: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let next_is_empty = match chars.peek() {
            Some(next) => *next == '\n',
            None => at_end,
        };
        if c == '\n' && !next_is_empty {
            out.extend(std::iter::repeat_n(' ', indent));
        }
    }
    out
}

/// Whether a reader finds this indentation by itself: the first line that is not empty has it.
fn is_found(content: &str, indent: usize) -> bool {
    for line in content.split('\n') {
        let text = line.trim_start_matches(' ');
        let column = line.len() - text.len();
        if text.trim_end_matches('\r').is_empty() {
            if column > indent {
                return false;
            }
            continue;
        }
        return column == indent && !text.starts_with('\t');
    }
    true
}
