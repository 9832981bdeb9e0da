//! Lines: what is between them, and which characters they may have.

use super::Reader;

/// Whether a text has only characters that mean nothing special: no tab, no carriage return, no other
/// control character, no second sort of line break and no byte order mark.
pub(super) fn is_plain_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    // No early end and no branch: so this is many bytes at a time.
    let special = |b: &u8| u8::from(*b < b' ') - u8::from(*b == b'\n') + u8::from(*b == 0x7F);
    if bytes.iter().fold(0, |seen, b| seen | special(b)) != 0 {
        return false;
    }
    text.is_ascii()
        || text.chars().all(|c| {
            !matches!(
                c,
                '\u{80}'
                    ..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
            )
        })
}

impl<'s> Reader<'s> {
    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_at(self.at)
    }

    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn rest(&self) -> &'s [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Whether a space, a line break or the end is there.
    pub(super) fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte_at(at), None | Some(b' ' | b'\n'))
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes from behind a value to the next line that has something. `None` if the value goes on.
    pub(super) fn end_line(&mut self) -> Option<()> {
        let value = self.at;
        self.skip_spaces();
        self.has_comment = false;
        match self.byte() {
            Some(b'#') if self.at > value => self.skip_comment(),
            Some(b'\n') | None => {}
            Some(_) => return None,
        }
        self.at = (self.at + 1).min(self.text.len());
        self.skip_lines();
        Some(())
    }

    /// Goes from the start of a line to the next one that has something.
    pub(super) fn skip_lines(&mut self) {
        loop {
            let start = self.at;
            self.skip_spaces();
            match self.byte() {
                None => self.column = None,
                Some(b'#') => {
                    self.skip_comment();
                    self.at = (self.at + 1).min(self.text.len());
                    continue;
                }
                Some(b'\n') => {
                    self.at += 1;
                    continue;
                }
                Some(b'-' | b'.') if start == self.at && self.is_marker() => self.column = None,
                Some(_) => self.column = Some(self.at - start),
            }
            return;
        }
    }

    /// Whether the line begins or ends a document.
    pub(super) fn is_marker(&self) -> bool {
        let rest = self.rest();
        (rest.starts_with(b"---") || rest.starts_with(b"...")) && self.is_blank(self.at + 3)
    }

    fn skip_comment(&mut self) {
        self.has_comment = true;
        self.at = self.line_end();
    }

    /// Where the line's break is.
    pub(super) fn line_end(&self) -> usize {
        let length = self.rest().iter().position(|&b| b == b'\n');
        length.map_or(self.text.len(), |length| self.at + length)
    }
}
