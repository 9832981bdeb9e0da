//! Texts without quotes, and block scalars.

use std::borrow::Cow;

use super::Reader;
use crate::source::Span;
use crate::yaml::arena::{Content, Id};
use crate::yaml::document::Style;
use crate::yaml::scalar::resolve;

/// A scalar that has no node yet.
pub(super) struct Scalar<'s> {
    pub content: Content<'s>,
    pub style: Style,
    pub span: Span,
}

/// What ends a line of a text without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A colon, which is passed: the text is a key.
    Colon,
    /// A comment.
    Comment,
    /// The end of the line.
    Line,
}

/// The full parser refuses longer keys, by characters; what is longer by bytes is left to it.
pub(super) const MAX_KEY: usize = 1000;

impl<'s> Reader<'s> {
    /// Goes behind the text without quotes that begins here, and says where it ends.
    pub(super) fn plain(&mut self) -> Option<(usize, Stop)> {
        let is_letter = match self.byte()? {
            b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
            | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => false,
            b'-' => !self.is_blank(self.at + 1),
            _ => true,
        };
        is_letter.then(|| self.plain_line())?
    }

    fn plain_line(&mut self) -> Option<(usize, Stop)> {
        let start = self.at;
        let mut end = start;
        let mut rest = self.rest().iter().enumerate();
        let stop = loop {
            let Some((index, &byte)) = rest.next() else {
                self.at = self.text.len();
                break Stop::Line;
            };
            let at = start + index;
            match byte {
                b' ' => {}
                b'\n' => {
                    self.at = at;
                    break Stop::Line;
                }
                b'#' if at > end => {
                    self.at = end;
                    break Stop::Comment;
                }
                b':' if self.is_blank(at + 1) => {
                    self.at = at + 1;
                    break Stop::Colon;
                }
                _ => end = at + 1,
            }
        };
        (stop != Stop::Colon || end - start <= MAX_KEY).then_some((end, stop))
    }

    /// What a text without quotes stands for.
    pub(super) fn plain_scalar(&self, span: Span) -> Option<Scalar<'s>> {
        let text = self.text.get(span.start..span.end)?;
        Some(Scalar {
            content: resolve(text).unwrap_or(Content::Text(Cow::Borrowed(text))),
            style: Style::Plain,
            span,
        })
    }

    /// A text without quotes whose first line is `span`. It goes on as long as lines are right of the
    /// collection it is in.
    pub(super) fn plain_value(
        &mut self,
        mut span: Span,
        mut stop: Stop,
        parent: Option<usize>,
    ) -> Option<Id> {
        self.end_line()?;
        if self.column <= parent {
            let scalar = self.plain_scalar(span)?;
            return self.scalar(scalar);
        }
        let mut text = self.text.get(span.start..span.end)?.to_owned();
        while self.column > parent {
            if stop == Stop::Comment || self.has_comment {
                return None;
            }
            let between = self.text.get(span.end..self.at)?;
            match between.bytes().filter(|&b| b == b'\n').count() {
                1 => text.push(' '),
                lines => text.extend(std::iter::repeat_n('\n', lines - 1)),
            }
            let start = self.at;
            let end;
            (end, stop) = self.plain_line()?;
            if stop == Stop::Colon {
                return None;
            }
            text.push_str(self.text.get(start..end)?);
            span.end = end;
            self.end_line()?;
        }
        let content = resolve(&text).unwrap_or(Content::Text(Cow::Owned(text)));
        self.push(content, Style::Plain, span)
    }

    /// A block scalar whose header has no more than one sign.
    pub(super) fn block_scalar(&mut self, parent: Option<usize>) -> Option<Id> {
        let is_folded = self.byte() == Some(b'>');
        self.at += 1;
        let chomp = self.byte().filter(|byte| matches!(byte, b'-' | b'+'));
        self.at += usize::from(chomp.is_some());
        self.skip_spaces();
        if self.byte() != Some(b'\n') || !self.text.ends_with('\n') {
            return None;
        }
        self.at += 1;
        let mut text = String::new();
        // Line breaks that are due before the next line.
        let mut breaks = 0_usize;
        let mut indent = None;
        let mut first = self.at;
        let mut widest = 0;
        let (span, line) = loop {
            let line = self.at;
            self.skip_spaces();
            let spaces = self.at - line;
            match (self.byte(), indent) {
                (Some(b'\n'), None) => {
                    widest = widest.max(spaces);
                    breaks += 1;
                    self.at += 1;
                    continue;
                }
                (Some(b'\n'), Some(indent)) if spaces <= indent => {
                    breaks += 1;
                    self.at += 1;
                    continue;
                }
                (Some(_), None) if Some(spaces) > parent && spaces >= widest && spaces > 0 => {
                    indent = Some(spaces);
                    first = self.at;
                }
                (Some(_), Some(indent)) if spaces >= indent => {}
                (_, Some(_)) => break (Span::new(first, self.at), line),
                (_, None) => return None,
            }
            let start = line + indent?;
            if is_folded {
                // More indentation keeps line breaks, which is for the full parser.
                if spaces > indent? {
                    return None;
                }
                match breaks {
                    1 if !text.is_empty() => text.push(' '),
                    lines if text.is_empty() => text.extend(std::iter::repeat_n('\n', lines)),
                    lines => text.extend(std::iter::repeat_n('\n', lines - 1)),
                }
            } else {
                text.extend(std::iter::repeat_n('\n', breaks));
            }
            let end = self.line_end();
            text.push_str(self.text.get(start..end)?);
            self.at = end + 1;
            breaks = 1;
        };
        match chomp {
            Some(b'-') => {}
            Some(_) => text.extend(std::iter::repeat_n('\n', breaks)),
            None => text.push('\n'),
        }
        // The next line, seen from its start.
        self.at = line;
        self.has_comment = false;
        self.skip_lines();
        self.push(Content::Text(Cow::Owned(text)), Style::Block, span)
    }
}
