//! Options of a check.

use serde::Deserialize;

use crate::diagnostic::Severity;
use crate::limits::Limits;

/// What a caller may change.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CatalogOptions {
    /// What to say of fields that the kind does not have.
    pub unknown_fields: UnknownFields,
    /// Bounds on the input.
    pub limits: Limits,
}

/// How much a field weighs that the kind does not have. Backstage accepts and ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownFields {
    /// The entity is refused.
    Error,
    /// Likely a slip of the pen.
    #[default]
    Warning,
    /// Only mentioned.
    Info,
    /// Not looked for.
    Off,
}

impl UnknownFields {
    /// The severity of the finding, if there shall be one.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}
