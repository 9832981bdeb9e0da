//! A place in a text that is being scanned.

use std::ops::Range;
use std::rc::Rc;

/// Reads a range of a text byte by byte. The bytes that scanners look at are ASCII.
#[derive(Clone)]
pub(super) struct Cursor {
    text: Rc<str>,
    pub at: usize,
    pub end: usize,
}

impl Cursor {
    pub(super) fn new(text: Rc<str>, range: Range<usize>) -> Self {
        Self {
            text,
            at: range.start,
            end: range.end,
        }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    /// The byte at an offset of the text, within the range.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        if at >= self.end {
            return None;
        }
        self.text.as_bytes().get(at).copied()
    }

    /// The byte before an offset.
    pub(super) fn before(&self, at: usize) -> Option<u8> {
        let at = at.checked_sub(1)?;
        self.text.as_bytes().get(at).copied()
    }

    /// What is left.
    pub(super) fn rest(&self) -> &str {
        self.slice(self.at..self.end)
    }

    /// A part of the text; nothing if it does not fall on characters.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// Whether the rest begins with this.
    pub(super) fn sees(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// Moves past this if the rest begins with it.
    pub(super) fn skip(&mut self, text: &str) -> bool {
        let sees = self.sees(text);
        if sees {
            self.at += text.len();
        }
        sees
    }

    /// Moves past bytes that match, and says where they began.
    pub(super) fn skip_while(&mut self, matches: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(&matches) {
            self.at += 1;
        }
        start
    }

    /// Where this begins next, or the end.
    pub(super) fn find(&self, text: &str) -> usize {
        self.rest()
            .find(text)
            .map_or(self.end, |found| self.at + found)
    }

    /// The end of the line, before its line break.
    pub(super) fn line_end(&self) -> usize {
        let end = self.find("\n");
        let cr = end > self.at && self.before(end) == Some(b'\r');
        if cr { end - 1 } else { end }
    }

    /// Moves to the start of the next line.
    pub(super) fn next_line(&mut self) {
        self.at = (self.find("\n") + 1).min(self.end);
    }
}
