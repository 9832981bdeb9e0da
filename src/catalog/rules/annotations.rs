//! `metadata.annotations` have well-formed keys; their values are any text.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use super::super::syntax::{KEY_RULE, is_qualified_name};
use super::labels::repair_key;
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(annotations) = subject.metadata("annotations") else {
        return;
    };
    if subject.is_placeholder(annotations.value, "/metadata/annotations") {
        return;
    }
    for entry in annotations.value.entries() {
        if is_qualified_name(entry.name) {
            continue;
        }
        let place = subject.place_of(entry.key);
        let message = format!("`{}` is no valid key of an annotation", entry.name);
        let diagnostic = Diagnostic::error("catalog/invalid-annotation", place, message)
            .why(KEY_RULE)
            .help("write it like `example.com/dashboard-url`")
            .pointer(pointer::join("/metadata/annotations", entry.name));
        found.push(match repair_key(entry.name, annotations.value) {
            Some(key) => subject.rewrite(diagnostic, entry.key, &key),
            None => diagnostic,
        });
    }
}
