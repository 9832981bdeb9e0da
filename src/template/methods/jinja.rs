//! Python's methods, which the Jinja additions of Nunjucks give to lists and objects.

use std::rc::Rc;

use super::{Machine, Method, Outcome, Value, argument, needs, relative, row};
use crate::template::failure::Failure;
use crate::template::value::convert::{strict_equal, to_key, to_number};
use crate::template::value::{Array, Record, number};

pub(super) const LISTS: &[Method] = &[
    row("append", append),
    row("count", count),
    row("find", find),
    row("index", index),
    row("insert", insert),
    row("pop", pop),
    row("remove", remove),
];

pub(super) const OBJECTS: &[Method] = &[
    row("get", get),
    row("has_key", has_key),
    row("items", items),
    row("iteritems", items),
    row("iterkeys", keys),
    row("itervalues", values),
    row("keys", keys),
    row("pop", pop_key),
    row("popitem", pop_item),
    row("setdefault", set_default),
    row("update", update),
    row("values", values),
];

fn array(this: &Value) -> Outcome<&Array> {
    match this {
        Value::Array(array) => Ok(array),
        other => Err(needs("an array", other)),
    }
}

fn record(this: &Value) -> Outcome<&Record> {
    match this {
        Value::Record(record) => Ok(record),
        other => Err(needs("an object", other)),
    }
}

fn missing(what: &str) -> Failure {
    Failure::new("template/missing-item", format!("there is no such {what}"))
}

fn position(machine: &mut Machine<'_>, this: &Value, wanted: &Value) -> Outcome<Option<usize>> {
    let items = array(this)?.to_vec();
    machine.pay(items.len())?;
    Ok(items.iter().position(|item| strict_equal(item, wanted)))
}

fn append(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let item = argument(arguments, 0).clone();
    let length = machine.change_array(array(this)?, |items| {
        items.push(item);
        items.len()
    });
    Ok(Value::count(length))
}

fn count(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let items = array(this)?.to_vec();
    machine.pay(items.len())?;
    let wanted = argument(arguments, 0);
    let equal = items.iter().filter(|item| strict_equal(item, wanted));
    Ok(Value::count(equal.count()))
}

fn find(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let found = position(machine, this, argument(arguments, 0))?;
    Ok(found.map_or(Value::Number(-1.0), Value::count))
}

fn index(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let found = position(machine, this, argument(arguments, 0))?;
    found.map(Value::count).ok_or_else(|| missing("item"))
}

fn insert(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let array = array(this)?;
    machine.pay(array.len())?;
    let at = relative(argument(arguments, 0), array.len(), 0)?;
    let item = argument(arguments, 1).clone();
    machine.change_array(array, |items| items.insert(at, item));
    Ok(Value::array(Vec::new()))
}

fn pop(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let array = array(this)?;
    if argument(arguments, 0).is_undefined() {
        return Ok(machine.change_array(array, Vec::pop).unwrap_or_default());
    }
    let at = to_number(argument(arguments, 0))?;
    if at < 0.0 || at >= number::from_size(array.len()) {
        return Err(missing("index"));
    }
    remove_at(machine, array, number::to_size(at))
}

fn remove(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    match position(machine, this, argument(arguments, 0))? {
        Some(at) => remove_at(machine, array(this)?, at),
        None => Err(missing("item")),
    }
}

/// The removed item in a list of its own, as `splice` gives it.
fn remove_at(machine: &mut Machine<'_>, array: &Array, at: usize) -> Outcome {
    machine.pay(array.len())?;
    let removed = machine.change_array(array, |items| (at < items.len()).then(|| items.remove(at)));
    Ok(Value::array(removed.into_iter().collect()))
}

fn items(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let record = record(this)?;
    machine.pay(record.len())?;
    let pair = |(key, value)| Value::array(vec![Value::Str(key), value]);
    Ok(Value::array(
        record.entries().into_iter().map(pair).collect(),
    ))
}

fn keys(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let record = record(this)?;
    machine.pay(record.len())?;
    Ok(Value::array(
        record.keys().into_iter().map(Value::Str).collect(),
    ))
}

fn values(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let record = record(this)?;
    machine.pay(record.len())?;
    let entries = record.entries().into_iter();
    Ok(Value::array(entries.map(|(_, value)| value).collect()))
}

fn get(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let key = to_key(argument(arguments, 0))?;
    let value = record(this)?
        .get(&key)
        .filter(|value| !value.is_undefined());
    Ok(value.unwrap_or_else(|| argument(arguments, 1).clone()))
}

fn has_key(_: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let key = to_key(argument(arguments, 0))?;
    Ok(Value::Bool(record(this)?.has(&key)))
}

fn pop_key(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let (record, key) = (record(this)?, to_key(argument(arguments, 0))?);
    match record.get(&key).filter(|value| !value.is_undefined()) {
        Some(value) => {
            machine.change_record(record);
            record.remove(&key);
            Ok(value)
        }
        None if argument(arguments, 1).is_undefined() => Err(missing("key")),
        None => Ok(argument(arguments, 1).clone()),
    }
}

fn pop_item(machine: &mut Machine<'_>, this: &Value, _: &[Value]) -> Outcome {
    let record = record(this)?;
    let Some((key, value)) = record.entries().into_iter().next() else {
        return Err(missing("key"));
    };
    machine.change_record(record);
    record.remove(&key);
    Ok(Value::array(vec![Value::Str(key), value]))
}

fn set_default(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let (record, key) = (record(this)?, to_key(argument(arguments, 0))?);
    if let Some(value) = record.get(&key) {
        return Ok(value);
    }
    let value = match argument(arguments, 1) {
        Value::Undefined => Value::Null,
        value => value.clone(),
    };
    set(machine, record, key, value.clone());
    Ok(value)
}

fn update(machine: &mut Machine<'_>, this: &Value, arguments: &[Value]) -> Outcome {
    let record = record(this)?;
    if let Value::Record(other) = argument(arguments, 0) {
        machine.pay(other.len())?;
        for (key, value) in other.entries() {
            set(machine, record, key, value);
        }
    }
    Ok(Value::Null)
}

fn set(machine: &mut Machine<'_>, record: &Record, key: Rc<str>, value: Value) {
    machine.change_record(record);
    record.set(key, value);
}
