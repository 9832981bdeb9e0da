//! JSON -> YAML text, for entities that have no file.

use serde_json::Value;

/// Writes a value as one YAML document.
///
/// `serde_yaml` is archived; it only writes here, and this function is all that knows of it.
pub fn write(value: &Value) -> String {
    // JSON has nothing that YAML cannot say, and memory does not refuse a write.
    serde_yaml::to_string(value).unwrap_or_default()
}
