//! The tests of `is`: one row for each.

use std::cmp::Ordering;

use crate::suggest;

use super::eval::Outcome;
use super::failure::Failure;
use super::value::Value;
use super::value::convert::{compare, strict_equal, to_number};

/// A test.
pub(crate) struct Test {
    name: &'static str,
    /// Gets the tested value first, then the argument.
    pub run: fn(&[Value]) -> Outcome<bool>,
}

const fn row(name: &'static str, run: fn(&[Value]) -> Outcome<bool>) -> Test {
    Test { name, run }
}

const TABLE: &[Test] = &[
    row("callable", |v| Ok(matches!(one(v), Value::Function(_)))),
    row("defined", |v| Ok(!one(v).is_undefined())),
    row("divisibleby", |v| remainder(v, two(v), 0.0)),
    row("eq", |v| Ok(strict_equal(one(v), two(v)))),
    row("equalto", |v| Ok(strict_equal(one(v), two(v)))),
    row("escaped", |v| Ok(matches!(one(v), Value::Safe(_)))),
    row("even", |v| remainder(v, &Value::Number(2.0), 0.0)),
    row("falsy", |v| Ok(!one(v).is_truthy())),
    row("ge", |v| order(v, Ordering::is_ge)),
    row("greaterthan", |v| order(v, Ordering::is_gt)),
    row("gt", |v| order(v, Ordering::is_gt)),
    row("iterable", iterable),
    row("le", |v| order(v, Ordering::is_le)),
    row("lessthan", |v| order(v, Ordering::is_lt)),
    row("lower", |v| cased(v, str::to_lowercase)),
    row("lt", |v| order(v, Ordering::is_lt)),
    row("mapping", |v| Ok(mapping(one(v)))),
    row("ne", |v| Ok(!strict_equal(one(v), two(v)))),
    row("null", |v| Ok(matches!(one(v), Value::Null))),
    row("number", |v| Ok(matches!(one(v), Value::Number(_)))),
    row("odd", |v| remainder(v, &Value::Number(2.0), 1.0)),
    row("sameas", |v| Ok(strict_equal(one(v), two(v)))),
    row("string", |v| Ok(matches!(one(v), Value::Str(_)))),
    row("truthy", |v| Ok(one(v).is_truthy())),
    row("undefined", |v| Ok(one(v).is_undefined())),
    row("upper", |v| cased(v, str::to_uppercase)),
];

/// The test of a name.
pub(crate) fn find(name: &str) -> Option<&'static Test> {
    TABLE.iter().find(|test| test.name == name)
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|test| test.name)
}

/// The failure for a name that is no test.
pub(crate) fn unknown(name: &str) -> Failure {
    let failure = Failure::new("template/unknown-test", format!("unknown test `{name}`"));
    match suggest::nearest(name, names()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure,
    }
}

fn one(values: &[Value]) -> &Value {
    values.first().unwrap_or(&Value::Undefined)
}

fn two(values: &[Value]) -> &Value {
    values.get(1).unwrap_or(&Value::Undefined)
}

fn remainder(values: &[Value], divisor: &Value, wanted: f64) -> Outcome<bool> {
    #[expect(clippy::float_cmp, reason = "as Nunjucks: exact")]
    let equal = to_number(one(values))? % to_number(divisor)? == wanted;
    Ok(equal)
}

fn order(values: &[Value], wanted: fn(Ordering) -> bool) -> Outcome<bool> {
    Ok(compare(one(values), two(values))?.is_some_and(wanted))
}

fn cased(values: &[Value], change: fn(&str) -> String) -> Outcome<bool> {
    match one(values) {
        Value::Str(text) => Ok(change(text) == **text),
        // an object is never `===` to its text
        Value::Safe(_) => Ok(false),
        other => Err(Failure::type_error(format!(
            "the test needs a string, got {}",
            other.kind()
        ))),
    }
}

fn iterable(values: &[Value]) -> Outcome<bool> {
    match one(values) {
        Value::Undefined | Value::Null => Err(Failure::type_error(format!(
            "the test `iterable` needs a value, got {}",
            one(values).kind()
        ))),
        value => Ok(matches!(
            value,
            Value::Str(_) | Value::Safe(_) | Value::Array(_)
        )),
    }
}

fn mapping(value: &Value) -> bool {
    matches!(value, Value::Record(_) | Value::Safe(_) | Value::Regex(_))
}
