//! `metadata.labels` have keys and values to select by.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use super::super::syntax::{is_label_value, is_qualified_name};
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let labels = subject.metadata("labels");
    for entry in labels.into_iter().flat_map(|labels| labels.value.entries()) {
        let at = pointer::join("/metadata/labels", entry.name);
        if !is_qualified_name(entry.name) {
            let message = format!("`{}` is no valid key of a label", entry.name);
            found.push(
                Diagnostic::error("catalog/invalid-label", subject.place_of(entry.key), message)
                    .why("a key is a name of 1 to 63 letters, digits, `-`, `_` and `.`, after a lower-case domain and `/` if it has one")
                    .help("write it like `example.com/tier`")
                    .pointer(&at),
            );
        }
        if let Some(value) = entry.value.as_text().filter(|value| !is_label_value(value)) {
            let message = format!("`{value}` is no valid value of a label");
            found.push(
                Diagnostic::error("catalog/invalid-label", subject.place(entry), message)
                    .why("a value is empty, or 1 to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends")
                    .help("put other texts in an annotation")
                    .pointer(at),
            );
        }
    }
}
