//! The live catalogue in a file: who is there, and who refers to whom.
//!
//! One entity a line, all in order, so that the same catalogue gives the same bytes and a snapshot that
//! is kept in Git has readable differences.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Graph;
use super::described::{Described, Reference};
use super::field::RefField;
use crate::catalog::model::{self, OwnRef};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{Place, SourceText, Span};

const FORMAT: &str = "goldenpath-catalog";
const VERSION: u64 = 1;
/// Some million entities.
const MAX_BYTES: usize = 256 << 20;

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Header {
    format: Option<serde_json::Value>,
    version: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot<'a> {
    #[serde(rename = "format")]
    _format: &'a str,
    #[serde(rename = "version")]
    _version: u64,
    #[serde(borrow)]
    entities: Vec<Line<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(rename = "ref")]
    entity_ref: Cow<'a, str>,
    kind: Cow<'a, str>,
    /// What it refers to, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    refs: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// The entities that were inserted, as a snapshot.
    pub fn snapshot(&self) -> Result<String, serde_json::Error> {
        let mut ids: Vec<_> = self.slots.own().collect();
        ids.sort_by_key(|&id| self.slots.name(id));
        let mut text = format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"entities\":[");
        let mut separator = "\n";
        for id in ids {
            let Some(descriptor) = self.slots.descriptors(id).first() else {
                continue;
            };
            let mut refs: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for edge in &descriptor.edges {
                let targets = refs.entry(edge.field.path().to_owned()).or_default();
                targets.push(self.slots.name(edge.target).to_owned());
            }
            for targets in refs.values_mut() {
                targets.sort();
                targets.dedup();
            }
            let line = serde_json::to_string(&Line {
                entity_ref: self.slots.name(id).into(),
                kind: (&*descriptor.kind).into(),
                refs,
            })?;
            // writing to a text cannot fail
            let _ = write!(text, "{separator}{line}");
            separator = ",\n";
        }
        text.push_str("\n]}\n");
        Ok(text)
    }

    /// Takes the live catalogue from a snapshot. If it cannot be read, the diagnostic says why and
    /// nothing is changed.
    pub fn read_live(&mut self, name: &str, content: &[u8]) -> Result<(), Box<Diagnostic>> {
        self.set_live(read_file(name, content)?);
        Ok(())
    }
}

/// The entities of a snapshot.
pub fn read_file(name: &str, content: &[u8]) -> Result<Vec<Described>, Box<Diagnostic>> {
    let limits = Limits {
        source_bytes: MAX_BYTES,
        ..Limits::default()
    };
    read(name, SourceText::decode(name, content, &limits)?)
}

fn read(name: &str, text: &str) -> Result<Vec<Described>, Box<Diagnostic>> {
    let header: Header = serde_json::from_str(text).map_err(|error| broken(name, text, &error))?;
    if header.format != Some(FORMAT.into()) {
        return Err(Box::new(no_snapshot(name, text)));
    }
    if header.version != Some(VERSION.into()) {
        let written = header.version.unwrap_or_default();
        return Err(Box::new(other_version(name, text, &written)));
    }
    let snapshot: Snapshot =
        serde_json::from_str(text).map_err(|error| broken(name, text, &error))?;
    Ok(snapshot.entities.into_iter().map(described).collect())
}

fn described(line: Line) -> Described {
    let mut references = Vec::new();
    for (field, targets) in line.refs {
        let built_in = model::reference_field(&line.kind, &field).map(RefField::BuiltIn);
        // of another kind, whose definition need not be at hand
        let field = built_in.unwrap_or_else(|| {
            RefField::Own(Arc::new(OwnRef {
                path: field,
                default_kind: None,
            }))
        });
        let is_list = targets.len() > 1;
        references.extend((0..).zip(targets).map(|(index, target)| Reference {
            field: field.clone(),
            index: is_list.then_some(index),
            target,
            at: None,
        }));
    }
    Described {
        entity_ref: line.entity_ref.into_owned(),
        kind: line.kind.into_owned(),
        references,
        at: None,
    }
}

fn no_snapshot(name: &str, text: &str) -> Diagnostic {
    let at = SourceText::new(name, text).place(Span::new(0, 0));
    Diagnostic::error(
        "snapshot/not-a-snapshot",
        at,
        "this is no snapshot of a catalogue",
    )
    .why(format!("a snapshot says `\"format\":\"{FORMAT}\"`"))
    .help("write one with `goldenpath snapshot --url https://backstage.example.com --out FILE`")
}

fn other_version(name: &str, text: &str, written: &serde_json::Value) -> Diagnostic {
    let source = SourceText::new(name, text);
    let at = text.find("\"version\"").map_or_else(
        || source.place(Span::default()),
        |start| source.place(Span::new(start, start + "\"version\"".len())),
    );
    let help = match written.as_u64() {
        Some(version) if version > VERSION => {
            "use a newer goldenpath, or write it anew with `goldenpath snapshot` of this one"
        }
        _ => "write it anew with `goldenpath snapshot`",
    };
    Diagnostic::error(
        "snapshot/other-version",
        at,
        format!(
            "the snapshot is of version `{written}`, this goldenpath reads version `{VERSION}`"
        ),
    )
    .why("what is in a snapshot of another version cannot be told for sure")
    .help(help)
}

fn broken(name: &str, text: &str, error: &serde_json::Error) -> Box<Diagnostic> {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    Box::new(
        Diagnostic::error(
            "snapshot/unreadable",
            place_of(name, text, error),
            format!("the snapshot cannot be read: {what}"),
        )
        .why("it is JSON that `goldenpath snapshot` writes")
        .help("write it anew with `goldenpath snapshot`"),
    )
}

/// Where a JSON error is: lines from 1, columns in bytes from 1.
fn place_of(name: &str, text: &str, error: &serde_json::Error) -> Place {
    let before = error.line().saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(text.len());
    SourceText::new(name, text).place(Span::new(at, at))
}
