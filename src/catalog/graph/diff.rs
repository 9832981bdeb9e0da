//! The blast radius of a change: which entities it adds, removes, gives to another owner or changes,
//! and which relations start or stop to lead nowhere, those of the live catalogue among them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::described::{Described, Reference};
use super::snapshot;
use crate::catalog::kinds::{Kinds, OwnKinds};
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::Limits;
use crate::source::{Place, SourceText};
use crate::yaml;

/// A file of one of the two sides.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// As findings shall show it.
    pub name: &'a str,
    /// Its bytes.
    pub content: &'a [u8],
}

/// What a change does to the catalogue.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// Files that cannot be read, so that their entities are missing here.
    pub diagnostics: Vec<Diagnostic>,
    /// What was not there.
    pub added: Vec<Entity>,
    /// What is gone.
    pub removed: Vec<Entity>,
    /// What has another owner.
    pub reowned: Vec<Reowned>,
    /// What is otherwise another than before.
    pub changed: Vec<Changed>,
    /// Relations that lead nowhere now.
    pub dangling: Vec<Relation>,
    /// Relations that led nowhere.
    pub mended: Vec<Relation>,
}

/// An entity that is on one side only.
#[expect(clippy::struct_field_names, reason = "as all answers call it")]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entity {
    entity_ref: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    at: Place,
}

/// An entity whose owner is another.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reowned {
    entity_ref: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    at: Place,
}

/// An entity that is on both sides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    entity_ref: String,
    /// What is another, as JSON pointers.
    pointers: Vec<String>,
    at: Place,
}

/// A reference of an entity.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Relation {
    entity_ref: String,
    field: String,
    target: String,
    /// Where it is written; only the live catalogue has it if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Place>,
}

/// More places of one entity are not worth a line each.
const MAX_POINTERS: usize = 20;

/// One side of the change.
#[derive(Default)]
struct Side {
    entities: BTreeMap<String, Described>,
    values: BTreeMap<String, Value>,
    diagnostics: Vec<Diagnostic>,
}

/// Compares the entities of files before and after a change, and what the live catalogue, in a
/// snapshot, refers to. A snapshot that cannot be read is the error.
pub fn diff(
    base: &[File],
    head: &[File],
    live: Option<File>,
    limits: &Limits,
) -> Result<Diff, Box<Diagnostic>> {
    let (base, head) = (Side::read(base, limits), Side::read(head, limits));
    let live = live
        .map(|file| snapshot::read_file(file.name, file.content))
        .transpose()?;
    let mut diff = Diff::default();
    diff.compare(&base, &head);
    diff.compare_relations(&base, &head, live.as_deref());
    // what is wrong before the change is nothing that it does
    let before = base.diagnostics.into_iter();
    let before = before.map(|found| found.with_severity(Severity::Warning));
    diff.diagnostics = before.chain(head.diagnostics).collect();
    Ok(diff)
}

impl Side {
    fn read(files: &[File], limits: &Limits) -> Self {
        let mut side = Self::default();
        for file in files {
            match SourceText::from_bytes(file.name, file.content, limits) {
                Ok(source) => side.add(&source, limits),
                Err(found) => side.diagnostics.push(*found),
            }
        }
        side
    }

    fn add(&mut self, source: &SourceText, limits: &Limits) {
        let stream = yaml::parse(source, limits);
        self.diagnostics.extend(stream.diagnostics);
        let built_in = OwnKinds::default();
        let kinds = Kinds {
            own: &built_in,
            model: None,
        };
        for document in stream.documents {
            let Some(entity) = Described::from_yaml(source, document.root(), kinds) else {
                continue;
            };
            // the first of duplicates is as good as any
            if self.entities.contains_key(&entity.entity_ref) {
                continue;
            }
            let value = serde_json::from_str(&document.root().to_json()).unwrap_or_default();
            self.values.insert(entity.entity_ref.clone(), value);
            self.entities.insert(entity.entity_ref.clone(), entity);
        }
    }

    fn has(&self, entity_ref: &str) -> bool {
        self.entities.contains_key(entity_ref)
    }

