//! Collections by indentation.

use super::Reader;
use super::nodes::name;
use super::scalar::{Scalar, Stop};
use crate::source::Span;
use crate::yaml::arena::Id;
use crate::yaml::document::Style;

impl<'s> Reader<'s> {
    /// The value that begins here, within a collection at the column `parent`. It may be a collection by
    /// indentation only where `column` says at which column that would be.
    pub(super) fn node(&mut self, column: Option<usize>, parent: Option<usize>) -> Option<Id> {
        let scalar = match self.byte()? {
            b'-' if self.is_item() => return self.sequence(column?, Some(self.at)),
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                if let Some(column) = column
                    && self.skip_colon()
                {
                    return self.mapping(scalar, column);
                }
                scalar
            }
            b'[' | b'{' => {
                let id = self.flow(parent)?;
                self.end_line()?;
                return Some(id);
            }
            b'|' | b'>' => return self.block_scalar(parent),
            _ => {
                let start = self.at;
                let (end, stop) = self.plain()?;
                if stop == Stop::Colon {
                    let key = self.plain_scalar(Span::new(start, end))?;
                    return self.mapping(key, column?);
                }
                return self.plain_value(Span::new(start, end), stop, parent);
            }
        };
        self.end_line()?;
        self.scalar(scalar)
    }

    /// An object, from behind the colon of its first key on.
    fn mapping(&mut self, first_key: Scalar<'s>, column: usize) -> Option<Id> {
        let first = self.pairs.len();
        let id = self.open(Style::Block, first_key.span.start)?;
        let mut key = first_key;
        loop {
            let name = name(&key.content)?;
            let key_id = self.scalar(key)?;
            let value = self.value(column)?;
            self.pair(name, key_id, value);
            if self.column != Some(column) {
                break;
            }
            key = self.key()?;
        }
        self.close_mapping(id, first, None)?;
        Some(id)
    }

    fn key(&mut self) -> Option<Scalar<'s>> {
        if let Some(b'"' | b'\'') = self.byte() {
            let key = self.quoted()?;
            return self.skip_colon().then_some(key);
        }
        let start = self.at;
        let (end, stop) = self.plain()?;
        (stop == Stop::Colon).then(|| self.plain_scalar(Span::new(start, end)))?
    }

    /// Passes the colon of a quoted key if it is one.
    fn skip_colon(&mut self) -> bool {
        let end = self.at;
        self.skip_spaces();
        let is_key = self.byte() == Some(b':') && self.is_blank(self.at + 1);
        self.at = if is_key { self.at + 1 } else { end };
        is_key
    }

    /// What is behind the colon of a key.
    fn value(&mut self, column: usize) -> Option<Id> {
        let colon = self.at;
        self.skip_spaces();
        if !matches!(self.byte(), Some(b'\n' | b'#') | None) {
            return self.node(None, Some(column));
        }
        self.at = colon;
        self.end_line()?;
        if self.column > Some(column) {
            self.node(self.column, Some(column))
        } else if self.column == Some(column) && self.is_item() {
            self.sequence(column, None)
        } else {
            self.null(colon - 1)
        }
    }

    /// A list, from its first dash on. One at the column of its key starts where its first item does.
    fn sequence(&mut self, column: usize, start: Option<usize>) -> Option<Id> {
        let first = self.items.len();
        let mut id = None;
        loop {
            self.at += 1;
            let dash = self.at;
            self.skip_spaces();
            let is_inline = !matches!(self.byte(), Some(b'\n' | b'#') | None);
            let list = match id {
                Some(id) => id,
                // Where that is if the first item is on a line of its own is for the full parser.
                None => self.open(Style::Block, start.or(is_inline.then_some(self.at))?)?,
            };
            id = Some(list);
            let item = if is_inline {
                self.node(Some(column + 1 + self.at - dash), Some(column))?
            } else {
                let nothing = self.line_end();
                self.at = dash;
                self.end_line()?;
                if self.column > Some(column) {
                    self.node(self.column, Some(column))?
                } else {
                    self.null(nothing)?
                }
            };
            self.items.push(item);
            if self.column != Some(column) || !self.is_item() {
                self.close_sequence(list, first, None);
                return Some(list);
            }
        }
    }

    /// Whether a dash begins an item here.
    fn is_item(&self) -> bool {
        self.byte() == Some(b'-') && self.is_blank(self.at + 1)
    }
}
