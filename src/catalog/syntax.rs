//! The formats of names, keys and tags: byte matchers, exactly Backstage's rules.
//!
//! Lengths are UTF-16 code units as in JavaScript, but every format is ASCII, so bytes do.

/// What [`is_object_name`] asks for, in words.
pub const NAME_RULE: &str =
    "1 to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends";

/// What [`is_qualified_name`] asks for, in words.
pub const KEY_RULE: &str = "a key is 1 to 63 letters, digits, `-`, `_` and `.`, \
                            after a lower-case domain and `/` if it has one";

/// `[prefix/]name` with a DNS subdomain and 1 to 63 letters and digits.
pub fn is_api_version(text: &str) -> bool {
    prefixed(text, |suffix| {
        is_short(suffix) && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// 1 to 63 letters and digits, a letter first.
pub fn is_kind(text: &str) -> bool {
    is_short(text)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// 1 to 63 letters, digits, `-`, `_`, `.`, a letter or digit at both ends.
pub fn is_object_name(text: &str) -> bool {
    is_short(text)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// 1 to 63 lower-case letters, digits and `-`, no `-` at either end.
pub fn is_dns_label(text: &str) -> bool {
    is_short(text)
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The key of a label or an annotation: `[prefix/]name` with a DNS subdomain and an object name.
pub fn is_qualified_name(text: &str) -> bool {
    prefixed(text, is_object_name)
}

/// The value of a label: an object name or nothing.
pub fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_object_name(text)
}

/// 1 to 63 lower-case letters, digits, `:`, `+`, `#`, in words separated by one `-`.
pub fn is_tag(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b':' | b'+' | b'#')
            })
    };
    is_short(text) && text.split('-').all(word)
}

/// The longest of most names.
pub const MAX_NAME: usize = 63;

/// Length as JavaScript counts it.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The nearest text that a format allows: what is not allowed becomes `-`, once in a row, and never at
/// an end. `None` if nothing would be left.
pub fn repair(
    text: &str,
    allowed: impl Fn(char) -> bool,
    is_valid: fn(&str) -> bool,
) -> Option<String> {
    let mut out = String::new();
    for c in text.chars() {
        if allowed(c) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= MAX_NAME {
            break;
        }
    }
    let trimmed = out.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    is_valid(trimmed).then(|| trimmed.to_owned())
}

fn is_short(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.len())
}

fn prefixed(text: &str, is_suffix: impl Fn(&str) -> bool) -> bool {
    match text.split_once('/') {
        None => is_suffix(text),
        // A second slash is within the suffix, where no format allows one.
        Some((prefix, suffix)) => is_dns_subdomain(prefix) && is_suffix(suffix),
    }
}

fn is_dns_subdomain(text: &str) -> bool {
    (1..=253).contains(&text.len()) && text.split('.').all(is_dns_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(is_valid: fn(&str) -> bool, valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(is_valid(text), "`{text}` is valid");
        }
        for text in invalid {
            assert!(!is_valid(text), "`{text}` is not valid");
        }
    }

    #[test]
    fn formats_are_those_of_backstage() {
        let (long, longer) = ("a".repeat(63), "a".repeat(64));
        check(
            is_object_name,
            &["a", "A1", "a..b", "a--b", "a_b", &long],
            &["", "-a", "a-", ".a", "a b", "ä", &longer],
        );
        check(
            is_dns_label,
            &["a", "a--b", "1", &long],
            &["", "A", "a-", "-a", "a_b", "a.b", &longer],
        );
        check(
            is_api_version,
            &["v1", "backstage.io/v1alpha1", "a.b/V1"],
            &["", "/v1", "a/", "a/b/c", "A/v1", "a..b/v1", "a/v-1"],
        );
        check(is_kind, &["A", "a1"], &["", "1a", "a-b", "a b", &longer]);
        check(
            is_qualified_name,
            &["a", "a.b/C_d"],
            &["", "a/b/c", "A/b", "a/", "/b", "a/-b"],
        );
        check(
            is_tag,
            &["c++", "c#", "a:b", "a-b"],
            &["", "A", "a--b", "-a", "a-", "a.b", "a_b"],
        );
        check(is_label_value, &["", "A.b"], &[" ", "a b"]);
    }

    #[test]
    fn repairs_give_valid_names_or_nothing() {
        let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let repaired = |text| repair(text, name, is_object_name);
        assert_eq!(repaired("my service!").as_deref(), Some("my-service"));
        assert_eq!(repaired("__x").as_deref(), Some("x"));
        assert_eq!(repaired("ä"), None);
        assert_eq!(repaired(&"a".repeat(90)).map(|name| name.len()), Some(63));
    }
}
