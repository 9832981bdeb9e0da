//! Merging objects and lists by what they hold: decisions here, the text of it in `write`.

use serde_json::{Map, Value};

use super::edit::{Edit, apply};
use super::lines::{self, Hunk};
use super::member::{Member, members};
use super::write;
use crate::limits::Limits;
use crate::source::SourceText;
use crate::yaml::{self, Document, Kind, Node};

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Yaml,
    Json,
}

/// A merge by keys.
pub(super) struct Merged {
    pub hunks: Vec<Hunk>,
    /// What each document means, with ours where there is a conflict.
    pub value: Vec<Value>,
}

impl Language {
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    pub fn is_readable(self, text: &str) -> bool {
        match self {
            Self::Yaml => values(text).is_some(),
            Self::Json => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        }
    }

    pub fn means(self, text: &str, wanted: &[Value]) -> bool {
        self.is_readable(text) && values(text).is_some_and(|found| found == wanted)
    }
}

/// Merges by keys; none if a text is not readable, lists cannot be told apart, or the text cannot be
/// written such that it means what was decided.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<Merged> {
    let texts = [base, ours, theirs].map(|text| SourceText::new("", text));
    let [in_base, in_ours, in_theirs] = [
        documents(&texts[0])?,
        documents(&texts[1])?,
        documents(&texts[2])?,
    ];
    if in_ours.len() != in_theirs.len() {
        return None;
    }
    let has_base = in_base.len() == in_ours.len();
    if !has_base && !base.trim().is_empty() {
        return None;
    }
    let mut merger = Merger {
        texts: [base, ours, theirs],
        edits: Vec::new(),
    };
    let mut value = Vec::new();
    for (index, (ours, theirs)) in in_ours.iter().zip(&in_theirs).enumerate() {
        let base = in_base.get(index).filter(|_| has_base);
        value.push(merger.roots(base.map(Document::root), ours.root(), theirs.root())?);
    }
    let hunks = apply(ours, merger.edits)?;
    let text = lines::text(&hunks, false);
    values(&text)
        .is_some_and(|found| found == value)
        .then_some(Merged { hunks, value })
}

/// The texts of base, ours and theirs with the edits of ours so far.
pub(super) struct Merger<'a> {
    pub texts: [&'a str; 3],
    pub edits: Vec<Edit>,
}

/// Base, ours and theirs of one collection.
pub(super) struct Sides<'a, 't> {
    pub base: &'a [Member<'t>],
    pub ours: &'a [Member<'t>],
    pub theirs: &'a [Member<'t>],
    /// How ours and theirs are written; base does not matter.
    pub nodes: (Node<'t>, Node<'t>),
}

