//! The definition of an API can be read, has the shape of its type, and refers to what is there.

use super::super::definition;
use super::super::entity::Subject;
use super::super::findings::Findings;

pub(super) const CODES: &[&str] = &[
    "catalog/definition-unreadable",
    "catalog/definition-shape",
    "catalog/missing-ref",
];

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    if subject.model.is_some_and(|model| model.kind == "API") {
        for problem in definition::check(subject) {
            found.push(problem);
        }
    }
}
