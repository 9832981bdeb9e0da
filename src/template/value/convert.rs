//! ECMAScript's conversions and comparisons between values.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Value, number, text};
use crate::template::failure::Failure;

/// Arrays nested deeper than this are not written as text.
const MAX_DEPTH: usize = 200;

/// `String(value)`.
pub(crate) fn to_text(value: &Value) -> Result<Rc<str>, Failure> {
    if let Value::Str(text) | Value::Safe(text) = value {
        return Ok(Rc::clone(text));
    }
    let mut out = String::new();
    write_text(&mut out, value, &mut Vec::new())?;
    Ok(out.into())
}

/// Appends `String(value)`; `path` holds the arrays around it, as a list within itself prints as nothing.
fn write_text(out: &mut String, value: &Value, path: &mut Vec<usize>) -> Result<(), Failure> {
    match value {
        Value::Undefined => out.push_str("undefined"),
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number::print(*number)),
        Value::Str(text) | Value::Safe(text) => out.push_str(text),
        Value::Record(_) => out.push_str("[object Object]"),
        Value::Function(_) => out.push_str("[function]"),
        Value::Regex(regex) => out.push_str(&regex.to_string()),
        Value::Array(array) => {
            if path.len() > MAX_DEPTH {
                return Err(too_deep());
            }
            if path.contains(&array.address()) {
                return Ok(());
            }
            path.push(array.address());
            for (index, item) in array.to_vec().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if !item.is_nullish() {
                    write_text(out, item, path)?;
                }
                if out.len() > MAX_TEXT {
                    return Err(too_long());
                }
            }
            path.pop();
        }
    }
    Ok(())
}

/// No string grows beyond this; V8's own limit is half a gigabyte.
pub(crate) const MAX_TEXT: usize = 64 << 20;

/// The failure for a string beyond [`MAX_TEXT`].
pub(crate) fn too_long() -> Failure {
    Failure::limit("string bytes", MAX_TEXT)
}

pub(crate) fn too_deep() -> Failure {
    Failure::limit("levels of nested values", MAX_DEPTH)
}

/// `Array.prototype.join`.
pub(crate) fn join(items: &[Value], separator: &str) -> Result<String, Failure> {
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        if !item.is_nullish() {
            out.push_str(&to_text(item)?);
        }
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
    }
    Ok(out)
}

/// `Number(value)`.
pub(crate) fn to_number(value: &Value) -> Result<f64, Failure> {
    Ok(match value {
        Value::Undefined => f64::NAN,
        Value::Null => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => *number,
        other => number::from_text(&to_text(other)?),
    })
}

/// `value` as an object's key.
pub(crate) fn to_key(value: &Value) -> Result<Rc<str>, Failure> {
    to_text(value)
}

/// What `+`, `<` and `==` make of an object: its text.
fn to_primitive(value: &Value) -> Result<Value, Failure> {
    Ok(match value {
        Value::Safe(_)
        | Value::Array(_)
        | Value::Record(_)
        | Value::Function(_)
        | Value::Regex(_) => Value::Str(to_text(value)?),
        other => other.clone(),
    })
}

/// `a + b`.
pub(crate) fn add(a: &Value, b: &Value) -> Result<Value, Failure> {
    if let (Value::Number(a), Value::Number(b)) = (a, b) {
        return Ok(Value::Number(a + b));
    }
    let (a, b) = (to_primitive(a)?, to_primitive(b)?);
    if matches!(a, Value::Str(_)) || matches!(b, Value::Str(_)) {
        let (a, b) = (to_text(&a)?, to_text(&b)?);
        if a.len() + b.len() > MAX_TEXT {
            return Err(too_long());
        }
        let mut out = String::with_capacity(a.len() + b.len());
        out.push_str(&a);
        out.push_str(&b);
        return Ok(Value::text(out));
    }
    Ok(Value::Number(to_number(&a)? + to_number(&b)?))
}

/// `a === b`.
pub(crate) fn strict_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        #[expect(clippy::float_cmp, reason = "`===` is exact")]
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (a, b) => same_object(a, b),
    }
}

/// `a == b`.
pub(crate) fn loose_equal(a: &Value, b: &Value) -> Result<bool, Failure> {
    Ok(match (a, b) {
        (a, b) if a.is_nullish() || b.is_nullish() => a.is_nullish() && b.is_nullish(),
        (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Str(_), Value::Str(_)) => strict_equal(a, b),
        (a, b) if is_object(a) && is_object(b) => same_object(a, b),
        (a, b) => {
            let (a, b) = (to_primitive(a)?, to_primitive(b)?);
            if let (Value::Str(a), Value::Str(b)) = (&a, &b) {
                a == b
            } else {
                #[expect(clippy::float_cmp, reason = "`==` is exact")]
                let equal = to_number(&a)? == to_number(&b)?;
                equal
            }
        }
    })
}

/// The order of `a < b`, `a > b`…; none if either is NaN.
pub(crate) fn compare(a: &Value, b: &Value) -> Result<Option<Ordering>, Failure> {
    let (a, b) = (to_primitive(a)?, to_primitive(b)?);
    if let (Value::Str(a), Value::Str(b)) = (&a, &b) {
        return Ok(Some(text::compare(a, b)));
    }
    Ok(to_number(&a)?.partial_cmp(&to_number(&b)?))
}

fn is_object(value: &Value) -> bool {
    matches!(
        value,
        Value::Safe(_) | Value::Array(_) | Value::Record(_) | Value::Function(_) | Value::Regex(_)
    )
}

fn same_object(a: &Value, b: &Value) -> bool {
    use super::Function::{Macro, Native};
    match (a, b) {
        (Value::Safe(a), Value::Safe(b)) => Rc::ptr_eq(a, b),
        (Value::Array(a), Value::Array(b)) => a.is(b),
        (Value::Record(a), Value::Record(b)) => a.is(b),
        (Value::Regex(a), Value::Regex(b)) => Rc::ptr_eq(a, b),
        (Value::Function(Native(a)), Value::Function(Native(b))) => Rc::ptr_eq(a, b),
        (Value::Function(Macro(a)), Value::Function(Macro(b))) => Rc::ptr_eq(a, b),
        _ => false,
    }
}
