//! What findings weigh: a rule can be tried as a warning before it refuses, or refuse what was one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::codes;
use crate::diagnostic::{Diagnostic, Severity};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The entity is refused.
    Error,
    /// Likely a slip of the pen.
    Warning,
    /// Only mentioned.
    Info,
    /// Not looked for.
    Off,
}

/// The weights of findings by their code, where they are not the usual ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, WeightByKind>")]
pub struct Weights(BTreeMap<String, WeightByKind>);

/// One weight, or one for each of some kinds; `*` is any other kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum WeightByKind {
    Any(Weight),
    Of(BTreeMap<String, Weight>),
}

impl Weight {
    /// Their names.
    pub const NAMES: [&str; 4] = ["error", "warning", "info", "off"];

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

impl Weights {
    /// Gives the findings on an entity of that kind their weights.
    pub fn apply(&self, kind: &str, found: &mut Vec<Diagnostic>) {
        if self.0.is_empty() {
            return;
        }
        found.retain_mut(|diagnostic| {
            let Some(weight) = self.of(&diagnostic.code, kind) else {
                return true;
            };
            let severity = weight.severity();
            diagnostic.severity = severity.unwrap_or(diagnostic.severity);
            severity.is_some()
        });
    }

    fn of(&self, code: &str, kind: &str) -> Option<Weight> {
        match self.0.get(code)? {
            WeightByKind::Any(weight) => Some(*weight),
            WeightByKind::Of(kinds) => kinds.get(kind).or_else(|| kinds.get("*")).copied(),
        }
    }
}

impl TryFrom<BTreeMap<String, WeightByKind>> for Weights {
    type Error = String;

    fn try_from(map: BTreeMap<String, WeightByKind>) -> Result<Self, Self::Error> {
        let mut unknown = map.keys().filter(|code| !codes::has_weight(code));
        match unknown.next() {
            None => Ok(Self(map)),
            Some(code) => Err(match codes::nearest(code) {
                Some(near) => format!("no rule gives `{code}`, did you mean `{near}`?"),
                None => format!("no rule gives `{code}`"),
            }),
        }
    }
}
