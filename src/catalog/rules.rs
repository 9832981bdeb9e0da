//! The rules: one file each, one row each.

mod annotation_values;
mod annotations;
mod api_version;
mod dead_annotations;
mod definition;
mod governed;
mod kind;
mod labels;
mod links;
mod name;
mod namespace;
mod placeholders;
mod plugin_annotations;
mod refs;
mod root;
mod shape;
mod tags;
mod unknown_fields;
mod wrong_type;

use super::entity::Subject;
use super::findings::Findings;

/// The codes of rules that guard what entities may do.
pub(super) const GUARDS: &[&str] = governed::CODES;

/// One rule of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, and that of the folder of its test cases.
    pub name: &'static str,
    /// What holds for a good descriptor, in one sentence.
    pub summary: &'static str,
    /// The diagnostics it may give.
    pub codes: &'static [&'static str],
    /// Looks at one document and adds what it finds.
    check: fn(&Subject, &mut Findings),
}

/// All rules. A rule says nothing of a value whose type is wrong: that is for `shape` alone, so that
/// one cause gives one diagnostic.
pub const RULES: &[Rule] = &[
    Rule {
        name: "root",
        summary: "each document is an object",
        codes: &["catalog/not-an-object"],
        check: root::check,
    },
    Rule {
        name: "shape",
        summary: "the entity has the shape of its kind: required fields, types, allowed values",
        codes: shape::CODES,
        check: shape::check,
    },
    Rule {
        name: "placeholders",
        summary: "the file of a placeholder is there, in the same repository, and can be read as it says",
        codes: placeholders::CODES,
        check: placeholders::check,
    },
    Rule {
        name: "api-version",
        summary: "`apiVersion` is a version of the kind",
        codes: &["catalog/invalid-api-version", "catalog/unknown-api-version"],
        check: api_version::check,
    },
    Rule {
        name: "kind",
        summary: "`kind` is a kind that Backstage knows",
        codes: &["catalog/invalid-kind", "catalog/unknown-kind"],
        check: kind::check,
    },
    Rule {
        name: "name",
        summary: "`metadata.name` is a name that Backstage accepts",
        codes: &["catalog/invalid-name"],
        check: name::check,
    },
    Rule {
        name: "namespace",
        summary: "`metadata.namespace` is a DNS label",
        codes: &["catalog/invalid-namespace"],
        check: namespace::check,
    },
    Rule {
        name: "labels",
        summary: "`metadata.labels` have keys and values to select by",
        codes: &["catalog/invalid-label"],
        check: labels::check,
    },
    Rule {
        name: "annotations",
        summary: "`metadata.annotations` have well-formed keys",
        codes: &["catalog/invalid-annotation"],
        check: annotations::check,
    },
    Rule {
        name: "dead-annotations",
        summary: "every annotation of a plugin's is one that it reads",
        codes: &["annotation/unknown-key"],
        check: dead_annotations::check,
    },
    Rule {
        name: "annotation-values",
        summary: "annotations say what they mean, and no secret",
        codes: annotation_values::CODES,
        check: annotation_values::check,
    },
    Rule {
        name: "plugin-annotations",
        summary: "an entity has the annotations of the plugins that are installed",
        codes: &["annotation/missing"],
        check: plugin_annotations::check,
    },
    Rule {
        name: "tags",
        summary: "`metadata.tags` are lower-case words",
        codes: &["catalog/invalid-tag"],
        check: tags::check,
    },
    Rule {
        name: "links",
        summary: "`metadata.links` lead to absolute URLs and have texts that can be seen",
        codes: &["catalog/invalid-link"],
        check: links::check,
    },
    Rule {
        name: "unknown-fields",
        summary: "every field is one that something reads",
        codes: &["catalog/unknown-field"],
        check: unknown_fields::check,
    },
    Rule {
        name: "refs",
        summary: "references in `spec` can be read, and have a kind where none is implied",
        codes: &["catalog/invalid-ref", "catalog/ref-without-kind"],
        check: refs::check,
    },
    Rule {
        name: "definition",
        summary: "the definition of an API can be read, has the shape of its type, and refers to what is there",
        codes: definition::CODES,
        check: definition::check,
    },
    Rule {
        name: "governed",
        summary: "a template of a governed type asks the policy first and keeps to the allowed actions",
        codes: governed::CODES,
        check: governed::check,
    },
];

/// Runs all rules on one document.
pub(super) fn run(subject: &Subject, found: &mut Findings) {
    for rule in RULES {
        if !found.is_full() {
            (rule.check)(subject, found);
        }
    }
}
