//! Three-way merge of one file: what a new template makes of it (*theirs*) and what became of it in
//! the repository (*ours*), both counted from what the old template made (*base*).
//!
//! Lines are merged first, because that keeps every comment of both sides. YAML and JSON are merged
//! by their keys as well: that decides what the result must mean, and is written into *ours* where
//! merging lines has a conflict or means something else.

mod edit;
mod lines;
pub(crate) mod member;
mod tree;
mod write;

use serde::{Deserialize, Serialize};

use lines::Hunk;

/// The contents of a file; none where it does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    /// What the old template made.
    pub base: Option<&'a [u8]>,
    /// What is in the repository.
    pub ours: Option<&'a [u8]>,
    /// What the new template makes.
    pub theirs: Option<&'a [u8]>,
}

/// How to merge.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeOptions {
    /// The file's path, whose extension says how it is read.
    pub path: String,
    /// Whether conflicts are written into the text; if not, it has ours there.
    #[serde(default)]
    pub markers: bool,
}

/// What becomes of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileMerge {
    /// What happened.
    pub action: Action,
    /// The content to have in the end.
    pub take: Take,
    /// The content, if it is neither ours nor theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What could not be decided; never empty for a conflict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// What happened to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// The template did not change it, or both did alike.
    Unchanged,
    /// New in the template.
    Added,
    /// Changed by the template only.
    Updated,
    /// Changed by both.
    Merged,
    /// No longer in the template, and not edited.
    Deleted,
    /// Changed by both, incompatibly.
    Conflict,
}

/// Which content to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Take {
    /// What is in the repository.
    Ours,
    /// What the new template makes.
    Theirs,
    /// The merged text.
    Text,
    /// None: the file goes.
    Nothing,
}

/// Where both sides changed the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// What both did.
    pub message: String,
    /// The line of the merged text, from 1, unless the conflict is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// Merges one file.
pub fn file(versions: Versions, options: &MergeOptions) -> FileMerge {
    let Versions { base, ours, theirs } = versions;
    if ours == theirs || base == theirs {
        return whole(Action::Unchanged, Take::Ours);
    }
    match (base, ours, theirs) {
        (None, None, Some(_)) => whole(Action::Added, Take::Theirs),
        (Some(_), _, None) if base == ours => whole(Action::Deleted, Take::Nothing),
        (Some(_), _, Some(_)) if base == ours => whole(Action::Updated, Take::Theirs),
        (_, Some(_), None) => undecided("edited here, and no longer in the template"),
        (_, None, _) => undecided("deleted here, and changed by the template"),
        (_, Some(ours), Some(theirs)) => {
            let texts = (
                readable(base.unwrap_or_default()),
                readable(ours),
                readable(theirs),
            );
            match texts {
                (Some(base), Some(ours), Some(theirs)) => text(base, ours, theirs, options),
                _ => undecided("changed here and by the template, and not text"),
            }
        }
    }
}

fn text(base: &str, ours: &str, theirs: &str, options: &MergeOptions) -> FileMerge {
    let by_lines = lines::merge(base, ours, theirs);
    let Some(language) = tree::Language::of(&options.path) else {
        return finish(&by_lines, options);
    };
    let by_keys = tree::merge(base, ours, theirs);
    match by_keys {
        Some(merged) => {
            let text = lines::text(&by_lines, false);
            // lines keep more of the comments, so they are taken if they mean the same
            let agree = lines::conflicts(&by_lines, false).len()
                == lines::conflicts(&merged.hunks, false).len()
                && language.means(&text, &merged.value);
            let hunks = if agree { by_lines } else { merged.hunks };
            finish(&hunks, options)
        }
        None if lines::is_clean(&by_lines)
            && [base, ours, theirs].map(|text| language.is_readable(text)) == [true; 3]
            && !language.is_readable(&lines::text(&by_lines, false)) =>
        {
            FileMerge {
                conflicts: vec![Conflict {
                    message: "the changes of both together are not readable any more".to_owned(),
                    line: None,
                }],
                ..whole(Action::Conflict, Take::Ours)
            }
        }
        None => finish(&by_lines, options),
    }
}

fn finish(hunks: &[Hunk], options: &MergeOptions) -> FileMerge {
    let text = lines::text(hunks, options.markers);
    let conflicts = lines::conflicts(hunks, options.markers);
    let action = if conflicts.is_empty() {
        Action::Merged
    } else {
        Action::Conflict
    };
    FileMerge {
        action,
        take: Take::Text,
        text: Some(text),
        conflicts,
    }
}

fn whole(action: Action, take: Take) -> FileMerge {
    FileMerge {
        action,
        take,
        text: None,
        conflicts: Vec::new(),
    }
}

fn undecided(message: &str) -> FileMerge {
    FileMerge {
        conflicts: vec![Conflict {
            message: message.to_owned(),
            line: None,
        }],
        ..whole(Action::Conflict, Take::Ours)
    }
}

/// The text, unless the bytes are not UTF-8 or have a NUL, which no text has.
fn readable(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}
