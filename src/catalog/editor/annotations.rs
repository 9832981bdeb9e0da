//! The table of annotations as a schema.

use serde_json::{Map, Value, json};

use super::super::annotations::{keys, plugins};
use super::super::options::CatalogOptions;
use super::rules::{escaped, glob};

/// `metadata.annotations`: the keys that plugins read, with what they are, and those that look like one.
pub(super) fn of_table(options: &CatalogOptions, description: Option<Value>) -> Value {
    let mut known = Map::new();
    for key in keys() {
        known.insert(
            key.name.to_owned(),
            json!({ "description": key.about, "type": "string", "examples": [key.example] }),
        );
    }
    let own: Vec<String> = options
        .known_annotations
        .iter()
        .map(|key| glob(key))
        .collect();
    let not_own = match own.as_slice() {
        [] => String::new(),
        own => format!("(?!(?:{})$)", own.join("|")),
    };
    let mut dead = Map::new();
    for plugin in plugins() {
        let read: Vec<&str> = plugin.keys.iter().map(|key| key.name).collect();
        let message = format!(
            "no known plugin reads this; {} reads `{}`",
            plugin.name,
            read.join("`, `")
        );
        for prefix in plugin.own.iter().chain(plugin.mistaken) {
            let alive = keys().filter_map(|key| key.name.strip_prefix(prefix));
            let mut alive: Vec<String> = alive.map(escaped).collect();
            alive.dedup();
            let not_alive = match alive.as_slice() {
                [] => String::new(),
                alive => format!("(?!(?:{})$)", alive.join("|")),
            };
            let pattern = format!("^{not_own}{}{not_alive}", escaped(prefix));
            dead.insert(
                pattern,
                json!({ "type": "string", "deprecationMessage": message }),
            );
        }
        for (old, new) in plugin.renamed {
            let has_prefix = |prefix: &&str| old.starts_with(*prefix);
            if !plugin.own.iter().chain(plugin.mistaken).any(has_prefix) {
                let message = format!("no known plugin reads this; write `{new}`");
                let pattern = format!("^{not_own}{}$", escaped(old));
                dead.insert(
                    pattern,
                    json!({ "type": "string", "deprecationMessage": message }),
                );
            }
        }
    }
    json!({
        "description": description,
        "type": "object",
        "properties": known,
        "patternProperties": dead,
        "additionalProperties": { "type": "string" },
    })
}

/// What the plugins that are installed need.
pub(super) fn of_plugins(options: &CatalogOptions) -> Vec<Value> {
    let installed = options.plugins.0.iter();
    let missed =
        installed.filter(|plugin| !plugin.needs.is_empty() && !plugin.audience.kinds.is_empty());
    let rule = |plugin: &&super::super::annotations::Plugin| {
        let message = format!(
            "`{}` is missing: the page does not show {}",
            plugin.needs.join("` or `"),
            plugin.loses
        );
        let wanted = match plugin.needs {
            [one] => json!({ "required": [one], "errorMessage": message }),
            several => {
                let each = several
                    .iter()
                    .map(|key| json!({ "required": [key], "errorMessage": message }));
                json!({ "anyOf": each.collect::<Vec<_>>() })
            }
        };
        let audience = plugin.audience;
        let spec_type = (!audience.types.is_empty()).then(|| json!({ "enum": audience.types }));
        let then = json!({
            "properties": {
                "metadata": { "required": ["annotations"], "properties": { "annotations": wanted } },
            },
        });
        super::when(json!({ "enum": audience.kinds }), spec_type, None, then)
    };
    missed.map(|plugin| rule(&plugin)).collect()
}
