//! Edits of files that several people and programs write: one thing set, added or removed, all else —
//! comments, order, quotes — as it was. An edit that is already done changes nothing, so that it may be
//! repeated, and is made on the newest text, so that two of them never undo each other.
//!
//! What an edit should mean is computed on the data as well; a text that then reads otherwise is refused.

mod apply;
mod codeowners;
mod hcl;
mod path;
mod yaml;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::TextDiff;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{SourceText, Span};
use path::Path;

/// A change of one file.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edit {
    /// The file's path; one that does not exist is made.
    pub file: String,
    /// How the file is written. Default: what its name says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What to do.
    pub op: Operation,
    /// Where: a JSON pointer, in which `name=orders` is the item of a list with that member.
    pub path: String,
    /// What to put there, or which item to remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The member by which an item is known; the whole item, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Edit {
    /// Whether it takes away what the segment before `rest` names.
    fn removes_at<T>(&self, rest: &[T]) -> bool {
        self.op == Operation::Remove && self.value.is_none() && rest.is_empty()
    }
}

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Puts the value there, unless something is there.
    SetIfAbsent,
    /// Puts the value there, instead of what is there.
    Set,
    /// Takes away what is there; with a value, that item of the list there.
    Remove,
    /// Adds the value to the list there, unless it has it.
    AppendUnique,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// One document of YAML.
    Yaml,
    /// JSON.
    Json,
    /// Terraform's language.
    Hcl,
    /// A pattern and its owners on each line.
    Codeowners,
}

/// What edits made of the files.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    /// Their new texts, of those that changed, by path.
    pub files: BTreeMap<String, String>,
    /// The files that already were as they should be.
    pub unchanged: Vec<String>,
    /// All changes as a unified diff.
    pub diff: String,
    /// What could not be done; then no file counts as changed.
    pub diagnostics: Vec<Diagnostic>,
}

/// Makes all edits, or none.
pub fn all(files: &BTreeMap<String, String>, edits: &[Edit]) -> Edited {
    let mut now: BTreeMap<&str, String> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for edit in edits {
        let text = now.entry(&edit.file).or_insert_with(|| {
            let before = files.get(&edit.file);
            before.map(String::as_str).unwrap_or_default().to_owned()
        });
        match one(text, edit) {
            Ok(edited) => *text = edited,
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if !diagnostics.is_empty() {
        return Edited {
            diagnostics,
            ..Edited::default()
        };
    }
    let mut edited = Edited::default();
    for (file, text) in now {
        let before = files.get(file).map(String::as_str).unwrap_or_default();
        if text == before {
            edited.unchanged.push(file.to_owned());
            continue;
        }
        let changes = TextDiff::from_lines(before, &text);
        let header = (format!("a/{file}"), format!("b/{file}"));
        edited.diff.push_str(
            &changes
                .unified_diff()
                .header(&header.0, &header.1)
                .to_string(),
        );
        edited.files.insert(file.to_owned(), text);
    }
    edited
}

fn one(text: &str, edit: &Edit) -> Result<String, Box<Diagnostic>> {
    let source = SourceText::from_bytes(&edit.file, text.as_bytes(), &Limits::default())?;
    let whole = source.place(Span::new(0, 0));
    let refused = |code, message: String| Box::new(Diagnostic::error(code, whole.clone(), message));
    let Some(language) = edit.language.or_else(|| Language::of(&edit.file)) else {
        let message = format!(
            "`{}` is written in no language that can be edited",
            edit.file
        );
        return Err(Box::new(
            refused("edit/unknown-language", message)
                .help("say `language`: yaml, json, hcl or codeowners"),
        ));
    };
    if edit.op != Operation::Remove && edit.value.is_none() {
        let message = format!("the edit of `{}` has no `value`", edit.path);
        return Err(refused("edit/missing-value", message));
    }
    let path = Path::parse(&edit.path).ok_or_else(|| {
        let message = format!("`{}` is no path", edit.path);
        Box::new(
            refused("edit/bad-path", message)
                .help("begin it with `/`, as `/projects/name=orders/dir`"),
        )
    })?;
    match language {
        Language::Yaml | Language::Json => yaml::edit(&source, edit, &path),
        Language::Hcl => hcl::edit(&source, edit, &path),
        Language::Codeowners => codeowners::edit(&source, edit, &path),
    }
}

impl Language {
    fn of(file: &str) -> Option<Self> {
        let name = file.rsplit('/').next()?;
        if name == "CODEOWNERS" {
            return Some(Self::Codeowners);
        }
        match name.rsplit_once('.')?.1 {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "tf" | "tfvars" | "hcl" => Some(Self::Hcl),
            _ => None,
        }
    }
}
