//! Entity references, `[<kind>:][<namespace>/]<name>`, read as Backstage's `parseRefString` does.

use thiserror::Error;

/// The parts of a reference as written; those left out have defaults that depend on the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityRef<'a> {
    /// `component` in `component:default/shop`.
    pub kind: Option<&'a str>,
    /// `default` in `component:default/shop`.
    pub namespace: Option<&'a str>,
    /// `shop` in `component:default/shop`.
    pub name: &'a str,
}

/// Which part is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RefError {
    /// Nothing before the colon.
    #[error("the kind before `:` is empty")]
    Kind,
    /// Nothing before the slash.
    #[error("the namespace before `/` is empty")]
    Namespace,
    /// Nothing at the end.
    #[error("the name is empty")]
    Name,
}

/// Splits a reference at its first colon and its first slash. A colon behind the slash belongs to the
/// name.
pub fn parse_ref(text: &str) -> Result<EntityRef<'_>, RefError> {
    let (kind, rest) = match text.split_once(':') {
        Some((kind, rest)) if !kind.contains('/') => (Some(kind), rest),
        _ => (None, text),
    };
    let (namespace, name) = match rest.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, rest),
    };
    if kind == Some("") {
        Err(RefError::Kind)
    } else if namespace == Some("") {
        Err(RefError::Namespace)
    } else if name.is_empty() {
        Err(RefError::Name)
    } else {
        Ok(EntityRef {
            kind,
            namespace,
            name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{EntityRef, RefError, parse_ref};

    #[test]
    fn splits_as_backstage_does() {
        let parts = |kind, namespace, name| {
            Ok(EntityRef {
                kind,
                namespace,
                name,
            })
        };
        let table = [
            ("b", parts(None, None, "b")),
            ("a:b", parts(Some("a"), None, "b")),
            ("a/b", parts(None, Some("a"), "b")),
            ("a:b/c", parts(Some("a"), Some("b"), "c")),
            ("a/b:c", parts(None, Some("a"), "b:c")),
            ("a:b/c/d:e", parts(Some("a"), Some("b"), "c/d:e")),
            ("a: b", parts(Some("a"), None, " b")),
            (":b", Err(RefError::Kind)),
            ("a:/b", Err(RefError::Namespace)),
            ("/b", Err(RefError::Namespace)),
            ("a:", Err(RefError::Name)),
            ("a:b/", Err(RefError::Name)),
            ("", Err(RefError::Name)),
        ];
        for (text, parsed) in table {
            assert_eq!(parse_ref(text), parsed, "{text}");
        }
    }
}
