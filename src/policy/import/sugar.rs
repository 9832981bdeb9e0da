//! Backstage's criteria -> conditions as one writes them in an access policy.

use serde_json::{Map, Value, json};

/// Writes criteria that were checked: known rules by their short names, aliases by ours.
pub fn condition(criteria: &Value) -> Value {
    let each = |items: &Value| {
        let items = items.as_array().into_iter().flatten();
        items.map(condition).collect::<Value>()
    };
    for name in ["allOf", "anyOf"] {
        if let Some(items) = criteria.get(name) {
            return json!({ name: each(items) });
        }
    }
    if let Some(child) = criteria.get("not") {
        return json!({ "not": condition(child) });
    }
    let params: Map<String, Value> = criteria
        .get("params")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), aliased(value)))
        .collect();
    let rule = criteria.get("rule").and_then(Value::as_str);
    let rule = rule.unwrap_or_default();
    short(rule, &params).unwrap_or_else(|| json!({ "rule": rule, "params": params }))
}

/// The short form; `None` for other rules, and for parameters that only the long form reports well.
fn short(rule: &str, params: &Map<String, Value>) -> Option<Value> {
    let (name, shape) = match rule {
        "IS_ENTITY_OWNER" => ("owner", Shape::List("claims")),
        "IS_ENTITY_KIND" => ("kind", Shape::List("kinds")),
        "IS_TASK_OWNER" => ("createdBy", Shape::List("createdBy")),
        "HAS_TAG" => ("tag", Shape::Text("tag")),
        "HAS_ACTION_ID" => ("actionId", Shape::Text("actionId")),
        "HAS_ANNOTATION" => ("annotation", Shape::Keyed("annotation")),
        "HAS_LABEL" => ("label", Shape::Keyed("label")),
        "HAS_METADATA" => ("metadata", Shape::Keyed("key")),
        "HAS_SPEC" => ("spec", Shape::Keyed("key")),
        "HAS_STRING_PROPERTY" => ("stringProperty", Shape::Keyed("key")),
        "HAS_NUMBER_PROPERTY" => ("numberProperty", Shape::Keyed("key")),
        "HAS_BOOLEAN_PROPERTY" => ("booleanProperty", Shape::Keyed("key")),
        _ => return None,
    };
    let param = |name: &str| params.get(name);
    match shape {
        Shape::List(key) if params.len() == 1 => {
            let list = param(key)?.as_array()?;
            let is_text = |item: &Value| item.as_str().is_some_and(|text| !text.is_empty());
            match list.as_slice() {
                [] => None,
                [one] if is_text(one) => Some(json!({ name: one })),
                many => many.iter().all(is_text).then(|| json!({ name: many })),
            }
        }
        Shape::Text(key) if params.len() == 1 => {
            let text = param(key)?.as_str().filter(|text| !text.is_empty())?;
            Some(json!({ name: text }))
        }
        Shape::Keyed(key) => {
            let key = param(key)?.as_str().filter(|key| !key.is_empty())?;
            match (param("value"), params.len()) {
                (None, 1) => Some(json!({ name: key })),
                (Some(value), 2) if !value.is_array() && !value.is_null() => {
                    Some(json!({ name: { key: value } }))
                }
                _ => None,
            }
        }
        Shape::List(_) | Shape::Text(_) => None,
    }
}

enum Shape {
    List(&'static str),
    Text(&'static str),
    Keyed(&'static str),
}

fn aliased(value: &Value) -> Value {
    match value {
        Value::String(text) if text == "$currentUser" => json!("$self"),
        Value::String(text) if text == "$ownerRefs" => json!("$ownership"),
        Value::Array(items) => items.iter().map(aliased).collect(),
        other => other.clone(),
    }
}
