//! Filters on lists, and those that pick a value.

use std::cmp::Ordering;
use std::rc::Rc;

use super::sort::sort_by;
use super::{Machine, Outcome, Value, argument, as_safe_as, named, needs};
use crate::template::failure::Failure;
use crate::template::tests;
use crate::template::value::convert::{self, strict_equal, to_key, to_number, to_text};
use crate::template::value::text::{length as text_length, slice as text_slice, units};
use crate::template::value::{Record, number};

#[expect(clippy::unnecessary_wraps, reason = "all filters have this form")]
pub(super) fn default(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let (value, default) = (argument(values, 0), argument(values, 1));
    let keep = if argument(values, 2).is_truthy() {
        value.is_truthy()
    } else {
        !value.is_undefined()
    };
    Ok(if keep { value.clone() } else { default.clone() })
}

pub(super) fn first(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    if value.is_nullish() {
        return Err(needs("an array", value));
    }
    machine.member(value, &Value::Number(0.0))
}

pub(super) fn last(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    if value.is_nullish() {
        return Err(needs("an array", value));
    }
    let length = machine.member(value, &Value::text("length"))?;
    machine.member(value, &Value::Number(to_number(&length)? - 1.0))
}

pub(super) fn length(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    Ok(match argument(values, 0) {
        Value::Undefined | Value::Null | Value::Bool(false) => Value::Number(0.0),
        Value::Record(record) => Value::count(record.len()),
        other => machine.member(other, &Value::text("length"))?,
    })
}

/// Needs the host's dice: rendering is deterministic.
pub(super) fn random(_: &mut Machine<'_>, _: &[Value]) -> Outcome {
    Err(Failure::new(
        "template/not-deterministic",
        "the filter `random` is not available",
    )
    .why("the same template and values must give the same files")
    .help("let the caller choose, and pass the choice as a value"))
}

pub(super) fn join(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let attribute = argument(values, 2);
    let value = argument(values, 0);
    let items = match value {
        _ if attribute.is_truthy() => plucked(machine, value, attribute)?,
        Value::Array(_) => items(machine, value)?,
        other => return Err(needs("an array", other)),
    };
    let separator = argument(values, 1);
    let separator: Rc<str> = if separator.is_truthy() {
        to_text(separator)?
    } else {
        "".into()
    };
    let text = convert::join(&items, &separator)?;
    machine.pay_bytes(text.len())?;
    Ok(Value::text(text))
}

/// `item[attribute]` of each item of anything; what has no items gives none.
pub(super) fn plucked(
    machine: &mut Machine<'_>,
    value: &Value,
    attribute: &Value,
) -> Outcome<Vec<Value>> {
    let items = match value {
        Value::Undefined | Value::Null => Vec::new(),
        value => items(machine, value)?,
    };
    let mut plucked = Vec::with_capacity(items.len());
    for item in &items {
        plucked.push(attribute_of(machine, item, attribute)?);
    }
    Ok(plucked)
}

fn attribute_of(machine: &mut Machine<'_>, item: &Value, attribute: &Value) -> Outcome {
    if item.is_nullish() {
        let message = format!("an item of the array is {}", item.kind());
        return Err(Failure::type_error(message));
    }
    machine.member(item, attribute)
}

/// The items of a list, or of anything with a length.
fn items(machine: &mut Machine<'_>, value: &Value) -> Outcome<Vec<Value>> {
    let items = match value {
        Value::Array(array) => array.to_vec(),
        Value::Str(text) => units(text).map(Value::text).collect(),
        // an object with a length, but without anything at its indices
        Value::Safe(text) => vec![Value::Undefined; text_length(text)],
        Value::Undefined | Value::Null => return Err(needs("an array", value)),
        _ => Vec::new(),
    };
    machine.pay(items.len())?;
    Ok(items)
}

fn array(machine: &mut Machine<'_>, value: &Value) -> Outcome<Vec<Value>> {
    match value {
        Value::Array(_) => items(machine, value),
        other => Err(needs("an array", other)),
    }
}

