//! `r/…/flags` literals.

use std::fmt;

use super::eval::{Machine, Outcome};
use super::failure::Failure;
use super::value::Value;

/// A regular expression.
pub struct Regex {
    source: String,
    flags: String,
}

impl Regex {
    /// Reads a literal with its slashes and flags.
    pub(crate) fn parse(_literal: &str) -> Result<Self, Failure> {
        Err(Failure::new(
            "template/unsupported-regex",
            "regular expressions are not supported",
        )
        .why("a regular expression could stall the rendering for minutes")
        .help("use the filter `replace` with plain text"))
    }

    /// A property of the object.
    pub(crate) fn property(&self, name: &str) -> Option<Value> {
        match name {
            "source" => Some(Value::text(self.source.as_str())),
            "flags" => Some(Value::text(self.flags.as_str())),
            _ => None,
        }
    }

    /// `text.replace(regex, new)`.
    pub(crate) fn replace(&self, _: &mut Machine<'_>, text: &str, _new: &str) -> Outcome<String> {
        Ok(text.to_owned())
    }

    /// `text.split(regex)`.
    pub(crate) fn split(&self, _: &mut Machine<'_>, text: &str) -> Outcome<Vec<Value>> {
        Ok(vec![Value::text(text)])
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "/{}/{}", self.source, self.flags)
    }
}
