//! What is wrong with a policy that compiles: rules that do nothing, subjects that are not there, what
//! the plugins do not know, and conditions that are too long.
//!
//! Nothing is guessed. A rule is reported as without effect only if no user and no resource can be
//! thought of for which it matters.

mod budget;
mod directory;
mod effect;
mod lock;

pub use lock::PolicyLock;

use serde::Deserialize;

use super::super::Policy;
use crate::diagnostic::{self, Diagnostic};

/// What to look for beside the policy itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LintOptions {
    /// What the plugins say of their permissions and rules.
    pub permissions: Option<PolicyLock>,
    /// How many bytes the conditions of one decision may have; as the policy was compiled if absent.
    pub budget_bytes: Option<usize>,
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
            budget::over(self, budget, &mut diagnostics);
        }
        if let Some(lock) = &options.permissions {
            lock.check(&self.model, &mut diagnostics);
        }
        diagnostic::sort(&mut diagnostics);
        diagnostics
    }
}
