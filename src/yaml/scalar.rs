//! Plain scalars by the core schema, as npm `yaml` 2.9 resolves them.

use super::arena::Content;

/// What a plain scalar stands for; `None` means text.
pub(super) fn resolve<'s>(text: &str) -> Option<Content<'s>> {
    // Most scalars are words: no constant and no number begins like one.
    let first = text.bytes().next().unwrap_or(b'~');
    if !matches!(
        first,
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'0'..=b'9' | b'+' | b'-' | b'.'
    ) {
        return None;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Content::Null),
        "true" | "True" | "TRUE" => return Some(Content::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Content::Bool(false)),
        _ => {}
    }
    integer(text).or_else(|| float(text)).map(Content::Number)
}

/// What the text is under an explicit core tag (`!!int` and so on).
pub(super) fn resolve_as<'s>(kind: &str, text: &str) -> Option<Content<'s>> {
    match kind {
        "int" => integer(text).map(Content::Number),
        "float" => float(text).map(Content::Number),
        "bool" => resolve(text).filter(|content| matches!(content, Content::Bool(_))),
        _ => resolve(text).filter(|content| matches!(content, Content::Null)),
    }
}

/// `!!int`: decimal, `0o` octal, `0x` hexadecimal.
fn integer(text: &str) -> Option<f64> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let digits = unsigned(text);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `!!float`: a point or an exponent, an infinity, or not a number.
fn float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let body = unsigned(text);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(unsigned(exponent))),
        None => (body, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let well_formed = digits(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
        && (fraction.is_some() || exponent.is_some())
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty));
    well_formed.then(|| text.parse().ok()).flatten()
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn radix(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for c in digits.chars() {
        value = value * f64::from(radix) + f64::from(c.to_digit(radix)?);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{Content, resolve};

    #[test]
    fn follows_the_core_schema() {
        let numbers = [
            ("0o10", 8.0),
            ("010", 10.0),
            ("08", 8.0),
            ("0x1F", 31.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("-.5e-1", -0.05),
            ("1e3", 1000.0),
            ("+12", 12.0),
        ];
        for (text, number) in numbers {
            assert!(
                matches!(resolve(text), Some(Content::Number(n)) if (n - number).abs() < 1e-12),
                "{text}"
            );
        }
        let words = [
            "yes",
            "no",
            "on",
            "y",
            "0b11",
            "1_000",
            "1:30",
            "2024-01-01",
            ".",
            "-",
            "+.",
            "e3",
            "1e",
            "0x",
            "0o8",
            "nULL",
            "tRUE",
            "-.nan",
            "1.2.3",
            "0x-1",
            "--1",
        ];
        for text in words {
            assert!(resolve(text).is_none(), "{text}");
        }
        assert!(matches!(resolve(""), Some(Content::Null)));
        assert!(matches!(resolve("TRUE"), Some(Content::Bool(true))));
    }
}
