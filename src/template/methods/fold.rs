//! More methods of lists: those that fold or search from the end, and those that change a copy.

use super::array::{array, callback, each, items, sort};
use super::{Machine, Method, Outcome, Value, argument, relative, row};
use crate::template::failure::Failure;
use crate::template::value::convert::to_number;
use crate::template::value::number;

pub(super) const TABLE: &[Method] = &[
    row("fill", fill),
    row("findLast", find_last),
    row("findLastIndex", find_last_index),
    row("flatMap", flat_map),
    row("reduce", |m, t, a| reduce(m, t, a, false)),
    row("reduceRight", |m, t, a| reduce(m, t, a, true)),
    row("toReversed", to_reversed),
    row("toSorted", to_sorted),
    row("with", with),
];

fn fill(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let array = array(this)?;
    let length = array.len();
    machine.pay(length)?;
    let start = relative(argument(arguments, 1), length, 0)?;
    let end = relative(argument(arguments, 2), length, length)?;
    let value = argument(arguments, 0);
    machine.change_array(array, |items| {
        if let Some(part) = items.get_mut(start..end) {
            part.fill(value.clone());
        }
    });
    Ok(this.clone())
}

fn find_last(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let answers = each(machine, this, arguments)?.into_iter();
    let found = answers.rev().find(|(_, answer)| answer.is_truthy());
    Ok(found.map_or(Value::Undefined, |(item, _)| item))
}

fn find_last_index(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let answers = each(machine, this, arguments)?;
    let found = answers.iter().rposition(|(_, answer)| answer.is_truthy());
    Ok(found.map_or(Value::Number(-1.0), Value::count))
}

fn flat_map(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let mut out = Vec::new();
    for (_, answer) in each(machine, this, arguments)? {
        match answer {
            Value::Array(_) => out.extend(items(machine, &answer)?),
            other => out.push(other),
        }
    }
    Ok(Value::array(out))
}

fn reduce(machine: &mut Machine<'_>, this: &Value, arguments: &[Value], from_end: bool) -> Outcome {
    let callback = callback(arguments)?;
    let mut items: Vec<_> = items(machine, this)?.into_iter().enumerate().collect();
    if from_end {
        items.reverse();
    }
    let mut items = items.into_iter();
    let first = arguments.get(1).cloned();
    let first = first.or_else(|| items.next().map(|(_, item)| item));
    let Some(mut folded) = first else {
        return Err(Failure::type_error(
            "an empty list cannot be reduced without a first value",
        ));
    };
    for (index, item) in items {
        let given = [folded, item, Value::count(index), this.clone()];
        folded = machine.call(&callback, &given)?;
    }
    Ok(folded)
}

fn to_reversed(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let mut items = items(machine, this)?;
    items.reverse();
    Ok(Value::array(items))
}

fn to_sorted(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let copy = Value::array(items(machine, this)?);
    sort(machine, &copy, arguments)
}

fn with(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let mut items = items(machine, this)?;
    let mut at = number::to_integer(to_number(argument(arguments, 0))?);
    if at < 0.0 {
        at += number::from_size(items.len());
    }
    let place = (at >= 0.0).then(|| number::to_size(at));
    let Some(place) = place.and_then(|at| items.get_mut(at)) else {
        return Err(Failure::type_error("`with` takes an index of the list"));
    };
    *place = argument(arguments, 1).clone();
    Ok(Value::array(items))
}
