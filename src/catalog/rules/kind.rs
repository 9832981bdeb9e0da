//! `kind` is a kind that Backstage knows.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::model;
use super::super::syntax::is_kind;
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(entry) = subject.field("kind") else {
        return;
    };
    let Some(kind) = entry.value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    match subject.model {
        Some(model) if model.kind == kind => {}
        Some(model) => {
            let help = format!("did you mean `{}`?", model.kind);
            let diagnostic = unknown(subject, kind).help(help);
            found.push(subject.rewrite(diagnostic, entry.value, model.kind));
        }
        None if is_kind(kind) => {
            let names: Vec<&str> = model::names().collect();
            let list = names.join("`, `");
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
