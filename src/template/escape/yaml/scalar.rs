//! Plain scalars: whether the values leave them plain.

use std::ops::Range;

use super::quote::{double_quoted, is_special};
use super::refusal;
use crate::template::escape::page::{Page, Part};
use crate::template::eval::origin::Origin;

/// What is around a plain scalar.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one place"
)]
pub(super) struct Setting {
    pub in_flow: bool,
    pub is_key: bool,
    /// It cannot be put in quotes.
    pub must_fit: bool,
    /// It has several lines.
    pub is_long: bool,
}

/// Writes the values of a plain scalar: as they are if they fit, else the whole scalar in quotes.
pub(super) fn plain(page: &mut Page, range: &Range<usize>, setting: &Setting) {
    let holes = page.holes_in(range);
    if holes.is_empty() {
        return;
    }
    let content = page.content(range);
    let (mut alone, mut only_scalars, mut fits) = (false, true, true);
    let mut has_text = false;
    for part in page.parts(range) {
        match part {
            Part::Text(text) => has_text |= !text.is_empty(),
            Part::Hole(_, hole) => {
                alone |= hole.origin == Origin::Json;
                only_scalars &= hole.origin == Origin::Scalar;
                let edges = hole.value.trim().len() != hole.value.len() || hole.value.is_empty();
                fits &= !(hole.value.contains(is_special) || setting.is_long && edges);
            }
        }
    }
    let is_json = alone && !has_text && holes.len() == 1;
    fits &= is_plain(&content, setting.in_flow) && (only_scalars || is_text(&content));
    if setting.is_key {
        limit_key(page, range);
    }
    let nothing_of_its_own = setting.must_fit && content.is_empty();
    if is_json || fits || nothing_of_its_own {
        page.keep_all(range);
    } else if setting.must_fit {
        page.refuse_all(
            range,
            &refusal(
                "this value would have to bring its own structure",
                "it stands where no text can, so a value in quotes would break the file",
                "write the key before it, or `| safe` if the value is trusted to be YAML",
            ),
        );
    } else {
        let form = double_quoted(page, range, false);
        page.replace(range.clone(), form);
    }
}

/// A key that no `?` stands before has at most 1,024 characters.
pub(super) fn limit_key(page: &mut Page, range: &Range<usize>) {
    if page.content(range).len() > MAX_KEY {
        page.refuse_all(
            range,
            &refusal(
                "this value is too long for a key",
                "YAML reads keys of up to 1,024 characters",
                "give it a shorter one",
            ),
        );
    }
}

/// Escapes make a key longer.
const MAX_KEY: usize = 1024 / 4;

/// Whether a text is one plain scalar.
fn is_plain(text: &str, in_flow: bool) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    let second = chars.next();
    let starts = match first {
        '-' | '?' | ':' => second.is_some_and(|c| !(c.is_whitespace() || in_flow && is_flow(c))),
        '[' | ']' | '{' | '}' | ',' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
        | '@' | '`' => false,
        _ => true,
    };
    let marker = text.starts_with("---") || text.starts_with("...");
    let ends = text.ends_with(':') || text.contains(": ") || text.contains(":\n");
    let comment = text.contains(" #") || text.contains("\n#");
    let brackets = in_flow && text.contains(is_flow);
    starts && !marker && !ends && !comment && !brackets && text.trim() == text
}

fn is_flow(c: char) -> bool {
    matches!(c, ',' | '[' | ']' | '{' | '}')
}

/// Whether YAML 1.1 and 1.2 read a plain scalar as text, not as a number, a boolean, a date or null.
fn is_text(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", ".inf",
        ".nan",
    ];
    let lower = text.to_ascii_lowercase();
    let bare = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    let is_word = WORDS.contains(&lower.as_str()) || bare == ".inf";
    !is_word && !is_number(bare) && !is_date(text)
}

fn is_number(bare: &str) -> bool {
    if let Some(prefix) = bare.strip_prefix('0')
        && let Some(digits) = prefix.strip_prefix(['x', 'o', 'b'])
    {
        return digits.chars().all(|c| c.is_ascii_hexdigit() || c == '_');
    }
    let (mantissa, exponent) = bare.split_once('e').unwrap_or((bare, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    // `.` alone is a float of YAML 1.1
    if mantissa.is_empty() || !digits(exponent) {
        return false;
    }
    // numbers of base 60 have colons
    let colons = mantissa.contains(':');
    let mut parts = mantissa.split(['.', ':']);
    parts.all(digits) && (colons || mantissa.matches('.').count() <= 1)
}

/// `2001-12-14`, and what may follow of a time.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let is_digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day = rest.split(['T', 't', ' ']).next().unwrap_or_default();
    is_digits(year, 4..=4) && is_digits(month, 1..=2) && is_digits(day, 1..=2)
}
