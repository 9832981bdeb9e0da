//! JSON Schemas of the kinds, over the spanned tree.

use std::sync::OnceLock;

use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::Value;

use super::outline::Outline;
use crate::suggest;
use crate::yaml::{Node, SpannedYaml};

/// A schema with what it says about its fields to people.
#[derive(Debug)]
pub struct Schema {
    json: Value,
    outline: Option<Outline>,
    /// Compiled when an entity does not fit the outline: that takes longer than to check many.
    validator: OnceLock<Option<Validator<SpannedYaml>>>,
}

/// A part of a schema: what holds for one value.
#[derive(Debug, Clone, Copy)]
pub struct Subschema<'s>(&'s Value);

impl Schema {
    /// Reads a schema of this crate; a test makes sure that none fails.
    pub fn compile(text: &str) -> Option<Self> {
        let json = serde_json::from_str(text).ok()?;
        Some(Self {
            outline: Outline::of(&json),
            json,
            validator: OnceLock::new(),
        })
    }

    /// What finds violations; none if the schema is none.
    pub fn validator(&self) -> Option<&Validator<SpannedYaml>> {
        let compiled = || {
            let options = jsonschema::options_for::<SpannedYaml>();
            options.build(&self.json).ok()
        };
        self.validator.get_or_init(compiled).as_ref()
    }

    /// Compiles the schema of somebody else; else why it cannot be. As with Backstage's validator, a
    /// schema that does not say its draft is of draft 7, and knows no other schema.
    pub fn of_others(json: Value) -> Result<Self, String> {
        let mut options = jsonschema::options_for::<SpannedYaml>();
        if json.get("$schema").is_none() {
            options = options.with_draft(jsonschema::Draft::Draft7);
        }
        match options.build(&json) {
            Ok(validator) => Ok(Self {
                outline: Outline::of(&json),
                json,
                validator: OnceLock::from(Some(validator)),
            }),
            Err(error) => Err(error.to_string()),
        }
    }

    /// All violations.
    pub fn errors<'i>(&'i self, root: Node<'i>) -> impl Iterator<Item = ValidationError<'i>> {
        self.validator()
            .into_iter()
            .flat_map(move |validator| validator.iter_errors(root.into()))
    }

    /// What can be seen at a glance.
    pub fn outline(&self) -> Option<&Outline> {
        self.outline.as_ref()
    }

    /// The whole.
    pub fn root(&self) -> Subschema<'_> {
        Subschema(&self.json)
    }

    /// The part about the object whose property an error is about.
    pub fn owner_of(&self, error: &ValidationError<'_>) -> Option<Subschema<'_>> {
        let (property, _keyword) = error.schema_path().as_str().rsplit_once('/')?;
        let (properties, _name) = property.rsplit_once('/')?;
        let owner = properties.strip_suffix("/properties")?;
        self.json.pointer(owner).map(Subschema)
    }

    /// The part that holds the keyword of an error.
    pub fn of(&self, error: &ValidationError<'_>) -> Option<Subschema<'_>> {
        let (parent, _keyword) = error.schema_path().as_str().rsplit_once('/')?;
        let Some((referring, rest)) = parent.rsplit_once("/$ref") else {
            return self.json.pointer(parent).map(Subschema);
        };
        let target = self.json.pointer(&format!("{referring}/$ref"))?.as_str()?;
        let pointer = format!("{}{rest}", target.strip_prefix('#')?);
        self.json.pointer(&pointer).map(Subschema)
    }
}

impl<'s> Subschema<'s> {
    /// As it is written.
    pub fn json(self) -> &'s Value {
        self.0
    }

    /// What holds for a property.
    pub fn property(self, name: &str) -> Option<Self> {
        self.0.get("properties")?.get(name).map(Self)
    }

    /// The names of the properties.
    pub fn property_names(self) -> impl Iterator<Item = &'s str> {
        let properties = self.0.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flat_map(|map| map.keys().map(String::as_str))
    }

    /// Whether that property must be there.
    pub fn requires(self, name: &str) -> bool {
        let required = self.0.get("required").and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|required| required == name))
    }

    /// The property that is likely meant by a name that is none.
    pub fn meant_by(self, name: &str) -> Option<&'s str> {
        match self.property(name) {
            Some(_) => None,
            None => suggest::nearest(name, self.property_names()),
        }
    }

    /// What holds for the items of a list.
    pub fn items(self) -> Option<Self> {
        self.0.get("items").map(Self)
    }

    /// The types it takes; none if it takes any.
    pub fn types(self) -> Vec<JsonType> {
        let own = self.0.get("type").into_iter();
        let alternatives = self
            .0
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let all = own.chain(alternatives.filter_map(|alternative| alternative.get("type")));
        let names = all.flat_map(|kind| match kind {
            Value::Array(kinds) => kinds.iter().collect(),
            kind => vec![kind],
        });
        names
            .filter_map(Value::as_str)
            .filter_map(|name| name.parse().ok())
            .collect()
    }

    /// Whether it lists all the properties that mean something.
    pub fn is_closed(self) -> bool {
        self.0.get("properties").is_some() && self.0.get("additionalProperties").is_none()
    }

    /// What the value is, as a noun phrase.
    pub fn description(self) -> Option<&'s str> {
        self.0.get("description")?.as_str()
    }

    /// A value to show.
    pub fn example(self) -> Option<&'s Value> {
        self.0.get("examples")?.get(0)
    }

    /// Its `const` or `enum` values, where they are strings.
    pub fn choices(self) -> impl Iterator<Item = &'s str> {
        let several = self.0.get("enum").and_then(Value::as_array);
        let one = self.0.get("const");
        several
            .into_iter()
            .flatten()
            .chain(one)
            .filter_map(Value::as_str)
    }
}

/// What people call a type.
pub fn noun(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::String => "a text",
        JsonType::Array => "a list",
        JsonType::Object => "an object",
    }
}
