//! What is wrong with a policy that compiles: rules that do nothing, subjects that are not there, what
//! the plugins do not know, and conditions that are too long.
//!
//! Nothing is guessed. A rule is reported as without effect only if no user and no resource can be
//! thought of for which it matters.

mod approvals;
mod budget;
mod directory;
mod effect;
mod lock;
mod moments;

pub use lock::PolicyLock;

use serde::Deserialize;
use serde_json::Value;

use super::super::Policy;
use super::super::decision::{context, instant};
use super::super::situation::ZoneOffsets;
use super::super::time::Instant;
use crate::diagnostic::{self, Diagnostic};

/// What to look for beside the policy itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LintOptions {
    /// What the plugins say of their permissions and rules.
    pub permissions: Option<PolicyLock>,
    /// How many bytes the conditions of one decision may have; as the policy was compiled if absent.
    pub budget_bytes: Option<usize>,
    /// The time, for bindings that have ended and for conditions in force.
    #[serde(deserialize_with = "instant")]
    pub now: Option<Instant>,
    /// What the clocks of time zones show then.
    pub zone_offsets: Option<ZoneOffsets>,
    /// What the host says of requests.
    #[serde(deserialize_with = "context")]
    pub context: Option<Value>,
    /// Those of [`Policy::time_zones`] that the host does not know.
    pub unknown_time_zones: Vec<String>,
}

impl Policy {
    /// Finds what is likely not meant. What needs a directory is looked for if there is one.
    pub fn lint(&self, options: &LintOptions) -> Vec<Diagnostic> {
        let mut diagnostics = effect::without_effect(self);
        if self.members.directory().group_count() > 0
            || !self.members.directory().users().is_empty()
        {
            directory::subjects(self, &mut diagnostics);
            directory::groups(self, &mut diagnostics);
            let budget = options.budget_bytes.unwrap_or(self.budget_bytes);
            budget::over(self, budget, options, &mut diagnostics);
            approvals::unsatisfiable(self, &mut diagnostics);
        }
        if let Some(now) = options.now {
            moments::expired(self, now, &mut diagnostics);
        }
        moments::unknown_zones(self, &options.unknown_time_zones, &mut diagnostics);
        if let Some(lock) = &options.permissions {
            lock.check(&self.model, &mut diagnostics);
        }
        diagnostic::sort(&mut diagnostics);
        diagnostics
    }
}
