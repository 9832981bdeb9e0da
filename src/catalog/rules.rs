//! The rules: one file each, one row each.

mod annotations;
mod api_version;
mod kind;
mod labels;
mod links;
mod name;
mod namespace;
mod refs;
mod root;
mod shape;
mod tags;
mod unknown_fields;
mod wrong_type;

use super::entity::Subject;
use crate::diagnostic::Diagnostic;

/// One rule of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, and that of the folder of its test cases.
    pub name: &'static str,
    /// The diagnostics it may give.
    pub codes: &'static [&'static str],
    /// Looks at one document and adds what it finds.
    check: fn(&Subject, &mut Vec<Diagnostic>),
}

/// All rules. A rule says nothing of a value whose type is wrong: that is for `shape` alone, so that
/// one cause gives one diagnostic.
pub const RULES: &[Rule] = &[
    Rule {
        name: "root",
        codes: &["catalog/not-an-object"],
        check: root::check,
    },
    Rule {
        name: "shape",
        codes: shape::CODES,
        check: shape::check,
    },
    Rule {
        name: "api-version",
        codes: &["catalog/invalid-api-version", "catalog/unknown-api-version"],
        check: api_version::check,
    },
    Rule {
        name: "kind",
        codes: &["catalog/invalid-kind", "catalog/unknown-kind"],
        check: kind::check,
    },
    Rule {
        name: "name",
        codes: &["catalog/invalid-name"],
        check: name::check,
    },
    Rule {
        name: "namespace",
        codes: &["catalog/invalid-namespace"],
        check: namespace::check,
    },
    Rule {
        name: "labels",
        codes: &["catalog/invalid-label"],
        check: labels::check,
    },
    Rule {
        name: "annotations",
        codes: &["catalog/invalid-annotation"],
        check: annotations::check,
    },
    Rule {
        name: "tags",
        codes: &["catalog/invalid-tag"],
        check: tags::check,
    },
    Rule {
        name: "links",
        codes: &["catalog/invalid-link"],
        check: links::check,
    },
    Rule {
        name: "unknown-fields",
        codes: &["catalog/unknown-field"],
        check: unknown_fields::check,
    },
    Rule {
        name: "refs",
        codes: &["catalog/invalid-ref", "catalog/ref-without-kind"],
        check: refs::check,
    },
];

/// Runs all rules on one document.
pub(super) fn run(subject: &Subject, found: &mut Vec<Diagnostic>) {
    for rule in RULES {
        (rule.check)(subject, found);
    }
}
