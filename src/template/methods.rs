//! The methods of values: one row for each. What is not listed does not exist, whatever JavaScript has.

mod array;
mod fold;
mod jinja;
mod number;
mod object;
mod regex;
mod string;

use super::eval::{Machine, Outcome};
use super::failure::Failure;
use super::value::Value;

/// A method.
pub struct Method {
    name: &'static str,
    /// Gets the value it was looked up on, then the arguments.
    pub(crate) run: fn(&mut Machine<'_>, &Value, &[Value]) -> Outcome,
}

/// A method and the value it was looked up on.
pub struct Bound {
    pub(crate) this: Value,
    pub(crate) method: &'static Method,
}

const fn row(name: &'static str, run: fn(&mut Machine<'_>, &Value, &[Value]) -> Outcome) -> Method {
    Method { name, run }
}

/// The method of a value.
pub(crate) fn find(value: &Value, name: &str) -> Option<&'static Method> {
    let own = tables(value).find(|method| method.name == name);
    own.or_else(|| object::TABLE.iter().find(|method| method.name == name))
}

/// The method that the Jinja additions give a list or an object, which hides even a field of its name.
pub(crate) fn find_jinja(value: &Value, name: &str) -> Option<&'static Method> {
    let table = match value {
        Value::Array(_) => jinja::LISTS,
        Value::Record(_) => jinja::OBJECTS,
        _ => return None,
    };
    table.iter().find(|method| method.name == name)
}

/// The names of a value's methods.
pub(crate) fn names(value: &Value) -> impl Iterator<Item = &'static str> + use<> {
    tables(value).map(|method| method.name)
}

/// All names by the kind of value.
pub(crate) fn vocabulary() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let tables = [
        ("array", array::TABLE),
        ("array", fold::TABLE),
        ("jinja list", jinja::LISTS),
        ("jinja object", jinja::OBJECTS),
        ("number", number::TABLE),
        ("object", object::TABLE),
        ("regex", regex::TABLE),
        ("string", string::TABLE),
    ];
    tables
        .into_iter()
        .map(|(kind, table)| (kind, table.iter().map(|method| method.name).collect()))
}

fn tables(value: &Value) -> impl Iterator<Item = &'static Method> + use<> {
    let (own, more): (&[Method], &[Method]) = match value {
        Value::Str(_) | Value::Safe(_) => (string::TABLE, &[]),
        Value::Array(_) => (array::TABLE, fold::TABLE),
        Value::Number(_) => (number::TABLE, &[]),
        Value::Regex(_) => (regex::TABLE, &[]),
        _ => (&[], &[]),
    };
    own.iter().chain(more)
}

/// An argument, undefined if it was not given.
fn argument(arguments: &[Value], index: usize) -> &Value {
    arguments.get(index).unwrap_or(&Value::Undefined)
}

/// The failure for a value of the wrong kind.
fn needs(what: &str, value: &Value) -> Failure {
    Failure::type_error(format!("the method needs {what}, got {}", value.kind()))
}

/// A position counted from the end if negative, as `slice` takes it; `length` if not given.
fn relative(value: &Value, length: usize, default: usize) -> Outcome<usize> {
    use super::value::{convert, number};
    if value.is_undefined() {
        return Ok(default);
    }
    let at = number::to_integer(convert::to_number(value)?);
    let length = number::from_size(length);
    let at = if at < 0.0 { at + length } else { at };
    Ok(number::to_size(at.clamp(0.0, length)))
}
