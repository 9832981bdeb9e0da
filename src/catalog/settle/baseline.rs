//! Findings that are known, and hidden until somebody mends them.
//!
//! A finding is known by its code, its entity (or its file, if it is of none), its pointer and its message: not
//! by its line. The file is JSON, sorted, so that it is the same however it comes about.

use std::collections::BTreeMap;

use serde::Serialize;

use super::FileFindings;
use crate::catalog::codes::may_be_set_aside;
use crate::diagnostic::Diagnostic;
use crate::limits::{Limits, MAX_PROBLEMS};
use crate::source::{Place, SourceText};
use crate::yaml::{self, Kind, Node};

/// The version of the file.
const VERSION: f64 = 1.0;

const HELP: &str = "write it anew: `goldenpath check --baseline FILE --update-baseline`";

/// What tells a known finding from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Fingerprint {
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pointer: String,
    message: String,
}

/// A file of known findings.
#[derive(Debug)]
pub struct Baseline {
    entries: BTreeMap<Fingerprint, Entry>,
}

#[derive(Debug)]
struct Entry {
    count: u64,
    place: Place,
}

/// What a baseline made of findings.
#[derive(Debug, Default)]
pub struct Settled {
    /// How many it hides.
    pub hidden: usize,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Baseline {
    /// Reads a file, or says what is wrong with it.
    pub fn read(source: &SourceText) -> Result<Self, Vec<Diagnostic>> {
        let stream = yaml::parse(source, &Limits::default());
        let mut found = stream.diagnostics;
        let mut documents = stream.documents;
        for document in &mut documents {
            found.append(&mut document.diagnostics);
        }
        let root = documents.first().map(yaml::Document::root);
        let mut baseline = Self {
            entries: BTreeMap::new(),
        };
        match root.filter(|root| root.is_mapping()) {
            _ if !found.is_empty() => {}
            None => found.push(wrong_shape(source, root, "the file is no object")),
            Some(root) => baseline.read_root(source, root, &mut found),
        }
        if found.is_empty() {
            Ok(baseline)
        } else {
            Err(found)
        }
    }

    fn read_root(&mut self, source: &SourceText, root: Node, found: &mut Vec<Diagnostic>) {
        let version = root.get("version").map(|entry| entry.value);
        match version.map(Node::kind) {
            #[allow(clippy::float_cmp, reason = "a whole number")]
            Some(Kind::Number(version)) if version == VERSION => {}
            _ => {
                let place = source.place(version.unwrap_or(root).span());
                let message = format!("the baseline is not of version {VERSION}");
                found.push(
                    Diagnostic::error("baseline/unknown-version", place, message)
                        .why("what another version means is not known")
                        .help(HELP)
                        .pointer("/version"),
                );
                return;
            }
        }
        let Some(Kind::Sequence(items)) = root.get("findings").map(|entry| entry.value.kind())
        else {
            found.push(wrong_shape(source, Some(root), "`findings` is no list"));
            return;
        };
        for item in items {
            if found.len() >= MAX_PROBLEMS {
                return;
            }
            let Some((fingerprint, count)) = read_entry(item) else {
                let message = "an entry is not as this program writes it";
                found.push(wrong_shape(source, Some(item), message));
                continue;
            };
            let place = source.place(item.span());
            let entry = self.entries.entry(fingerprint);
            let entry = entry.or_insert(Entry { count: 0, place });
            entry.count = entry.count.saturating_add(count);
        }
    }

    /// Hides what it knows, and says what is not found any more.
    pub fn hide(&self, files: &mut [FileFindings]) -> Settled {
        let mut left: BTreeMap<&Fingerprint, u64> = BTreeMap::new();
        for (fingerprint, entry) in &self.entries {
            left.insert(fingerprint, entry.count);
        }
        let mut settled = Settled::default();
        each_finding(files, |fingerprint| {
            let count = left.get_mut(&fingerprint).filter(|count| **count > 0);
            let is_known = count.is_some();
            if let Some(count) = count {
                *count -= 1;
                settled.hidden += 1;
            }
            !is_known
        });
        let left = left.into_iter().filter(|(_, count)| *count > 0);
        for (fingerprint, count) in left.take(MAX_PROBLEMS) {
            if let Some(entry) = self.entries.get(fingerprint) {
                settled.diagnostics.push(stale(fingerprint, entry, count));
            }
        }
        settled.diagnostics.sort_by_key(|stale| stale.at.start);
        settled
    }
}

/// The text of a baseline that knows all that is found now.
pub fn write(files: &mut [FileFindings]) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct File {
        version: u64,
        findings: Vec<Finding>,
    }
    #[derive(Serialize)]
    struct Finding {
        #[serde(flatten)]
        fingerprint: Fingerprint,
        #[serde(skip_serializing_if = "Option::is_none")]
        count: Option<u64>,
    }
    let mut counts: BTreeMap<Fingerprint, u64> = BTreeMap::new();
    each_finding(files, |fingerprint| {
        *counts.entry(fingerprint).or_default() += 1;
        true
    });
    let findings = counts.into_iter().map(|(fingerprint, count)| Finding {
        fingerprint,
        count: (count > 1).then_some(count),
    });
    let file = File {
        version: 1,
        findings: findings.collect(),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// Keeps those findings of which a function says so. Guards are not asked about.
fn each_finding(files: &mut [FileFindings], mut keeps: impl FnMut(Fingerprint) -> bool) {
    for file in files {
        let name = file.file.replace('\\', "/");
        let mut keep = |diagnostic: &Diagnostic, entity: Option<&String>| {
            !may_be_set_aside(&diagnostic.code) || keeps(Fingerprint::of(diagnostic, entity, &name))
        };
        file.diagnostics.retain(|diagnostic| keep(diagnostic, None));
        for document in &mut file.documents {
            let entity = document.entity_ref.as_ref();
            document
                .diagnostics
                .retain(|diagnostic| keep(diagnostic, entity));
        }
    }
}

impl Fingerprint {
    fn of(diagnostic: &Diagnostic, entity: Option<&String>, file: &str) -> Self {
        Self {
            entity: entity.cloned(),
            file: entity.is_none().then(|| file.to_owned()),
            code: diagnostic.code.to_string(),
            pointer: diagnostic.pointer.clone().unwrap_or_default(),
            message: format!("{:016x}", hash(&diagnostic.message)),
        }
    }

    fn subject(&self) -> &str {
        let subject = self.entity.as_deref().or(self.file.as_deref());
        subject.unwrap_or_default()
    }
}

/// FNV-1a: the same everywhere and for ever, which the hashes of maps are not.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn read_entry(item: Node) -> Option<(Fingerprint, u64)> {
    let text = |name| {
        let text = item.get(name)?.value.as_text()?;
        Some(text.to_owned())
    };
    let fingerprint = Fingerprint {
        entity: text("entity"),
        file: text("file"),
        code: text("code")?,
        pointer: text("pointer").unwrap_or_default(),
        message: text("message")?,
    };
    if fingerprint.entity.is_some() == fingerprint.file.is_some() {
        return None;
    }
    let count = match item.get("count").map(|entry| entry.value.kind()) {
        None => 1,
        Some(Kind::Number(count)) => yaml::js_number(count).parse().ok()?,
        Some(_) => return None,
    };
    Some((fingerprint, count))
}

fn wrong_shape(source: &SourceText, node: Option<Node>, message: &str) -> Diagnostic {
    let place = source.place(node.map(Node::span).unwrap_or_default());
    Diagnostic::error("baseline/wrong-shape", place, message).help(HELP)
}

fn stale(fingerprint: &Fingerprint, entry: &Entry, left: u64) -> Diagnostic {
    let Fingerprint { code, .. } = fingerprint;
    let subject = fingerprint.subject();
    let found = entry.count - left;
    let message = match found {
        0 => format!("`{code}` of `{subject}` is not found any more"),
        _ => format!(
            "`{code}` of `{subject}` is there {found} of {} times",
            entry.count
        ),
    };
    Diagnostic::warning("baseline/stale-entry", entry.place.clone(), message)
        .why("it would hide the same mistake when it is made again")
        .help("run `goldenpath check` with `--update-baseline`, over the same paths")
}
