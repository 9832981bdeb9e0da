//! Filters for HTML and URLs.

use std::fmt::Write as _;
use std::rc::Rc;

use super::{Machine, Outcome, Value, argument, as_safe_as, input, needs, text_of};
use crate::template::value::convert::to_text;
use crate::template::value::number;
use crate::template::value::text::{is_space, slice};

pub(super) fn escape(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    if let Value::Safe(text) = argument(values, 0) {
        return Ok(Value::Safe(Rc::clone(text)));
    }
    force_escape(machine, values)
}

pub(super) fn force_escape(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = printed(argument(values, 0))?;
    machine.pay_bytes(text.len())?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' => out.push_str("&#92;"),
            c => out.push(c),
        }
    }
    Ok(Value::Safe(out.into()))
}

pub(super) fn safe(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    Ok(Value::Safe(printed(argument(values, 0))?))
}

fn printed(value: &Value) -> Outcome<Rc<str>> {
    if value.is_nullish() {
        return Ok("".into());
    }
    to_text(value)
}

pub(super) fn nl2br(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    if value.is_nullish() {
        return Ok(Value::text(""));
    }
    let text = text_of(value)?;
    machine.pay_bytes(text.len().saturating_mul(2))?;
    let text = text.replace("\r\n", "\n").replace('\n', "<br />\n");
    Ok(as_safe_as(value, text))
}

/// Removes what looks like a tag or a comment.
pub(super) fn striptags(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = input(values)?;
    machine.pay_bytes(text.len())?;
    let mut stripped = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((before, from)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        stripped.push_str(before);
        let length = tag_length(from);
        machine.pay_bytes(from.len())?;
        if length == 0 {
            stripped.push('<');
        }
        rest = from.get(length.max(1)..).unwrap_or_default();
    }
    stripped.push_str(rest);
    let trimmed = stripped.trim_matches(is_space);
    let out = if argument(values, 1).is_truthy() {
        keep_line_breaks(trimmed)
    } else {
        squash(trimmed)
    };
    Ok(as_safe_as(argument(values, 0), out))
}

/// The length of a tag (`</?[a-z][a-z0-9]*\b[^>]*>`) or a comment at the start; 0 if there is none.
fn tag_length(text: &str) -> usize {
    if text.starts_with("<!--") {
        let end = text.get(4..).and_then(|body| body.find("-->"));
        return end.map_or(0, |end| 4 + end + 3);
    }
    let name = text.strip_prefix("</").or_else(|| text.strip_prefix('<'));
    let name = name.unwrap_or_default();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    let after = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    // the word must end here
    if after.starts_with('_') {
        return 0;
    }
    text.find('>').map_or(0, |end| end + 1)
}

/// Every run of white space becomes one blank.
fn squash(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_space = false;
    for c in text.chars() {
        if !is_space(c) {
            out.push(c);
        } else if !in_space {
            out.push(' ');
        }
        in_space = is_space(c);
    }
    out
}

