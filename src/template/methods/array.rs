//! Methods of lists.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Machine, Method, Outcome, Value, argument, needs, relative, row};
use crate::template::filters::sort_by;
use crate::template::value::convert::{join as join_text, strict_equal, to_number, to_text};
use crate::template::value::{Array, Function, number, text};

pub(super) const TABLE: &[Method] = &[
    row("at", at),
    row("concat", concat),
    row("every", |m, t, a| Ok(Value::Bool(!any(m, t, a, false)?))),
    row("filter", filter),
    row("find", find),
    row("findIndex", find_index),
    row("flat", flat),
    row("forEach", |m, t, a| each(m, t, a).map(|_| Value::Undefined)),
    row("includes", includes),
    row("indexOf", index_of),
    row("join", join),
    row("keys", keys),
    row("entries", entries),
    row("lastIndexOf", last_index_of),
    row("map", map),
    row("pop", pop),
    row("push", push),
    row("reverse", reverse),
    row("shift", shift),
    row("slice", slice),
    row("some", |m, t, a| Ok(Value::Bool(any(m, t, a, true)?))),
    row("sort", sort),
    row("splice", splice),
    row("toString", |_, t, _| Ok(Value::Str(to_text(t)?))),
    row("unshift", unshift),
    row("values", |m, t, _| Ok(Value::array(items(m, t)?))),
];

pub(super) fn array(this: &Value) -> Outcome<&Array> {
    match this {
        Value::Array(array) => Ok(array),
        other => Err(needs("an array", other)),
    }
}

/// A copy of the items, paid for.
pub(super) fn items(machine: &mut Machine<'_>, this: &Value) -> Outcome<Vec<Value>> {
    let items = array(this)?.to_vec();
    machine.pay(items.len())?;
    Ok(items)
}

pub(super) fn callback(arguments: &[Value]) -> Outcome<Function> {
    match argument(arguments, 0) {
        Value::Function(function) => Ok(function.clone()),
        other => Err(needs("a function", other)),
    }
}

/// What the callback says to each item.
pub(super) fn each(
    machine: &mut Machine<'_>,
    this: &Value,
    arguments: &[Value],
) -> Outcome<Vec<(Value, Value)>> {
    let callback = callback(arguments)?;
    let mut answers = Vec::new();
    for (index, item) in items(machine, this)?.into_iter().enumerate() {
        let given = [item.clone(), Value::count(index), this.clone()];
        answers.push((item, machine.call(&callback, &given)?));
    }
    Ok(answers)
}

/// Whether one answer of the callback is this truth.
fn any(machine: &mut Machine<'_>, this: &Value, arguments: &[Value], truth: bool) -> Outcome<bool> {
    let answers = each(machine, this, arguments)?;
    Ok(answers
        .iter()
        .any(|(_, answer)| answer.is_truthy() == truth))
}

fn map(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let answers = each(machine, this, arguments)?.into_iter();
    Ok(Value::array(answers.map(|(_, answer)| answer).collect()))
}

fn filter(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let answers = each(machine, this, arguments)?.into_iter();
    let kept = answers.filter(|(_, answer)| answer.is_truthy());
    Ok(Value::array(kept.map(|(item, _)| item).collect()))
}

fn find(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let mut answers = each(machine, this, arguments)?.into_iter();
    let found = answers.find(|(_, answer)| answer.is_truthy());
    Ok(found.map_or(Value::Undefined, |(item, _)| item))
}

fn find_index(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let answers = each(machine, this, arguments)?;
    let found = answers.iter().position(|(_, answer)| answer.is_truthy());
    Ok(found.map_or(Value::Number(-1.0), Value::count))
}

fn at(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let array = array(this)?;
    let mut at = number::to_integer(to_number(argument(arguments, 0))?);
    if at < 0.0 {
        at += number::from_size(array.len());
    }
    Ok(if at < 0.0 {
        Value::Undefined
    } else {
        array.get(number::to_size(at))
    })
}

fn concat(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let mut all = items(machine, this)?;
    for argument in arguments {
        match argument {
            Value::Array(_) => all.extend(items(machine, argument)?),
            other => all.push(other.clone()),
        }
    }
    Ok(Value::array(all))
}

fn flat(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let depth = match argument(arguments, 0) {
        Value::Undefined => 1,
        depth => number::to_size(to_number(depth)?),
    };
    let mut out = Vec::new();
    let mut pending: Vec<(Value, usize)> = Vec::new();
    pending.extend(items(machine, this)?.into_iter().rev().map(|v| (v, depth)));
    while let Some((value, depth)) = pending.pop() {
        match &value {
            Value::Array(_) if depth > 0 => {
                let inner = items(machine, &value)?.into_iter().rev();
                pending.extend(inner.map(|value| (value, depth - 1)));
            }
            _ => out.push(value),
        }
    }
    Ok(Value::array(out))
}

