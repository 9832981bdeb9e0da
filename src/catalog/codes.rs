//! The codes of findings, beside those of the rules that look at one document.

use super::rules::{GUARDS, RULES};
use super::{graph, ignore};
use crate::suggest;
use crate::yaml;

/// Findings on files among others, which whoever reads them gives.
pub(super) const OF_FILES: &[&str] = &[
    "catalog/no-descriptor",
    "catalog/no-entity",
    "catalog/missing-target",
    "catalog/target-outside",
    "catalog/target-itself",
    "catalog/unlisted-file",
];

/// The codes whose weight can be said.
fn weighed() -> impl Iterator<Item = &'static str> {
    let of_rules = RULES.iter().flat_map(|rule| rule.codes);
    let of_graph = graph::CODES.iter();
    of_rules
        .chain(of_graph)
        .chain(OF_FILES)
        .chain(ignore::CODES)
        .copied()
}

/// Whether only a look at many files gives that code.
pub(super) fn come_later(code: &str) -> bool {
    OF_FILES.contains(&code) || graph::CODES.contains(&code)
}

/// Whether the weight of a code can be said.
pub fn has_weight(code: &str) -> bool {
    weighed().any(|known| known == code)
}

/// The code that is likely meant.
pub fn nearest(code: &str) -> Option<&'static str> {
    suggest::nearest(code, weighed().chain(yaml::CODES.iter().copied()))
}

/// Whether it is a code of the catalogue, or of the YAML it is written in.
pub(super) fn is_known(code: &str) -> bool {
    has_weight(code) || yaml::CODES.contains(&code)
}

/// Whether comments and baselines can set a finding aside. Not the guards of templates: whoever writes
/// a template could lift them. And not that a file was not read.
pub(super) fn may_be_set_aside(code: &str) -> bool {
    !GUARDS.contains(&code) && !code.starts_with("source/") && !ignore::CODES.contains(&code)
}
