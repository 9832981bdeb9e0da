//! Values of other texts in a document: they stand where the value that they replace stood, so that
//! what is wrong with them has a place in this document's text.

use std::borrow::Cow;

use serde_json::Value;

use super::arena::{Arena, Content, Data, Id, Pair};
use super::document::{Document, Node, Style};
use crate::source::Span;

/// Names a value of a document for [`Document::put`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(Id);

impl Node<'_> {
    /// Its name; that of the value it stands for if it is an alias.
    pub fn id(self) -> NodeId {
        NodeId(self.content_id())
    }
}

impl<'s> Document<'s> {
    /// A document of its own, without places: for JSON that is no YAML.
    pub fn from_json(value: &Value) -> Document<'static> {
        let mut arena = Arena::default();
        let root = json(&mut arena, value);
        Document {
            arena,
            root,
            diagnostics: Vec::new(),
        }
    }

    /// The same document, apart from its text.
    pub fn into_owned(self) -> Document<'static> {
        let mut owned = Self::from_json(&Value::Null);
        owned.put(NodeId(owned.root), &self);
        owned
    }

    /// Replaces a value by a text.
    pub fn put_text(&mut self, at: NodeId, text: String) {
        self.replace(at, Content::Text(Cow::Owned(text)));
    }

    /// Replaces a value by that of another document.
    pub fn put(&mut self, at: NodeId, other: &Document<'_>) {
        let Some(span) = self.arena.node(at.0).map(|data| data.span) else {
            return;
        };
        let (nodes, items, pairs) = (
            self.arena.nodes.len(),
            self.arena.items.len(),
            self.arena.pairs.len(),
        );
        let moved = |id: Id| Id::from_index(id.index().saturating_add(nodes));
        let copied = |content: &Content<'_>| -> Content<'s> {
            match content {
                Content::Null => Content::Null,
                Content::Bool(value) => Content::Bool(*value),
                Content::Number(value) => Content::Number(*value),
                Content::Text(text) => Content::Text(Cow::Owned(text.to_string())),
                Content::Alias(id) => Content::Alias(moved(*id)),
                Content::Sequence(run) => Content::Sequence(run.moved(items)),
                Content::Mapping(run) => Content::Mapping(run.moved(pairs)),
            }
        };
        let theirs = &other.arena;
        let root = theirs.node(other.root).map(|data| copied(&data.content));
        self.arena
            .items
            .extend(theirs.items.iter().copied().map(moved));
        self.arena
            .pairs
            .extend(theirs.pairs.iter().map(|pair| Pair {
                name: Cow::Owned(pair.name.to_string()),
                key: moved(pair.key),
                value: moved(pair.value),
            }));
        self.arena
            .nodes
            .extend(theirs.nodes.iter().map(|data| Data {
                content: copied(&data.content),
                span,
                style: data.style,
            }));
        self.replace(at, root.unwrap_or(Content::Null));
    }

    fn replace(&mut self, at: NodeId, content: Content<'s>) {
        if let Some(data) = self.arena.nodes.get_mut(at.0.index()) {
            data.content = content;
        }
    }
}

/// Adds a value. JSON that was read is not nested too deeply to recurse.
fn json(arena: &mut Arena<'static>, value: &Value) -> Id {
    let content = match value {
        Value::Null => Content::Null,
        Value::Bool(value) => Content::Bool(*value),
        Value::Number(number) => Content::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Content::Text(Cow::Owned(text.clone())),
        Value::Array(items) => {
            let items: Vec<Id> = items.iter().map(|item| json(arena, item)).collect();
            arena.sequence(items)
        }
        Value::Object(map) => {
            let pairs: Vec<Pair<'static>> = map
                .iter()
                .map(|(name, value)| Pair {
                    name: Cow::Owned(name.clone()),
                    key: json(arena, &Value::String(name.clone())),
                    value: json(arena, value),
                })
                .collect();
            arena.mapping(pairs)
        }
    };
    let id = Id::from_index(arena.nodes.len());
    arena.nodes.push(Data {
        content,
        span: Span::default(),
        style: Style::Flow,
    });
    id
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parse;
    use super::Document;
    use crate::limits::Limits;
    use crate::source::SourceText;

    #[test]
    fn a_value_takes_the_place_of_another() {
        let host = SourceText::new("a", "a: { $yaml: ./b }\nc: 1\n");
        let other = SourceText::new("b", "x: &x [1, two]\ny: *x\n");
        let (mut host, other) = (
            parse(&host, &Limits::default()),
            parse(&other, &Limits::default()),
        );
        let document = host.documents.first_mut().unwrap();
        let at = document.root().get("a").unwrap().value;
        let (id, span) = (at.id(), at.span());
        document.put(id, other.documents.first().unwrap());
        let grafted = document.root().get("a").unwrap().value;
        let inner = grafted.get("y").unwrap().value.items().get(1).unwrap();
        assert_eq!((grafted.span(), inner.span()), (span, span));
        let value = document.root().to_json();
        assert_eq!(value, r#"{"a":{"x":[1,"two"],"y":[1,"two"]},"c":1}"#);
        document.put_text(id, "t".to_owned());
        assert_eq!(document.root().to_json(), r#"{"a":"t","c":1}"#);
    }

    #[test]
    fn json_becomes_a_document() {
        let value = json!({"a": [1, null, true, {"b": "c"}]});
        assert_eq!(Document::from_json(&value).root().to_value(), value);
    }
}
