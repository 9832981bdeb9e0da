//! Names that Kubernetes and DNS take.

/// The longest label of a DNS name.
pub const LABEL: usize = 63;

/// A label: lower-case letters, digits and single hyphens, at most `longest` bytes. Different texts may
/// give one label, so what must be unique carries a [`mark`] besides. Empty if nothing is left.
pub fn slug(text: &str, longest: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() >= longest {
            break;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Five characters that tell texts apart which slug alike: 25 bits of FNV-1a, in base 32 without vowels
/// that could spell words. The plan refuses the rest of the collisions, since it knows what exists.
pub fn mark(parts: &[&str]) -> String {
    const ALPHABET: [char; 32] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'b', 'c', 'd', 'f', 'g', 'h', 'j', 'k',
        'l', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'z', 'a', 'e',
    ];
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // a zero byte between them: `a`, `bc` is not `ab`, `c`
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash ^= hash >> 32;
    (0..5)
        .filter_map(|index| {
            let five = usize::try_from(hash >> (index * 5) & 31).ok()?;
            ALPHABET.get(five)
        })
        .collect()
}

/// Whether a text is a label as it is.
#[cfg(test)]
fn is_label(text: &str) -> bool {
    !text.is_empty() && text.len() <= LABEL && slug(text, LABEL) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_labels() {
        assert_eq!(slug("feature/JIRA-12: Größe", 63), "feature-jira-12-gr-e");
        assert_eq!(slug("--a__b--", 63), "a-b");
        assert_eq!(slug("abc-def", 4), "abc");
        assert_eq!(slug("日本", 63), "");
        for text in ["feature/x", "a", "9lives", &"x".repeat(99)] {
            assert!(is_label(&slug(text, LABEL)), "{text}");
        }
    }

    #[test]
    fn marks_tell_apart_what_slugs_alike() {
        assert_ne!(mark(&["feature/x"]), mark(&["feature-x"]));
        assert_ne!(mark(&["a", "bc"]), mark(&["ab", "c"]));
        assert_eq!(mark(&["a"]), mark(&["a"]));
        assert_eq!(mark(&["a"]).len(), 5);
    }
}
