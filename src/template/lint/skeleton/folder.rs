//! Which folders a step renders, by its `url`.

use std::collections::BTreeMap;

use super::super::File;
use super::super::glob;
use super::super::model::Step;
use crate::diagnostic::Severity;
use crate::source::Span;

/// A file of a skeleton.
pub(in super::super) struct Entry<'f> {
    /// The name it was given.
    pub name: &'f str,
    /// Its path in the skeleton.
    pub path: &'f str,
    /// None if it is not text.
    pub content: Option<&'f str>,
}

/// What a step renders.
pub(in super::super) enum Found<'f> {
    /// Folders beside the template; several if an expression chooses among them.
    Folders(BTreeMap<String, Vec<Entry<'f>>>),
    /// It should be beside the template, and is not.
    None(Span, Severity),
    /// Another place, or one that is not known.
    Elsewhere,
}

/// The folders of a step.
pub(in super::super) fn find<'f>(template: &str, step: &Step<'_>, files: &'f [File]) -> Found<'f> {
    let entry = step.input.and_then(|input| input.get("url"));
    let Some((url, at)) = entry.and_then(|entry| Some((entry.value.as_text()?, entry.span())))
    else {
        return Found::Elsewhere;
    };
    let Some(pattern) = pattern(url) else {
        return Found::Elsewhere;
    };
    let depth = pattern.len();
    let pattern = pattern.join("/");
    let base = template.rfind('/').map_or(0, |slash| slash + 1);
    let mut folders: BTreeMap<String, Vec<Entry<'f>>> = BTreeMap::new();
    for file in files {
        let Some(path) = file.name.get(base..) else {
            continue;
        };
        let Some((folder, path)) = split(path, depth) else {
            continue;
        };
        if glob::matches(&pattern, folder) {
            folders.entry(folder.to_owned()).or_default().push(Entry {
                name: &file.name,
                path,
                content: file.content.as_deref(),
            });
        }
    }
    if folders.is_empty() {
        let is_certain = !url.contains("${{");
        return Found::None(
            at,
            if is_certain {
                Severity::Error
            } else {
                Severity::Warning
            },
        );
    }
    Found::Folders(folders)
}

/// The parts of a path beside the template, `*` for an expression; none if it is elsewhere.
fn pattern(url: &str) -> Option<Vec<String>> {
    if url.contains("://") || url.starts_with('/') || url.trim_start().starts_with("${{") {
        return None;
    }
    let mut plain = String::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once("${{") {
        plain.push_str(before);
        plain.push('*');
        rest = after.split_once("}}")?.1;
    }
    plain.push_str(rest);
    let parts = plain.split('/').filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    let leads_out = parts.iter().any(|part| part == "..");
    (!leads_out && !parts.is_empty()).then_some(parts)
}

/// The first folders of a path and the rest.
fn split(path: &str, depth: usize) -> Option<(&str, &str)> {
    let (slash, _) = path.match_indices('/').nth(depth.checked_sub(1)?)?;
    Some((path.get(..slash)?, path.get(slash + 1..)?))
}
