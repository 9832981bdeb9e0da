//! `metadata.namespace` is a DNS label.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::syntax::{is_dns_label, repair};
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(entry) = subject.metadata("namespace") else {
        return;
    };
    let Some(namespace) = entry.value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    if is_dns_label(namespace) {
        return;
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let near = repair(&namespace.to_ascii_lowercase(), allowed, is_dns_label);
    // References do not mind the case.
    let same = near
        .clone()
        .filter(|near| near.eq_ignore_ascii_case(namespace.trim()));
    let diagnostic = Diagnostic::error(
        "catalog/invalid-namespace",
        subject.place(entry),
        format!("`{namespace}` is no valid namespace"),
    )
    .why("a namespace is 1 to 63 lower-case letters, digits and `-`, no `-` at either end")
    .help(match near {
        Some(near) => format!("write for example `{near}`"),
        None => "write it like `payments`".to_owned(),
    })
    .pointer("/metadata/namespace");
    found.push(match same {
        Some(same) => subject.rewrite(diagnostic, entry.value, &same),
        None => diagnostic,
    });
}
