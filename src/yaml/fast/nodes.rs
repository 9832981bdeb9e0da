//! Nodes into the arena.

use std::borrow::Cow;

use super::Reader;
use super::scalar::Scalar;
use crate::source::Span;
use crate::yaml::arena::{Content, Data, Id, Pair};
use crate::yaml::document::Style;
use crate::yaml::number::js_string;

impl<'s> Reader<'s> {
    pub(super) fn push(&mut self, content: Content<'s>, style: Style, span: Span) -> Option<Id> {
        self.room = self.room.checked_sub(1)?;
        let id = Id::from_index(self.arena.nodes.len());
        self.arena.nodes.push(Data {
            content,
            span,
            style,
        });
        Some(id)
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'s>) -> Option<Id> {
        self.push(scalar.content, scalar.style, scalar.span)
    }

    /// A value that is written as nothing.
    pub(super) fn null(&mut self, at: usize) -> Option<Id> {
        self.push(Content::Null, Style::Plain, Span::new(at, at))
    }

    /// Begins a collection. Its node comes before those of its members.
    pub(super) fn open(&mut self, style: Style, start: usize) -> Option<Id> {
        self.levels += 1;
        if self.levels > self.depth {
            return None;
        }
        self.push(Content::Null, style, Span::new(start, start))
    }

    /// Ends a list: its items are those from `first` on.
    pub(super) fn close_sequence(&mut self, id: Id, first: usize, end: Option<usize>) {
        let last = self.items.last().copied();
        let content = self.arena.sequence(self.items.drain(first..));
        self.close(id, content, last, end);
    }

    /// Ends an object: its properties are those from `first` on. `None` if two have one name.
    pub(super) fn close_mapping(&mut self, id: Id, first: usize, end: Option<usize>) -> Option<()> {
        let pairs = self.pairs.get(first..)?;
        if has_duplicate(pairs) {
            return None;
        }
        let last = pairs.last().map(|pair| pair.value);
        let content = self.arena.mapping(self.pairs.drain(first..));
        self.close(id, content, last, end);
        Some(())
    }

    /// A collection by indentation ends where its last member does.
    fn close(&mut self, id: Id, content: Content<'s>, last: Option<Id>, end: Option<usize>) {
        self.levels -= 1;
        let end = end.or_else(|| Some(self.arena.node(last?)?.span.end));
        if let Some(data) = self.arena.nodes.get_mut(id.index()) {
            data.content = content;
            data.span.end = end.unwrap_or_default().max(data.span.start);
        }
    }

    /// Adds a property with the name that its key stands for.
    pub(super) fn pair(&mut self, name: Cow<'s, str>, key: Id, value: Id) {
        self.pairs.push(Pair { name, key, value });
    }
}

/// What a key is called as a property.
pub(super) fn name<'s>(key: &Content<'s>) -> Option<Cow<'s, str>> {
    match key {
        Content::Text(text) => Some(text.clone()),
        Content::Null => Some(Cow::Borrowed("")),
        Content::Bool(value) => Some(Cow::Owned(value.to_string())),
        Content::Number(value) => Some(Cow::Owned(js_string(*value))),
        _ => None,
    }
}

/// In linear time but for a logarithm, whatever the keys are: hostile ones would degrade a hash table.
fn has_duplicate(pairs: &[Pair]) -> bool {
    const FEW: usize = 12;
    if let [all @ .., _] = pairs
        && pairs.len() <= FEW
    {
        return all.iter().enumerate().any(|(index, pair)| {
            let others = pairs.iter().skip(index + 1);
            others
                .map(|other| &other.name)
                .any(|name| *name == pair.name)
        });
    }
    let mut names: Vec<&str> = pairs.iter().map(|pair| &*pair.name).collect();
    names.sort_unstable();
    names.windows(2).any(|two| two.first() == two.last())
}
