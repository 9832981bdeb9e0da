//! Methods of regular expressions, and those of strings that take one.

use super::{Machine, Method, Outcome, Value, argument, needs, row};
use crate::template::failure::Failure;
use crate::template::regex;
use crate::template::value::convert::to_text;

pub(super) const TABLE: &[Method] = &[
    row("exec", exec),
    row("test", |m, t, a| {
        Ok(Value::Bool(!matches!(exec(m, t, a)?, Value::Null)))
    }),
];

fn exec(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let Value::Regex(regex) = this else {
        return Err(needs("a regular expression", this));
    };
    regex.exec(machine, &to_text(argument(arguments, 0))?)
}

/// `text.match(regex)`.
pub(super) fn matches(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = to_text(this)?;
    regex::of(argument(arguments, 0))?.matches(machine, &text)
}

/// `text.matchAll(regex)`.
pub(super) fn match_all(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = to_text(this)?;
    let regex = regex::of(argument(arguments, 0))?;
    if matches!(argument(arguments, 0), Value::Regex(_)) && !regex.is_global() {
        return Err(Failure::type_error("`matchAll` needs the flag `g`"));
    }
    regex.match_all(machine, &text)
}

/// `text.search(regex)`.
pub(super) fn search(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let text = to_text(this)?;
    regex::of(argument(arguments, 0))?.search(machine, &text)
}
