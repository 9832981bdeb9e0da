//! Methods of numbers.

use super::{Machine, Method, Outcome, Value, argument, row};
use crate::template::failure::Failure;
use crate::template::value::convert::to_number;
use crate::template::value::{number, precision};

pub(super) const TABLE: &[Method] = &[
    row("toExponential", to_exponential),
    row("toFixed", to_fixed),
    row("toPrecision", to_precision),
    row("toString", to_string),
];

fn this_number(this: &Value) -> f64 {
    match this {
        Value::Number(number) => *number,
        _ => f64::NAN,
    }
}

fn to_fixed(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let places = match argument(arguments, 0) {
        Value::Undefined => 0.0,
        places => number::to_integer(to_number(places)?),
    };
    if !(0.0..=100.0).contains(&places) {
        return Err(Failure::type_error("`toFixed` takes 0 to 100 places"));
    }
    let places = u8::try_from(number::to_size(places)).unwrap_or(0);
    Ok(Value::text(number::to_fixed(this_number(this), places)))
}

fn to_exponential(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let places = match argument(arguments, 0) {
        Value::Undefined => None,
        places => Some(number::to_integer(to_number(places)?)),
    };
    let number = this_number(this);
    if number.is_finite() && !(0.0..=100.0).contains(&places.unwrap_or(0.0)) {
        return Err(Failure::type_error("`toExponential` takes 0 to 100 places"));
    }
    let places = places.map(number::to_size);
    Ok(Value::text(precision::to_exponential(number, places)))
}

fn to_precision(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let number = this_number(this);
    let digits = match argument(arguments, 0) {
        Value::Undefined => return Ok(Value::text(number::print(number))),
        digits => number::to_integer(to_number(digits)?),
    };
    if number.is_finite() && !(1.0..=100.0).contains(&digits) {
        return Err(Failure::type_error("`toPrecision` takes 1 to 100 digits"));
    }
    let digits = number::to_size(digits);
    Ok(Value::text(precision::to_precision(number, digits)))
}

fn to_string(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let radix = match argument(arguments, 0) {
        Value::Undefined => 10.0,
        radix => number::to_integer(to_number(radix)?),
    };
    if !(2.0..=36.0).contains(&radix) {
        return Err(Failure::type_error("`toString` takes a radix from 2 to 36"));
    }
    let radix = u32::try_from(number::to_size(radix)).unwrap_or(10);
    Ok(Value::text(number::to_radix(this_number(this), radix)))
}
