//! Strings with JavaScript's measure: lengths and indices count UTF-16 code units.
//!
//! The text itself is UTF-8. A slice that cuts a surrogate pair in two yields U+FFFD for each half,
//! which is what an encoder would make of a lone surrogate anyway.

/// `text.length`.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

/// `text.substring(start, end)` for `start <= end`.
pub(crate) fn slice(text: &str, start: usize, end: usize) -> String {
    if start >= end {
        return String::new();
    }
    if text.is_ascii() {
        let end = end.min(text.len());
        return text.get(start..end).unwrap_or_default().to_owned();
    }
    let mut out = String::new();
    let mut at = 0;
    for c in text.chars() {
        if at >= end {
            break;
        }
        let next = at + c.len_utf16();
        if at >= start && next <= end {
            out.push(c);
        } else if next > start {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        at = next;
    }
    out
}

/// `text[index]`.
pub(crate) fn unit(text: &str, index: usize) -> Option<String> {
    if text.is_ascii() {
        return text.get(index..=index).map(str::to_owned);
    }
    (index < length(text)).then(|| slice(text, index, index + 1))
}

/// All code units as one-unit strings.
pub(crate) fn units(text: &str) -> impl Iterator<Item = String> + '_ {
    text.chars().flat_map(|c| {
        let (shown, times) = match c.len_utf16() {
            1 => (c, 1),
            _ => (char::REPLACEMENT_CHARACTER, 2),
        };
        std::iter::repeat_n(shown.to_string(), times)
    })
}

/// The byte offset of a code-unit index, rounded down to a character.
pub(crate) fn byte_offset(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    let mut at = 0;
    for (offset, c) in text.char_indices() {
        at += c.len_utf16();
        if at > index {
            return offset;
        }
    }
    text.len()
}

/// The code-unit index of a byte offset.
pub(crate) fn unit_index(text: &str, offset: usize) -> usize {
    length(text.get(..offset).unwrap_or(text))
}

/// What `\s` and `trim` take for white space.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\u{FEFF}')
}

/// `a < b` for strings: by UTF-16 code units, which for characters beyond U+FFFF is not the order of
/// UTF-8.
pub(crate) fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}
