//! The methods that every value has.

use super::{Machine, Method, Outcome, Value, argument, row};
use crate::template::value::convert::{to_key, to_text};
use crate::template::value::number;

pub(super) const TABLE: &[Method] = &[
    row("hasOwnProperty", has_own_property),
    row("toLocaleString", to_string),
    row("toString", to_string),
    row("valueOf", |_, this, _| Ok(this.clone())),
];

fn has_own_property(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let key = to_key(argument(arguments, 0))?;
    Ok(Value::Bool(match this {
        Value::Record(record) => record.has(&key),
        Value::Array(array) => {
            &*key == "length" || number::as_index(&key).is_some_and(|index| index < array.len())
        }
        _ => &*key == "length",
    }))
}

fn to_string(_: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    Ok(Value::Str(to_text(this)?))
}