/// Trims lines, squashes blanks, and leaves at most one empty line between two lines.
fn keep_line_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // a blank before `\r\n` stays: `$` of the original only sees the end of a line at `\n` or `\r`
    let text = text
        .split('\n')
        .map(|line| match line.strip_suffix('\r') {
            Some(line) => format!("{}\r", line.trim_matches(' ')),
            None => line.trim_matches(' ').to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n");
    let mut blank = false;
    for c in text.chars() {
        if c != ' ' || !blank {
            out.push(c);
        }
        blank = c == ' ';
    }
    let out = out.replace("\r\n", "\n");
    let mut result = String::with_capacity(out.len());
    let mut breaks = 0;
    for c in out.chars() {
        breaks = if c == '\n' { breaks + 1 } else { 0 };
        if breaks <= 2 {
            result.push(c);
        }
    }
    result
}

pub(super) fn urlencode(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let pairs = match argument(values, 0) {
        Value::Str(text) => {
            machine.pay_bytes(text.len().saturating_mul(3))?;
            return Ok(Value::text(encoded(text)));
        }
        Value::Array(array) => {
            let mut pairs = Vec::new();
            for item in array.to_vec() {
                if item.is_nullish() {
                    return Err(needs("pairs of key and value", &item));
                }
                let key = machine.member(&item, &Value::Number(0.0))?;
                pairs.push((key, machine.member(&item, &Value::Number(1.0))?));
            }
            pairs
        }
        Value::Record(record) => {
            let entries = record.entries().into_iter();
            entries
                .map(|(key, value)| (Value::Str(key), value))
                .collect()
        }
        Value::Undefined | Value::Null => return Ok(Value::text("")),
        Value::Safe(text) => vec![
            (Value::text("val"), Value::Str(Rc::clone(text))),
            (
                Value::text("length"),
                Value::count(crate::template::value::text::length(text)),
            ),
        ],
        _ => Vec::new(),
    };
    let mut out = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let (key, value) = (to_text(&key)?, to_text(&value)?);
        machine.pay_bytes(key.len() + value.len())?;
        out.push(format!("{}={}", encoded(&key), encoded(&value)));
    }
    Ok(Value::text(out.join("&")))
}

/// `encodeURIComponent`.
pub(in crate::template) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-_.!~*'()".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

pub(super) fn urlize(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = text_of(argument(values, 0))?;
    machine.pay_bytes(text.len().saturating_mul(4))?;
    let limit = match argument(values, 1) {
        Value::Undefined => usize::MAX,
        limit => number::to_size(crate::template::value::convert::to_number(limit)?),
    };
    let nofollow = match argument(values, 2) {
        Value::Bool(true) => " rel=\"nofollow\"",
        _ => "",
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while !rest.is_empty() {
        let word = rest.find(is_space).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(word).unwrap_or((rest, ""));
        if !word.is_empty() {
            out.push_str(&linked(word, limit, nofollow));
        }
        let space = after.find(|c| !is_space(c)).unwrap_or(after.len());
        let (space, after) = after.split_at_checked(space).unwrap_or((after, ""));
        out.push_str(space);
        rest = after;
    }
    Ok(Value::text(out))
}

/// A word, as a link if it looks like one.
fn linked(word: &str, limit: usize, nofollow: &str) -> String {
    // punctuation around the address is dropped, as Nunjucks does
    let url = ["(", "&lt;", "<"]
        .iter()
        .find_map(|open| word.strip_prefix(open))
        .unwrap_or(word);
    let url = [".", ",", ")", "\n", "&gt;"]
        .iter()
        .find_map(|close| url.strip_suffix(close))
        .unwrap_or(url);
    let short = slice(url, 0, limit);
    if url.starts_with("http://") || url.starts_with("https://") {
        return format!("<a href=\"{url}\"{nofollow}>{short}</a>");
    }
    if url.starts_with("www.") {
        return format!("<a href=\"http://{url}\"{nofollow}>{short}</a>");
    }
    if is_email(url) {
        return format!("<a href=\"mailto:{url}\">{url}</a>");
    }
    if has_known_domain(url) {
        return format!("<a href=\"http://{url}\"{nofollow}>{short}</a>");
    }
    word.to_owned()
}

fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let in_name = |c: char| c.is_ascii_alphanumeric() || "_.!#$%&'*+-/=?^`{|}~".contains(c);
    let in_domain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    !name.is_empty()
        && name.chars().all(in_name)
        && domain.contains('.')
        && domain.split('.').all(in_domain)
}

fn has_known_domain(text: &str) -> bool {
    [".org", ".net", ".com"].iter().any(|domain| {
        text.match_indices(domain).any(|(at, _)| {
            let after = text.get(at + domain.len()..).unwrap_or_default();
            after.is_empty() || after.starts_with([':', '/'])
        })
    })
}
