//! `metadata.labels` have keys and values to select by.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use super::super::syntax::{KEY_RULE, NAME_RULE, is_label_value, is_qualified_name};
use crate::diagnostic::Diagnostic;
use crate::yaml::Node;

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
            let diagnostic = Diagnostic::error("catalog/invalid-label", place, message)
                .why(KEY_RULE)
                .help("write it like `example.com/tier`")
                .pointer(at());
            found.push(match repair_key(entry.name, labels.value) {
                Some(key) => subject.rewrite(diagnostic, entry.key, &key),
                None => diagnostic,
            });
        }
        if let Some(value) = entry.value.as_text().filter(|value| !is_label_value(value)) {
            let message = format!("`{value}` is no valid value of a label");
            let diagnostic =
                Diagnostic::error("catalog/invalid-label", subject.place(entry), message)
                    .why(format!("a value is empty, or {NAME_RULE}"))
                    .help("put other texts in an annotation")
                    .pointer(at());
            found.push(if is_label_value(value.trim()) {
                subject.rewrite(diagnostic, entry.value, value.trim())
            } else {
                diagnostic
            });
        }
    }
}

/// The key that is meant where only space around it or the case of its domain is wrong.
pub(super) fn repair_key(key: &str, owner: Node<'_>) -> Option<String> {
    let repaired = match key.trim().split_once('/') {
        Some((domain, name)) => format!("{}/{}", domain.trim().to_ascii_lowercase(), name.trim()),
        None => key.trim().to_owned(),
    };
    (is_qualified_name(&repaired) && owner.get(&repaired).is_none()).then_some(repaired)
}
