//! Keeps prepared contexts whole.
//!
//! A context may serve hundreds of files. A file that changes a list in it (`values.list.push(1)`)
//! sees its change; the next file does not.

use crate::template::value::record::Map;
use crate::template::value::{Array, Record, Value};

use super::Machine;

/// The former contents of what a rendering changed.
#[derive(Default)]
pub(super) struct Log(Vec<Change>);

enum Change {
    Array(Array, Vec<Value>),
    Record(Record, Map),
}

impl Log {
    pub(super) fn roll_back(&mut self) {
        while let Some(change) = self.0.pop() {
            match change {
                Change::Array(array, values) => {
                    array.prepared().set(true);
                    drop(array.replace(values));
                }
                Change::Record(record, map) => {
                    record.prepared().set(true);
                    drop(record.replace(map));
                }
            }
        }
    }
}

impl Machine<'_> {
    /// Changes a list in place.
    pub(crate) fn change_array<T>(
        &mut self,
        array: &Array,
        change: impl FnOnce(&mut Vec<Value>) -> T,
    ) -> T {
        if array.prepared().replace(false) {
            self.undo
                .0
                .push(Change::Array(array.clone(), array.to_vec()));
        }
        array.change(change)
    }

    /// Gives leave to change an object in place.
    pub(crate) fn change_record(&mut self, record: &Record) {
        if record.prepared().replace(false) {
            self.undo
                .0
                .push(Change::Record(record.clone(), record.to_map()));
        }
    }
}

/// Marks all lists and objects of a context.
pub(crate) fn prepare(context: &Record) {
    let mut pending = vec![Value::Record(context.clone())];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(array) if !array.prepared().replace(true) => {
                pending.extend(array.to_vec());
            }
            Value::Record(record) if !record.prepared().replace(true) => {
                pending.extend(record.to_map().into_values());
            }
            _ => {}
        }
    }
}
