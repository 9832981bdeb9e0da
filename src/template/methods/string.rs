//! Methods of strings.

use std::rc::Rc;

use super::{Machine, Method, Outcome, Value, argument, needs, relative, row};
use crate::template::failure::Failure;
use crate::template::value::convert::{MAX_TEXT, to_number, to_text, too_long};
use crate::template::value::number;
use crate::template::value::text::{
    byte_offset, compare, is_space, length, slice, unit, unit_index, units,
};

pub(super) const TABLE: &[Method] = &[
    row("at", at),
    row("charAt", char_at),
    row("charCodeAt", char_code_at),
    row("codePointAt", code_point_at),
    row("concat", concat),
    row("endsWith", ends_with),
    row("includes", includes),
    row("indexOf", index_of),
    row("lastIndexOf", last_index_of),
    row("localeCompare", locale_compare),
    row("match", super::regex::matches),
    row("matchAll", super::regex::match_all),
    row("padEnd", |m, t, a| pad(m, t, a, false)),
    row("padStart", |m, t, a| pad(m, t, a, true)),
    row("repeat", repeat),
    row("replace", replace),
    row("replaceAll", replace_all),
    row("search", super::regex::search),
    row("slice", slice_method),
    row("split", split),
    row("startsWith", starts_with),
    row("substr", substr),
    row("substring", substring),
    row("toLowerCase", |m, t, _| map(m, t, str::to_lowercase)),
    row("toUpperCase", |m, t, _| map(m, t, str::to_uppercase)),
    row("toLocaleLowerCase", |m, t, _| map(m, t, str::to_lowercase)),
    row("toLocaleUpperCase", |m, t, _| map(m, t, str::to_uppercase)),
    row("toString", |_, t, _| Ok(Value::Str(to_text(t)?))),
    row("trim", |m, t, _| {
        map(m, t, |text| text.trim_matches(is_space).to_owned())
    }),
    row("trimEnd", trim_end),
    row("trimLeft", trim_start),
    row("trimRight", trim_end),
    row("trimStart", trim_start),
    row("valueOf", |_, t, _| Ok(Value::Str(to_text(t)?))),
];

fn trim_start(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    map(machine, this, |text| {
        text.trim_start_matches(is_space).to_owned()
    })
}

fn trim_end(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    map(machine, this, |text| {
        text.trim_end_matches(is_space).to_owned()
    })
}

/// The string itself, paid for.
fn content(machine: &mut Machine<'_>, this: &Value) -> Outcome<Rc<str>> {
    let text = to_text(this)?;
    machine.pay_bytes(text.len())?;
    Ok(text)
}

fn map(machine: &mut Machine<'_>, this: &Value, change: fn(&str) -> String) -> Outcome {
    Ok(Value::text(change(&content(machine, this)?)))
}

fn integer(arguments: &[Value], index: usize) -> Outcome<f64> {
    Ok(number::to_integer(to_number(argument(arguments, index))?))
}

/// An index from 0 to the length.
fn position(arguments: &[Value], index: usize, text: &str) -> Outcome<usize> {
    let at = integer(arguments, index)?.max(0.0);
    Ok(number::to_size(at).min(length(text)))
}

fn at(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let mut at = integer(arguments, 0)?;
    if at < 0.0 {
        at += number::from_size(length(&text));
    }
    let found = (at >= 0.0)
        .then(|| unit(&text, number::to_size(at)))
        .flatten();
    Ok(found.map_or(Value::Undefined, Value::text))
}

fn char_at(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let at = integer(arguments, 0)?;
    let found = (at >= 0.0)
        .then(|| unit(&text, number::to_size(at)))
        .flatten();
    Ok(Value::text(found.unwrap_or_default()))
}

fn char_code_at(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let at = integer(arguments, 0)?;
    let code = (at >= 0.0)
        .then(|| text.encode_utf16().nth(number::to_size(at)))
        .flatten();
    Ok(Value::Number(code.map_or(f64::NAN, f64::from)))
}

