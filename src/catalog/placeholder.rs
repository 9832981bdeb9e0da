//! Placeholders: `{ $text: ./file }` and its kin stand for what Backstage reads from elsewhere.

use crate::suggest;
use crate::yaml::{Entry, Node};

/// What a placeholder becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// A string.
    Text,
    /// Any value.
    Data,
}

/// How the file of a placeholder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolver {
    /// As it is.
    Text,
    /// As JSON.
    Json,
    /// As one YAML document.
    Yaml,
    /// As YAML or JSON whose references to other files are followed (OpenAPI, AsyncAPI).
    Bundle,
}

const RESOLVERS: [(&str, Resolver); 5] = [
    ("$text", Resolver::Text),
    ("$json", Resolver::Json),
    ("$yaml", Resolver::Yaml),
    ("$openapi", Resolver::Bundle),
    ("$asyncapi", Resolver::Bundle),
];

/// The placeholder that a value is, if it is an object of one key that Backstage resolves.
pub fn placeholder(value: Node<'_>) -> Option<Placeholder> {
    match resolver(value)?.0 {
        Resolver::Text | Resolver::Bundle => Some(Placeholder::Text),
        Resolver::Json | Resolver::Yaml => Some(Placeholder::Data),
    }
}

/// How a placeholder is resolved, and its one property.
pub fn resolver(value: Node<'_>) -> Option<(Resolver, Entry<'_>)> {
    let only = only_entry(value)?;
    let (_, resolver) = RESOLVERS.iter().find(|(name, _)| *name == only.name)?;
    Some((*resolver, only))
}

/// The placeholder that is likely meant by an object of one key that is none, and that key.
pub fn meant_by(value: Node<'_>) -> Option<(&'static str, Node<'_>)> {
    let only = only_entry(value).filter(|only| only.name.starts_with('$'))?;
    let near = suggest::nearest(only.name, RESOLVERS.map(|(name, _)| name))?;
    Some((near, only.key))
}

fn only_entry(value: Node<'_>) -> Option<Entry<'_>> {
    let mut entries = value.entries().into_iter();
    match (entries.next(), entries.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
