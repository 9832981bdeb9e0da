//! `metadata.annotations` have well-formed keys; their values are any text.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use super::super::syntax::is_qualified_name;
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let annotations = subject.metadata("annotations");
    for entry in annotations
        .into_iter()
        .flat_map(|entry| entry.value.entries())
    {
        if is_qualified_name(entry.name) {
            continue;
        }
        let message = format!("`{}` is no valid key of an annotation", entry.name);
        found.push(
            Diagnostic::error("catalog/invalid-annotation", subject.place_of(entry.key), message)
                .why("a key is a name of 1 to 63 letters, digits, `-`, `_` and `.`, after a lower-case domain and `/` if it has one")
                .help("write it like `example.com/dashboard-url`")
                .pointer(pointer::join("/metadata/annotations", entry.name)),
        );
    }
}