pub(super) fn list(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    match argument(values, 0) {
        Value::Str(_) => Ok(Value::array(items(machine, argument(values, 0))?)),
        Value::Array(array) => Ok(Value::Array(array.clone())),
        // an object with these two fields
        Value::Safe(text) => {
            let fields = [
                ("val", Value::Str(Rc::clone(text))),
                ("length", Value::count(text_length(text))),
            ];
            let fields = fields.map(|(key, value)| (Rc::from(key), value));
            list(machine, &[Value::Record(Record::new(fields))])
        }
        Value::Record(record) => {
            let entry = |(key, value): (Rc<str>, Value)| {
                let key = ("key".into(), Value::Str(key));
                Value::Record(Record::new([key, ("value".into(), value)]))
            };
            machine.pay(record.len())?;
            Ok(Value::array(
                record.entries().into_iter().map(entry).collect(),
            ))
        }
        other => Err(needs("a string, an array or an object", other)),
    }
}

pub(super) fn batch(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let items = items(machine, argument(values, 0))?;
    let count = to_number(argument(values, 1))?;
    let fill = argument(values, 2);
    let mut batches = Vec::new();
    let mut current = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let starts = number::from_size(index) % count == 0.0;
        if starts && !current.is_empty() {
            batches.push(Value::array(std::mem::take(&mut current)));
        }
        current.push(item);
    }
    if !current.is_empty() {
        if fill.is_truthy() {
            while number::from_size(current.len()) < count {
                machine.pay(1)?;
                current.push(fill.clone());
            }
        }
        batches.push(Value::array(current));
    }
    Ok(Value::array(batches))
}

pub(super) fn slice(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    let total = match value {
        Value::Array(array) => array.len(),
        Value::Str(text) | Value::Safe(text) => text_length(text),
        other => return Err(needs("an array", other)),
    };
    let slices = to_number(argument(values, 1))?;
    let fill = argument(values, 2);
    let count = number::from_size(total);
    let size = (count / slices).floor();
    let extra = count % slices;
    let mut result = Vec::new();
    let (mut offset, mut index) = (0.0, 0.0);
    while index < slices {
        machine.pay(1)?;
        let start = number::to_size(offset + index * size);
        if index < extra {
            offset += 1.0;
        }
        let end = number::to_size(offset + (index + 1.0) * size);
        let part = match value {
            Value::Array(array) => {
                let items = array.to_vec();
                let mut part = items
                    .get(start..end.min(items.len()))
                    .unwrap_or_default()
                    .to_vec();
                if fill.is_truthy() && index >= extra {
                    part.push(fill.clone());
                }
                Value::array(part)
            }
            other if fill.is_truthy() && index >= extra => return Err(needs("an array", other)),
            other => Value::text(text_slice(&to_text(other)?, start, end)),
        };
        result.push(part);
        index += 1.0;
    }
    Ok(Value::array(result))
}

pub(super) fn reverse(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    if value.is_nullish() {
        return Ok(Value::array(Vec::new()));
    }
    let mut items = items(machine, value)?;
    items.reverse();
    if matches!(value, Value::Str(_)) {
        return Ok(as_safe_as(value, convert::join(&items, "")?));
    }
    Ok(Value::array(items))
}

pub(super) fn select(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    filtered(machine, values, true)
}

pub(super) fn reject(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    filtered(machine, values, false)
}

fn filtered(machine: &mut Machine<'_>, values: &[Value], wanted: bool) -> Outcome {
    let name = match argument(values, 1) {
        Value::Undefined => "truthy".into(),
        name => to_text(name)?,
    };
    let Some(test) = tests::find(&name) else {
        return Err(tests::unknown(&name));
    };
    let argument = argument(values, 2);
    let run = test.run;
    let mut kept = Vec::new();
    let value = values.first().unwrap_or(&Value::Undefined);
    let items = match value {
        Value::Safe(_) => Vec::new(),
        value => items(machine, value)?,
    };
    for item in items {
        if run(&[item.clone(), argument.clone()])? == wanted {
            kept.push(item);
        }
    }
    Ok(Value::array(kept))
}

pub(super) fn selectattr(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    by_attribute(machine, values, true)
}

pub(super) fn rejectattr(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    by_attribute(machine, values, false)
}

fn by_attribute(machine: &mut Machine<'_>, values: &[Value], wanted: bool) -> Outcome {
    let mut kept = Vec::new();
    for item in array(machine, argument(values, 0))? {
        let value = attribute_of(machine, &item, argument(values, 1))?;
        if value.is_truthy() == wanted {
            kept.push(item);
        }
    }
    Ok(Value::array(kept))
}