fn includes(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let wanted = argument(arguments, 0);
    let is_nan = |value: &Value| matches!(value, Value::Number(number) if number.is_nan());
    let items = items(machine, this)?;
    let from = relative(argument(arguments, 1), items.len(), 0)?;
    let mut rest = items.iter().skip(from);
    Ok(Value::Bool(rest.any(|item| {
        strict_equal(item, wanted) || (is_nan(item) && is_nan(wanted))
    })))
}

fn index_of(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let wanted = argument(arguments, 0);
    let items = items(machine, this)?;
    let from = relative(argument(arguments, 1), items.len(), 0)?;
    let mut rest = items.iter().enumerate().skip(from);
    let found = rest.find(|(_, item)| strict_equal(item, wanted));
    Ok(found.map_or(Value::Number(-1.0), |(index, _)| Value::count(index)))
}

fn last_index_of(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let wanted = argument(arguments, 0);
    let items = items(machine, this)?;
    let found = items.iter().rposition(|item| strict_equal(item, wanted));
    Ok(found.map_or(Value::Number(-1.0), Value::count))
}

fn join(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let separator: Rc<str> = match argument(arguments, 0) {
        Value::Undefined => ",".into(),
        separator => to_text(separator)?,
    };
    let text = join_text(&items(machine, this)?, &separator)?;
    machine.pay_bytes(text.len())?;
    Ok(Value::text(text))
}

/// A list rather than an iterator; a template can only loop over it anyway.
fn keys(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let count = items(machine, this)?.len();
    Ok(Value::array((0..count).map(Value::count).collect()))
}

fn entries(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let items = items(machine, this)?.into_iter().enumerate();
    let pair = |(index, item)| Value::array(vec![Value::count(index), item]);
    Ok(Value::array(items.map(pair).collect()))
}

fn pop(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let popped = machine.change_array(array(this)?, Vec::pop);
    Ok(popped.unwrap_or_default())
}

fn push(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let length = machine.change_array(array(this)?, |items| {
        items.extend_from_slice(arguments);
        items.len()
    });
    Ok(Value::count(length))
}

fn unshift(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let array = array(this)?;
    machine.pay(array.len())?;
    let length = machine.change_array(array, |items| {
        items.splice(0..0, arguments.iter().cloned());
        items.len()
    });
    Ok(Value::count(length))
}

fn shift(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let array = array(this)?;
    machine.pay(array.len())?;
    let first = machine.change_array(array, |items| (!items.is_empty()).then(|| items.remove(0)));
    Ok(first.unwrap_or_default())
}

fn reverse(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let array = array(this)?;
    machine.pay(array.len())?;
    machine.change_array(array, |items| items.reverse());
    Ok(this.clone())
}

fn slice(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let items = items(machine, this)?;
    let start = relative(argument(arguments, 0), items.len(), 0)?;
    let end = relative(argument(arguments, 1), items.len(), items.len())?;
    Ok(Value::array(
        items.get(start..end).unwrap_or_default().to_vec(),
    ))
}

fn splice(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let array = array(this)?;
    let length = array.len();
    machine.pay(length)?;
    let start = relative(argument(arguments, 0), length, 0)?;
    let rest = length - start;
    let count = match arguments.len() {
        0 => 0,
        1 => rest,
        _ => number::to_size(to_number(argument(arguments, 1))?).min(rest),
    };
    let new = arguments.iter().skip(2).cloned();
    let removed = machine.change_array(array, |items| {
        items
            .splice(start..start + count, new)
            .collect::<Vec<Value>>()
    });
    Ok(Value::array(removed))
}

/// `sort`; also of the copy that `toSorted` makes.
pub(super) fn sort(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let mut sorted = items(machine, this)?;
    match argument(arguments, 0) {
        Value::Undefined => sort_by(&mut sorted, |a, b| {
            Ok(text::compare(&to_text(a)?, &to_text(b)?))
        })?,
        Value::Function(function) => sort_by(&mut sorted, |a, b| {
            let answer = machine.call(function, &[a.clone(), b.clone()])?;
            let order = to_number(&answer)?.partial_cmp(&0.0);
            Ok(order.unwrap_or(Ordering::Equal))
        })?,
        other => return Err(needs("a function", other)),
    }
    machine.change_array(array(this)?, |items| *items = sorted);
    Ok(this.clone())
}
