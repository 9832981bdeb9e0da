//! Filters on numbers.

use super::list::plucked;
use super::{Machine, Outcome, Value, argument, named, needs};
use crate::template::value::convert::{add, to_number, to_text};
use crate::template::value::number::{self, parse_float, parse_int};

pub(super) fn abs(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    Ok(Value::Number(to_number(argument(values, 0))?.abs()))
}

pub(super) fn round(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let precision = argument(values, 1);
    let precision = if precision.is_truthy() {
        to_number(precision)?
    } else {
        0.0
    };
    let factor = 10f64.powf(precision);
    let scaled = to_number(argument(values, 0))? * factor;
    let rounded = match argument(values, 2) {
        Value::Str(method) if &**method == "ceil" => scaled.ceil(),
        Value::Str(method) if &**method == "floor" => scaled.floor(),
        _ => number::round(scaled),
    };
    Ok(Value::Number(rounded / factor))
}

pub(super) fn float(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let number = parse_float(&to_text(argument(values, 0))?);
    Ok(if number.is_nan() {
        argument(values, 1).clone()
    } else {
        Value::Number(number)
    })
}

pub(super) fn int(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let [value, default, base] = named(values, ["value", "default", "base"]);
    let base = match base {
        Value::Undefined => 10.0,
        base => to_number(&base)?,
    };
    let number = parse_int(&to_text(&value)?, base);
    Ok(if number.is_nan() {
        default
    } else {
        Value::Number(number)
    })
}

pub(super) fn sum(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let (value, attribute) = (argument(values, 0), argument(values, 1));
    let items = match value {
        _ if attribute.is_truthy() => plucked(machine, value, attribute)?,
        Value::Array(array) => array.to_vec(),
        other => return Err(needs("an array", other)),
    };
    machine.pay(items.len())?;
    let mut sum = Value::Number(0.0);
    for item in &items {
        sum = add(&sum, item)?;
    }
    match argument(values, 2) {
        Value::Undefined => add(&Value::Number(0.0), &sum),
        start => add(start, &sum),
    }
}
