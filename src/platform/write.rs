//! Values as text: in the block style of YAML, or as JSON.

use serde_json::Value;

use crate::yaml;

/// A value as one document.
pub fn document(value: &Value) -> String {
    format!("{}\n", block(value, 0, 2, false).trim_start())
}

/// Writes a value behind `key:` or `-`, whose own lines are indented by `indent` spaces.
///
/// A scalar or an empty collection stays on the line; the members of an object behind a dash begin on it.
pub fn block(value: &Value, indent: usize, step: usize, behind_dash: bool) -> String {
    let mut out = String::new();
    let margin = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index == 0 && behind_dash { " " } else { "\n" });
                if index > 0 || !behind_dash {
                    out.push_str(&margin);
                }
                out.push_str(&scalar(&Value::String(key.clone())));
                out.push(':');
                out.push_str(&block(value, indent + step, step, false));
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.push('\n');
                out.push_str(&margin);
                out.push('-');
                out.push_str(&block(item, indent + 2, step, true));
            }
        }
        value => {
            out.push(' ');
            out.push_str(&scalar(value));
        }
    }
    out
}

/// A scalar on one line. Programs that read YAML 1.1, as those written in Go do, get no boolean or
/// number where a text was meant.
pub fn scalar(value: &Value) -> String {
    if value.as_str().is_some_and(is_other_in_yaml_1_1) {
        return value.to_string();
    }
    let text = yaml::write(value);
    let text = text.trim_end_matches('\n');
    // text of several lines would be a block scalar, whose indentation is not known here
    if text.contains('\n') {
        value.to_string()
    } else {
        text.to_owned()
    }
}

/// JSON within brackets: on one line, or indented as the lines around it.
pub fn flow(value: &Value, indent: Option<(usize, usize)>) -> String {
    let Some((margin, step)) = indent else {
        return value.to_string();
    };
    let mut pretty = Vec::new();
    let spaces = vec![b' '; step];
    let formatter = serde_json::ser::PrettyFormatter::with_indent(&spaces);
    let mut serializer = serde_json::Serializer::with_formatter(&mut pretty, formatter);
    // memory does not refuse a write
    if serde::Serialize::serialize(value, &mut serializer).is_err() {
        return value.to_string();
    }
    let text = String::from_utf8(pretty).unwrap_or_else(|_| value.to_string());
    text.replace('\n', &format!("\n{}", " ".repeat(margin)))
}

fn is_other_in_yaml_1_1(text: &str) -> bool {
    const WORDS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let digit = |b: u8| b.is_ascii_digit() || b"_:.-+TtZz ".contains(&b);
    is_word || (text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(digit))
}
