//! What the graph has to know of an entity, from JSON or from a YAML document.

use std::fmt::Display;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::field::{self, RefField};
use crate::catalog::kinds::Kinds;
use crate::catalog::reference::parse_ref;
use crate::catalog::rules::field_at;
use crate::source::{Place, SourceText};
use crate::yaml::{Kind, Node};

/// An entity with its references.
#[derive(Debug, Clone)]
pub struct Described {
    /// `kind:namespace/name` in lower case.
    pub entity_ref: String,
    /// As it is written.
    pub kind: String,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// Where it is written, if it is known.
    pub at: Option<Place>,
}

/// One reference that can be read.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The field.
    pub field: RefField,
    /// Its place in the list, if the field is one.
    pub index: Option<u32>,
    /// `kind:namespace/name` in lower case.
    pub target: String,
    /// Where it is written, if it is known.
    pub at: Option<Place>,
}

/// Something has no kind or no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an entity has a kind and a name")]
pub struct NotAnEntity;

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, rename = "apiVersion")]
    api_version: Value,
    #[serde(default)]
    kind: Value,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    spec: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: Value,
    namespace: Value,
}

impl Described {
    /// Reads an entity in JSON, of whichever of the kinds; nothing says where it is written.
    pub fn from_json(json: &str, kinds: Kinds) -> Result<Self, NotAnEntity> {
        let Envelope {
            api_version,
            kind,
            metadata,
            spec,
        } = serde_json::from_str(json).map_err(|_| NotAnEntity)?;
        let (Some(kind), Some(name)) = (text_of(&kind), text_of(&metadata.name)) else {
            return Err(NotAnEntity);
        };
        let mut described = Self::new(kind, text_of(&metadata.namespace), name, None);
        let spec_type = spec.get("type").and_then(text_of);
        for field in field::of(kinds, text_of(&api_version), kind, spec_type) {
            match spec.pointer(&field.pointer()) {
                Some(Value::String(text)) => described.refer(&field, None, text, None),
                Some(Value::Array(items)) => {
                    for (index, item) in (0..).zip(items) {
                        if let Value::String(text) = item {
                            described.refer(&field, Some(index), text, None);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(described)
    }

    /// Reads an entity in a YAML document, of whichever of the kinds.
    pub fn from_yaml(source: &SourceText, root: Node, kinds: Kinds) -> Option<Self> {
        let text = |node: Node, name: &str| {
            let text = node.get(name)?.value.as_text()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let metadata = root.get("metadata")?.value;
        let kind = text(root, "kind")?;
        let name = metadata.get("name")?;
        let at = source.place(name.value.span());
        let name = name.value.as_text().filter(|name| !name.is_empty())?;
        if is_unrendered(name) {
            return None;
        }
        let namespace = text(metadata, "namespace");
        let mut described = Self::new(&kind, namespace.as_deref(), name, Some(at));
        let Some(spec) = root.get("spec").map(|entry| entry.value) else {
            return Some(described);
        };
        let api_version = text(root, "apiVersion");
        let spec_type = text(spec, "type");
        for field in field::of(kinds, api_version.as_deref(), &kind, spec_type.as_deref()) {
            let Some(entry) = field_at(spec, field.path()) else {
                continue;
            };
            let at = |node: Node| Some(source.place(node.span()));
            match entry.value.kind() {
                Kind::Text(text) => described.refer(&field, None, text, at(entry.value)),
                Kind::Sequence(items) => {
                    for (index, item) in (0..).zip(items) {
                        if let Some(text) = item.as_text() {
                            described.refer(&field, Some(index), text, at(item));
                        }
                    }
                }
                _ => {}
            }
        }
        Some(described)
    }

    fn new(kind: &str, namespace: Option<&str>, name: &str, at: Option<Place>) -> Self {
        Self {
            entity_ref: full(kind, namespace.unwrap_or("default"), name),
            kind: kind.to_owned(),
            references: Vec::new(),
            at,
        }
    }

    /// Adds a reference; what cannot be read is for the rule `refs`.
    fn refer(&mut self, field: &RefField, index: Option<u32>, text: &str, at: Option<Place>) {
        let Ok(reference) = parse_ref(text) else {
            return;
        };
        if is_unrendered(text) {
            return;
        }
        let Some(kind) = reference.kind.or(field.default_kind()) else {
            return;
        };
        let namespace = reference.namespace.unwrap_or(self.namespace());
        let target = full(kind, namespace, reference.name);
        self.references.push(Reference {
            field: field.clone(),
            index,
            target,
            at,
        });
    }

    fn namespace(&self) -> &str {
        split(&self.entity_ref).1
    }
}

/// Kind, namespace and name of a full reference.
pub fn split(entity_ref: &str) -> (&str, &str, &str) {
    let (kind, rest) = entity_ref.split_once(':').unwrap_or(("", entity_ref));
    let (namespace, name) = rest.split_once('/').unwrap_or(("", rest));
    (kind, namespace, name)
}

fn full(kind: impl Display, namespace: &str, name: &str) -> String {
    format!("{kind}:{namespace}/{name}").to_lowercase()
}

/// Whether it is in a template's skeleton: what it is called nobody knows before it is rendered.
fn is_unrendered(text: &str) -> bool {
    text.contains("{{")
}

fn text_of(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}
