//! The rows that the catalogue makes of an entity to search it by: `HAS_METADATA` and `HAS_SPEC`
//! look for them. Follows catalog-backend 4.0, `buildEntitySearch`.

use std::collections::HashSet;

use serde_json::Value;

use crate::yaml::js_number;

/// How long keys and values may be to be searched for: in lower case, in UTF-16 code units.
pub const MAX_LENGTH: usize = 200;

/// Whether a key, with its path, or a value is short enough to be searched for.
pub fn is_searchable(text: &str) -> bool {
    utf16_len(&text.to_lowercase()) <= MAX_LENGTH
}

/// The rows of one entity.
#[derive(Debug)]
pub struct SearchRows(Vec<Row>);

/// Both in lower case; `value` is absent for null and for what is too long to be searched.
#[derive(Debug)]
struct Row {
    key: String,
    value: Option<String>,
}

impl SearchRows {
    /// The rows of an entity; `None` where Backstage throws.
    pub fn of(entity: &Value) -> Option<Self> {
        let metadata = entity.get("metadata")?;
        let mut walk = Walk::default();
        walk.visit("", entity);

        for name in ["name", "namespace", "uid"] {
            let value = metadata.get(name).unwrap_or(&Value::Null);
            walk.scalar(&format!("metadata.{name}"), value);
        }
        let namespace = metadata.get("namespace").and_then(Value::as_str);
        if namespace.unwrap_or_default().is_empty() {
            walk.push("metadata.namespace", Some("default".to_owned()));
        }
        let relations = entity.get("relations").and_then(Value::as_array);
        for relation in relations.into_iter().flatten() {
            let text = |key| relation.get(key).and_then(Value::as_str);
            let key = format!("relations.{}", text("type").unwrap_or("undefined"));
            walk.push(&key, text("targetRef").map(str::to_owned));
        }
        walk.finish()
    }

    /// The values of a key in lower case; `None` if there is no row of it.
    pub fn values(&self, key: &str) -> Option<Vec<String>> {
        let mut rows = self.0.iter().filter(|row| row.key == key).peekable();
        rows.peek()?;
        Some(rows.filter_map(|row| row.value.clone()).collect())
    }

    /// Whether there is a row with the key, in lower case, and with the value unless it is absent.
    pub fn contains(&self, key: &str, value: Option<&str>) -> bool {
        let value = value.map(str::to_lowercase);
        self.0
            .iter()
            .any(|row| row.key == key && (value.is_none() || row.value == value))
    }
}

/// What is not walked into: found in other ways, or no matter of search.
const SPECIAL: [&str; 7] = [
    "attachments",
    "relations",
    "status",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.etag",
];

#[derive(Default)]
struct Walk {
    rows: Vec<Row>,
    keys: HashSet<String>,
    listed: HashSet<String>,
}

impl Walk {
    fn visit(&mut self, path: &str, value: &Value) {
        if SPECIAL.contains(&path) {
            return;
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.visit(path, item);
                    if let Value::String(text) = item {
                        let key = format!("{path}.{text}");
                        if self.listed.insert(key.to_lowercase()) {
                            self.push(&key, Some("true".to_owned()));
                        }
                    }
                }
            }
            Value::Object(entries) => {
                for (key, value) in entries {
                    let below = match path {
                        "" => key.clone(),
                        _ => format!("{path}.{key}"),
                    };
                    self.visit(&below, value);
                }
            }
            scalar => self.scalar(path, scalar),
        }
    }

    fn scalar(&mut self, path: &str, value: &Value) {
        let text = match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(number) => Some(js_number(number.as_f64().unwrap_or(f64::NAN))),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        self.push(path, text);
    }

    fn push(&mut self, key: &str, value: Option<String>) {
        self.rows.push(Row {
            key: key.to_lowercase(),
            value: value.map(|value| value.to_lowercase()),
        });
        self.keys.insert(key.to_owned());
    }

    /// Keys that differ only in case make Backstage refuse the entity.
    fn finish(self) -> Option<SearchRows> {
        let lower: HashSet<_> = self.keys.iter().map(|key| key.to_lowercase()).collect();
        if lower.len() != self.keys.len() {
            return None;
        }
        let mut rows = self.rows;
        rows.retain(|row| utf16_len(&row.key) <= MAX_LENGTH);
        for row in &mut rows {
            row.value.take_if(|value| utf16_len(value) > MAX_LENGTH);
        }
        Some(SearchRows(rows))
    }
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
