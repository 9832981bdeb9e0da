//! Files of kinds: a JSON Schema, a definition with one, or the compiled model of a Backstage.

use serde_json::{Map, Value};

use super::definition::{KindDefinition, OneOrMore, RelationField, below_envelope};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::Limits;
use crate::source::SourceText;
use crate::yaml::{self, Kind, Node};

/// The diagnostics that a file of kinds may give.
pub const CODES: &[&str] = &["kinds/not-a-kind", "kinds/invalid-schema"];

/// The kinds of a file, or all that is wrong with it.
#[derive(Debug)]
pub struct KindsReading {
    /// Problems, in order of position.
    pub diagnostics: Vec<Diagnostic>,
    /// The kinds, if there is no problem.
    pub kinds: Vec<KindDefinition>,
}

/// Reads a file, in JSON or YAML.
pub fn read(source: &SourceText) -> KindsReading {
    let stream = yaml::parse(source, &Limits::default());
    let mut diagnostics = stream.diagnostics;
    let mut kinds = Vec::new();
    for mut document in stream.documents {
        diagnostics.append(&mut document.diagnostics);
        if !document.root().is_null() {
            let mut reader = Reader {
                source,
                diagnostics: &mut diagnostics,
                kinds: &mut kinds,
            };
            reader.document(document.root());
        }
    }
    if kinds.is_empty() && diagnostics.is_empty() {
        let place = source.place(crate::source::Span::new(0, 0));
        diagnostics.push(not_a_kind(place, "the file has no kind"));
    }
    if diagnostics.iter().any(Diagnostic::is_error) {
        kinds.clear();
    }
    diagnostic::sort(&mut diagnostics);
    KindsReading { diagnostics, kinds }
}

struct Reader<'r> {
    source: &'r SourceText,
    diagnostics: &'r mut Vec<Diagnostic>,
    kinds: &'r mut Vec<KindDefinition>,
}

impl Reader<'_> {
    fn document(&mut self, root: Node) {
        let list = root
            .get("kinds")
            .and_then(|entry| match entry.value.kind() {
                Kind::Sequence(items) => Some(items),
                _ => None,
            });
        if let Some(items) = list {
            for item in items {
                self.definition(item);
            }
        } else if root.get("schema").is_some() || root.get("jsonSchema").is_some() {
            self.definition(root);
        } else {
            self.schema(root);
        }
    }

    /// `{apiVersion, kind, specType, schema, relationFields}`; the schema is called `jsonSchema` in a
    /// compiled model, which has more fields yet that nobody needs here.
    fn definition(&mut self, node: Node) {
        let text = |name| node.get(name).and_then(|entry| entry.value.as_text());
        let schema = node.get("schema").or_else(|| node.get("jsonSchema"));
        let versions = node
            .get("apiVersion")
            .and_then(|entry| versions(entry.value));
        let Some(((kind, versions), schema)) = text("kind").zip(versions).zip(schema) else {
            let place = self.source.place(node.span());
            let message = "a kind has `apiVersion`, `kind` and `schema`";
            self.diagnostics.push(not_a_kind(place, message));
            return;
        };
        self.push(
            KindDefinition {
                api_version: versions,
                kind: kind.to_owned(),
                spec_type: text("specType").map(str::to_owned),
                schema: json(schema.value),
                relation_fields: relation_fields(node),
            },
            schema.value,
        );
    }

    /// A schema of the whole entity, which says itself of which kind it is.
    fn schema(&mut self, node: Node) {
        let schema = json(node);
        let properties = properties(&schema);
        let kind = properties.and_then(|all| choices(all, "kind"));
        let versions = properties.and_then(|all| choices(all, "apiVersion"));
        if let (Some([kind]), Some(versions)) = (kind.as_deref(), versions) {
            self.push(
                KindDefinition {
                    api_version: OneOrMore::More(versions),
                    kind: kind.clone(),
                    spec_type: None,
                    schema,
                    relation_fields: Vec::new(),
                },
                node,
            );
        } else {
            let place = self.source.place(node.span());
            let message = "the schema does not say of which kind it is";
            self.diagnostics.push(
                not_a_kind(place, message)
                    .why("a check looks for the schema by kind and apiVersion")
                    .help(
                        "give its properties `kind` and `apiVersion` a `const` or `enum`, or \
                         write `{ apiVersion, kind, schema }`",
                    ),
            );
        }
    }

    fn push(&mut self, mut definition: KindDefinition, schema: Node) {
        definition.schema = below_envelope(definition.schema);
        match definition.clone().compile() {
            Ok(_) => self.kinds.push(definition),
            Err(why) => self.diagnostics.push(
                Diagnostic::error(
                    "kinds/invalid-schema",
                    self.source.place(schema.span()),
                    why,
                )
                .why("entities of the kind could not be checked")
                .help("write a JSON Schema of draft 7 that refers to nothing outside itself"),
            ),
        }
    }
}

fn not_a_kind(place: crate::source::Place, message: &str) -> Diagnostic {
    Diagnostic::error("kinds/not-a-kind", place, message).help(
        "write a JSON Schema of an entity, `{ apiVersion, kind, schema }`, or what \
         `goldenpath model pull` writes",
    )
}

fn json(node: Node) -> Value {
    serde_json::from_str(&node.to_json()).unwrap_or_default()
}

fn versions(node: Node) -> Option<OneOrMore> {
    if let Some(version) = node.as_text() {
        return Some(OneOrMore::One(version.to_owned()));
    }
    let all: Vec<String> = node
        .items()
        .into_iter()
        .filter_map(|item| item.as_text().map(str::to_owned))
        .collect();
    (!all.is_empty()).then_some(OneOrMore::More(all))
}

fn relation_fields(node: Node) -> Vec<RelationField> {
    let Some(entry) = node.get("relationFields") else {
        return Vec::new();
    };
    let text = |node: Node, name| {
        let entry = node.get(name)?;
        entry.value.as_text().map(str::to_owned)
    };
    let fields = entry.value.items().into_iter();
    fields
        .filter_map(|field| {
            Some(RelationField {
                path: text(field, "path")?,
                default_kind: text(field, "defaultKind"),
            })
        })
        .collect()
}

/// The properties of an entity, at the root or in a part of `allOf`.
fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    let own = schema.get("properties").and_then(Value::as_object);
    own.filter(|all| all.contains_key("kind")).or_else(|| {
        let parts = schema.get("allOf")?.as_array()?;
        parts.iter().find_map(properties)
    })
}

/// The values that a property may have.
fn choices(properties: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let property = properties.get(name)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match (property.get("const"), property.get("enum")) {
        (Some(only), _) => Some(vec![text(only)?]),
        (None, Some(Value::Array(all))) if !all.is_empty() => all.iter().map(text).collect(),
        _ => None,
    }
}
