//! The way to a field: `spec.lifecycle`, `metadata.annotations["a.b/c"]`, or a JSON pointer.

use serde::Deserialize;

use crate::catalog::pointer;

/// A field of an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldPath {
    pointer: String,
}

impl FieldPath {
    /// Reads one; why not, if that cannot be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pointer = if text.starts_with('/') {
            text.to_owned()
        } else {
            dotted(text)?
        };
        Ok(Self { pointer })
    }

    /// As a JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl TryFrom<String> for FieldPath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|reason| format!("`{text}` is no path: {reason}"))
    }
}

fn dotted(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    loop {
        if let Some(behind) = rest.strip_prefix('[') {
            let (name, behind) = bracketed(behind)?;
            out = pointer::join(&out, name);
            rest = behind;
        } else {
            let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if name.is_empty() {
                return Err("a name is empty".to_owned());
            }
            out = pointer::join(&out, name);
            rest = behind;
        }
        if rest.is_empty() {
            return Ok(out);
        }
        match rest.strip_prefix('.') {
            Some(behind) => rest = behind,
            None if rest.starts_with('[') => {}
            None => return Err(format!("`{rest}` is not understood")),
        }
    }
}

/// What is between brackets: an index, or a name in quotes.
fn bracketed(text: &str) -> Result<(&str, &str), String> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let end = format!("{quote}]");
            let found = inner.split_once(end.as_str());
            return found.ok_or_else(|| format!("`{end}` is missing"));
        }
    }
    match text.split_once(']') {
        Some((index, rest)) if index.parse::<usize>().is_ok() => Ok((index, rest)),
        Some((name, _)) => Err(format!("write `[\"{name}\"]`")),
        None => Err("`]` is missing".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::FieldPath;

    #[test]
    fn paths_become_pointers() {
        for (text, expected) in [
            ("spec.lifecycle", Ok("/spec/lifecycle")),
            ("/spec/lifecycle", Ok("/spec/lifecycle")),
            (
                r#"metadata.annotations["a.b/c"]"#,
                Ok("/metadata/annotations/a.b~1c"),
            ),
            ("metadata.links[0].url", Ok("/metadata/links/0/url")),
            ("['a']", Ok("/a")),
            ("", Err("a name is empty")),
            ("spec..type", Err("a name is empty")),
            ("spec.", Err("a name is empty")),
            ("spec[a]", Err("write `[\"a\"]`")),
            ("spec[0", Err("`]` is missing")),
            ("spec['a", Err("`']` is missing")),
            ("spec]", Err("`]` is not understood")),
        ] {
            let path = FieldPath::parse(text);
            let path = path.as_ref().map(FieldPath::pointer);
            assert_eq!(
                path,
                expected.map_err(String::from).as_ref().copied(),
                "{text}"
            );
        }
    }
}
