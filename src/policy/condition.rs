//! [`Condition`]: one of Backstage's permission rules with its parameters.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Number, Value, json};

use super::permission::{CATALOG_ENTITY, SCAFFOLDER_ACTION, SCAFFOLDER_TASK, SCAFFOLDER_TEMPLATE};

/// A permission rule applied to parameters: true or false of a resource, the same for every user.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `IS_ENTITY_OWNER`: an `ownedBy` relation leads to one of these lower-case refs.
    EntityOwner(BTreeSet<Arc<str>>),
    /// `IS_ENTITY_KIND`: the kind is one of these, in lower case.
    EntityKind(BTreeSet<Arc<str>>),
    /// `HAS_ANNOTATION`, `HAS_LABEL`, `HAS_METADATA` or `HAS_SPEC`.
    EntityField {
        /// Which part of the entity.
        field: Field,
        /// The key below it.
        key: String,
        /// The value; any, if absent.
        value: Option<String>,
    },
    /// `HAS_TAG`: a step or parameter page carries the tag.
    TemplateTag(String),
    /// `HAS_ACTION_ID`: the action is this one.
    ActionId(String),
    /// `HAS_STRING_PROPERTY`, `HAS_NUMBER_PROPERTY` or `HAS_BOOLEAN_PROPERTY` of an action's input.
    ActionProperty {
        /// The path, as lodash's `get` reads it.
        key: String,
        /// The type, and the value; any of the type, if absent.
        value: PropertyValue,
    },
    /// `IS_TASK_OWNER`: the task was created by one of these lower-case refs.
    TaskOwner(BTreeSet<Arc<str>>),
    /// A rule that goldenpath cannot apply itself; Backstage can.
    Custom {
        /// Its resource type.
        resource_type: Arc<str>,
        /// Its name.
        rule: Arc<str>,
        /// Its parameters.
        params: Map<String, Value>,
    },
}

/// The parts of an entity that conditions look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// `metadata.annotations`
    Annotation,
    /// `metadata.labels`
    Label,
    /// `metadata`
    Metadata,
    /// `spec`
    Spec,
}

/// What a property is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PropertyValue {
    /// A string.
    Text(Option<String>),
    /// A number.
    Number(Option<Number>),
    /// `true` or `false`.
    Bool(Option<bool>),
}

impl Condition {
    /// The type of the resources it is about.
    pub fn resource_type(&self) -> &str {
        match self {
            Self::EntityOwner(_) | Self::EntityKind(_) | Self::EntityField { .. } => CATALOG_ENTITY,
            Self::TemplateTag(_) => SCAFFOLDER_TEMPLATE,
            Self::ActionId(_) | Self::ActionProperty { .. } => SCAFFOLDER_ACTION,
            Self::TaskOwner(_) => SCAFFOLDER_TASK,
            Self::Custom { resource_type, .. } => resource_type,
        }
    }

    /// The name of the permission rule.
    pub fn rule(&self) -> &str {
        match self {
            Self::EntityOwner(_) => "IS_ENTITY_OWNER",
            Self::EntityKind(_) => "IS_ENTITY_KIND",
            Self::EntityField { field, .. } => field.rule(),
            Self::TemplateTag(_) => "HAS_TAG",
            Self::ActionId(_) => "HAS_ACTION_ID",
            Self::ActionProperty { value, .. } => value.rule(),
            Self::TaskOwner(_) => "IS_TASK_OWNER",
            Self::Custom { rule, .. } => rule,
        }
    }

    /// The parameters of the permission rule.
    pub fn params(&self) -> Map<String, Value> {
        match self {
            Self::EntityOwner(claims) => object([("claims", Some(list(claims)))]),
            Self::EntityKind(kinds) => object([("kinds", Some(list(kinds)))]),
            Self::EntityField { field, key, value } => object([
                (field.key_param(), Some(json!(key))),
                ("value", value.as_ref().map(|value| json!(value))),
            ]),
            Self::TemplateTag(tag) => object([("tag", Some(json!(tag)))]),
            Self::ActionId(id) => object([("actionId", Some(json!(id)))]),
            Self::ActionProperty { key, value } => {
                object([("key", Some(json!(key))), ("value", value.to_json())])
            }
            Self::TaskOwner(users) => object([("createdBy", Some(list(users)))]),
            Self::Custom { params, .. } => params.clone(),
        }
    }

    /// Whether it holds wherever the other holds, as far as one look at both can tell.
    pub fn follows_from(&self, other: &Self) -> bool {
        match (other, self) {
            (Self::EntityOwner(narrow), Self::EntityOwner(wide))
            | (Self::EntityKind(narrow), Self::EntityKind(wide))
            | (Self::TaskOwner(narrow), Self::TaskOwner(wide)) => narrow.is_subset(wide),
            _ => self == other,
        }
    }
}

impl Field {
    /// The name of the permission rule.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Annotation => "HAS_ANNOTATION",
            Self::Label => "HAS_LABEL",
            Self::Metadata => "HAS_METADATA",
            Self::Spec => "HAS_SPEC",
        }
    }

    /// What the permission rule calls the key.
    pub fn key_param(self) -> &'static str {
        match self {
            Self::Annotation => "annotation",
            Self::Label => "label",
            Self::Metadata | Self::Spec => "key",
        }
    }
}

impl PropertyValue {
    /// The name of the permission rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Text(_) => "HAS_STRING_PROPERTY",
            Self::Number(_) => "HAS_NUMBER_PROPERTY",
            Self::Bool(_) => "HAS_BOOLEAN_PROPERTY",
        }
    }

    fn to_json(&self) -> Option<Value> {
        match self {
            Self::Text(text) => text.as_ref().map(|text| json!(text)),
            Self::Number(number) => number.clone().map(Value::Number),
            Self::Bool(value) => value.map(Value::Bool),
        }
    }
}

fn list(refs: &BTreeSet<Arc<str>>) -> Value {
    refs.iter().map(|r| Value::from(r.as_ref())).collect()
}

fn object<const N: usize>(entries: [(&str, Option<Value>); N]) -> Map<String, Value> {
    entries
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}
