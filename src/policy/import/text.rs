//! YAML as people write it: one block for each object, short lists in one line.

use serde_json::Value;

/// Objects and lists as lines, without the last line break.
pub fn block(value: &Value) -> String {
    let lines = match value {
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| entry(&scalar(key), value))
            .collect::<Vec<_>>(),
        Value::Array(items) => items
            .iter()
            .map(|item| format!("- {}", indented(&block(item), 2).trim_start()))
            .collect(),
        value => vec![inline(value)],
    };
    lines.join("\n")
}

/// Moves lines to the right.
pub fn indented(text: &str, by: usize) -> String {
    let indent = " ".repeat(by);
    let lines = text.lines().map(|line| format!("{indent}{line}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Plain where everybody's YAML reads it as a text, else in quotes.
pub fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "./:-_$".contains(c);
    let is_word = WORDS.contains(&text.to_lowercase().as_str());
    if text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && text.chars().all(is_plain)
        && !text.ends_with(':')
        && !is_word
    {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        Value::from(text).to_string()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn entry(key: &str, value: &Value) -> String {
    match value {
        Value::Array(items) if items.iter().any(|i| i.is_object() || i.is_array()) => {
            format!("{key}:\n{}", indented(&block(value), 2))
        }
        Value::Object(entries) if !entries.is_empty() => {
            format!("{key}:\n{}", indented(&block(value), 2))
        }
        _ => format!("{key}: {}", inline(value)),
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        // JSON is YAML
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let value = json!({
            "allOf": [
                { "anyOf": [{ "owner": ["$ownership", "a:b/c"] }, { "not": { "kind": "API" } }] },
                { "label": { "no": "7", "it's": "", "a: b": "x\ny" } },
                { "rule": "X", "params": {} },
            ],
            "list": [1.5, true, null, "null", "1e3", "#"],
        });
        let text = block(&value);
        assert_eq!(
            serde_yaml::from_str::<Value>(&text).unwrap(),
            value,
            "{text}"
        );
    }
}
