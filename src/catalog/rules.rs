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

pub(super) use refs::field_at;

use super::entity::Subject;
use super::findings::Findings;
use super::model::ENVELOPE;

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
        codes: &[
            "catalog/invalid-kind",
            "catalog/unknown-kind",
            "catalog/unknown-spec-type",
        ],
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
        codes: tags::CODES,
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

/// The rules that have nothing to say of an entity that is as its schemas say.
const OF_SHAPE: [&str; 2] = ["shape", "unknown-fields"];

/// Runs all rules on one document.
pub(super) fn run(subject: &Subject, found: &mut Findings) {
    let is_regular = is_regular(subject);
    for rule in RULES {
        let has_nothing_to_say = is_regular && OF_SHAPE.contains(&rule.name);
        if !found.is_full() && !has_nothing_to_say {
            (rule.check)(subject, found);
        }
    }
}

/// Whether it can be seen at a glance that envelope and `spec` are as they should be.
fn is_regular(subject: &Subject) -> bool {
    let is_regular = || {
        let envelope = ENVELOPE.as_ref()?.outline()?;
        let metadata = subject.field("metadata")?.value;
        let spec = subject.field("spec")?.value;
        let of_kind = subject
            .model?
            .schema
            .as_ref()?
            .outline()?
            .only_property("spec")?;
        let is_named = envelope.property("metadata")?.names_all(metadata);
        Some(is_named && of_kind.fits(spec) && envelope.fits(subject.root))
    };
    is_regular().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::options::CatalogOptions;
    use crate::catalog::resolve::Resolution;
    use crate::source::SourceText;
    use crate::yaml;

    /// What the rules of shape find, and whether the entity is regular at a glance.
    fn look(text: &str) -> (usize, bool) {
        let options = CatalogOptions::default();
        let source = SourceText::new("a.yaml", text);
        let stream = yaml::parse(&source, &options.limits);
        let documents = stream.documents.iter().map(|document| {
            let resolution = Resolution::default();
            let subject = Subject::new(&source, &options, document.root(), &resolution);
            let mut found = Findings::new(Vec::new(), 100);
            shape::check(&subject, &mut found);
            unknown_fields::check(&subject, &mut found);
            (found.into_list().len(), is_regular(&subject))
        });
        documents.fold((0, true), |(all, is), (one, of_one)| {
            (all + one, is && of_one)
        })
    }

    #[test]
    fn nothing_is_wrong_with_what_is_regular_at_a_glance() {
        let (mut regular, mut irregular) = (0, 0);
        for text in yaml::corpus() {
            let lines: Vec<&str> = text.lines().collect();
            // Each file, and each without one line and with one value of another type.
            let changed = (0..=lines.len().min(60)).step_by(4).flat_map(|at| {
                let mut lines = lines.clone();
                let mut retyped = lines.clone();
                let line = lines.get(at).copied().unwrap_or_default();
                let key = line.split_once(':').map_or("x", |(key, _)| key);
                let (number, slip) = (format!("{key}: 1"), line.replacen('e', "r", 1));
                if at < lines.len() {
                    lines.remove(at);
                    retyped[at] = &number;
                }
                let mut slipped = retyped.clone();
                if at < slipped.len() {
                    slipped[at] = &slip;
                }
                [lines.join("\n"), retyped.join("\n"), slipped.join("\n")]
            });
            for text in changed {
                let (found, is_regular) = look(&text);
                assert!(!is_regular || found == 0, "{text}");
                *(if is_regular {
                    &mut regular
                } else {
                    &mut irregular
                }) += 1;
            }
        }
        assert!(regular > 500 && irregular > 500, "{regular} {irregular}");
    }

    #[test]
    fn every_kind_has_an_outline() {
        for model in super::super::model::built_in() {
            let outline = model.schema.as_ref().unwrap().outline();
            assert!(outline.is_some(), "{}", model.kind);
        }
    }
}
