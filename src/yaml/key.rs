//! Keys as property names: what JavaScript's `String` makes of them.

use std::borrow::Cow;

use super::arena::{Arena, Content, Id};
use super::document::Style;
use super::number::js_string;
use crate::source::SourceText;

/// Which keys npm `yaml` takes for equal. `1` and `"1"` are not, although they name one property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    Null,
    Bool,
    Number,
    Text,
    /// Aliases, collections and not-a-number equal nothing.
    Unique,
}

/// The property that a key names.
pub(super) fn property<'s>(
    arena: &Arena<'s>,
    key: Id,
    source: &SourceText,
) -> (Cow<'s, str>, Identity) {
    let Some(data) = arena.node(key) else {
        return (Cow::Borrowed(""), Identity::Null);
    };
    match &data.content {
        Content::Text(text) => (text.clone(), Identity::Text),
        Content::Null => (Cow::Borrowed(""), Identity::Null),
        Content::Bool(value) => (Cow::Owned(value.to_string()), Identity::Bool),
        Content::Number(value) => {
            let identity = if value.is_nan() {
                Identity::Unique
            } else {
                Identity::Number
            };
            (Cow::Owned(js_string(*value)), identity)
        }
        Content::Alias(target) => (property(arena, *target, source).0, Identity::Unique),
        Content::Sequence(_) | Content::Mapping(_) => {
            let mut text = String::new();
            flow(arena, key, source, &mut text);
            (Cow::Owned(text), Identity::Unique)
        }
    }
}

/// A template's `{{ x }}` without quotes is an object as a key: it becomes the name
/// `{ ? { x } }`, as npm `yaml` prints it.
fn flow(arena: &Arena, id: Id, source: &SourceText, out: &mut String) {
    let Some(data) = arena.node(id) else {
        return;
    };
    // Longer names are cut: nested objects as keys would copy each other many times.
    if out.len() > MAX_NAME {
        return;
    }
    let empty = |id: Id| {
        arena
            .node(id)
            .is_none_or(|data| data.span.start == data.span.end)
    };
    let is_collection = |id: Id| {
        let content = arena.node(id).map(|data| &data.content);
        matches!(content, Some(Content::Sequence(_) | Content::Mapping(_)))
    };
    match &data.content {
        Content::Sequence(run) if arena.items(*run).is_empty() => out.push_str("[]"),
        Content::Mapping(run) if arena.pairs(*run).is_empty() => out.push_str("{}"),
        Content::Sequence(run) => {
            let mut separator = "[ ";
            for id in arena.items(*run) {
                out.push_str(std::mem::replace(&mut separator, ", "));
                flow(arena, *id, source, out);
            }
            out.push_str(" ]");
        }
        Content::Mapping(run) => {
            let mut separator = "{ ";
            for pair in arena.pairs(*run) {
                out.push_str(std::mem::replace(&mut separator, ", "));
                if is_collection(pair.key) {
                    out.push_str("? ");
                }
                flow(arena, pair.key, source, out);
                if !empty(pair.value) {
                    out.push_str(": ");
                    flow(arena, pair.value, source, out);
                }
            }
            out.push_str(" }");
        }
        Content::Text(text) if data.style == Style::Plain => out.push_str(text),
        _ => out.push_str(source.slice(data.span)),
    }
}

const MAX_NAME: usize = 1024;