    /// All references on this side, and all entities, those of the live catalogue among them.
    fn world<'s>(&'s self, live: &'s [Described], gone: &Self) -> World<'s> {
        let of_live = live
            .iter()
            .filter(|entity| !self.has(&entity.entity_ref) && !gone.has(&entity.entity_ref));
        let all: Vec<&Described> = self.entities.values().chain(of_live).collect();
        World {
            known: all.iter().map(|entity| &*entity.entity_ref).collect(),
            relations: all
                .iter()
                .flat_map(|entity| entity.references.iter().map(|one| (*entity, one)))
                .map(|(entity, one)| ((&*entity.entity_ref, one.field.path(), &*one.target), one))
                .collect(),
        }
    }
}

type Key<'s> = (&'s str, &'s str, &'s str);

struct World<'s> {
    known: BTreeSet<&'s str>,
    relations: BTreeMap<Key<'s>, &'s Reference>,
}

impl World<'_> {
    fn dangles(&self, key: &Key) -> bool {
        self.relations.contains_key(key) && !self.known.contains(key.2)
    }
}

impl Diff {
    fn compare(&mut self, base: &Side, head: &Side) {
        for entity in base.entities.values() {
            if !head.has(&entity.entity_ref) {
                self.removed.extend(Entity::of(entity));
            }
        }
        for (name, entity) in &head.entities {
            let Some(before) = base.entities.get(name) else {
                self.added.extend(Entity::of(entity));
                continue;
            };
            let Some(at) = entity.at.clone() else {
                continue;
            };
            let (from, to) = (owner(before), owner(entity));
            let is_reowned = from != to;
            if is_reowned {
                let (entity_ref, at) = (name.clone(), at.clone());
                self.reowned.push(Reowned {
                    entity_ref,
                    from,
                    to,
                    at,
                });
            }
            let mut pointers = Vec::new();
            if let (Some(old), Some(new)) = (base.values.get(name), head.values.get(name)) {
                differences(old, new, "", &mut pointers);
            }
            pointers.retain(|pointer| !(is_reowned && pointer == "/spec/owner"));
            pointers.truncate(MAX_POINTERS);
            if !pointers.is_empty() {
                let entity_ref = name.clone();
                self.changed.push(Changed {
                    entity_ref,
                    pointers,
                    at,
                });
            }
        }
    }

    fn compare_relations(&mut self, base: &Side, head: &Side, live: Option<&[Described]>) {
        // without the live catalogue, only what a side has can be said to be missing on the other
        let is_judged = |target: &str, other: &Side| live.is_some() || other.has(target);
        let list = live.unwrap_or_default();
        let (before, after) = (base.world(list, &Side::default()), head.world(list, base));
        for (key, reference) in &after.relations {
            if after.dangles(key) && !before.dangles(key) && is_judged(key.2, base) {
                self.dangling.push(Relation::of(*key, reference));
            }
        }
        for (key, reference) in &before.relations {
            let is_gone = !after.known.contains(key.0);
            if before.dangles(key) && !after.dangles(key) && !is_gone && is_judged(key.2, head) {
                let now = after.relations.get(key).unwrap_or(reference);
                self.mended.push(Relation::of(*key, now));
            }
        }
    }
}

impl Entity {
    fn of(entity: &Described) -> Option<Self> {
        Some(Self {
            entity_ref: entity.entity_ref.clone(),
            owner: owner(entity),
            at: entity.at.clone()?,
        })
    }
}

impl Relation {
    fn of((entity_ref, field, target): Key, reference: &Reference) -> Self {
        Self {
            entity_ref: entity_ref.to_owned(),
            field: field.to_owned(),
            target: target.to_owned(),
            at: reference.at.clone(),
        }
    }
}

fn owner(entity: &Described) -> Option<String> {
    let mut references = entity.references.iter();
    let owner = references.find(|reference| reference.field.path() == "owner")?;
    Some(owner.target.clone())
}

/// Where two values differ: the deepest objects whose keys still tell.
fn differences(old: &Value, new: &Value, at: &str, found: &mut Vec<String>) {
    if old == new {
        return;
    }
    let (Value::Object(before), Value::Object(after)) = (old, new) else {
        found.push(at.to_owned());
        return;
    };
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        match (before.get(key), after.get(key)) {
            (Some(old), Some(new)) => differences(old, new, &pointer, found),
            _ => found.push(pointer),
        }
    }
}
