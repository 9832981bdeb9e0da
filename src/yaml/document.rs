//! The tree of one document: nodes in one arena, each with its place in the text.

use std::slice;

use jsonschema::json::NodeIdentity;

use super::arena::{Arena, Content, Data, Id, Pair};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// One document of a YAML stream.
#[derive(Debug)]
pub struct Document<'s> {
    pub(super) arena: Arena<'s>,
    pub(super) root: Id,
    /// Problems that leave the document readable, such as duplicate keys.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a node is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'…'` or `"…"`.
    Quoted,
    /// A block scalar (`|`, `>`), or a collection by indentation.
    Block,
    /// `[…]` or `{…}`.
    Flow,
}

/// A handle on a node: cheap to copy. Aliases are followed, except by [`Node::span`], which is where
/// the reader put the value.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    document: &'t Document<'t>,
    id: Id,
}

/// A node's value by kind.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'t> {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, which may be infinite or not a number; JSON writes null for those.
    Number(f64),
    /// Text.
    Text(&'t str),
    /// A list.
    Sequence(Items<'t>),
    /// An object.
    Mapping(Entries<'t>),
}

/// A property of a mapping.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'t> {
    /// The key as a property name.
    pub name: &'t str,
    /// The key as written.
    pub key: Node<'t>,
    /// Its value.
    pub value: Node<'t>,
}

impl Entry<'_> {
    /// Where the value is, or its key if the value is written as nothing at all.
    pub fn span(&self) -> Span {
        let span = self.value.span();
        if span.start == span.end {
            self.key.span()
        } else {
            span
        }
    }
}

impl Document<'_> {
    /// The value of the document.
    pub fn root(&self) -> Node<'_> {
        Node {
            document: self,
            id: self.root,
        }
    }
}

impl<'t> Node<'t> {
    /// Where it is written.
    pub fn span(self) -> Span {
        self.data().map(|data| data.span).unwrap_or_default()
    }

    /// How it is written.
    pub fn style(self) -> Style {
        self.resolved().map_or(Style::Plain, |data| data.style)
    }

    /// Whether it is an alias, so that its content stands elsewhere.
    pub fn is_alias(self) -> bool {
        matches!(
            self.data().map(|data| &data.content),
            Some(Content::Alias(_))
        )
    }

    /// Its value.
    #[must_use]
    pub fn kind(self) -> Kind<'t> {
        let Some(data) = self.resolved() else {
            return Kind::Null;
        };
        let document = self.document;
        match &data.content {
            Content::Bool(value) => Kind::Bool(*value),
            Content::Number(value) => Kind::Number(*value),
            Content::Text(text) => Kind::Text(text),
            Content::Sequence(run) => Kind::Sequence(Items {
                document,
                ids: document.arena.items(*run),
            }),
            Content::Mapping(run) => Kind::Mapping(Entries {
                document,
                pairs: document.arena.pairs(*run),
            }),
            Content::Null | Content::Alias(_) => Kind::Null,
        }
    }

    /// The text of a string.
    pub fn as_text(self) -> Option<&'t str> {
        match self.kind() {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        matches!(self.kind(), Kind::Null)
    }

    /// Whether it is an object.
    pub fn is_mapping(self) -> bool {
        matches!(self.kind(), Kind::Mapping(_))
    }

    /// The properties of an object; none of anything else.
    pub fn entries(self) -> Entries<'t> {
        match self.kind() {
            Kind::Mapping(entries) => entries,
            _ => Entries {
                document: self.document,
                pairs: &[],
            },
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(self) -> Items<'t> {
        match self.kind() {
            Kind::Sequence(items) => items,
            _ => Items {
                document: self.document,
                ids: &[],
            },
        }
    }

    /// The property of that name.
    pub fn get(self, name: &str) -> Option<Entry<'t>> {
        self.entries().into_iter().find(|entry| entry.name == name)
    }

    /// The value a JSON pointer leads to, with its key if that is in an object.
    pub fn at(self, pointer: &str) -> Option<(Option<Node<'t>>, Node<'t>)> {
        let mut found = (None, self);
        for segment in pointer.split('/').skip(1) {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            found = if let Kind::Sequence(items) = found.1.kind() {
                (None, items.get(segment.parse().ok()?)?)
            } else {
                let entry = found.1.get(&segment)?;
                (Some(entry.key), entry.value)
            };
        }
        Some(found)
    }

    /// What tells it from every other node.
    pub(super) fn identity(self) -> NodeIdentity {
        let address = std::ptr::from_ref(self.document).addr();
        NodeIdentity::tagged(address, self.content_id().0)
    }

    pub(super) fn content_id(self) -> Id {
        match self.data().map(|data| &data.content) {
            Some(Content::Alias(target)) => *target,
            _ => self.id,
        }
    }

    fn data(self) -> Option<&'t Data<'t>> {
        self.document.arena.node(self.id)
    }

    fn resolved(self) -> Option<&'t Data<'t>> {
        // An alias never stands for an alias, so one step is enough.
        self.document.arena.node(self.content_id())
    }
}

/// The items of a list.
#[derive(Debug, Clone, Copy)]
pub struct Items<'t> {
    document: &'t Document<'t>,
    ids: &'t [Id],
}

/// The properties of an object, in the order written.
#[derive(Debug, Clone, Copy)]
pub struct Entries<'t> {
    document: &'t Document<'t>,
    pairs: &'t [Pair<'t>],
}

/// Iterates over [`Items`].
#[derive(Debug, Clone)]
pub struct ItemIter<'t> {
    document: &'t Document<'t>,
    ids: slice::Iter<'t, Id>,
}

/// Iterates over [`Entries`].
#[derive(Debug, Clone)]
pub struct EntryIter<'t> {
    document: &'t Document<'t>,
    pairs: slice::Iter<'t, Pair<'t>>,
}

impl<'t> Items<'t> {
    /// How many.
    pub fn len(self) -> usize {
        self.ids.len()
    }

    /// The item of that index, from 0.
    pub fn get(self, index: usize) -> Option<Node<'t>> {
        let (document, id) = (self.document, *self.ids.get(index)?);
        Some(Node { document, id })
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.ids.is_empty()
    }
}

impl Entries<'_> {
    /// How many.
    pub fn len(self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.pairs.is_empty()
    }
}

impl<'t> IntoIterator for Items<'t> {
    type Item = Node<'t>;
    type IntoIter = ItemIter<'t>;

    fn into_iter(self) -> ItemIter<'t> {
        ItemIter {
            document: self.document,
            ids: self.ids.iter(),
        }
    }
}

impl<'t> IntoIterator for Entries<'t> {
    type Item = Entry<'t>;
    type IntoIter = EntryIter<'t>;

    fn into_iter(self) -> EntryIter<'t> {
        EntryIter {
            document: self.document,
            pairs: self.pairs.iter(),
        }
    }
}

impl<'t> Iterator for ItemIter<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let (document, &id) = (self.document, self.ids.next()?);
        Some(Node { document, id })
    }
}

impl<'t> Iterator for EntryIter<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        let (document, pair) = (self.document, self.pairs.next()?);
        Some(Entry {
            name: &pair.name,
            key: Node {
                document,
                id: pair.key,
            },
            value: Node {
                document,
                id: pair.value,
            },
        })
    }
}
