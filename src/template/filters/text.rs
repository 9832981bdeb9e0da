//! Filters from text to text.

use std::rc::Rc;

use super::{Machine, Outcome, Value, argument, as_safe_as, input, needs, text_of};
use crate::template::value::convert::{MAX_TEXT, to_number, to_text, too_long};
use crate::template::value::text::{is_space, length, slice, unit_index, units};
use crate::template::value::{json, number};

pub(super) fn lower(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = input(values)?;
    machine.pay_bytes(text.len())?;
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Ok(Value::Str(text));
    }
    Ok(Value::text(text.to_lowercase()))
}

pub(super) fn upper(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = input(values)?;
    machine.pay_bytes(text.len())?;
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Ok(Value::Str(text));
    }
    Ok(Value::text(text.to_uppercase()))
}

pub(super) fn capitalize(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = input(values)?;
    machine.pay_bytes(text.len())?;
    Ok(as_safe_as(argument(values, 0), capitalized(&text)))
}

pub(super) fn title(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = input(values)?;
    machine.pay_bytes(text.len())?;
    let mut out = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&capitalized(word));
    }
    Ok(as_safe_as(argument(values, 0), out))
}

fn capitalized(text: &str) -> String {
    let mut lower = text.to_lowercase();
    if text.is_ascii() {
        if let Some(first) = lower.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        return lower;
    }
    let mut chars = lower.chars();
    match chars.next() {
        // `charAt(0)` is half a character beyond U+FFFF, which has no upper case
        Some(first) if first.len_utf16() == 1 => {
            first.to_uppercase().collect::<String>() + chars.as_str()
        }
        _ => lower,
    }
}

pub(super) fn trim(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = text_of(argument(values, 0))?;
    machine.pay_bytes(text.len())?;
    Ok(as_safe_as(argument(values, 0), text.trim_matches(is_space)))
}

pub(super) fn string(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    if value.is_nullish() {
        return Err(needs("a value", value));
    }
    let text = to_text(value)?;
    machine.pay_bytes(text.len())?;
    Ok(as_safe_as(value, text))
}

pub(super) fn dump(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let indent = json::indentation(argument(values, 1));
    let Some(text) = json::stringify(argument(values, 0), &indent)? else {
        return Ok(Value::Undefined);
    };
    machine.pay_bytes(text.len())?;
    Ok(Value::text(text))
}

pub(super) fn indent(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = input(values)?;
    if text.is_empty() {
        return Ok(Value::text(""));
    }
    let width = number_or(argument(values, 1), 4.0)?;
    let first = argument(values, 2).is_truthy();
    let lines = text.split('\n').count();
    let blanks = repeated_blanks(machine, width, lines)?;
    machine.pay_bytes(text.len())?;
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if index > 0 || first {
            out.push_str(&blanks);
        }
        out.push_str(line);
    }
    Ok(as_safe_as(argument(values, 0), out))
}

/// As many blanks as `lib.repeat` makes, for so many lines.
fn repeated_blanks(machine: &mut Machine<'_>, width: f64, lines: usize) -> Outcome<String> {
    let width = number::to_size(width.ceil());
    let all = width.saturating_mul(lines.max(1));
    if all > MAX_TEXT {
        return Err(too_long());
    }
    machine.pay_bytes(all)?;
    Ok(" ".repeat(width))
}

pub(super) fn center(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = normalized(argument(values, 0));
    let width = number_or(argument(values, 1), 80.0)?;
    let count = length_of(machine, &value)?;
    if count >= width {
        return Ok(value);
    }
    // NaN of what has no length: no blanks
    let spaces = width - count;
    let before = repeated_blanks(machine, spaces / 2.0 - spaces % 2.0, 1)?;
    let after = repeated_blanks(machine, spaces / 2.0, 1)?;
    let text = to_text(&value)?;
    Ok(as_safe_as(&value, format!("{before}{text}{after}")))
}

