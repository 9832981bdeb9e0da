//! The nodes of one document.

use std::borrow::Cow;

use super::document::Style;
use crate::source::Span;

/// What a document consists of. The members of one collection stand side by side, so that none needs
/// memory of its own.
#[derive(Debug, Default)]
pub(super) struct Arena<'s> {
    pub nodes: Vec<Data<'s>>,
    pub items: Vec<Id>,
    pub pairs: Vec<Pair<'s>>,
}

/// The members of a collection: a part of [`Arena::items`] or [`Arena::pairs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    start: u32,
    end: u32,
}

impl Run {
    fn new(start: usize, end: usize) -> Self {
        let bound = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: bound(start),
            end: bound(end),
        }
    }

    /// The same part of a list that has so many before it.
    pub fn moved(self, by: usize) -> Self {
        let by = u32::try_from(by).unwrap_or(u32::MAX);
        Self {
            start: self.start.saturating_add(by),
            end: self.end.saturating_add(by),
        }
    }

    fn of<T>(self, all: &[T]) -> &[T] {
        let bound = |at| usize::try_from(at).unwrap_or(usize::MAX);
        all.get(bound(self.start)..bound(self.end))
            .unwrap_or_default()
    }
}

impl<'s> Arena<'s> {
    pub fn node(&self, id: Id) -> Option<&Data<'s>> {
        self.nodes.get(id.index())
    }

    /// The items of a list.
    pub fn items(&self, run: Run) -> &[Id] {
        run.of(&self.items)
    }

    /// The properties of an object.
    pub fn pairs(&self, run: Run) -> &[Pair<'s>] {
        run.of(&self.pairs)
    }

    /// Takes the items of a finished list.
    pub fn sequence(&mut self, items: impl IntoIterator<Item = Id>) -> Content<'s> {
        let start = self.items.len();
        self.items.extend(items);
        Content::Sequence(Run::new(start, self.items.len()))
    }

    /// Takes the properties of a finished object.
    pub fn mapping(&mut self, pairs: impl IntoIterator<Item = Pair<'s>>) -> Content<'s> {
        let start = self.pairs.len();
        self.pairs.extend(pairs);
        Content::Mapping(Run::new(start, self.pairs.len()))
    }
}

/// An index into [`Arena::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(pub u32);

impl Id {
    /// Limits keep the arena far below 2^32 nodes; an id past them finds nothing.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

#[derive(Debug)]
pub(super) struct Data<'s> {
    pub content: Content<'s>,
    pub span: Span,
    pub style: Style,
}

#[derive(Debug)]
pub(super) enum Content<'s> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'s, str>),
    Sequence(Run),
    Mapping(Run),
    Alias(Id),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Pair<'s> {
    /// The key as a property name.
    pub name: Cow<'s, str>,
    pub key: Id,
    pub value: Id,
}
