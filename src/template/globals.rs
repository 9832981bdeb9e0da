//! The globals of Nunjucks: one row for each.

use std::cell::Cell;
use std::rc::Rc;

use super::eval::Outcome;
use super::failure::Failure;
use super::value::convert::{add, compare};
use super::value::record::WeakRecord;
use super::value::{Record, Value};

/// A global's name and its code.
type Row = (&'static str, fn(&[Value]) -> Outcome);

const TABLE: [Row; 3] = [
    ("cycler", |arguments| Ok(cycler(arguments))),
    ("joiner", |arguments| Ok(joiner(arguments))),
    ("range", range),
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = (Rc<str>, Value)> {
    TABLE
        .into_iter()
        .map(|(name, run)| (name.into(), Value::function(run)))
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.into_iter().map(|(name, _)| name)
}

/// The longest list that `range` makes.
const MAX_RANGE: usize = 1_000_000;

/// The most text in it.
const MAX_RANGE_BYTES: usize = 16 << 20;

fn range(arguments: &[Value]) -> Outcome {
    let argument = |index: usize| arguments.get(index).cloned().unwrap_or_default();
    let (start, end, step) = match argument(1) {
        Value::Undefined => (Value::Number(0.0), argument(0), Value::Number(1.0)),
        end if argument(2).is_truthy() => (argument(0), end, argument(2)),
        end => (argument(0), end, Value::Number(1.0)),
    };
    let up = compare(&step, &Value::Number(0.0))?.is_some_and(std::cmp::Ordering::is_gt);
    let mut items = Vec::new();
    let mut at = start;
    let mut bytes = 0;
    loop {
        let order = compare(&at, &end)?;
        let more = if up {
            order == Some(std::cmp::Ordering::Less)
        } else {
            order == Some(std::cmp::Ordering::Greater)
        };
        if !more {
            return Ok(Value::array(items));
        }
        if items.len() >= MAX_RANGE {
            return Err(Failure::limit("items of `range`", MAX_RANGE));
        }
        if let Value::Str(text) = &at {
            // a text that grows by its step at each item
            bytes += text.len();
            if bytes > MAX_RANGE_BYTES {
                return Err(Failure::limit("bytes of `range`", MAX_RANGE_BYTES));
            }
        }
        items.push(at.clone());
        at = add(&at, &step)?;
    }
}

fn joiner(arguments: &[Value]) -> Value {
    let separator = match arguments.first() {
        Some(separator) if separator.is_truthy() => separator.clone(),
        _ => Value::text(","),
    };
    let first = Cell::new(true);
    Value::function(move |_| {
        Ok(if first.replace(false) {
            Value::text("")
        } else {
            separator.clone()
        })
    })
}

fn cycler(arguments: &[Value]) -> Value {
    let items = arguments.to_vec();
    let index: Rc<Cell<Option<usize>>> = Rc::default();
    let cycler = Record::new([(Rc::from("current"), Value::Null)]);
    // methods that held their object would keep it alive for ever
    let (of_reset, of_next) = (cycler.downgrade(), cycler.downgrade());
    let at = Rc::clone(&index);
    let reset = move |_: &[Value]| {
        at.set(None);
        set_current(&of_reset, Value::Null);
        Ok(Value::Undefined)
    };
    let next = move |_: &[Value]| {
        let next = index.get().map_or(0, |index| index + 1);
        let next = if next >= items.len() { 0 } else { next };
        index.set(Some(next));
        let item = items.get(next).cloned().unwrap_or_default();
        set_current(&of_next, item.clone());
        Ok(item)
    };
    cycler.set("reset".into(), Value::function(reset));
    cycler.set("next".into(), Value::function(next));
    Value::Record(cycler)
}

fn set_current(cycler: &WeakRecord, item: Value) {
    if let Some(cycler) = cycler.upgrade() {
        cycler.set("current".into(), item);
    }
}
