//! Operators.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Machine, Outcome};
use crate::template::ast::{Expression, Infix, Prefix};
use crate::template::failure::Failure;
use crate::template::methods;
use crate::template::value::convert::{
    add, compare, loose_equal, strict_equal, to_key, to_number, to_text,
};
use crate::template::value::{Value, number, text};

impl Machine<'_> {
    pub(super) fn chain(
        &mut self,
        first: &Expression,
        rest: &[(Infix, Expression)],
        required: bool,
    ) -> Outcome {
        let mut left = self.value(first)?;
        for (operator, operand) in rest {
            left = match operator {
                Infix::Or if left.is_truthy() => left,
                Infix::And if !left.is_truthy() => left,
                Infix::Or | Infix::And => self.evaluate_operand(operand, required)?,
                operator => {
                    let right = self.value(operand)?;
                    let result = self.binary(*operator, &left, &right)?;
                    self.derive(result, [&left, &right])
                }
            };
        }
        Ok(left)
    }

    fn evaluate_operand(&mut self, operand: &Expression, _required: bool) -> Outcome {
        self.value(operand)
    }

    fn binary(&mut self, operator: Infix, a: &Value, b: &Value) -> Outcome {
        let numbers = || -> Outcome<(f64, f64)> { Ok((to_number(a)?, to_number(b)?)) };
        Ok(match operator {
            Infix::Or | Infix::And => b.clone(),
            Infix::Equal => Value::Bool(loose_equal(a, b)?),
            Infix::NotEqual => Value::Bool(!loose_equal(a, b)?),
            Infix::StrictEqual => Value::Bool(strict_equal(a, b)),
            Infix::StrictNotEqual => Value::Bool(!strict_equal(a, b)),
            Infix::Less => Value::Bool(compare(a, b)? == Some(Ordering::Less)),
            Infix::Greater => Value::Bool(compare(a, b)? == Some(Ordering::Greater)),
            Infix::LessOrEqual => Value::Bool(compare(a, b)?.is_some_and(Ordering::is_le)),
            Infix::GreaterOrEqual => Value::Bool(compare(a, b)?.is_some_and(Ordering::is_ge)),
            Infix::Add => {
                let sum = add(a, b)?;
                if let Value::Str(text) = &sum {
                    self.pay_bytes(text.len())?;
                }
                sum
            }
            Infix::Subtract => numbers().map(|(a, b)| Value::Number(a - b))?,
            Infix::Multiply => numbers().map(|(a, b)| Value::Number(a * b))?,
            Infix::Divide => numbers().map(|(a, b)| Value::Number(a / b))?,
            Infix::Remainder => numbers().map(|(a, b)| Value::Number(a % b))?,
        })
    }

    pub(super) fn prefix(&mut self, prefix: Prefix, target: &Expression) -> Outcome {
        let value = self.value(target)?;
        Ok(match prefix {
            Prefix::Not => Value::Bool(!value.is_truthy()),
            Prefix::Negate => Value::Number(-to_number(&value)?),
            Prefix::Plus => Value::Number(to_number(&value)?),
        })
    }

    /// `key in container`.
    pub(super) fn contains(&mut self, container: &Value, key: &Value) -> Outcome {
        Ok(Value::Bool(match container {
            Value::Array(array) => {
                self.pay(array.len())?;
                array.to_vec().iter().any(|item| strict_equal(item, key))
            }
            Value::Str(text) => {
                self.pay_bytes(text.len())?;
                text.contains(&*to_text(key)?)
            }
            Value::Record(record) => {
                let key = to_key(key)?;
                record.has(&key) || super::lookup::is_object_method(&key)
            }
            // an object of Nunjucks with these two fields and the methods of strings
            Value::Safe(_) => {
                let key = to_key(key)?;
                matches!(&*key, "val" | "length")
                    || methods::find(container, &key).is_some()
                    || super::lookup::is_object_method(&key)
            }
            other => {
                let message = format!("`in` cannot look into {}", other.kind());
                return Err(Failure::type_error(message)
                    .why("it looks into strings, arrays and objects")
                    .help("use `… | default([])` if the value may be missing"));
            }
        }))
    }

    /// `list[from:to:step]` of the Jinja additions.
    pub(super) fn slice(&mut self, list: &Value, bounds: &[Value; 3]) -> Outcome {
        let [from, to, step] = bounds;
        let length = match list {
            Value::Array(array) => number::from_size(array.len()),
            Value::Str(text) | Value::Safe(text) => number::from_size(text::length(text)),
            _ => 0.0,
        };
        let step = to_number(step)?;
        let mut start = match from {
            Value::Null if step < 0.0 => length - 1.0,
            Value::Null => 0.0,
            from => to_number(from)?,
        };
        let mut end = match to {
            Value::Null if step < 0.0 => -1.0,
            Value::Null => length,
            to => to_number(to)?,
        };
        if !matches!(to, Value::Null) && end < 0.0 {
            end += length;
        }
        if start < 0.0 {
            start += length;
        }
        let mut results = Vec::new();
        let mut at = start;
        while at >= 0.0 && at <= length {
            self.pay(1)?;
            if (step > 0.0 && at >= end) || (step < 0.0 && at <= end) {
                break;
            }
            results.push(self.member(list, &Value::Number(at))?);
            at += step;
        }
        Ok(Value::array(results))
    }
}

/// `Math.pow`.
pub(super) fn power(base: &Value, exponent: &Value) -> Outcome {
    let (base, exponent) = (to_number(base)?, to_number(exponent)?);
    // JavaScript says NaN where IEEE 754 says 1
    #[expect(clippy::float_cmp, reason = "1 is exact")]
    let undecided = exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite());
    Ok(Value::Number(if undecided {
        f64::NAN
    } else {
        base.powf(exponent)
    }))
}

/// An `Rc<str>` for a short name.
pub(super) fn short(text: &str) -> Rc<str> {
    text.into()
}
