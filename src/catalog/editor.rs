//! A JSON Schema (draft-07) for editors: the kinds, the annotations that plugins read, and what the
//! organisation asks for, as far as a schema can say it. What it cannot say `goldenpath check` says.
//!
//! Each kind is an `if` with a `then`, not one of several alternatives: so an editor knows which kind is
//! meant, and complains about that one only. `deprecationMessage` and `errorMessage` are words of the
//! YAML language server; other programs pass over them.

mod annotations;
mod rules;

use serde_json::{Map, Value, json};

use super::kinds::Kinds;
use super::model::{ENVELOPE, KindModel};
use super::options::CatalogOptions;
use super::schema::Schema;
use super::syntax::MAX_NAME;

/// The schema, of one kind or of all; none if there is no such kind.
pub fn schema(options: &CatalogOptions, kind: Option<&str>) -> Option<Value> {
    let kinds = options.known_kinds();
    let all_names = kinds.names().into_iter();
    let names: Vec<&str> = all_names
        .filter(|name| kind.is_none_or(|kind| kind == *name))
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut all: Vec<Value> = Vec::new();
    for name in &names {
        let mut properties = json!({ "apiVersion": { "enum": kinds.versions(name) } });
        let mut of_kind = kinds.all().filter(|model| model.kind == *name);
        if of_kind.all(|model| model.spec_type.is_some()) {
            let types = kinds.spec_types(name);
            properties["spec"] = json!({ "properties": { "type": { "enum": types } } });
        }
        let then = json!({ "properties": properties });
        all.push(when(json!({ "const": name }), None, None, then));
    }
    for model in kinds.all().filter(|model| names.contains(&&*model.kind)) {
        all.push(of_kind(options, kinds, model));
    }
    all.extend(annotations::of_plugins(options));
    all.extend(rules::of_organisation(options, &names));
    let title = match kind {
        Some(kind) => format!("{kind} of Backstage"),
        None => "Entities of Backstage".to_owned(),
    };
    let property = |name| description(ENVELOPE.as_ref(), name);
    Some(json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "type": "object",
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {
            "apiVersion": { "description": property("apiVersion"), "type": "string" },
            "kind": { "description": property("kind"), "enum": names },
            "metadata": metadata(options),
            "spec": { "description": "the content that its kind asks for", "type": "object" },
        },
        "additionalProperties": false,
        "allOf": all,
        "definitions": {
            "placeholder": {
                "description": "a file that the catalogue puts in its place",
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "properties": {
                    "$text": { "description": "the text of a file" },
                    "$json": { "description": "the value in a file of JSON" },
                    "$yaml": { "description": "the value in a file of YAML" },
                    "$openapi": { "description": "an OpenAPI definition with all its files" },
                    "$asyncapi": { "description": "an AsyncAPI definition with all its files" },
                },
                "additionalProperties": false,
            },
        },
    }))
}

fn description(schema: Option<&Schema>, name: &str) -> Option<String> {
    let property = schema?.root().property(name)?;
    property.description().map(str::to_owned)
}

/// What holds for the entities of a kind, or of one of its types or versions that has its own shape.
fn of_kind(options: &CatalogOptions, kinds: Kinds, model: &KindModel) -> Value {
    let schema = model.schema.as_ref().map(|schema| schema.root().json());
    // what refers to a part of itself would have to be told where that is now
    let mut shape = schema
        .filter(|schema| !schema.to_string().contains("\"$ref\""))
        .map_or(json!({}), Value::clone);
    if let Some(shape) = shape.as_object_mut() {
        shape.retain(|word, _| matches!(&**word, "properties" | "required"));
    }
    if let Some(spec) = shape.pointer_mut("/properties/spec") {
        if options.unknown_fields.severity().is_some() {
            close(spec);
        }
        allow_placeholders(spec);
        *spec = or_placeholder(spec.take());
    }
    let spec_type = match &model.spec_type {
        Some(spec_type) => Some(json!({ "const": spec_type })),
        None => {
            let own = kinds.spec_types(&model.kind);
            (!own.is_empty()).then(|| json!({ "not": { "enum": own } }))
        }
    };
    let mut twins = kinds.all().filter(|other| {
        other.kind == model.kind
            && other.spec_type == model.spec_type
            && other.api_versions != model.api_versions
    });
    let version = twins.next().map(|_| json!({ "enum": model.api_versions }));
    when(json!({ "const": model.kind }), spec_type, version, shape)
}