pub(super) fn truncate(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = normalized(argument(values, 0));
    let limit = number_or(argument(values, 1), 255.0)?;
    if length_of(machine, &value)? <= limit {
        return Ok(value);
    }
    let text = text_of(&value)?;
    let limit = number::to_size(limit);
    let cut = if argument(values, 2).is_truthy() {
        limit
    } else {
        last_blank(&text, limit).unwrap_or(limit)
    };
    let end = match argument(values, 3) {
        Value::Undefined | Value::Null => "...".into(),
        end => to_text(end)?,
    };
    let out = slice(&text, 0, cut) + &end;
    Ok(as_safe_as(&value, out))
}

/// Nunjucks' `normalize`: null, undefined and false are empty text.
fn normalized(value: &Value) -> Value {
    match value {
        Value::Undefined | Value::Null | Value::Bool(false) => Value::text(""),
        value => value.clone(),
    }
}

/// The argument, or what stands for a falsy one.
fn number_or(value: &Value, default: f64) -> Outcome<f64> {
    if value.is_truthy() {
        to_number(value)
    } else {
        Ok(default)
    }
}

/// `value.length` as a number: NaN if it has none.
fn length_of(machine: &mut Machine<'_>, value: &Value) -> Outcome<f64> {
    let length = machine.member(value, &Value::text("length"))?;
    to_number(&length)
}

/// `text.lastIndexOf(' ', limit)`.
fn last_blank(text: &str, limit: usize) -> Option<usize> {
    let blanks = text.match_indices(' ').map(|(at, _)| unit_index(text, at));
    blanks.take_while(|&at| at <= limit).last()
}

pub(super) fn wordcount(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    if !argument(values, 0).is_truthy() {
        return Ok(Value::Null);
    }
    let text = input(values)?;
    machine.pay_bytes(text.len())?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    Ok(match words.count() {
        0 => Value::Null,
        count => Value::count(count),
    })
}

pub(super) fn replace(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let (value, old) = (argument(values, 0), argument(values, 1));
    let (new, limit) = (argument(values, 2), argument(values, 3));
    if let Value::Regex(regex) = old {
        let text = text_of(value)?;
        return Ok(Value::text(regex.replace(machine, &text, new)?));
    }
    let old: Rc<str> = match old {
        Value::Number(number) => number::print(*number).into(),
        Value::Str(old) => Rc::clone(old),
        _ => return Ok(value.clone()),
    };
    let text: Rc<str> = match value {
        Value::Number(number) => number::print(*number).into(),
        Value::Str(text) | Value::Safe(text) => Rc::clone(text),
        _ => return Ok(value.clone()),
    };
    let new = to_text(new)?;
    machine.pay_bytes(text.len())?;
    if old.is_empty() {
        return between_all(machine, value, &text, &new);
    }
    let limit = match limit {
        Value::Undefined => -1.0,
        limit => to_number(limit)?,
    };
    if limit == 0.0 || !text.contains(&*old) {
        return Ok(match value {
            Value::Safe(_) => value.clone(),
            _ => Value::Str(text),
        });
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    let mut count = 0.0;
    while let Some((before, after)) = rest.split_once(&*old) {
        #[expect(clippy::float_cmp, reason = "-1 stands for no limit")]
        let unlimited = limit == -1.0;
        if !unlimited && count >= limit {
            break;
        }
        out.push_str(before);
        out.push_str(&new);
        machine.pay_bytes(16 + new.len())?;
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
        rest = after;
        count += 1.0;
    }
    out.push_str(rest);
    Ok(as_safe_as(value, out))
}

/// `"abc" | replace("", ".")` is `.a.b.c.`.
fn between_all(machine: &mut Machine<'_>, value: &Value, text: &str, new: &str) -> Outcome {
    let size = text
        .len()
        .saturating_add(new.len().saturating_mul(length(text) + 1));
    if size > MAX_TEXT {
        return Err(too_long());
    }
    machine.pay_bytes(size)?;
    let units: Vec<String> = units(text).collect();
    Ok(as_safe_as(value, format!("{new}{}{new}", units.join(new))))
}
