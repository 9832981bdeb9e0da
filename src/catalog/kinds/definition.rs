//! A kind as somebody writes it down, and what is made of it.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::model::{KindModel, KindSchema, OwnRef};
use super::super::schema::Schema;

/// A kind, or one of its spec types that has its own shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindDefinition {
    /// The version, or versions, that have this shape.
    pub api_version: OneOrMore,
    /// As written in descriptors.
    pub kind: String,
    /// The `spec.type` it is for; any other if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_type: Option<String>,
    /// The JSON Schema of the entity.
    pub schema: Value,
    /// The fields that refer to entities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relation_fields: Vec<RelationField>,
}

/// A text, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

/// A field that refers to entities, as in Backstage's declarative model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelationField {
    /// Its path with dots, such as `spec.owner`.
    pub path: String,
    /// The kind that is meant if none is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_kind: Option<String>,
}

impl KindDefinition {
    /// Compiles it; else what is wrong.
    pub(super) fn compile(self) -> Result<KindModel, String> {
        let versions = match self.api_version {
            OneOrMore::One(version) => vec![version],
            OneOrMore::More(versions) => versions,
        };
        let schema = Schema::of_others(below_envelope(self.schema))
            .map_err(|why| format!("the schema of kind `{}` cannot be used: {why}", self.kind))?;
        let refs = self.relation_fields.into_iter().filter_map(|field| {
            Some(Arc::new(OwnRef {
                path: field.path.strip_prefix("spec.")?.to_owned(),
                default_kind: field.default_kind,
            }))
        });
        Ok(KindModel {
            kind: self.kind.into(),
            api_versions: versions.into_iter().map(Cow::Owned).collect(),
            spec_type: self.spec_type.map(Cow::Owned),
            schema: KindSchema::Own(Box::new(schema)),
            refs: &[],
            own_refs: refs.collect(),
        })
    }
}

/// What a schema says of an entity below its envelope. The envelope has rules of its own, which say
/// more than a schema does, and which kind and version there are is known before it is asked.
pub(super) fn below_envelope(schema: Value) -> Value {
    let Value::Object(schema) = schema else {
        return schema;
    };
    let mut schema = without_entity(schema);
    schema.remove("$id");
    // Nothing foreign is allowed at the root of any entity.
    schema.remove("additionalProperties");
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.remove("apiVersion");
        properties.remove("kind");
        if let Some(Value::Object(metadata)) = properties.get_mut("metadata") {
            metadata_of_its_own(metadata);
        }
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !matches!(name.as_str(), Some("apiVersion" | "kind" | "metadata")));
    }
    Value::Object(schema)
}

/// The schemas of Backstage's own kinds are `allOf` the one of all entities and their own.
fn without_entity(mut schema: Map<String, Value>) -> Map<String, Value> {
    let Some(Value::Array(parts)) = schema.get_mut("allOf") else {
        return schema;
    };
    let is_entity = |part: &Value| {
        let target = part.get("$ref").and_then(Value::as_str);
        matches!(target, Some("Entity" | "EntityEnvelope"))
    };
    parts.retain(|part| !is_entity(part));
    let only = match parts.as_slice() {
        [Value::Object(only)] => Some(only.clone()),
        _ => None,
    };
    if parts.is_empty() || only.is_some() {
        schema.remove("allOf");
    }
    for (key, value) in only.into_iter().flatten() {
        schema.entry(key).or_insert(value);
    }
    schema
}

/// A compiled model repeats what holds for the metadata of all entities.
fn metadata_of_its_own(metadata: &mut Map<String, Value>) {
    metadata.remove("additionalProperties");
    if let Some(Value::Array(required)) = metadata.get_mut("required") {
        required.retain(|name| name.as_str() != Some("name"));
    }
    let Some(Value::Object(properties)) = metadata.get_mut("properties") else {
        return;
    };
    for name in ["uid", "etag", "name", "namespace", "tags", "links"] {
        if properties.get(name).is_some_and(is_of_all) {
            properties.remove(name);
        }
    }
}

/// Whether it only says what holds for all entities: a text that is not empty, or a list.
fn is_of_all(schema: &Value) -> bool {
    let keywords = schema.as_object().map(Map::keys);
    keywords.into_iter().flatten().all(|keyword| {
        matches!(
            keyword.as_str(),
            "type" | "minLength" | "description" | "default" | "items" | "examples"
        )
    })
}
