//! What characters of text are written as.

use std::fmt::Write as _;

use crate::template::escape::comment;

/// What is around a value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// Nothing but marks of quotes, lists and headings is before it on its line.
    pub starts_line: bool,
    /// An odd number of backslashes is before it.
    pub after_backslash: bool,
    pub next: Option<u8>,
}

/// A value as text. Where HTML may be around it, a backslash escapes nothing, so `<` and `&` are
/// references.
pub(super) fn escape(value: &str, place: Place) -> String {
    let value = comment::one_line(value);
    let mut out = String::with_capacity(value.len());
    let ends_line = matches!(place.next, None | Some(b'\n' | b'\r'));
    let chars: Vec<char> = value.chars().collect();
    let last = chars.len().saturating_sub(1);
    let list_end = place.starts_line.then(|| list_mark(&chars)).flatten();
    for (index, &c) in chars.iter().enumerate() {
        let at = |offset: usize| chars.get(offset).copied();
        let (previous, next) = (index.checked_sub(1).and_then(at), at(index + 1));
        let edge = index == 0 || index == last;
        let first = index == 0 && place.starts_line;
        let in_word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        let escaped = match c {
            '\\' | '`' | '*' | '[' | ']' | '~' | '|' => true,
            '_' => !(in_word(previous) && in_word(next)),
            '#' => previous.is_none_or(char::is_whitespace),
            '!' => index == last && place.next == Some(b'['),
            '-' | '+' | '=' => first,
            '.' | ')' => list_end == Some(index) || (c == '.' && is_web(&chars, index)),
            ':' => next == Some('/') || (index == last && place.next == Some(b'/')),
            '@' => previous.is_none_or(|previous| !previous.is_whitespace()),
            _ => false,
        };
        let reference = match c {
            '<' => true,
            '>' => edge,
            '&' => next
                .or_else(|| place.next.map(char::from))
                .is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            ' ' => first || (index == last && ends_line) || (index == 0 && ends_line),
            c => c.is_ascii_digit() && first && is_bare_mark(&chars, place.next),
        };
        if reference {
            let _ = match c {
                '<' => write!(out, "&lt;"),
                '>' => write!(out, "&gt;"),
                '&' => write!(out, "&amp;"),
                c => write!(out, "&#{};", u32::from(c)),
            };
            continue;
        }
        if escaped {
            out.push('\\');
        }
        out.push(c);
    }
    if place.after_backslash && out.starts_with(|c: char| c.is_ascii_punctuation()) {
        // the backslash before it stays one
        out.insert(0, '\\');
    }
    out
}

/// Where the `.` or the `)` of a numbered list's mark is, if the text begins with one.
fn list_mark(chars: &[char]) -> Option<usize> {
    let end = chars.iter().position(|c| !c.is_ascii_digit())?;
    (end > 0).then_some(end)
}

/// Whether the text is a number, and what is behind it makes it the mark of a list.
fn is_bare_mark(chars: &[char], next: Option<u8>) -> bool {
    matches!(next, Some(b'.' | b')')) && chars.iter().all(char::is_ascii_digit)
}

/// Whether a dot is that of `www.`, which begins a link.
fn is_web(chars: &[char], dot: usize) -> bool {
    let before = dot.checked_sub(3).and_then(|start| chars.get(start..dot));
    before.is_some_and(|before| before.iter().all(|c| c.eq_ignore_ascii_case(&'w')))
}

/// A value in the address of a link.
pub(super) fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if c == '&' {
            out.push_str("&amp;");
        } else if c.is_ascii_alphanumeric() || "-._~:/?#@!$'+,;=%".contains(c) {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