fn code_point_at(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let at = integer(arguments, 0)?;
    if at < 0.0 || at >= number::from_size(length(&text)) {
        return Ok(Value::Undefined);
    }
    let offset = byte_offset(&text, number::to_size(at));
    let found = text.get(offset..).and_then(|rest| rest.chars().next());
    Ok(found.map_or(Value::Undefined, |c| Value::Number(f64::from(u32::from(c)))))
}

fn concat(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let mut out = content(machine, this)?.to_string();
    for argument in arguments {
        let text = to_text(argument)?;
        machine.pay_bytes(text.len())?;
        out.push_str(&text);
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
    }
    Ok(Value::text(out))
}

/// The text a search method looks for; a regular expression is refused as JavaScript does.
fn needle(arguments: &[Value]) -> Outcome<Rc<str>> {
    match argument(arguments, 0) {
        Value::Regex(_) => Err(needs("a string", argument(arguments, 0))),
        value => to_text(value),
    }
}

fn starts_with(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let start = position(arguments, 1, &text)?;
    let rest = text.get(byte_offset(&text, start)..).unwrap_or_default();
    Ok(Value::Bool(rest.starts_with(&*needle(arguments)?)))
}

fn ends_with(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let end = match argument(arguments, 1) {
        Value::Undefined => length(&text),
        _ => position(arguments, 1, &text)?,
    };
    let head = text.get(..byte_offset(&text, end)).unwrap_or_default();
    Ok(Value::Bool(head.ends_with(&*needle(arguments)?)))
}

fn includes(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let start = position(arguments, 1, &text)?;
    let rest = text.get(byte_offset(&text, start)..).unwrap_or_default();
    Ok(Value::Bool(rest.contains(&*needle(arguments)?)))
}

fn index_of(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let needle = to_text(argument(arguments, 0))?;
    let offset = byte_offset(&text, position(arguments, 1, &text)?);
    let found = text.get(offset..).and_then(|rest| rest.find(&*needle));
    Ok(found.map_or(Value::Number(-1.0), |at| {
        Value::count(unit_index(&text, offset + at))
    }))
}

fn last_index_of(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let needle = to_text(argument(arguments, 0))?;
    let from = to_number(argument(arguments, 1))?;
    let from = if from.is_nan() {
        text.len()
    } else {
        byte_offset(&text, number::to_size(from.max(0.0)))
    };
    let end = from.saturating_add(needle.len()).min(text.len());
    let head = text
        .get(..text.floor_char_boundary(end))
        .unwrap_or_default();
    let found = head.rfind(&*needle);
    Ok(found.map_or(Value::Number(-1.0), |at| {
        Value::count(unit_index(&text, at))
    }))
}

/// By code units: the core has no locale.
fn locale_compare(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let other = to_text(argument(arguments, 0))?;
    let order = compare(&text.to_lowercase(), &other.to_lowercase());
    // lower case before upper case, as in the root collation
    let order = order.then_with(|| compare(&other, &text));
    Ok(Value::Number(f64::from(order as i8)))
}

fn pad(machine: &mut Machine<'_>, this: &Value, arguments: &[Value], start: bool) -> Outcome {
    let text = content(machine, this)?;
    let wanted = number::to_size(integer(arguments, 0)?.max(0.0));
    let filler: Rc<str> = match argument(arguments, 1) {
        Value::Undefined => " ".into(),
        filler => to_text(filler)?,
    };
    let missing = wanted.saturating_sub(length(&text));
    if missing == 0 || filler.is_empty() {
        return Ok(Value::Str(text));
    }
    if missing > MAX_TEXT {
        return Err(too_long());
    }
    machine.pay_bytes(missing)?;
    let times = missing / length(&filler) + 1;
    let padding = slice(&filler.repeat(times), 0, missing);
    Ok(Value::text(if start {
        padding + &text
    } else {
        text.to_string() + &padding
    }))
}

