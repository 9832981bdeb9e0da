//! Edits of one text, and moving text from one indentation to another.

use std::fmt::Write;

use super::lines::Hunk;
use crate::source::Span;

/// A change of ours.
#[derive(Debug)]
pub(super) struct Edit {
    pub span: Span,
    pub change: Change,
}

#[derive(Debug)]
pub(super) enum Change {
    /// This instead.
    Text(String),
    /// It stays undecided; the span and both texts are whole lines.
    Conflict { base: String, theirs: String },
}

/// The edited text, unless edits overlap.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> Option<Vec<Hunk>> {
    // stable: what is put in at one place stays in order, and comes before what begins there
    edits.sort_by_key(|edit| edit.span);
    let mut hunks = Vec::new();
    let mut done = 0;
    for Edit { span, change } in edits {
        hunks.push(Hunk::Text(text.get(done..span.start)?.to_owned()));
        hunks.push(match change {
            Change::Text(text) => Hunk::Text(text),
            Change::Conflict { base, theirs } => Hunk::Conflict {
                base,
                ours: text.get(span.start..span.end)?.to_owned(),
                theirs,
            },
        });
        done = span.end;
    }
    hunks.push(Hunk::Text(text.get(done..)?.to_owned()));
    Some(hunks)
}

/// Text whose first line began at column `from`, to begin at column `to`; the other lines move with it.
/// None if a line would have to move beyond the margin.
pub(super) fn reindent(text: &str, from: usize, to: usize) -> Option<String> {
    let mut out = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if index == 0 || line.trim().is_empty() || from == to {
            out.push_str(line);
        } else if to > from {
            write!(out, "{:1$}{line}", "", to - from).ok()?;
        } else {
            let (margin, rest) = line.split_at_checked(from - to)?;
            if !margin.bytes().all(|byte| byte == b' ') {
                return None;
            }
            out.push_str(rest);
        }
    }
    Some(out)
}
