//! `$currentUser` and `$ownerRefs`, which the plugin replaces when it answers.

use serde_json::{Map, Value};

/// Puts refs for the aliases of criteria, as the plugin does.
pub fn without_aliases(criteria: &Value, user: &str, owner_refs: &[String]) -> Value {
    let each = |items: &Value| {
        let items = items.as_array().into_iter().flatten();
        items
            .map(|item| without_aliases(item, user, owner_refs))
            .collect::<Value>()
    };
    let Some(object) = criteria.as_object() else {
        return criteria.clone();
    };
    let mut replaced = Map::new();
    for (name, value) in object {
        let value = match name.as_str() {
            "allOf" | "anyOf" => each(value),
            "not" => without_aliases(value, user, owner_refs),
            "params" => params(value, user, owner_refs),
            _ => value.clone(),
        };
        replaced.insert(name.clone(), value);
    }
    Value::Object(replaced)
}

fn params(params: &Value, user: &str, owner_refs: &[String]) -> Value {
    let Some(params) = params.as_object() else {
        return params.clone();
    };
    let ground = |value: &Value| match value {
        Value::Array(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                match item.as_str() {
                    Some("$currentUser") => list.push(Value::from(user)),
                    Some("$ownerRefs") => list.extend(owner_refs.iter().cloned().map(Value::from)),
                    _ => list.push(item.clone()),
                }
            }
            Value::Array(list)
        }
        Value::String(text) if text == "$currentUser" => Value::from(user),
        other => other.clone(),
    };
    let grounded = params
        .iter()
        .map(|(name, value)| (name.clone(), ground(value)));
    Value::Object(grounded.collect())
}
