//! Example values as one line of YAML.

use serde_json::Value;

use crate::yaml;

/// A field with its value.
pub fn field(name: &str, value: &Value) -> String {
    format!("{name}: {}", flow(value))
}

/// A value.
pub fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let fields: Vec<String> = map.iter().map(|(name, value)| field(name, value)).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        scalar => yaml::write(scalar).trim_end().to_owned(),
    }
}
