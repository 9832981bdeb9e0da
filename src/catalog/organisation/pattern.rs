//! What texts may be like: globs, and regular expressions between slashes.

use std::fmt::{self, Display, Formatter};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::glob;

/// Bytes of a compiled expression at most: more is not meant well.
const SIZE_LIMIT: usize = 1 << 18;

/// `lang-*`, or `/^lang-[a-z]+$/`, with an `i` behind it to take letters of either case.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    text: String,
    /// None of a glob.
    expression: Option<Regex>,
}

/// One or several; one of several is enough.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "OneOrMany<T>", bound = "T: Deserialize<'de>")]
pub struct Many<T>(Vec<T>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl Pattern {
    /// Reads one; why not, if that cannot be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let between = |end: &str| text.strip_prefix('/')?.strip_suffix(end);
        let expression = match (between("/"), between("/i")) {
            (None, None) => None,
            (Some(inner), _) => Some((inner, false)),
            (None, Some(inner)) => Some((inner, true)),
        };
        let compile = |(inner, ignores_case): (&str, bool)| {
            let mut builder = RegexBuilder::new(inner);
            builder
                .case_insensitive(ignores_case)
                .size_limit(SIZE_LIMIT);
            builder.build().map_err(|error| reason(&error))
        };
        Ok(Self {
            text: text.to_owned(),
            expression: expression.map(compile).transpose()?,
        })
    }

    /// Whether a text is like that.
    pub fn matches(&self, text: &str) -> bool {
        match &self.expression {
            Some(expression) => expression.is_match(text),
            None => glob::matches(&self.text, text),
        }
    }

    /// Whether a text is like that, but for the case of a glob.
    pub fn matches_any_case(&self, text: &str) -> bool {
        match &self.expression {
            Some(expression) => expression.is_match(text),
            None => glob::matches(&self.text.to_lowercase(), &text.to_lowercase()),
        }
    }

    /// The text it is one for, if it is for one alone.
    pub fn literal(&self) -> Option<&str> {
        let is_literal = self.expression.is_none() && !self.text.contains('*');
        is_literal.then_some(&self.text)
    }
}

/// Why an expression cannot be one: the last line of what the library says.
fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}

impl<T> Many<T> {
    /// All of them.
    pub(in crate::catalog) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'m, T> IntoIterator for &'m Many<T> {
    type Item = &'m T;
    type IntoIter = std::slice::Iter<'m, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Many<Pattern> {
    /// All of them for a reader.
    pub fn shown(&self) -> String {
        let shown: Vec<String> = self.iter().map(|one| format!("`{one}`")).collect();
        shown.join(" or ")
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<OneOrMany<T>> for Many<T> {
    fn from(value: OneOrMany<T>) -> Self {
        match value {
            OneOrMany::One(one) => Self(vec![one]),
            OneOrMany::Many(many) => Self(many),
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|reason| format!("`{text}` is no pattern: {reason}"))
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn globs_are_for_the_whole_text_and_expressions_for_a_part() {
        for (pattern, text, expected) in [
            ("lang-*", "lang-go", true),
            ("lang-*", "a-lang-go", false),
            ("/lang-/", "a-lang-go", true),
            ("/^lang-/", "a-lang-go", false),
            ("/^LANG/i", "lang-go", true),
            ("/a", "/a", true),
            ("/", "/", true),
        ] {
            let pattern = Pattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(text), expected, "{pattern} on {text}");
        }
        assert!(
            Pattern::parse("/(/")
                .unwrap_err()
                .contains("unclosed group")
        );
        assert!(
            Pattern::parse(r"/(\w{99}){999}/")
                .unwrap_err()
                .contains("too large")
        );
    }
}
