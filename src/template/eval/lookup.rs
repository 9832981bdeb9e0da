//! `object.member` and `object[member]`.

use std::rc::Rc;

use super::{Machine, Outcome};
use crate::template::methods::{self, Bound};
use crate::template::value::convert::to_key;
use crate::template::value::{Function, Value, number, text};

impl Machine<'_> {
    /// A member as JavaScript looks it up, but never one that leads to code: there is no `constructor`,
    /// no `prototype`, no `__proto__`.
    pub(crate) fn member(&mut self, object: &Value, key: &Value) -> Outcome {
        if object.is_nullish() {
            return Ok(Value::Undefined);
        }
        // the common case needs no text
        if let (Value::Array(array), Value::Number(index)) = (object, key) {
            return Ok(array_item(array, *index));
        }
        let key = to_key(key)?;
        if self.environment.syntax.jinja
            && let Some(method) = methods::find_jinja(object, &key)
        {
            return Ok(bound(object, method));
        }
        let own = match object {
            Value::Record(record) => record.get(&key),
            Value::Array(array) => match number::as_index(&key) {
                Some(index) => return Ok(array.get(index)),
                None => (&*key == "length").then(|| Value::count(array.len())),
            },
            Value::Str(content) | Value::Safe(content) => {
                // a safe string is an object: nothing is at its indices
                if matches!(object, Value::Safe(_)) && number::as_index(&key).is_some() {
                    return Ok(Value::Undefined);
                }
                if let Some(index) = number::as_index(&key) {
                    self.pay_bytes(content.len())?;
                    return Ok(text::unit(content, index).map_or(Value::Undefined, Value::text));
                }
                match (&*key, object) {
                    ("length", _) => {
                        self.pay_bytes(content.len())?;
                        Some(Value::count(text::length(content)))
                    }
                    ("val", Value::Safe(content)) => Some(Value::Str(Rc::clone(content))),
                    _ => None,
                }
            }
            Value::Regex(regex) => regex.property(&key),
            _ => None,
        };
        if let Some(value) = own {
            return Ok(value);
        }
        Ok(methods::find(object, &key).map_or(Value::Undefined, |method| bound(object, method)))
    }
}

/// The names of the methods a value has, for suggestions.
pub(super) fn method_names(object: &Value) -> impl Iterator<Item = &'static str> + use<> {
    methods::names(object)
}

/// Whether every object has a member of this name.
pub(super) fn is_object_method(name: &str) -> bool {
    // those of `Object.prototype`; `in` sees them too
    matches!(
        name,
        "constructor"
            | "__defineGetter__"
            | "__defineSetter__"
            | "hasOwnProperty"
            | "__lookupGetter__"
            | "__lookupSetter__"
            | "isPrototypeOf"
            | "propertyIsEnumerable"
            | "toString"
            | "valueOf"
            | "__proto__"
            | "toLocaleString"
    )
}

fn array_item(array: &crate::template::value::Array, index: f64) -> Value {
    let whole = index >= 0.0 && index.fract() == 0.0;
    if whole {
        array.get(number::to_size(index))
    } else {
        Value::Undefined
    }
}

fn bound(object: &Value, method: &'static methods::Method) -> Value {
    let this = object.clone();
    Value::Function(Function::Method(Rc::new(Bound { this, method })))
}
