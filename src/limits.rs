//! Limits on hostile or broken input: on by default, deterministic, one sentence each.

use serde::Deserialize;
use thiserror::Error;

use crate::diagnostic::Diagnostic;
use crate::source::Place;

/// Upper bounds of the engines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one source text. The largest descriptors carry an API definition of some 2 MB.
    pub source_bytes: usize,
    /// Levels of nesting in YAML, in a policy condition, and in a template's blocks or expressions.
    pub depth: usize,
    /// Nodes of one YAML file after its aliases are expanded, or of one template's syntax tree.
    pub nodes: usize,
    /// Copies that the aliases of one YAML document may make of one anchor (npm `yaml`'s `maxAliasCount`).
    pub aliases: usize,
    /// Steps of one template rendering: one for each node evaluated, each 16 bytes copied, each regex step.
    pub fuel: u64,
    /// Calls that one template rendering may make of filters and functions of the host.
    pub callbacks: usize,
    /// Bytes of one rendered text.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: 4 << 20,
            depth: 128,
            nodes: 1_000_000,
            aliases: 100,
            fuel: 10_000_000,
            callbacks: 100_000,
            output_bytes: 16 << 20,
        }
    }
}

/// A limit was passed; the work was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{what} exceed the limit of {limit}")]
pub struct LimitExceeded {
    /// What was counted, as a plural noun: "source bytes".
    pub what: &'static str,
    /// The limit in force.
    pub limit: u64,
}

impl LimitExceeded {
    /// Fails if `observed` is over `limit`.
    pub fn check(what: &'static str, observed: usize, limit: usize) -> Result<(), Self> {
        if observed > limit {
            let limit = u64::try_from(limit).unwrap_or(u64::MAX);
            return Err(Self { what, limit });
        }
        Ok(())
    }

    /// The diagnostic for it.
    pub fn diagnostic(self, at: Place) -> Diagnostic {
        Diagnostic::error("source/limit-exceeded", at, self.to_string())
            .why("limits keep one hostile or broken file from stalling the whole backend")
            .help("make the input smaller, or raise the limit in the options")
    }
}

/// More problems of one file than this are not worth reading, and a hostile file must not make the
/// answer much larger than itself.
pub(crate) const MAX_PROBLEMS: usize = 1_000;

/// Says that the rest of the file was not looked at. An error, or what was not looked at would pass.
pub(crate) fn too_many_problems(at: Place) -> Diagnostic {
    let limit = u64::try_from(MAX_PROBLEMS).unwrap_or(u64::MAX);
    let what = "problems of a file";
    LimitExceeded { what, limit }
        .diagnostic(at)
        .help("solve the problems shown first")
}
