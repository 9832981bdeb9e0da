//! Comments that set findings aside: `# goldenpath-ignore catalog/invalid-tag, on-call: reason`.
//!
//! One is for the findings that begin on its line or, standing alone, on the next that says something.
//! Before the first line of a document it is for all of it. Without a reason it is for nothing.
//! Comments are found in the text, and are none within a scalar; so no reader of YAML needs to keep them.

use serde::{Deserialize, Serialize};

use super::codes;
use super::options::CatalogOptions;
use super::organisation::AREA;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, SourceText, Span};
use crate::suggest;
use crate::yaml::{Document, Kind, Node};

/// The findings about such comments.
pub(super) const CODES: &[&str] = &[INVALID, UNUSED];
const INVALID: &str = "catalog/invalid-ignore";
const UNUSED: &str = "catalog/unused-ignore";

const WORD: &str = "goldenpath-ignore";

/// A comment that sets findings aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ignore {
    /// Codes of findings, or names of the organisation's rules.
    pub codes: Vec<String>,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub at: Place,
    /// The line that it is for.
    pub line: u32,
    /// The document that it is for as a whole, counted from 0 without those that are null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// The codes of which no finding was met yet, and which a later step may still find.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
}

/// A finding that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// The finding.
    #[serde(flatten)]
    pub diagnostic: Diagnostic,
    /// Why.
    pub reason: String,
}

/// The comments of a file, and what is wrong with some.
#[derive(Debug, Default)]
pub(super) struct Comments {
    pub ignores: Vec<Ignore>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Comments {
    /// Says nothing of those that set nothing aside.
    pub fn keep_quiet(&mut self) {
        self.diagnostics.clear();
        for ignore in &mut self.ignores {
            ignore.open.clear();
        }
    }
}

/// Finds the comments of a file.
pub(super) fn find(source: &SourceText, documents: &[Document]) -> Comments {
    let mut comments = Comments::default();
    if !source.text().contains(WORD) {
        return comments;
    }
    let mut scalars = Vec::new();
    for document in documents {
        add_scalars(document.root(), &mut scalars);
    }
    scalars.sort_unstable();
    let roots = documents.iter().map(Document::root);
    let roots = roots.filter(|root| !root.is_null());
    let tops: Vec<u32> = roots
        .map(|root| source.position(root.span().start).line)
        .collect();
    let lines: Vec<&str> = source.text().split('\n').collect();
    let mut offset = 0;
    for (index, line) in lines.iter().enumerate() {
        let comment = comment_in(line).filter(|comment| !is_within(&scalars, offset + comment.at));
        if let Some(comment) = comment {
            let end = offset + line.trim_end().len();
            let place = source.place(Span::new(offset + comment.at, end));
            let next = || {
                index
                    + 1
                    + lines
                        .iter()
                        .skip(index + 1)
                        .take_while(|line| says_nothing(line))
                        .count()
            };
            let target = if comment.is_alone { next() } else { index };
            let target = u32::try_from(target + 1).unwrap_or(u32::MAX);
            let document = tops
                .iter()
                .position(|&top| comment.is_alone && top == target);
            match read(comment.text) {
                Ok((codes, reason)) => comments.ignores.push(Ignore {
                    open: codes.clone(),
                    codes,
                    reason,
                    at: place,
                    line: target,
                    document,
                }),
                Err(message) => comments.diagnostics.push(
                    Diagnostic::warning(INVALID, place, message)
                        .why("it sets nothing aside")
                        .help(format!(
                            "write it like `# {WORD} catalog/invalid-tag: why that is fine`"
                        )),
                ),
            }
        }
        offset += line.len() + 1;
    }
    comments
}

/// Sets aside what the comments are for: of one document, or of the file itself.
pub(super) fn apply(
    ignores: &mut [Ignore],
    document: Option<usize>,
    found: &mut Vec<Diagnostic>,
    aside: &mut Vec<Ignored>,
) {
    if ignores.is_empty() {
        return;
    }
    found.retain(|diagnostic| {
        if !codes::may_be_set_aside(&diagnostic.code) {
            return true;
        }
        let mut is_kept = true;
        for ignore in &mut *ignores {
            let line = diagnostic.at.start.line;
            // what is said of the file itself stands at its start
            let is_here = diagnostic.at.file == ignore.at.file && ignore.line == line;
            let is_meant = is_here || ignore.document == Some(document.unwrap_or(0));
            let is_named = |code: &String| is_named(code, &diagnostic.code);
            if !is_meant || !ignore.codes.iter().any(is_named) {
                continue;
            }
            ignore.open.retain(|code| !is_named(code));
            if is_kept {
                aside.push(Ignored {
                    diagnostic: diagnostic.clone(),
                    reason: ignore.reason.clone(),
                });
            }
            is_kept = false;
        }
        is_kept
    });
}

/// Says of which codes a comment has set nothing aside. While a later step may find more, only those
/// that it cannot find.
pub(super) fn unused(
    ignores: &mut [Ignore],
    options: &CatalogOptions,
    may_still_come: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for ignore in ignores {
        let Ignore { open, at, .. } = ignore;
        open.retain(|code| {
            if may_still_come(code) {
                return true;
            }
            found.extend(report(code, at, options));
            false
        });
    }
    found
}

/// Whether a comment's word is for a code: the code itself, or the name of an organisation's rule.
pub(super) fn is_named(word: &str, code: &str) -> bool {
    word == code || code.strip_prefix(AREA) == Some(word)
}

fn report(code: &str, at: &Place, options: &CatalogOptions) -> Option<Diagnostic> {
    let warning = |message| Diagnostic::warning(UNUSED, at.clone(), message);
    if !codes::may_be_set_aside(code) {
        return Some(
            warning(format!("`{code}` cannot be ignored"))
                .why("a guard that anybody can lift is none")
                .help("remove the comment, and mend what is found"),
        );
    }
    let name = code.strip_prefix(AREA).unwrap_or(code);
    if let Some(rule) = options.organisation.iter().find(|rule| rule.name == name) {
        // before it begins, nothing can be found
        rule.severity_at(options.now)?;
    } else if !codes::is_known(code) {
        if options.organisation.is_empty() && (code.starts_with(AREA) || !code.contains('/')) {
            // rules that are not known here
            return None;
        }
        let names = options.organisation.iter().map(|rule| rule.name.as_str());
        let near = suggest::nearest(name, names).or_else(|| codes::nearest(code));
        return Some(warning(format!("no rule gives `{code}`")).help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove it".to_owned(),
        }));
    }
    Some(
        warning(format!("nothing is found here that `{code}` would ignore"))
            .why("it would hide what is found later")
            .help("remove it"),
    )
}

