//! Writing JSON text, where a decision has no time to build values first.

/// A text in quotes.
pub fn text(out: &mut String, text: &str) {
    out.push('"');
    escaped(out, text);
    out.push('"');
}

/// What stands between the quotes of a text.
pub fn escaped(out: &mut String, text: &str) {
    let is_plain = |b: u8| b >= b' ' && b != b'"' && b != b'\\';
    if text.bytes().all(is_plain) {
        out.push_str(text);
        return;
    }
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"'));
    out.push_str(inner.unwrap_or_default());
}

/// A list of texts.
pub fn list<'t>(out: &mut String, texts: impl Iterator<Item = &'t str>) {
    out.push('[');
    for (index, item) in texts.enumerate() {
        if index > 0 {
            out.push(',');
        }
        text(out, item);
    }
    out.push(']');
}

/// The next key of an object.
pub fn key(out: &mut String, name: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    text(out, name);
    out.push(':');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_serde_does() {
        for sample in [
            "",
            "plain",
            "quo\"te",
            "back\\slash",
            "line\nbreak",
            "nul\0",
            "é😀\u{7f}",
        ] {
            let mut out = String::from("{");
            key(&mut out, sample);
            list(&mut out, [sample, sample].into_iter());
            out.push('}');
            let value: serde_json::Value = serde_json::from_str(&out).unwrap();
            assert_eq!(value, serde_json::json!({ sample: [sample, sample] }));
            assert_eq!(out, value.to_string());
        }
    }
}
