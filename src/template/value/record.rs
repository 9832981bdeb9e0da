//! Objects with JavaScript's key order.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use super::{Value, number, release};

/// A shared, mutable object: keys that are array indices come first, in number order, then the others
/// as they were inserted.
#[derive(Clone, Default)]
pub struct Record(Rc<Fields>);

#[derive(Default)]
struct Fields {
    map: RefCell<Map>,
    prepared: Cell<bool>,
}

/// A reference that does not keep the object alive.
pub(crate) struct WeakRecord(Weak<Fields>);

impl WeakRecord {
    pub(crate) fn upgrade(&self) -> Option<Record> {
        self.0.upgrade().map(Record)
    }
}

/// Fields in order of insertion.
pub(crate) type Map = IndexMap<Rc<str>, Value, FixedState>;

impl Record {
    /// An object of these fields.
    pub fn new(fields: impl IntoIterator<Item = (Rc<str>, Value)>) -> Self {
        let record = Self::default();
        for (key, value) in fields {
            record.set(key, value);
        }
        record
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.0.map.borrow().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A field's value.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.0.map.borrow().get(key).cloned()
    }

    /// Whether a field is there.
    pub fn has(&self, key: &str) -> bool {
        self.0.map.borrow().contains_key(key)
    }

    /// Keys in JavaScript's order.
    pub fn keys(&self) -> Vec<Rc<str>> {
        let map = self.0.map.borrow();
        let mut keys: Vec<Rc<str>> = map.keys().cloned().collect();
        drop(map);
        if keys.iter().any(|key| number::as_index(key).is_some()) {
            // stable, and `None` must sort last
            keys.sort_by_key(|key| number::as_index(key).unwrap_or(usize::MAX));
        }
        keys
    }

    /// Keys and values in JavaScript's order.
    pub fn entries(&self) -> Vec<(Rc<str>, Value)> {
        let keys = self.keys();
        let map = self.0.map.borrow();
        let value = |key: Rc<str>| {
            let value = map.get(&key).cloned().unwrap_or_default();
            (key, value)
        };
        keys.into_iter().map(value).collect()
    }

    /// Whether both are the same object.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Sets a field of an object under construction, which no context shares yet.
    ///
    /// `__proto__` is never a field: on the way back to JavaScript it would set the prototype.
    pub(crate) fn set(&self, key: Rc<str>, value: Value) {
        if &*key == "__proto__" {
            return;
        }
        let old = self.0.map.borrow_mut().insert(key, value);
        drop(old);
    }

    /// Removes a field; as [`Self::set`].
    pub(crate) fn remove(&self, key: &str) -> Option<Value> {
        self.0.map.borrow_mut().shift_remove(key)
    }

    pub(crate) fn downgrade(&self) -> WeakRecord {
        WeakRecord(Rc::downgrade(&self.0))
    }

    pub(crate) fn to_map(&self) -> Map {
        self.0.map.borrow().clone()
    }

    /// Exchanges all fields; see [`super::Array::replace`].
    pub(crate) fn replace(&self, map: Map) -> Map {
        self.0.map.replace(map)
    }

    pub(crate) fn prepared(&self) -> &Cell<bool> {
        &self.0.prepared
    }

    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Moves the values out if this is the last reference.
    pub(super) fn release_into(self, pending: &mut Vec<Value>) {
        if let Some(fields) = Rc::into_inner(self.0) {
            pending.extend(fields.map.take().into_values());
        }
    }
}

/// See the list's drop.
impl Drop for Fields {
    fn drop(&mut self) {
        release(self.map.take().into_values().collect());
    }
}
