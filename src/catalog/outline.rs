//! A schema at a glance: whether a value is in all respects as its schema says, in one walk and
//! without memory. Most entities are, and need not be looked at closer.
//!
//! It never says more than it knows: a value that does not fit may still be valid, and whatever there
//! is to be said of it is found by the rules.

use jsonschema::JsonType;
use serde_json::{Map, Value};

use crate::yaml::{Entries, Kind, Node};

/// What a schema says of one value.
#[derive(Debug)]
pub struct Outline {
    /// None is any.
    types: Vec<JsonType>,
    /// Characters of a text.
    min_length: u64,
    max_length: u64,
    /// The values a text may have; none is any.
    choices: Vec<String>,
    min_items: u64,
    items: Option<Box<Outline>>,
    properties: Vec<Property>,
    others: Others,
    /// One for each type, if that is how the schema tells them apart.
    alternatives: Vec<Outline>,
}

#[derive(Debug)]
struct Property {
    name: String,
    is_required: bool,
    outline: Outline,
}

/// Properties that a schema does not name.
#[derive(Debug)]
enum Others {
    /// Nothing reads them.
    Foreign,
    /// Anything goes.
    Any,
    /// They are all alike.
    Like(Box<Outline>),
}

impl Outline {
    /// The outline of a schema; `None` if it says what an outline cannot.
    pub fn of(schema: &Value) -> Option<Self> {
        let schema = schema.as_object()?;
        schema.keys().all(|key| is_known(key)).then_some(())?;
        let outlines = |key| match schema.get(key) {
            Some(Value::Array(all)) => all.iter().map(Self::of).collect(),
            Some(_) => None,
            None => Some(Vec::new()),
        };
        let alternatives: Vec<Self> = outlines("oneOf")?;
        Some(Self {
            types: types(schema.get("type"))?,
            min_length: number(schema, "minLength", 0)?,
            max_length: number(schema, "maxLength", u64::MAX)?,
            choices: choices(schema)?,
            min_items: number(schema, "minItems", 0)?,
            items: match schema.get("items") {
                Some(items) => Some(Box::new(Self::of(items)?)),
                None => None,
            },
            properties: properties(schema)?,
            others: match schema.get("additionalProperties") {
                Some(Value::Bool(true)) => Others::Any,
                Some(Value::Bool(false)) => Others::Foreign,
                Some(like) => Others::Like(Box::new(Self::of(like)?)),
                None if schema.contains_key("properties") => Others::Foreign,
                None => Others::Any,
            },
            alternatives: are_told_apart_by_type(&alternatives).then_some(alternatives)?,
        })
    }

    /// What holds for a property.
    pub fn property(&self, name: &str) -> Option<&Self> {
        let found = self.properties.iter().find(|known| known.name == name)?;
        Some(&found.outline)
    }

    /// What holds for the one property that it says anything about.
    pub fn only_property(&self, name: &str) -> Option<&Self> {
        match &*self.properties {
            [only] if only.name == name => Some(&only.outline),
            _ => None,
        }
    }

    /// Whether an object has only properties that have a name here.
    pub fn names_all(&self, value: Node<'_>) -> bool {
        let mut entries = value.entries().into_iter();
        entries.all(|entry| self.property(entry.name).is_some())
    }

    /// Whether a value is as the schema says, has no field that nothing reads, and is no placeholder.
    pub fn fits(&self, value: Node<'_>) -> bool {
        if !self.alternatives.is_empty() && !self.alternatives.iter().any(|one| one.fits(value)) {
            return false;
        }
        match value.kind() {
            Kind::Null => self.takes(JsonType::Null),
            Kind::Bool(_) => self.takes(JsonType::Boolean) && self.choices.is_empty(),
            Kind::Number(number) => {
                let is_whole = number.fract() == 0.0 && self.takes(JsonType::Integer);
                (is_whole || self.takes(JsonType::Number)) && self.choices.is_empty()
            }
            Kind::Text(text) => self.takes(JsonType::String) && self.fits_text(text),
            Kind::Sequence(items) => {
                let item = self.items.as_deref();
                self.takes(JsonType::Array)
                    && self.choices.is_empty()
                    && u64::try_from(items.len()).is_ok_and(|count| count >= self.min_items)
                    && item.is_none_or(|item| items.into_iter().all(|value| item.fits(value)))
            }
            Kind::Mapping(entries) => {
                self.takes(JsonType::Object) && self.choices.is_empty() && self.fits_object(entries)
            }
        }
    }

