//! Literals of Cedar.

use std::fmt::Write as _;

/// A string: `"a\"b"`.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => {
                // memory does not refuse a write
                let _ = write!(literal, "\\u{{{:x}}}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// An entity: `Role::"dev"`.
pub fn entity(kind: &str, id: &str) -> String {
    format!("{kind}::{}", string(id))
}

/// A set: `["a", "b"]`.
pub fn set<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<_> = texts.into_iter().map(string).collect();
    format!("[{}]", texts.join(", "))
}
