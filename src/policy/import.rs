//! Policies of Red Hat's RBAC plugin (`@backstage-community/plugin-rbac-backend` 8.1.3): its CSV file
//! and its file of conditional policies.
//!
//! Three things can be done with them. [`import`] writes them as an access policy, of which every
//! rule names the line it came from. [`Rhdh`] decides as that plugin does, so that a move can begin
//! without any change. [`compare`] lists what changes for whom once a deny cannot be outvoted.
//!
//! # What the plugin decides
//!
//! 1. A user has the roles that `g` lines give to them, to their groups, and to the groups above
//!    those; each group counts with the first of its parents. If any of these groups are in a cycle,
//!    the user has no role at all.
//! 2. A `p` line speaks of a permission by its name or by its resource type. If any line of any of the
//!    user's roles names the permission, lines about its type are not asked, whatever they say.
//! 3. Allowed is what some line of the roles allows and none denies.
//! 4. Lines about the user or a group itself are only asked if the user has no role, and then only
//!    lines about the type, where the permission has one.
//! 5. Conditional policies of the roles come before all lines: if there is one, the answer is that any
//!    of them holds. With [`Precedence::Basic`] they come after. Two of one role for one permission
//!    deny.
//! 6. `use` is the action of a permission without one.
//!
//! The plugin skips lines that it cannot read and conditions that it cannot store. Here each is an
//! error, because a line that is not in force should not look as if it were. Not covered is what
//! stands in no file: administrators and default roles of the configuration, roles made through the
//! REST API, `maxDepth` and `useOwnershipEntityRefs`.

mod aliases;
mod compare;
mod conditions;
mod csv;
mod evaluate;
mod judge;
mod selection;
mod sugar;
mod text;
mod write;

use serde::{Deserialize, Serialize};

pub use self::compare::{Cause, Change, Report, compare};
pub use self::conditions::Conditional;
pub use self::csv::{Grant, Line};
pub use self::evaluate::{Compilation, Rhdh, RhdhDecision};

use super::permission::{self, Permission};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::Limits;
use crate::source::SourceText;

/// What importing depends on beside the files.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportOptions {
    /// Permissions beyond those of Backstage's own plugins; one of the same name replaces those.
    pub permissions: Vec<Permission>,
    /// The plugin's `policyDecisionPrecedence`.
    pub precedence: Precedence,
    /// Upper bounds on the files.
    pub limits: Limits,
}

/// What the plugin asks first.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precedence {
    /// Conditional policies.
    #[default]
    Conditional,
    /// Lines of the CSV file.
    Basic,
}

/// The plugin's two files.
#[derive(Debug)]
pub struct Files {
    /// `policies-csv-file`.
    pub csv: SourceText,
    /// `conditionalPoliciesFile`.
    pub conditions: Option<SourceText>,
}

/// What the files say.
#[derive(Debug, Default)]
pub struct Rbac {
    /// The `p` lines.
    pub lines: Vec<Line>,
    /// The `g` lines.
    pub grants: Vec<Grant>,
    /// The conditional policies.
    pub conditionals: Vec<Conditional>,
}

/// An access policy written from the plugin's files.
#[derive(Debug, Serialize)]
pub struct Imported {
    /// The policy; nothing if a diagnostic is an error.
    pub files: Vec<File>,
    /// All problems of all files, at their places in the plugin's files.
    pub diagnostics: Vec<Diagnostic>,
}

/// A written file.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    pub content: String,
}

/// Writes the plugin's files as an access policy. There a deny cannot be outvoted, and lines about
/// users and groups hold beside those about roles.
pub fn import(files: &Files, options: &ImportOptions) -> Imported {
    let (rbac, mut diagnostics) = read(files, &options.limits);
    let known = permission::known(&options.permissions);
    let written = write::write(&rbac, &known, &mut diagnostics);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.extend(written.check(options).1);
    }
    diagnostic::sort(&mut diagnostics);
    let refused = diagnostics.iter().any(Diagnostic::is_error);
    Imported {
        files: if refused {
            Vec::new()
        } else {
            vec![written.into_file()]
        },
        diagnostics,
    }
}

/// Reads the files; every problem of both.
fn read(files: &Files, limits: &Limits) -> (Rbac, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut rbac = Rbac::default();
    csv::read(&files.csv, &mut rbac, &mut diagnostics);
    if let Some(conditions) = &files.conditions {
        rbac.conditionals = conditions::read(conditions, limits, &mut diagnostics);
    }
    (rbac, diagnostics)
}
