//! [`Condition`]: one of Backstage's permission rules with its parameters, in which the user may still
//! be open.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Number, Value};

use super::model::Term;
use super::permission::{CATALOG_ENTITY, SCAFFOLDER_ACTION, SCAFFOLDER_TASK, SCAFFOLDER_TEMPLATE};

/// A permission rule applied to parameters: true or false of a resource and a user.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `IS_ENTITY_OWNER`: an `ownedBy` relation leads to one of these.
    EntityOwner(BTreeSet<Term>),
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
    /// `HAS_STRING_PROPERTY`, once for each of these: a property of an action's input is one of them.
    ActionOwner {
        /// The path.
        key: String,
        /// The refs.
        terms: BTreeSet<Term>,
    },
    /// `IS_TASK_OWNER`: the task was created by one of these.
    TaskOwner(BTreeSet<Term>),
    /// A rule that goldenpath cannot apply itself; Backstage can.
    Custom {
        /// Its resource type.
        resource_type: Arc<str>,
        /// Its name.
        rule: Arc<str>,
        /// Its parameters, in which strings may be `$ownership` (in a list) or `$self`.
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
            Self::ActionId(_) | Self::ActionProperty { .. } | Self::ActionOwner { .. } => {
                SCAFFOLDER_ACTION
            }
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
            Self::ActionOwner { .. } => "HAS_STRING_PROPERTY",
            Self::TaskOwner(_) => "IS_TASK_OWNER",
            Self::Custom { rule, .. } => rule,
        }
    }

    /// The refs that it compares with, if it is about refs.
    pub fn terms(&self) -> Option<&BTreeSet<Term>> {
        match self {
            Self::EntityOwner(terms) | Self::TaskOwner(terms) | Self::ActionOwner { terms, .. } => {
                Some(terms)
            }
            _ => None,
        }
    }

    /// Whether it holds wherever the other holds, as far as one look at both can tell.
    pub fn follows_from(&self, other: &Self) -> bool {
        match (other, self) {
            (Self::EntityOwner(narrow), Self::EntityOwner(wide))
            | (Self::TaskOwner(narrow), Self::TaskOwner(wide)) => narrow.is_subset(wide),
            (Self::EntityKind(narrow), Self::EntityKind(wide)) => narrow.is_subset(wide),
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
}
