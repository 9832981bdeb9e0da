//! `metadata.labels` have keys and values to select by.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use super::super::syntax::{KEY_RULE, NAME_RULE, is_label_value, is_qualified_name};
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(labels) = subject.metadata("labels") else {
        return;
    };
    if subject.is_placeholder(labels.value, "/metadata/labels") {
        return;
    }
    for entry in labels.value.entries() {
        let at = || pointer::join("/metadata/labels", entry.name);
        if !is_qualified_name(entry.name) {
            let place = subject.place_of(entry.key);
            let message = format!("`{}` is no valid key of a label", entry.name);
            found.push(
                Diagnostic::error("catalog/invalid-label", place, message)
                    .why(KEY_RULE)
                    .help("write it like `example.com/tier`")
                    .pointer(at()),
            );
        }
        if let Some(value) = entry.value.as_text().filter(|value| !is_label_value(value)) {
            let message = format!("`{value}` is no valid value of a label");
            found.push(
                Diagnostic::error("catalog/invalid-label", subject.place(entry), message)
                    .why(format!("a value is empty, or {NAME_RULE}"))
                    .help("put other texts in an annotation")
                    .pointer(at()),
            );
        }
    }
}