    fn takes(&self, kind: JsonType) -> bool {
        self.types.is_empty() || self.types.contains(&kind)
    }

    fn fits_text(&self, text: &str) -> bool {
        // Characters are at most as many as bytes.
        let is_long_enough = self.min_length == 0
            || (self.min_length == 1 && !text.is_empty())
            || u64::try_from(text.chars().count()).is_ok_and(|length| length >= self.min_length);
        is_long_enough
            && u64::try_from(text.len()).is_ok_and(|length| length <= self.max_length)
            && (self.choices.is_empty() || self.choices.iter().any(|choice| choice == text))
    }

    fn fits_object(&self, entries: Entries<'_>) -> bool {
        let is_one = entries.len() == 1;
        let mut required = 0;
        // Most files have the properties in the order of the schema.
        let mut next = 0;
        for entry in entries {
            if is_one && entry.name.starts_with('$') {
                return false;
            }
            let (before, after) = self.properties.split_at(next.min(self.properties.len()));
            let in_order = after.iter().chain(before);
            let found = in_order
                .enumerate()
                .find(|(_, known)| known.name == entry.name);
            let fits = match (found, &self.others) {
                (Some((index, known)), _) => {
                    next = (next + index + 1) % self.properties.len();
                    required += usize::from(known.is_required);
                    known.outline.fits(entry.value)
                }
                (None, Others::Foreign) => false,
                (None, Others::Any) => true,
                (None, Others::Like(outline)) => outline.fits(entry.value),
            };
            if !fits {
                return false;
            }
        }
        // No property is there twice.
        required == self.properties.iter().filter(|one| one.is_required).count()
    }
}

/// What an outline understands, and what says nothing of a value.
fn is_known(keyword: &str) -> bool {
    matches!(
        keyword,
        "$schema"
            | "title"
            | "description"
            | "examples"
            | "type"
            | "minLength"
            | "maxLength"
            | "const"
            | "enum"
            | "minItems"
            | "items"
            | "properties"
            | "required"
            | "additionalProperties"
            | "oneOf"
    )
}

fn types(written: Option<&Value>) -> Option<Vec<JsonType>> {
    let one = |name: &Value| name.as_str()?.parse().ok();
    match written {
        None => Some(Vec::new()),
        Some(Value::Array(names)) => names.iter().map(one).collect(),
        Some(name) => Some(vec![one(name)?]),
    }
}

fn number(schema: &Map<String, Value>, key: &str, default: u64) -> Option<u64> {
    schema.get(key).map_or(Some(default), Value::as_u64)
}

fn choices(schema: &Map<String, Value>) -> Option<Vec<String>> {
    let text = |value: &Value| Some(value.as_str()?.to_owned());
    match (schema.get("const"), schema.get("enum")) {
        (None, None) => Some(Vec::new()),
        (Some(one), None) => Some(vec![text(one)?]),
        (None, Some(Value::Array(all))) => all.iter().map(text).collect(),
        _ => None,
    }
}

fn properties(schema: &Map<String, Value>) -> Option<Vec<Property>> {
    let none = Map::new();
    let named = schema
        .get("properties")
        .map_or(Some(&none), Value::as_object)?;
    let required: Vec<&str> = match schema.get("required") {
        Some(Value::Array(names)) => names.iter().map(Value::as_str).collect::<Option<_>>()?,
        Some(_) => return None,
        None => Vec::new(),
    };
    // One that is required and has no outline could not be counted.
    required
        .iter()
        .all(|name| named.contains_key(*name))
        .then_some(())?;
    let outlined = named.iter().map(|(name, schema)| {
        Some(Property {
            name: name.clone(),
            is_required: required.contains(&&**name),
            outline: Outline::of(schema)?,
        })
    });
    outlined.collect()
}

/// Whether a value that one alternative takes is of no other's type, so that one is enough.
fn are_told_apart_by_type(alternatives: &[Outline]) -> bool {
    alternatives.iter().enumerate().all(|(index, one)| {
        let is_plain = matches!(
            *one.types,
            [JsonType::Object | JsonType::Array | JsonType::String]
        );
        let mut others = alternatives.iter().skip(index + 1);
        is_plain && others.all(|other| other.types != one.types)
    })
}
