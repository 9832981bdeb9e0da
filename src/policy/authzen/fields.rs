//! Reading what others wrote: fields that are not known are left alone, as AuthZEN wants it.

use serde_json::{Map, Value};
use thiserror::Error;

/// Why a request is none of AuthZEN's.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Malformed(String);

impl Malformed {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// A value of a field that is there. `path` is for the error; the field is its last part.
pub fn required<'v, T: 'v>(
    body: &'v Map<String, Value>,
    path: &str,
    read: fn(&'v Value, &str) -> Result<T, Malformed>,
) -> Result<T, Malformed> {
    optional(body, path, read)?.ok_or_else(|| Malformed::new(format!("`{path}` is missing")))
}

/// A value of a field that may be absent.
pub fn optional<'v, T: 'v>(
    body: &'v Map<String, Value>,
    path: &str,
    read: fn(&'v Value, &str) -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    let field = path.rsplit('.').next().unwrap_or(path);
    body.get(field).map(|value| read(value, path)).transpose()
}

/// A text of a field that may be absent.
pub fn optional_text<'v>(
    body: &'v Map<String, Value>,
    path: &str,
) -> Result<Option<&'v str>, Malformed> {
    optional(body, path, text)
}

/// An object.
pub fn object<'v>(value: &'v Value, path: &str) -> Result<&'v Map<String, Value>, Malformed> {
    let object = value.as_object();
    object.ok_or_else(|| Malformed::new(format!("`{path}` has to be an object")))
}

/// A list.
pub fn list<'v>(value: &'v Value, path: &str) -> Result<&'v [Value], Malformed> {
    let list = value.as_array();
    let list = list.ok_or_else(|| Malformed::new(format!("`{path}` has to be a list")))?;
    Ok(list)
}

/// A text.
pub fn text<'v>(value: &'v Value, path: &str) -> Result<&'v str, Malformed> {
    let text = value.as_str();
    text.ok_or_else(|| Malformed::new(format!("`{path}` has to be a text")))
}
