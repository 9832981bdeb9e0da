//! Lists and objects in brackets.

use super::Reader;
use super::nodes::name;
use super::scalar::{MAX_KEY, Scalar};
use crate::source::Span;
use crate::yaml::arena::Id;
use crate::yaml::document::Style;

impl<'s> Reader<'s> {
    /// The list or object that begins here, within a collection at the column `parent`.
    pub(super) fn flow(&mut self, parent: Option<usize>) -> Option<Id> {
        let start = self.at;
        let is_list = self.byte()? == b'[';
        let id = self.open(Style::Flow, start)?;
        let (first_item, first_pair) = (self.items.len(), self.pairs.len());
        let close = if is_list { b']' } else { b'}' };
        self.at += 1;
        let mut may_close = true;
        loop {
            self.flow_space(parent)?;
            if may_close && self.byte()? == close {
                break;
            }
            if is_list {
                let item = self.flow_node(parent)?;
                self.items.push(item);
            } else {
                self.flow_pair(parent)?;
            }
            self.flow_space(parent)?;
            match self.byte()? {
                b',' => self.at += 1,
                byte if byte == close => break,
                _ => return None,
            }
            may_close = false;
        }
        self.at += 1;
        if is_list {
            self.close_sequence(id, first_item, Some(self.at));
        } else {
            self.close_mapping(id, first_pair, Some(self.at))?;
        }
        Some(id)
    }

    fn flow_node(&mut self, parent: Option<usize>) -> Option<Id> {
        match self.byte()? {
            b'[' | b'{' => self.flow(parent),
            _ => {
                let scalar = self.flow_scalar()?;
                self.scalar(scalar)
            }
        }
    }

    fn flow_pair(&mut self, parent: Option<usize>) -> Option<()> {
        let key = self.flow_scalar()?;
        let name = name(&key.content)?;
        let key = self.scalar(key)?;
        if self.byte() != Some(b':') || !self.is_blank(self.at + 1) {
            return None;
        }
        self.at += 1;
        self.flow_space(parent)?;
        let value = self.flow_node(parent)?;
        self.pair(name, key, value);
        Some(())
    }

    fn flow_scalar(&mut self) -> Option<Scalar<'s>> {
        match self.byte()? {
            b'"' | b'\'' => self.quoted(),
            // Of what else may begin a text, words are certain.
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'$') => {
                self.flow_word()
            }
            _ => None,
        }
    }

    fn flow_word(&mut self) -> Option<Scalar<'s>> {
        let start = self.at;
        let mut end = start;
        for (at, &byte) in (start..).zip(self.rest()) {
            match byte {
                b' ' => {}
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' => break,
                b'#' => return None,
                b':' if self.is_blank(at + 1) => break,
                b':' if matches!(self.byte_at(at + 1)?, b',' | b'[' | b']' | b'{' | b'}') => {
                    return None;
                }
                _ => end = at + 1,
            }
        }
        self.at = end;
        (end - start <= MAX_KEY).then(|| self.plain_scalar(Span::new(start, end)))?
    }

    /// Goes to what is next in brackets. Lines must stay right of the collection around them.
    fn flow_space(&mut self, parent: Option<usize>) -> Option<()> {
        self.skip_spaces();
        if self.byte() == Some(b'\n') {
            self.end_line()?;
            if self.has_comment || self.column.is_none() || self.column <= parent {
                return None;
            }
        }
        Some(())
    }
}
