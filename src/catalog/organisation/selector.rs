//! The entities that a rule is for.

use serde::Deserialize;

use super::pattern::{Many, Pattern};
use crate::catalog::entity::Subject;

/// Entities by what they say of themselves: of each that is given, one pattern must match. What an
/// entity does not have matches nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Selector {
    /// The kinds, whatever their case.
    pub kind: Option<Many<Pattern>>,
    /// The `spec.type`s, whatever their case.
    #[serde(rename = "type")]
    pub spec_type: Option<Many<Pattern>>,
    /// The `spec.lifecycle`s, whatever their case.
    pub lifecycle: Option<Many<Pattern>>,
    /// Tags, of which the entity has one.
    pub tags: Option<Many<Pattern>>,
    /// Those that are not meant after all.
    pub not: Option<Box<Selector>>,
}

impl Selector {
    /// Whether the rule is for that entity.
    pub fn takes(&self, subject: &Subject) -> bool {
        let one = |patterns: &Option<Many<Pattern>>, text: Option<&str>| {
            let matches = |text| {
                let mut patterns = patterns.iter().flat_map(Many::iter);
                patterns.any(|pattern| pattern.matches_any_case(text))
            };
            patterns.is_none() || text.is_some_and(matches)
        };
        one(&self.kind, subject.text("/kind"))
            && one(&self.spec_type, subject.text("/spec/type"))
            && one(&self.lifecycle, subject.text("/spec/lifecycle"))
            && self.takes_tags(subject)
            && !self.not.as_ref().is_some_and(|not| not.takes(subject))
    }

    fn takes_tags(&self, subject: &Subject) -> bool {
        let Some(patterns) = &self.tags else {
            return true;
        };
        let tags = subject.metadata("tags");
        let mut tags = tags.into_iter().flat_map(|tags| tags.value.items());
        tags.any(|tag| {
            tag.as_text()
                .is_some_and(|tag| patterns.iter().any(|pattern| pattern.matches(tag)))
        })
    }
}