/// `lib.getAttrGetter`: own fields only, dots descend.
fn own_path(item: &Value, path: &Value) -> Outcome {
    let mut value = item.clone();
    let path = match path {
        Value::Str(path) => path.split('.').map(Rc::from).collect::<Vec<Rc<str>>>(),
        path if path.is_truthy() => vec![to_key(path)?],
        _ => Vec::new(),
    };
    for part in path {
        value = match &value {
            Value::Record(record) => record.get(&part).unwrap_or_default(),
            Value::Array(array) => match number::as_index(&part) {
                Some(index) => array.get(index),
                None if &*part == "length" => Value::count(array.len()),
                None => Value::Undefined,
            },
            Value::Str(text) if &*part == "length" => Value::count(text_length(text)),
            Value::Undefined | Value::Null => {
                let message = format!("an item of the array is {}", value.kind());
                return Err(Failure::type_error(message));
            }
            _ => Value::Undefined,
        };
        if value.is_undefined() {
            break;
        }
    }
    Ok(value)
}

pub(super) fn groupby(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let by = argument(values, 1);
    let groups = Record::default();
    for item in items(machine, argument(values, 0))? {
        let key = match by {
            Value::Function(function) => machine.call(function, std::slice::from_ref(&item))?,
            by => own_path(&item, by)?,
        };
        let key = to_key(&key)?;
        match groups.get(&key) {
            Some(Value::Array(group)) => group.change(|group| group.push(item)),
            _ => groups.set(key, Value::array(vec![item])),
        }
    }
    Ok(Value::Record(groups))
}

pub(super) fn dictsort(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let value = argument(values, 0);
    let Value::Record(record) = value else {
        return Err(needs("an object", value));
    };
    let case_sensitive = argument(values, 1).is_truthy();
    let by = match argument(values, 2) {
        Value::Undefined => 0,
        Value::Str(by) if &**by == "key" => 0,
        Value::Str(by) if &**by == "value" => 1,
        _ => {
            return Err(Failure::type_error(
                "the filter `dictsort` sorts by `key` or by `value`",
            ));
        }
    };
    machine.pay(record.len())?;
    let entries = record.entries().into_iter();
    let mut pairs: Vec<[Value; 2]> = entries
        .map(|(key, value)| [Value::Str(key), value])
        .collect();
    let fold = |value: &Value| match value {
        Value::Str(text) if !case_sensitive => Value::text(text.to_uppercase()),
        other => other.clone(),
    };
    sort_by(&mut pairs, |a, b| {
        let (a, b) = (
            fold(a.get(by).unwrap_or(&Value::Undefined)),
            fold(b.get(by).unwrap_or(&Value::Undefined)),
        );
        Ok(match convert::compare(&a, &b)? {
            Some(Ordering::Greater) => Ordering::Greater,
            _ if strict_equal(&a, &b) => Ordering::Equal,
            _ => Ordering::Less,
        })
    })?;
    let pairs = pairs.into_iter().map(|pair| Value::array(pair.into()));
    Ok(Value::array(pairs.collect()))
}

pub(super) fn sort(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let names = ["value", "reverse", "case_sensitive", "attribute"];
    let [value, reverse, case_sensitive, attribute] = named(values, names);
    let mut items = if value.is_nullish() {
        Vec::new()
    } else {
        items(machine, &value)?
    };
    let fold = |value: Value| match value {
        Value::Str(text) => Value::text(text.to_lowercase()),
        other => other,
    };
    sort_by(&mut items, |a, b| {
        let by = |item: &Value| -> Outcome {
            if attribute.is_truthy() {
                own_path(item, &attribute)
            } else {
                Ok(item.clone())
            }
        };
        let (mut a, mut b) = (by(a)?, by(b)?);
        let both_text = matches!((&a, &b), (Value::Str(_), Value::Str(_)));
        if !case_sensitive.is_truthy() && both_text {
            (a, b) = (fold(a), fold(b));
        }
        let order = convert::compare(&a, &b)?.unwrap_or(Ordering::Equal);
        Ok(if reverse.is_truthy() {
            order.reverse()
        } else {
            order
        })
    })?;
    Ok(Value::array(items))
}
