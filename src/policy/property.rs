//! Paths into an action's input, as lodash's `get` and `toPath` read them: `repo.owner`,
//! `list[0].name`, `labels["a.b"]`.

use std::borrow::Cow;

use serde_json::Value;

/// The value at a path. A key that is there as written comes before the path it could be. Prototypes
/// are not followed: a policy cannot mean `constructor.name`.
pub fn property<'v>(input: &'v Value, path: &str) -> Option<Cow<'v, Value>> {
    let as_written = input.as_object().is_some_and(|o| o.contains_key(path));
    let segments = if as_written || !is_deep(path) {
        vec![path.to_owned()]
    } else {
        path_segments(path)
    };
    if segments.is_empty() {
        return None;
    }
    let mut found = Cow::Borrowed(input);
    for segment in segments {
        found = match found {
            Cow::Borrowed(value) => member(value, &segment)?,
            Cow::Owned(value) => Cow::Owned(member(&value, &segment)?.into_owned()),
        };
    }
    Some(found)
}

/// The segments of a path.
pub fn path_segments(path: &str) -> Vec<String> {
    let chars: Vec<char> = path.chars().collect();
    let at = |index: usize| chars.get(index).copied();
    let mut segments = Vec::new();
    if at(0) == Some('.') {
        segments.push(String::new());
    }
    let mut index = 0;
    while let Some(c) = at(index) {
        if !matches!(c, '.' | '[' | ']') {
            let rest = chars.iter().skip(index);
            let name: String = rest.take_while(|c| !matches!(c, '.' | '[' | ']')).collect();
            index += name.chars().count();
            segments.push(name);
        } else if c == '['
            && let Some((segment, end)) =
                number(&chars, index + 1).or_else(|| quoted(&chars, index + 1))
        {
            index = end;
            segments.push(segment);
        } else {
            if opens_empty(&chars, index) {
                segments.push(String::new());
            }
            index += 1;
        }
    }
    segments
}

/// `object[key]` of JavaScript, for what comes from JSON.
fn member<'v>(value: &'v Value, key: &str) -> Option<Cow<'v, Value>> {
    // an index in its only spelling: `0`, not `00`
    let index = || {
        key.parse()
            .ok()
            .filter(|index: &usize| index.to_string() == key)
    };
    match value {
        Value::Object(entries) => entries.get(key).map(Cow::Borrowed),
        Value::Array(items) if key == "length" => Some(Cow::Owned(items.len().into())),
        Value::Array(items) => items.get(index()?).map(Cow::Borrowed),
        Value::String(text) if key == "length" => {
            Some(Cow::Owned(text.encode_utf16().count().into()))
        }
        Value::String(text) => {
            let unit = text.encode_utf16().nth(index()?)?;
            Some(Cow::Owned(String::from_utf16(&[unit]).ok()?.into()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Whether the text is a path and not one key: it has a dot, or something in brackets.
fn is_deep(path: &str) -> bool {
    let chars: Vec<char> = path.chars().collect();
    path.contains('.')
        || chars.iter().enumerate().any(|(index, &c)| {
            let inner = chars.iter().skip(index + 1);
            c == '['
                && (inner.into_iter().find(|c| matches!(c, '[' | ']')) == Some(&']')
                    || quoted(&chars, index + 1).is_some())
        })
}

/// `0]` or `-1.5]`: the number and the index past the bracket.
fn number(chars: &[char], start: usize) -> Option<(String, usize)> {
    let text: String = chars
        .iter()
        .skip(start)
        .take_while(|&&c| c != ']')
        .collect();
    let end = start + text.chars().count();
    chars.get(end)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(&text);
    let is_number = match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    };
    is_number.then_some((text, end + 1))
}

/// `"a.b"]` or `'it\'s']`: the text without escapes and the index past the bracket.
fn quoted(chars: &[char], start: usize) -> Option<(String, usize)> {
    let quote = *chars.get(start).filter(|c| matches!(c, '"' | '\''))?;
    let mut text = String::new();
    let mut index = start + 1;
    loop {
        match *chars.get(index)? {
            '\\' => {
                text.push(*chars.get(index + 1)?);
                index += 2;
            }
            c if c == quote => break,
            c => {
                text.push(c);
                index += 1;
            }
        }
    }
    (chars.get(index + 1) == Some(&']')).then_some((text, index + 2))
}

/// Whether an empty segment stands here: `.` or `[]` before another or before the end.
fn opens_empty(chars: &[char], index: usize) -> bool {
    let separator = |index| match (chars.get(index), chars.get(index + 1)) {
        (Some('.'), _) => Some(index + 1),
        (Some('['), Some(']')) => Some(index + 2),
        _ => None,
    };
    separator(index).is_some_and(|next| next >= chars.len() || separator(next).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_split_as_lodash_does() {
        for (path, segments) in [
            ("a", vec!["a"]),
            ("a.b", vec!["a", "b"]),
            ("a[0].b", vec!["a", "0", "b"]),
            ("a['b.c'][\"d\"]", vec!["a", "b.c", "d"]),
            (r#"a["it\"s"]"#, vec!["a", "it\"s"]),
            ("a[b]", vec!["a", "b"]),
            (".a", vec!["", "a"]),
            ("a.", vec!["a", ""]),
            ("a..b", vec!["a", "", "b"]),
            ("a[].b", vec!["a", "", "b"]),
            ("[-1.5]", vec!["-1.5"]),
            ("", vec![]),
        ] {
            assert_eq!(path_segments(path), segments, "{path}");
        }
    }

    #[test]
    fn values_are_found_as_lodash_does() {
        let input = json!({
            "a": { "b": [ { "c": "x" } ] },
            "a.b": 1,
            "text": "né",
            "": 2,
            "odd[": 3,
        });
        for (path, found) in [
            ("a.b", Some(json!(1))),
            ("a.b[0].c", Some(json!("x"))),
            ("a['b'].length", Some(json!(1))),
            ("a['b'][00]", None),
            ("text.length", Some(json!(2))),
            ("text[1]", Some(json!("é"))),
            ("", Some(json!(2))),
            ("odd[", Some(json!(3))),
            ("a.x.y", None),
        ] {
            assert_eq!(property(&input, path).map(Cow::into_owned), found, "{path}");
        }
    }
}
