//! A document is an object.

use super::super::entity::Subject;
use super::super::findings::Findings;
use crate::diagnostic::Diagnostic;
use crate::yaml::Kind;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let what = match subject.root.kind() {
        Kind::Mapping(_) | Kind::Null => return,
        Kind::Sequence(_) => "a list",
        Kind::Text(_) => "a text",
        Kind::Number(_) => "a number",
        Kind::Bool(_) => "a boolean",
    };
    let help = match subject.root.kind() {
        Kind::Sequence(_) => "write each entity as a document of its own, with `---` between them",
        _ => "begin with `apiVersion:`, `kind:` and `metadata:`",
    };
    found.push(
        Diagnostic::error(
            "catalog/not-an-object",
            subject.place_of(subject.root),
            format!("the document is {what}, not an entity"),
        )
        .why("an entity is an object with apiVersion, kind and metadata")
        .help(help),
    );
}
