//! `apiVersion` is a version of the kind.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::syntax::is_api_version;
use crate::diagnostic::Diagnostic;
use crate::suggest;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(entry) = subject.field("apiVersion") else {
        return;
    };
    let Some(version) = entry.value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    if subject
        .model
        .is_some_and(|model| model.has_version(version))
    {
        return;
    }
    let accepted = subject.model.map_or_else(Vec::new, |model| {
        subject.options.known_kinds().versions(&model.kind)
    });
    let near = match accepted.as_slice() {
        [only] => Some(*only),
        _ => suggest::nearest(version, accepted.iter().copied()),
    };
    let diagnostic = if let Some(model) = subject.model {
        Diagnostic::error(
            "catalog/unknown-api-version",
            subject.place(entry),
            format!("`{}` has no version `{version}`", model.kind),
        )
        .why("Backstage refuses an entity whose kind and apiVersion no processor knows together")
        .help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `{}`", accepted.join("` or `")),
        })
    } else if is_api_version(version) {
        return;
    } else {
        Diagnostic::error(
            "catalog/invalid-api-version",
            subject.place(entry),
            format!("`{version}` is no valid apiVersion"),
        )
        .why(
            "an apiVersion is a version of letters and digits, \
             after a lower-case domain and `/` if it has one",
        )
        .help("write it like `backstage.io/v1alpha1`")
    };
    let diagnostic = diagnostic.pointer("/apiVersion");
    found.push(match near {
        Some(near) => subject.rewrite(diagnostic, entry.value, near),
        None => diagnostic,
    });
}
