//! The last step of a check of many files: what they say of each other is decided, comments and a
//! baseline set findings aside, and scores are given.
//!
//! One file is checked without the others. What it cannot tell is pending; what others found of it (files
//! that are not there, references that lead nowhere) comes on top. Both obey the same weights and comments.

mod baseline;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use baseline::{Baseline, Settled, write as write_baseline};

use super::codes;
use super::ignore::{self, Ignore, Ignored};
use super::options::CatalogOptions;
use super::organisation::{Need, Outcome, Outcomes, Pending, Score};
use crate::diagnostic::{self, Diagnostic};

/// What was found in one file so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileFindings {
    /// Its name.
    pub file: String,
    /// Problems of the file itself.
    pub diagnostics: Vec<Diagnostic>,
    /// Those that a comment sets aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Ignored>,
    /// Its comments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignores: Vec<Ignore>,
    /// Its documents in order.
    pub documents: Vec<DocumentFindings>,
}

/// What was found in one document so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentFindings {
    /// Its kind as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `kind:namespace/name` in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_ref: Option<String>,
    /// Whether it is an entity at all.
    pub has_envelope: bool,
    /// Its problems.
    pub diagnostics: Vec<Diagnostic>,
    /// Those that a comment sets aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Ignored>,
    /// Those that are not decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<Pending>,
    /// How it does by the organisation's rules.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: Outcomes,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
}

/// What is known beside the files.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'f> {
    /// All entities of the catalogue but those in the files.
    pub known: Option<&'f BTreeSet<String>>,
    /// The files and folders that exist, of those that are asked for.
    pub present: Option<&'f BTreeSet<String>>,
}

/// Decides what is pending, and sets findings aside.
pub fn settle(files: &mut [FileFindings], options: &CatalogOptions, facts: Facts) {
    let documents = files.iter().flat_map(|file| &file.documents);
    let own: BTreeSet<String> = documents
        .filter_map(|document| document.entity_ref.clone())
        .collect();
    for file in files {
        options.rules.apply("", &mut file.diagnostics);
        for document in &mut file.documents {
            document.decide(&own, facts);
            if document.has_envelope {
                let kind = document.kind.as_deref().unwrap_or_default();
                options.rules.apply(kind, &mut document.diagnostics);
            }
            document.score = options.scorecard.score(&document.outcomes);
        }
        file.apply_ignores(options);
        diagnostic::sort(&mut file.diagnostics);
        for document in &mut file.documents {
            diagnostic::sort(&mut document.diagnostics);
        }
    }
}

impl FileFindings {
    fn apply_ignores(&mut self, options: &CatalogOptions) {
        let ignores = &mut self.ignores;
        ignore::apply(ignores, None, &mut self.diagnostics, &mut self.ignored);
        for (index, document) in self.documents.iter_mut().enumerate() {
            let found = &mut document.diagnostics;
            ignore::apply(ignores, Some(index), found, &mut document.ignored);
        }
        let is_pending = |word: &str| {
            let mut pending = self.documents.iter().flat_map(|document| &document.pending);
            pending.any(|pending| is_of_rule(word, &pending.rule))
        };
        let mut unused = ignore::unused(ignores, options, is_pending);
        options.rules.apply("", &mut unused);
        self.diagnostics.append(&mut unused);
    }
}

impl DocumentFindings {
    fn decide(&mut self, own: &BTreeSet<String>, facts: Facts) {
        let mut decided = BTreeSet::new();
        let mut undecided = Vec::new();
        let mut gone: Vec<String> = Vec::new();
        for pending in std::mem::take(&mut self.pending) {
            let is_there = match &pending.needs {
                Need::Entity(entity) if own.contains(entity) => Some(true),
                Need::Entity(entity) => facts.known.map(|known| known.contains(entity)),
                Need::Files(paths) => facts
                    .present
                    .map(|present| paths.iter().any(|path| present.contains(path))),
            };
            let Some(is_there) = is_there else {
                undecided.push(pending);
                continue;
            };
            decided.insert(pending.rule.clone());
            if is_there {
                continue;
            }
            self.outcomes.insert(pending.rule, Outcome::Failed);
            if let Need::Files(paths) = pending.needs {
                // one cause, one finding: in a folder that is not there is no file
                if paths.iter().any(|path| is_below(path, &gone)) {
                    continue;
                }
                gone.extend(paths);
            }
            self.diagnostics.extend(pending.diagnostic);
        }
        self.pending = undecided;
        for (rule, outcome) in &mut self.outcomes {
            let is_open = self.pending.iter().any(|pending| pending.rule == *rule);
            if *outcome == Outcome::Unknown && decided.contains(rule) && !is_open {
                *outcome = Outcome::Passed;
            }
        }
    }
}

fn is_below(path: &str, folders: &[String]) -> bool {
    let mut folders = folders.iter();
    folders.any(|folder| {
        path.strip_prefix(folder.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Whether a comment's word is for a rule of the organisation.
pub(super) fn is_of_rule(word: &str, rule: &str) -> bool {
    word.strip_prefix(super::organisation::AREA).unwrap_or(word) == rule
}

/// Whether a step after the check of one file may give findings that a comment's word is for.
pub(super) fn may_come_later(word: &str) -> bool {
    codes::come_later(word)
}
