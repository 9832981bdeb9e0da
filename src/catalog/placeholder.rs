//! Placeholders: `{ $text: ./file }` and its kin stand for what Backstage reads from elsewhere.

use crate::suggest;
use crate::yaml::Node;

/// What a placeholder becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// A string.
    Text,
    /// Any value.
    Data,
}

/// The placeholder that a value is, if it is an object of one key that Backstage resolves.
pub fn placeholder(value: Node<'_>) -> Option<Placeholder> {
    match only_name(value)? {
        "$text" | "$openapi" | "$asyncapi" => Some(Placeholder::Text),
        "$json" | "$yaml" => Some(Placeholder::Data),
        _ => None,
    }
}

/// The placeholder that is likely meant by an object of one key that is none.
pub fn meant_by(value: Node<'_>) -> Option<&'static str> {
    let name = only_name(value).filter(|name| name.starts_with('$'))?;
    suggest::nearest(name, ["$text", "$json", "$yaml", "$openapi", "$asyncapi"])
}

fn only_name(value: Node<'_>) -> Option<&str> {
    let mut entries = value.entries().into_iter();
    match (entries.next(), entries.next()) {
        (Some(only), None) => Some(only.name),
        _ => None,
    }
}
