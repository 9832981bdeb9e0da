//! Data as an expression, and back.

use std::fmt::Write;

use hcl_edit::expr::{Expression, ObjectKey};
use serde_json::Value;

/// The name of an object's member, if it is no expression.
pub(super) fn name_of(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str().to_owned()),
        ObjectKey::Expression(expression) => expression.as_str().map(str::to_owned),
    }
}

/// What an expression says, if it is plain data.
pub(super) fn data(expression: &Expression) -> Option<Value> {
    Some(match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(value) => Value::Bool(*value.value()),
        Expression::Number(number) => serde_json::from_str(&number.value().to_string()).ok()?,
        Expression::String(text) => Value::String(text.value().clone()),
        Expression::Array(items) => Value::Array(items.iter().map(data).collect::<Option<_>>()?),
        Expression::Object(object) => Value::Object(
            object
                .iter()
                .map(|(key, value)| Some((name_of(key)?, data(value.expr())?)))
                .collect::<Option<_>>()?,
        ),
        _ => return None,
    })
}

/// Data as an expression.
pub(super) fn expression(value: &Value, indent: usize) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| expression(item, indent)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let margin = " ".repeat(indent + 2);
            let mut members = String::new();
            for (key, value) in map {
                let key = if is_identifier(key) {
                    key.clone()
                } else {
                    quoted(key)
                };
                let value = expression(value, indent + 2);
                // a String takes all
                let _ = writeln!(members, "{margin}{key} = {value}");
            }
            format!("{{\n{members}{}}}", " ".repeat(indent))
        }
        other => other.to_string(),
    }
}

/// A text in quotes: what would begin an interpolation or a directive does not.
pub(super) fn quoted(text: &str) -> String {
    let json = Value::String(text.to_owned()).to_string();
    json.replace("${", "$${").replace("%{", "%%{")
}

pub(super) fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !matches!(name, "null" | "true" | "false" | "for")
}
