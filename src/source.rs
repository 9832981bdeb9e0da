//! Source text and places in it.
//!
//! Engines work with byte offsets ([`Span`]). People and editors count lines from 1 and columns in
//! UTF-16 code units from 1. This is the only file that turns one into the other.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::limits::{LimitExceeded, Limits};

/// A half-open range of bytes in one source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// A point in a source text, as editors and the Language Server Protocol's default encoding count.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, PartialOrd, Ord,
)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
    /// Offset in bytes of the UTF-8 text, from 0.
    pub offset: u32,
}

/// A named range: what a diagnostic points at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
pub struct Place {
    /// The name the caller gave the text, usually a path.
    pub file: Arc<str>,
    /// Where the range begins.
    pub start: Position,
    /// Just past its end.
    pub end: Position,
}

/// A place whose line and column are known: the start of each line, and points within long lines, so
/// that a minified line costs no more than others.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: usize,
    line: usize,
    /// UTF-16 code units from the start of the line.
    units: usize,
}

/// Bytes between two marks at most, but for the rest of a character.
const MARK_EVERY: usize = 1024;

/// One text with its name. Cheap to share, immutable; the line index is built on first use.
#[derive(Debug)]
pub struct SourceText {
    name: Arc<str>,
    text: String,
    marks: OnceLock<Vec<Mark>>,
}

impl SourceText {
    /// Wraps text that is already known to be UTF-8.
    pub fn new(name: &str, text: impl Into<String>) -> Self {
        Self::shared(name.into(), text)
    }

    /// The same under a name that others have too.
    pub(crate) fn shared(name: Arc<str>, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
            marks: OnceLock::new(),
        }
    }

    /// Decodes a file's bytes: UTF-8, with or without a byte order mark, within the size limit.
    pub fn from_bytes(name: &str, bytes: &[u8], limits: &Limits) -> Result<Self, Box<Diagnostic>> {
        Self::decode(name, bytes, limits).map(|text| Self::new(name, text))
    }

    /// As [`Self::from_bytes`], of a file for people: a NUL character is no text, although it is UTF-8.
    pub fn for_people(name: &str, bytes: &[u8], limits: &Limits) -> Result<Self, Box<Diagnostic>> {
        let source = Self::from_bytes(name, bytes, limits)?;
        let Some(at) = source.text.find('\0') else {
            return Ok(source);
        };
        // ASCII as UTF-16 without a mark has one beside each character.
        let is_utf_16 = bytes.split(|byte| *byte == 0).count() * 3 > bytes.len();
        let message = if is_utf_16 {
            "the file is UTF-16 text, not UTF-8"
        } else {
            "the file has a NUL character, which no text has"
        };
        Err(Box::new(
            Diagnostic::error("source/nul", source.place(Span::new(at, at + 1)), message)
                .why("programs take it for the end of the text, or for a binary file")
                .help("save the file as UTF-8 text, without that character"),
        ))
    }

    /// The text of a file's bytes; see [`Self::from_bytes`].
    pub(crate) fn decode<'a>(
        name: &str,
        bytes: &'a [u8],
        limits: &Limits,
    ) -> Result<&'a str, Box<Diagnostic>> {
        if let Err(limit) = LimitExceeded::check("source bytes", bytes.len(), limits.source_bytes) {
            let nowhere = Self::new(name, String::new());
            return Err(Box::new(limit.diagnostic(nowhere.place(Span::default()))));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) => {
                // The valid part is enough to name the line on which the text breaks.
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let readable = Self::new(name, String::from_utf8_lossy(valid));
                let end = readable.text.len();
                let message = match bytes {
                    [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the file is UTF-16 text, not UTF-8",
                    _ if bytes.contains(&0) => "the file is binary, not UTF-8 text",
                    _ => "the file is not UTF-8 text",
                };
                Err(Box::new(
                    Diagnostic::error(
                        "source/not-utf-8",
                        readable.place(Span::new(end, end)),
                        message,
                    )
                    .why("descriptors, policies and templates are read as UTF-8")
                    .help("save the file as UTF-8"),
                ))
            }
        }
    }

    /// The name given at construction.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty if the span is not within the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Line and column of a byte span.
    pub fn place(&self, span: Span) -> Place {
        Place {
            file: Arc::clone(&self.name),
            start: self.position(span.start),
            end: self.position(span.end.max(span.start)),
        }
    }

    /// Line and column of a byte offset; an offset past the end, or within a character, is moved
    /// back to the nearest boundary.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        if self.marks.get().is_none() && offset < MARK_EVERY {
            return self.position_near_start(offset);
        }
        let marks = self.marks();
        let next = marks.partition_point(|mark| mark.offset <= offset);
        let Some(mark) = marks.get(next.saturating_sub(1)) else {
            return Position::default();
        };
        let since: usize = self
            .slice(Span::new(mark.offset, offset))
            .chars()
            .map(char::len_utf16)
            .sum();
        Position {
            line: count(mark.line),
            column: count(mark.units + since + 1),
            offset: count(offset),
        }
    }

    /// Most files have nothing to point at but their first document, for which marks are too much.
    fn position_near_start(&self, offset: usize) -> Position {
        let before = self.slice(Span::new(0, offset));
        let line = before.rsplit('\n').next().unwrap_or_default();
        Position {
            line: count(before.bytes().filter(|b| *b == b'\n').count() + 1),
            column: count(line.chars().map(char::len_utf16).sum::<usize>() + 1),
            offset: count(offset),
        }
    }

    /// The text of a line (from 1) without its line break.
    pub fn line(&self, line: u32) -> Option<&str> {
        let line = usize::try_from(line).ok()?;
        let start = self.line_start(line)?;
        let end = self.line_start(line + 1).unwrap_or(self.text.len());
        let text = self.text.get(start..end)?;
        Some(text.trim_end_matches(['\n', '\r']))
    }

    fn line_start(&self, line: usize) -> Option<usize> {
        let marks = self.marks();
        let first = marks.get(marks.partition_point(|mark| mark.line < line))?;
        (first.line == line).then_some(first.offset)
    }

    fn marks(&self) -> &[Mark] {
        self.marks.get_or_init(|| {
            let mut mark = Mark {
                offset: 0,
                line: 1,
                units: 0,
            };
            let mut marks = vec![mark];
            for line in self.text.split_inclusive('\n') {
                let start = mark.offset;
                let mut units = 0;
                let long = if line.len() > MARK_EVERY { line } else { "" };
                for (at, c) in long.char_indices() {
                    if start + at - mark.offset >= MARK_EVERY {
                        let offset = start + at;
                        mark = Mark {
                            offset,
                            units,
                            ..mark
                        };
                        marks.push(mark);
                    }
                    units += c.len_utf16();
                }
                if line.ends_with('\n') {
                    mark = Mark {
                        offset: start + line.len(),
                        line: mark.line + 1,
                        units: 0,
                    };
                    marks.push(mark);
                }
            }
            marks
        })
    }
}