impl Merger<'_> {
    fn roots(&mut self, base: Option<Node>, ours: Node, theirs: Node) -> Option<Value> {
        let (before, here, there) = (base.map(Node::to_value), ours.to_value(), theirs.to_value());
        if here == there || before.as_ref() == Some(&there) {
            return Some(here);
        }
        self.collection(base, ours, theirs)
    }

    fn collection(&mut self, base: Option<Node>, ours: Node, theirs: Node) -> Option<Value> {
        if !alike(ours, theirs) || ours.is_alias() {
            return None;
        }
        let before = match base {
            Some(base) if alike(base, ours) => members(self.texts[0], base)?,
            Some(_) => return None,
            None => Vec::new(),
        };
        let (here, there) = (
            members(self.texts[1], ours)?,
            members(self.texts[2], theirs)?,
        );
        let is_list = !ours.is_mapping();
        if is_list && !(in_order(&before, &there) && in_order(&here, &there)) {
            return None;
        }
        let sides = Sides {
            base: &before,
            ours: &here,
            theirs: &there,
            nodes: (ours, theirs),
        };
        let result = self.members(&sides)?;
        Some(if is_list {
            result.into_iter().map(|(_, value)| value).collect()
        } else {
            Value::Object(result.into_iter().collect::<Map<_, _>>())
        })
    }

    fn members(&mut self, sides: &Sides) -> Option<Vec<(String, Value)>> {
        let named = |member: &Member| (member.name.clone(), member.value.to_value());
        let mut result: Vec<_> = sides.ours.iter().map(named).collect();
        let mut anchor = None;
        // where the next new member goes
        let mut place = 0;
        for theirs in sides.theirs {
            let base = find(sides.base, &theirs.name);
            if let Some(ours) = find(sides.ours, &theirs.name) {
                let value = self.member(sides, base, ours, theirs)?;
                place = result.iter().position(|(name, _)| *name == ours.name)? + 1;
                result.get_mut(place - 1)?.1 = value;
                anchor = Some(ours);
                continue;
            }
            let value = theirs.value.to_value();
            match base {
                None => {
                    write::insert(self, sides, anchor, theirs)?;
                    result.insert(place, (theirs.name.clone(), value));
                    place += 1;
                }
                Some(base) if base.value.to_value() == value => {}
                Some(base) => write::conflict_of_deleted(self, sides, anchor, base, theirs)?,
            }
        }
        for (index, ours) in sides.ours.iter().enumerate() {
            if find(sides.theirs, &ours.name).is_some() {
                continue;
            }
            match find(sides.base, &ours.name) {
                None => {}
                Some(base) if base.value.to_value() == ours.value.to_value() => {
                    write::delete(self, sides, index, base)?;
                    result.retain(|(name, _)| *name != ours.name);
                }
                Some(base) => write::conflict(self, sides, Some(base), ours, None)?,
            }
        }
        Some(result)
    }

    /// A member that both have.
    fn member(
        &mut self,
        sides: &Sides,
        base: Option<&Member>,
        ours: &Member,
        theirs: &Member,
    ) -> Option<Value> {
        let before = base.map(|base| base.value.to_value());
        let (here, there) = (ours.value.to_value(), theirs.value.to_value());
        if here == there || before.as_ref() == Some(&there) {
            return Some(here);
        }
        let is_ours_untouched = before.as_ref() == Some(&here);
        if alike(ours.value, theirs.value) {
            let edits = self.edits.len();
            let base = base.map(|base| base.value);
            let merged = self.collection(base, ours.value, theirs.value);
            if merged.is_some() || !is_ours_untouched {
                return merged;
            }
            self.edits.truncate(edits);
        }
        if is_ours_untouched {
            write::replace(self, sides, ours, theirs)?;
            return Some(there);
        }
        write::conflict(self, sides, base, ours, Some(theirs))?;
        Some(here)
    }
}

fn find<'m, 't>(members: &'m [Member<'t>], name: &str) -> Option<&'m Member<'t>> {
    members.iter().find(|member| member.name == name)
}

/// Whether both are objects or both are lists.
fn alike(one: Node, other: Node) -> bool {
    matches!(
        (one.kind(), other.kind()),
        (Kind::Mapping(_), Kind::Mapping(_)) | (Kind::Sequence(_), Kind::Sequence(_))
    )
}

/// Whether what both have comes in the same order.
fn in_order(one: &[Member], other: &[Member]) -> bool {
    let common = |from: &[Member], to: &[Member]| -> Vec<String> {
        let is_in = |member: &&Member| find(to, &member.name).is_some();
        from.iter().filter(is_in).map(|m| m.name.clone()).collect()
    };
    common(one, other) == common(other, one)
}

/// The documents of a text without errors.
fn documents(source: &SourceText) -> Option<Vec<Document<'_>>> {
    let stream = yaml::parse(source, &Limits::default());
    let is_sound = |document: &Document| document.diagnostics.is_empty();
    (stream.diagnostics.is_empty() && stream.documents.iter().all(is_sound))
        .then_some(stream.documents)
}

fn values(text: &str) -> Option<Vec<Value>> {
    let source = SourceText::new("", text);
    let documents = documents(&source)?;
    Some(documents.iter().map(|d| d.root().to_value()).collect())
}
