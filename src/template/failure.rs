//! What stops a rendering, before it has a place in a file.

use crate::diagnostic::Diagnostic;
use crate::limits::LimitExceeded;
use crate::source::{SourceText, Span};

/// Why a rendering, or the parsing of one tag, stopped.
#[derive(Debug, Clone)]
pub struct Failure(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: &'static str,
    message: String,
    why: Option<String>,
    help: Option<String>,
    span: Option<Span>,
    /// Instead of all that: what was found in another file.
    found: Vec<Diagnostic>,
}

impl Failure {
    /// A failure with a diagnostic's code and message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            message: message.into(),
            why: None,
            help: None,
            span: None,
            found: Vec::new(),
        }))
    }

    /// Errors that have their place already.
    pub(crate) fn found(found: Vec<Diagnostic>) -> Self {
        let mut failure = Self::new("", "");
        failure.0.found = found;
        failure
    }

    /// An operation on a value that does not have it.
    pub(crate) fn type_error(message: impl Into<String>) -> Self {
        Self::new("template/type-error", message)
    }

    /// A limit was passed.
    pub(crate) fn limit(what: &'static str, limit: usize) -> Self {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        Self::new(
            "source/limit-exceeded",
            LimitExceeded { what, limit }.to_string(),
        )
        .why("limits keep one hostile or broken file from stalling the whole backend")
        .help("make the input smaller, or raise the limit in the options")
    }

    /// Says why.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.0.why = Some(why.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Gives it a place unless it has a nearer one.
    #[must_use]
    pub(crate) fn at(mut self, span: Span) -> Self {
        self.0.span.get_or_insert(span);
        self
    }

    /// The code of its diagnostic.
    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    /// The place it got.
    pub(crate) fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// The diagnostic for it.
    pub(crate) fn diagnostic(self, source: &SourceText) -> Diagnostic {
        let inner = *self.0;
        let place = source.place(inner.span.unwrap_or_default());
        let mut diagnostic = Diagnostic::error(inner.code, place, inner.message);
        diagnostic.why = inner.why;
        diagnostic.help = inner.help;
        diagnostic
    }

    /// All diagnostics for it.
    pub(crate) fn diagnostics(mut self, source: &SourceText) -> Vec<Diagnostic> {
        let found = std::mem::take(&mut self.0.found);
        if found.is_empty() {
            return vec![self.diagnostic(source)];
        }
        found
    }
}
