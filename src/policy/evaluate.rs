//! Applying conditions to a resource: bit for bit what Backstage's permission rules do in
//! catalog-backend 4.0 and scaffolder-backend 4.2.
//!
//! Where Backstage would throw, because the resource is malformed, and for rules that only Backstage
//! knows, the answer is unknown (`None`). Formulas over unknowns follow Kleene's logic.

use std::cell::OnceCell;

use serde_json::Value;

use super::claims::Claims;
use super::condition::{Condition, Field, PropertyValue};
use super::criteria::Criteria;
use super::property::{path_segments, property};
use super::search::SearchRows;

/// A resource to apply conditions to.
#[derive(Debug)]
pub struct Resource<'r> {
    value: &'r Value,
    rows: OnceCell<Option<SearchRows>>,
}

impl<'r> Resource<'r> {
    /// Wraps the resource as Backstage hands it to its permission rules.
    pub fn new(value: &'r Value) -> Self {
        let rows = OnceCell::new();
        Self { value, rows }
    }

    /// Whether the formula holds for a user; `None` if that cannot be known.
    pub fn satisfies(&self, criteria: &Criteria, claims: &Claims) -> Option<bool> {
        match criteria {
            Criteria::True => Some(true),
            Criteria::False => Some(false),
            Criteria::Is(condition) => self.apply(condition, claims),
            Criteria::Not(child) => self.satisfies(child, claims).map(|holds| !holds),
            Criteria::AllOf(children) => self.decided_by(children, claims, false),
            Criteria::AnyOf(children) => self.decided_by(children, claims, true),
        }
    }

    /// One child with the `decisive` value decides; else one unknown leaves it unknown.
    fn decided_by(&self, children: &[Criteria], claims: &Claims, decisive: bool) -> Option<bool> {
        let mut result = Some(!decisive);
        for child in children {
            match self.satisfies(child, claims) {
                Some(value) if value == decisive => return Some(decisive),
                Some(_) => {}
                None => result = None,
            }
        }
        result
    }

    fn apply(&self, condition: &Condition, claims: &Claims) -> Option<bool> {
        let resource = self.value;
        match condition {
            Condition::EntityOwner(owners) => match resource.get("relations") {
                None => Some(false),
                Some(relations) if !is_truthy(relations) => Some(false),
                Some(relations) => Some(relations.as_array()?.iter().any(|relation| {
                    let text = |key| relation.get(key).and_then(Value::as_str);
                    text("type") == Some("ownedBy")
                        && text("targetRef").is_some_and(|target| claims.include(owners, target))
                })),
            },
            Condition::EntityKind(kinds) => {
                let kind = resource.get("kind")?.as_str()?.to_lowercase();
                Some(kinds.contains(kind.as_str()))
            }
            Condition::EntityField { field, key, value } => {
                let value = value.as_deref();
                let within = match field {
                    Field::Annotation => "annotations",
                    Field::Label => "labels",
                    Field::Metadata => return self.has_row("metadata", key, value),
                    Field::Spec => return self.has_row("spec", key, value),
                };
                has_entry(resource.get("metadata")?.get(within), key, value)
            }
            Condition::TemplateTag(tag) => has_tag(resource, tag),
            Condition::ActionId(id) => {
                Some(resource.get("action").and_then(Value::as_str) == Some(id))
            }
            Condition::ActionProperty { key, value } => has_property(resource, key, value),
            Condition::ActionOwner { key, terms } => {
                let mut result = Some(false);
                for entity_ref in claims.refs(terms) {
                    let text = Some(entity_ref.as_ref().to_owned());
                    match has_property(resource, key, &PropertyValue::Text(text)) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => result = None,
                    }
                }
                result
            }
            Condition::TaskOwner(users) => match resource.get("createdBy") {
                Some(Value::String(creator)) => Some(claims.include_creator(users, creator)),
                _ => Some(false),
            },
            Condition::Custom { .. } => None,
        }
    }

    fn has_row(&self, part: &str, key: &str, value: Option<&str>) -> Option<bool> {
        let rows = self
            .rows
            .get_or_init(|| SearchRows::of(self.value))
            .as_ref()?;
        Some(rows.contains(&format!("{part}.{key}").to_lowercase(), value))
    }
}

/// `HAS_ANNOTATION` and `HAS_LABEL`: as written first, then without regard to case.
fn has_entry(entries: Option<&Value>, key: &str, value: Option<&str>) -> Option<bool> {
    let entries = match entries {
        None => return Some(false),
        Some(entries) if !is_truthy(entries) => return Some(false),
        Some(entries) => entries.as_object()?,
    };
    if let Some(found) = entries.get(key)
        && value.is_none_or(|value| found.as_str() == Some(value))
    {
        return Some(true);
    }
    let (key, value) = (key.to_lowercase(), value.map(str::to_lowercase));
    for (name, found) in entries {
        if name.to_lowercase() == key {
            let Some(value) = &value else {
                return Some(true);
            };
            if found.as_str()?.to_lowercase() == *value {
                return Some(true);
            }
        }
    }
    Some(false)
}

/// `HAS_TAG`; tags written as one string are searched for the tag, as JavaScript's `includes` does.
fn has_tag(resource: &Value, tag: &str) -> Option<bool> {
    let tags = resource
        .get("backstage:permissions")
        .and_then(|permissions| permissions.get("tags"));
    match tags {
        None | Some(Value::Null) => Some(false),
        Some(Value::Array(tags)) => Some(tags.iter().any(|found| found.as_str() == Some(tag))),
        Some(Value::String(tags)) => Some(tags.contains(tag)),
        Some(_) => None,
    }
}

/// `HAS_STRING_PROPERTY`, `HAS_NUMBER_PROPERTY` and `HAS_BOOLEAN_PROPERTY`.
fn has_property(resource: &Value, key: &str, wanted: &PropertyValue) -> Option<bool> {
    let found = resource.get("input").and_then(|input| property(input, key));
    let Some(found) = found else {
        return Some(false);
    };
    Some(match (wanted, &*found) {
        (PropertyValue::Text(None), Value::String(_))
        | (PropertyValue::Number(None), Value::Number(_))
        | (PropertyValue::Bool(None), Value::Bool(_)) => true,
        (PropertyValue::Text(Some(wanted)), Value::String(found)) => {
            let action = resource.get("action")?.as_str()?;
            if ignores_case(action, key) {
                wanted.to_lowercase() == found.to_lowercase()
            } else {
                wanted == found
            }
        }
        (PropertyValue::Number(Some(wanted)), Value::Number(found)) => {
            wanted.as_f64() == found.as_f64()
        }
        (PropertyValue::Bool(Some(wanted)), Value::Bool(found)) => wanted == found,
        _ => false,
    })
}

/// The hosts of these actions do not tell the cases of names apart, so neither do the rules.
pub fn ignores_case(action: &str, key: &str) -> bool {
    let mut segments = action.split(':');
    let is_host = |segment| {
        matches!(
            segment,
            "github" | "gitlab" | "bitbucket" | "bitbucketCloud" | "bitbucketServer"
        )
    };
    if !segments.clone().any(is_host) {
        return false;
    }
    match path_segments(key).join(".").as_str() {
        "owner" | "repoName" | "projectId" | "repoUrl" => true,
        "path" => segments.any(|segment| segment == "group"),
        _ => false,
    }
}

/// Whether JavaScript's `!value` is false.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
