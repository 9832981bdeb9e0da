//! [`Diagnostic`]: the one result type of all engines.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::source::Place;

/// One problem: what, why, what to do, and where.
///
/// Texts are lower case, without a final stop; what the user wrote stands in backticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Diagnostic {
    /// Stable name, `area/kebab-name`.
    pub code: Cow<'static, str>,
    /// Whether it fails a run.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Why it matters, or which rule says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What to write or do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where.
    #[serde(flatten)]
    pub at: Place,
    /// The value's place as a JSON pointer within its document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Other places that explain it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// A change that is certain to be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The input is accepted, but likely not what was meant.
    Warning,
    /// Good to know.
    Info,
}

/// A second place that belongs to a diagnostic, such as the first of two duplicates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub at: Place,
}

/// A text edit that resolves the diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What the edit does, as an imperative: "rename the field to `owner`".
    pub title: String,
    /// The range to replace.
    #[serde(flatten)]
    pub at: Place,
    /// Its replacement.
    pub new_text: String,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity: Severity::Error,
            message: message.into(),
            why: None,
            help: None,
            at,
            pointer: None,
            related: Vec::new(),
            fix: None,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self::error(code, at, message).with_severity(Severity::Warning)
    }

    /// Changes the weight.
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says why.
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the value by its JSON pointer.
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Adds another place.
    pub fn related(mut self, message: impl Into<String>, at: Place) -> Self {
        let message = message.into();
        self.related.push(Related { message, at });
        self
    }

    /// Offers an edit.
    pub fn fix(mut self, title: impl Into<String>, at: Place, new_text: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            title: title.into(),
            at,
            new_text: new_text.into(),
        });
        self
    }

    /// Whether it is about a file, or refers to it.
    pub(crate) fn mentions(&self, file: &str) -> bool {
        &*self.at.file == file || self.related.iter().any(|related| &*related.at.file == file)
    }

    /// Whether it fails a run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts diagnostics as a reader meets them: by file, then position, errors first.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.at.file, a.at.start, a.severity, &a.code)
            .cmp(&(&b.at.file, b.at.start, b.severity, &b.code))
    });
}
