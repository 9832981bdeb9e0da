//! How far entities are: levels, each with the rules that must pass for it and all before it.

use serde::{Deserialize, Serialize};

use super::{Outcome, Outcomes};

/// Levels, the first to reach first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scorecard {
    /// The levels.
    pub levels: Vec<Level>,
}

/// One level.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// What people call it.
    pub name: String,
    /// The names of the organisation's rules that must pass.
    pub rules: Vec<String>,
}

/// How far an entity is. A rule that is not for it asks nothing of it; one whose finding is ignored,
/// or is in a baseline, has not passed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// The highest level that is reached with all before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The level after that, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The rules that keep it from there.
    pub missing: Vec<String>,
    /// The rules of levels reached that could not be judged here, and count as passed.
    pub unknown: Vec<String>,
}

impl Scorecard {
    /// How far an entity is; nothing of one that no level asks anything of.
    pub fn score(&self, outcomes: &Outcomes) -> Option<Score> {
        let with = |level: &Level, wanted: Outcome| -> Vec<String> {
            let rules = level.rules.iter();
            rules
                .filter(|&rule| outcomes.get(rule) == Some(&wanted))
                .cloned()
                .collect()
        };
        let mut rules = self.levels.iter().flat_map(|level| &level.rules);
        if !rules.any(|rule| outcomes.contains_key(rule)) {
            return None;
        }
        let mut score = Score::default();
        for level in &self.levels {
            let missing = with(level, Outcome::Failed);
            if !missing.is_empty() {
                score.next = Some(level.name.clone());
                score.missing = missing;
                break;
            }
            score.unknown.extend(with(level, Outcome::Unknown));
            score.level = Some(level.name.clone());
        }
        Some(score)
    }
}