struct Comment<'t> {
    /// Where its `#` is in the line.
    at: usize,
    /// What is behind the word.
    text: &'t str,
    /// Whether the line says nothing else.
    is_alone: bool,
}

fn comment_in(line: &str) -> Option<Comment<'_>> {
    line.match_indices(WORD).find_map(|(at, _)| {
        let (before, rest) = line.split_at_checked(at)?;
        let text = rest.strip_prefix(WORD)?;
        let before = before.trim_end().strip_suffix('#')?;
        let is_comment = before.is_empty() || before.ends_with([' ', '\t']);
        let is_word = text.is_empty() || text.starts_with([' ', '\t', ':', '\r']);
        (is_comment && is_word).then_some(Comment {
            at: before.len(),
            text,
            is_alone: says_nothing(before),
        })
    })
}

/// Whether a line is empty, a comment, or what comes before a document.
fn says_nothing(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line.starts_with('%') || line == "---"
}

/// The codes and the reason.
fn read(text: &str) -> Result<(Vec<String>, String), &'static str> {
    let (codes, reason) = text.split_once(':').unwrap_or((text, ""));
    let codes = codes.split(',').map(str::trim);
    let codes: Vec<String> = codes
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect();
    let reason = reason.trim();
    if codes.is_empty() {
        Err("the comment does not say what to ignore")
    } else if reason.is_empty() {
        Err("the comment does not say why it ignores a finding")
    } else {
        Ok((codes, reason.to_owned()))
    }
}

fn add_scalars(node: Node, spans: &mut Vec<Span>) {
    if node.is_alias() {
        return;
    }
    match node.kind() {
        Kind::Mapping(entries) => {
            for entry in entries {
                add_scalars(entry.key, spans);
                add_scalars(entry.value, spans);
            }
        }
        Kind::Sequence(items) => {
            for item in items {
                add_scalars(item, spans);
            }
        }
        Kind::Text(_) => spans.push(node.span()),
        _ => {}
    }
}

fn is_within(spans: &[Span], offset: usize) -> bool {
    let next = spans.partition_point(|span| span.start <= offset);
    let before = spans.get(next.wrapping_sub(1));
    before.is_some_and(|span| offset < span.end)
}
