//! The file of a placeholder is there, in the same repository, and can be read as it says.

use super::super::entity::Subject;
use super::super::findings::Findings;

pub(super) const CODES: &[&str] = &[
    "catalog/placeholder-value",
    "catalog/placeholder-outside",
    "catalog/placeholder-missing",
    "catalog/placeholder-unreadable",
    "catalog/placeholder-content",
    "catalog/placeholder-not-read",
];

/// They were read before, so that all rules see what stands in their place.
pub(super) fn check(subject: &Subject, found: &mut Findings) {
    for problem in subject.resolution.problems() {
        found.push(problem.clone());
    }
}