/// Texts are limited to far less than 4 GiB, so positions fit 32 bits.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_utf_16_code_units() {
        let source = SourceText::new("a.yaml", "k: 🦀x\nnext");
        let position = source.position("k: 🦀".len());
        assert_eq!((position.line, position.column), (1, 6));
        assert_eq!(source.position(9).line, 2);
        assert_eq!(source.position(999).column, 5);
    }

    #[test]
    fn places_near_the_start_are_those_that_marks_give() {
        let source = SourceText::new("a", "ä: 🦀\n\nb: c\n".repeat(100));
        let direct: Vec<Position> = (0..1100).map(|at| source.position(at)).collect();
        source.marks();
        let marked: Vec<Position> = (0..1100).map(|at| source.position(at)).collect();
        assert_eq!(direct, marked);
    }

    #[test]
    fn long_lines_have_marks_of_their_own() {
        let source = SourceText::new("a", format!("x\n{}y\nz", "ä🦀".repeat(5_000)));
        let position = source.position("x\n".len() + 30_000);
        assert_eq!((position.line, position.column), (2, 15_001));
        assert_eq!(source.line(3), Some("z"));
        assert_eq!(source.position(2).column, 1);
    }

    #[test]
    fn a_line_comes_without_its_break() {
        let source = SourceText::new("a", "one\r\ntwo\n");
        assert_eq!(source.line(1), Some("one"));
        assert_eq!(source.line(2), Some("two"));
        assert_eq!(source.line(3), Some(""));
        assert_eq!(source.line(4), None);
        assert_eq!(source.line(0), None);
    }

    #[test]
    fn broken_utf_8_is_placed_where_it_breaks() {
        let error = SourceText::from_bytes("a", b"ok\nab\xff", &Limits::default()).unwrap_err();
        assert_eq!(error.code, "source/not-utf-8");
        assert_eq!((error.at.start.line, error.at.start.column), (2, 3));
    }

    #[test]
    fn what_is_no_text_says_what_it_is() {
        let error =
            |bytes: &[u8]| SourceText::for_people("a", bytes, &Limits::default()).unwrap_err();
        let said = |bytes: &[u8]| error(bytes).message;
        assert_eq!(said(b"\xff\xfea\0"), "the file is UTF-16 text, not UTF-8");
        assert_eq!(said(b"a\0b\0"), "the file is UTF-16 text, not UTF-8");
        assert_eq!(said(b"\x89PNG\0"), "the file is binary, not UTF-8 text");
        let nul = error(b"a: b\nc: \0");
        assert_eq!(
            (&*nul.code, nul.at.start.line, nul.at.start.column),
            ("source/nul", 2, 4)
        );
    }
}
