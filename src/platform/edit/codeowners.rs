//! Edits of `CODEOWNERS`: the path is a pattern, its value the owners.
//!
//! GitHub lets the last pattern that fits decide, so a new one goes behind all others.

use serde_json::Value;

use super::path::{Path, Segment};
use super::{Edit, Operation, apply};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceText, Span};

/// The text after the edit.
pub(super) fn edit(
    source: &SourceText,
    edit: &Edit,
    path: &Path,
) -> Result<String, Box<Diagnostic>> {
    let [Segment::Key(pattern)] = path.0.as_slice() else {
        return Err(refuse(
            source,
            "the path is not one pattern",
            "write each `/` of the pattern as `~1`",
        ));
    };
    let given = match &edit.value {
        None => Vec::new(),
        Some(Value::Array(owners)) => owners.iter().map(apply::plain).collect(),
        Some(owner) => vec![apply::plain(owner)],
    };
    let is_word = |word: &String| !word.is_empty() && !word.contains([' ', '\t', '\n', '\r', '#']);
    if !is_word(pattern) || !given.iter().all(is_word) {
        return Err(refuse(
            source,
            "a pattern or an owner has a space, a `#` or nothing",
            "write one word for each",
        ));
    }
    let mut lines: Vec<String> = source.text().lines().map(str::to_owned).collect();
    let at = lines
        .iter()
        .rposition(|line| words(line).next() == Some(pattern));
    let owners: Vec<String> = at
        .and_then(|at| lines.get(at))
        .map(|line| words(line).skip(1).map(str::to_owned).collect())
        .unwrap_or_default();
    let wanted = match (edit.op, at) {
        (Operation::Remove, None) | (Operation::SetIfAbsent, Some(_)) => {
            return Ok(source.text().to_owned());
        }
        (Operation::Remove, Some(at)) => {
            lines.remove(at);
            return Ok(joined(&lines, source));
        }
        (Operation::AppendUnique, Some(_)) => {
            let mut all = owners.clone();
            all.extend(given.into_iter().filter(|owner| !owners.contains(owner)));
            all
        }
        _ => given,
    };
    if at.is_some() && wanted == owners {
        return Ok(source.text().to_owned());
    }
    let line = format!("{pattern} {}", wanted.join(" "));
    match at.and_then(|at| lines.get_mut(at)) {
        Some(existing) => {
            let comment = existing.find(" #").and_then(|at| existing.get(at..));
            *existing = format!("{line}{}", comment.unwrap_or_default());
        }
        None => lines.push(line),
    }
    Ok(joined(&lines, source))
}

/// The words of a line without its comment.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let code = if line.trim_start().starts_with('#') {
        ""
    } else {
        line.split(" #").next().unwrap_or_default()
    };
    code.split_whitespace()
}

/// Lines that end as those of the file do.
fn joined(lines: &[String], source: &SourceText) -> String {
    let end = if source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = lines.join(end);
    if !text.is_empty() {
        text.push_str(end);
    }
    text
}

fn refuse(source: &SourceText, message: &str, help: &str) -> Box<Diagnostic> {
    let place = source.place(Span::new(0, 0));
    Box::new(Diagnostic::error("edit/bad-owners", place, message).help(help))
}