/// A condition on kind, type and version. A type that is not written satisfies one that excludes some only.
fn when(kind: Value, spec_type: Option<Value>, version: Option<Value>, then: Value) -> Value {
    let mut properties = Map::new();
    properties.insert("kind".to_owned(), kind);
    let mut required = vec!["kind"];
    if let Some(version) = version {
        properties.insert("apiVersion".to_owned(), version);
        required.push("apiVersion");
    }
    if let Some(spec_type) = spec_type {
        let is_required = spec_type.get("not").is_none();
        let mut spec = json!({ "properties": { "type": spec_type } });
        if is_required {
            spec["required"] = json!(["type"]);
            required.push("spec");
        }
        properties.insert("spec".to_owned(), spec);
    }
    json!({ "if": { "properties": properties, "required": required }, "then": then })
}

/// Every other field of an object that lists its fields is one that nothing reads.
fn close(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    if schema.contains_key("properties") && !schema.contains_key("additionalProperties") {
        let message = "Backstage accepts and ignores this field";
        schema.insert(
            "additionalProperties".to_owned(),
            json!({ "deprecationMessage": message }),
        );
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(close);
    }
    if let Some(items) = schema.get_mut("items") {
        close(items);
    }
}

/// Any value but the names of an entity may be in a file of its own.
fn allow_placeholders(schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (_, property) in properties {
            allow_placeholders(property);
            *property = or_placeholder(property.take());
        }
    }
    if let Some(items) = schema.get_mut("items") {
        allow_placeholders(items);
        *items = or_placeholder(items.take());
    }
}

fn or_placeholder(schema: Value) -> Value {
    let mut either = Map::new();
    if let Some(description) = schema.get("description") {
        either.insert("description".to_owned(), description.clone());
    }
    let is_placeholder =
        json!({ "type": "object", "propertyNames": { "pattern": "^\\$" }, "minProperties": 1 });
    either.insert("if".to_owned(), is_placeholder);
    either.insert(
        "then".to_owned(),
        json!({ "$ref": "#/definitions/placeholder" }),
    );
    either.insert("else".to_owned(), schema);
    Value::Object(either)
}

/// The part that all kinds share, with the formats of its fields.
fn metadata(options: &CatalogOptions) -> Value {
    let mut metadata = ENVELOPE
        .as_ref()
        .and_then(|schema| Some(schema.root().property("metadata")?.json().clone()))
        .unwrap_or_default();
    let label = format!(
        "^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{{0,{}}}[A-Za-z0-9])?)?$",
        MAX_NAME - 2
    );
    let name = label.replace(")?$", ")$");
    let formats = [
        (
            "/properties/name",
            name,
            "a name is 1 to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
        ),
        (
            "/properties/namespace",
            "^[a-z0-9]+(?:-+[a-z0-9]+)*$".to_owned(),
            "a namespace is 1 to 63 lower-case letters, digits and `-`, no `-` at either end",
        ),
        (
            "/properties/tags/items",
            "^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$".to_owned(),
            "a tag is 1 to 63 lower-case letters, digits, `:`, `+` and `#`, in words separated by one `-`",
        ),
        (
            "/properties/labels/additionalProperties",
            label,
            "a value is empty or a name; put other texts in an annotation",
        ),
    ];
    for (pointer, pattern, message) in formats {
        if let Some(part) = metadata.pointer_mut(pointer).and_then(Value::as_object_mut) {
            part.insert("pattern".to_owned(), json!(pattern));
            part.insert("maxLength".to_owned(), json!(MAX_NAME));
            part.insert("patternErrorMessage".to_owned(), json!(message));
        }
    }
    if let Some(part) = metadata.pointer_mut("/properties/annotations") {
        *part = annotations::of_table(options, part.get("description").cloned());
    }
    // the catalogue knows an entity by these before it reads any other file
    let names = ["name", "namespace"];
    let kept = names.map(|name| metadata["properties"][name].clone());
    allow_placeholders(&mut metadata);
    for (name, schema) in names.into_iter().zip(kept) {
        metadata["properties"][name] = schema;
    }
    metadata
}