fn repeat(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let count = integer(arguments, 0)?;
    if count < 0.0 || count.is_infinite() {
        return Err(Failure::type_error("`repeat` takes a count from 0 up"));
    }
    let count = number::to_size(count);
    let size = text.len().saturating_mul(count);
    if size > MAX_TEXT {
        return Err(too_long());
    }
    machine.pay_bytes(size)?;
    Ok(Value::text(text.repeat(count)))
}

fn replace(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    replaced(machine, this, arguments, false)
}

fn replace_all(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    replaced(machine, this, arguments, true)
}

fn replaced(machine: &mut Machine<'_>, this: &Value, arguments: &[Value], all: bool) -> Outcome {
    let text = content(machine, this)?;
    if let Value::Regex(regex) = argument(arguments, 0) {
        if all && !regex.is_global() {
            return Err(Failure::type_error("`replaceAll` needs the flag `g`"));
        }
        let new = argument(arguments, 1);
        return Ok(Value::text(regex.replace(machine, &text, new)?));
    }
    let old = to_text(argument(arguments, 0))?;
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let found: Vec<usize> = text
        .match_indices(&*old)
        .map(|(at, _)| at)
        .take(if all { usize::MAX } else { 1 })
        .collect();
    for at in found {
        let before = text.get(..at).unwrap_or_default();
        let end = at + old.len();
        let after = text.get(end..).unwrap_or_default();
        out.push_str(before.get(copied..).unwrap_or_default());
        match argument(arguments, 1) {
            Value::Function(function) => {
                let index = Value::count(unit_index(&text, at));
                let function = function.clone();
                let all = [
                    Value::Str(Rc::clone(&old)),
                    index,
                    Value::Str(Rc::clone(&text)),
                ];
                out.push_str(&to_text(&machine.call(&function, &all)?)?);
            }
            new => out.push_str(&expand(&to_text(new)?, before, &old, after)),
        }
        machine.pay_bytes(16 + out.len() - copied.min(out.len()))?;
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
        copied = end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Ok(Value::text(out))
}

/// `GetSubstitution` without groups: `$$`, `$&`, `` $` `` and `$'`.
fn expand(new: &str, before: &str, matched: &str, after: &str) -> String {
    let mut out = String::with_capacity(new.len());
    let mut chars = new.chars().peekable();
    while let Some(c) = chars.next() {
        let part = match (c, chars.peek()) {
            ('$', Some('$')) => "$",
            ('$', Some('&')) => matched,
            ('$', Some('`')) => before,
            ('$', Some('\'')) => after,
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push_str(part);
        chars.next();
    }
    out
}

fn slice_method(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let all = length(&text);
    let start = relative(argument(arguments, 0), all, 0)?;
    let end = relative(argument(arguments, 1), all, all)?;
    Ok(Value::text(slice(&text, start, end)))
}

fn substring(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let start = position(arguments, 0, &text)?;
    let end = match argument(arguments, 1) {
        Value::Undefined => length(&text),
        _ => position(arguments, 1, &text)?,
    };
    Ok(Value::text(slice(&text, start.min(end), start.max(end))))
}

fn substr(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let all = length(&text);
    let start = relative(argument(arguments, 0), all, 0)?;
    let count = match argument(arguments, 1) {
        Value::Undefined => all,
        _ => number::to_size(integer(arguments, 1)?.max(0.0)),
    };
    let end = start.saturating_add(count);
    Ok(Value::text(slice(&text, start, end)))
}

fn split(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = content(machine, this)?;
    let limit = match argument(arguments, 1) {
        Value::Undefined => usize::MAX,
        limit => number::to_size(to_number(limit)?),
    };
    let parts: Vec<Value> = match argument(arguments, 0) {
        Value::Undefined => vec![Value::Str(Rc::clone(&text))],
        Value::Regex(regex) => regex.split(machine, &text)?,
        separator => {
            let separator = to_text(separator)?;
            if separator.is_empty() {
                units(&text).map(Value::text).collect()
            } else {
                text.split(&*separator).map(Value::text).collect()
            }
        }
    };
    machine.pay(parts.len())?;
    Ok(Value::array(parts.into_iter().take(limit).collect()))
}
