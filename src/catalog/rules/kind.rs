//! `kind` is a kind that Backstage knows.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::model::KindModel;
use super::super::syntax::is_kind;
use crate::diagnostic::Diagnostic;
use crate::suggest;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(entry) = subject.field("kind") else {
        return;
    };
    let Some(kind) = entry.value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    match subject.model {
        Some(model) if model.kind == kind => check_type(subject, model, found),
        Some(model) => {
            let help = format!("did you mean `{}`?", model.kind);
            let diagnostic = unknown(subject, kind).help(help);
            found.push(subject.rewrite(diagnostic, entry.value, &model.kind));
        }
        None if is_kind(kind) => {
            let names = subject.options.known_kinds().names();
            let list = Vec::from_iter(names).join("`, `");
            found.push(unknown(subject, kind).help(format!("the kinds are `{list}`")));
        }
        None => found.push(
            Diagnostic::error(
                "catalog/invalid-kind",
                subject.place(entry),
                format!("`{kind}` is no valid kind"),
            )
            .why("a kind is 1 to 63 letters and digits, a letter first")
            .help("write it like `Component`")
            .pointer("/kind"),
        ),
    }
}

/// A model may have a kind whose every shape is for one `spec.type`.
fn check_type(subject: &Subject, model: &KindModel, found: &mut Findings) {
    let Some(wanted) = model.spec_type.as_deref() else {
        return;
    };
    let at = subject.root.at("/spec/type");
    let written = at.and_then(|(_, value)| value.as_text());
    if written == Some(wanted) {
        return;
    }
    let place = subject.place_of(at.map_or(subject.root, |(_, value)| value));
    let types = subject.options.known_kinds().spec_types(&model.kind);
    let near = written.and_then(|written| suggest::nearest(written, types.iter().copied()));
    let message = match written {
        Some(written) => format!("`{}` has no type `{written}`", model.kind),
        None => format!("a `{}` needs a `spec.type`", model.kind),
    };
    found.push(
        Diagnostic::error("catalog/unknown-spec-type", place, message)
            .why("the model of your Backstage has a shape for some types of this kind only")
            .help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the types are `{}`", Vec::from_iter(types).join("`, `")),
            })
            .pointer("/spec/type"),
    );
}

fn unknown(subject: &Subject, kind: &str) -> Diagnostic {
    let place = subject.field("kind").map(|entry| subject.place(entry));
    let place = place.unwrap_or_else(|| subject.place_of(subject.root));
    Diagnostic::error(
        "catalog/unknown-kind",
        place,
        format!("unknown kind `{kind}`"),
    )
    .why("Backstage refuses an entity whose kind no processor knows")
    .pointer("/kind")
}
