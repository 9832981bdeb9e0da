//! Variables while rendering: frames by name, slots by number.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::template::ast::Slot;
use crate::template::value::{Record, Value};

/// Nunjucks' runtime frame.
pub(crate) struct Frame {
    variables: RefCell<Vec<(Rc<str>, Value)>>,
    parent: Option<Rc<Frame>>,
    /// Assignments do not reach the parent.
    isolated: bool,
    /// The file's own frame.
    pub(super) top: bool,
    /// Set in a loop's frame: index and length.
    progress: Cell<Option<(usize, LoopLength)>>,
    /// The `loop` object, made when it is first asked for.
    loop_object: RefCell<Option<Record>>,
}

/// The length as Nunjucks has it: of an object that is no list, undefined.
pub(crate) type LoopLength = Option<usize>;

impl Frame {
    pub(super) fn top() -> Self {
        Self::new(None, false, true)
    }

    /// A frame of its own, for a macro.
    pub(super) fn detached() -> Self {
        Self::new(None, false, false)
    }

    /// A file's own frame within this one.
    pub(super) fn file(self: &Rc<Self>, isolated: bool) -> Self {
        Self::new(Some(Rc::clone(self)), isolated, true)
    }

    pub(super) fn push(self: &Rc<Self>, isolated: bool) -> Self {
        Self::new(Some(Rc::clone(self)), isolated, false)
    }

    fn new(parent: Option<Rc<Self>>, isolated: bool, top: bool) -> Self {
        Self {
            variables: RefCell::default(),
            parent,
            isolated,
            top,
            progress: Cell::new(None),
            loop_object: RefCell::default(),
        }
    }

    /// The value of a name here or further out; an undefined value does not count.
    pub(super) fn lookup(&self, name: &str) -> Option<Value> {
        let mut frame = Some(self);
        while let Some(here) = frame {
            if let Some(value) = here.own(name) {
                return Some(value);
            }
            frame = here.parent.as_deref();
        }
        None
    }

    fn own(&self, name: &str) -> Option<Value> {
        let variables = self.variables.borrow();
        let found = variables.iter().find(|(known, _)| &**known == name);
        if let Some((_, value)) = found {
            return Some(value.clone()).filter(|value| !value.is_undefined());
        }
        drop(variables);
        if name == "loop" && self.progress.get().is_some() {
            return Some(Value::Record(self.loop_object()));
        }
        None
    }

    pub(super) fn set(&self, name: &Rc<str>, value: Value) {
        let mut variables = self.variables.borrow_mut();
        let old = if let Some((_, slot)) = variables.iter_mut().find(|(known, _)| known == name) {
            std::mem::replace(slot, value)
        } else {
            variables.push((Rc::clone(name), value));
            Value::Undefined
        };
        drop(variables);
        drop(old);
    }

    /// Sets a name where it is known, else here.
    pub(super) fn assign(&self, name: &Rc<str>, value: Value) {
        let mut frame = Some(self);
        let mut isolated = self.isolated;
        while let Some(here) = frame {
            if here.own(name).is_some() {
                here.set(name, value);
                return;
            }
            if std::mem::take(&mut isolated) {
                break;
            }
            frame = here.parent.as_deref();
        }
        self.set(name, value);
    }

    /// The names known here and further out.
    pub(super) fn names(&self) -> Vec<Rc<str>> {
        let mut names = Vec::new();
        let mut frame = Some(self);
        while let Some(here) = frame {
            names.extend(here.variables.borrow().iter().map(|(n, _)| Rc::clone(n)));
            frame = here.parent.as_deref();
        }
        names
    }

    /// Moves a loop on.
    pub(super) fn advance(&self, index: usize, length: LoopLength) {
        self.progress.set(Some((index, length)));
        if let Some(object) = &*self.loop_object.borrow() {
            describe(object, index, length);
        }
    }

    /// `loop.<field>` without making the object.
    pub(super) fn loop_field(&self, field: &str) -> Option<Value> {
        let mut frame = Some(self);
        while let Some(here) = frame {
            if here.own_variable("loop") {
                return None;
            }
            if let Some((index, length)) = here.progress.get() {
                if here.loop_object.borrow().is_some() {
                    return None;
                }
                return match field {
                    "index" => Some(Value::count(index + 1)),
                    "index0" => Some(Value::count(index)),
                    "first" => Some(Value::Bool(index == 0)),
                    "last" => Some(Value::Bool(length == Some(index + 1))),
                    _ => {
                        let mut fields = fields(index, length).into_iter();
                        fields.find(|(name, _)| *name == field).map(|(_, v)| v)
                    }
                };
            }
            frame = here.parent.as_deref();
        }
        None
    }

    fn own_variable(&self, name: &str) -> bool {
        let variables = self.variables.borrow();
        variables.iter().any(|(known, _)| &**known == name)
    }

    fn loop_object(&self) -> Record {
        let mut object = self.loop_object.borrow_mut();
        let object = object.get_or_insert_with(|| {
            let object = Record::default();
            if let Some((index, length)) = self.progress.get() {
                describe(&object, index, length);
            }
            object
        });
        object.clone()
    }
}

fn describe(object: &Record, index: usize, length: LoopLength) {
    for (name, value) in fields(index, length) {
        object.set(name.into(), value);
    }
}

fn fields(index: usize, length: LoopLength) -> [(&'static str, Value); 7] {
    let rest = |less: usize| match length {
        // a list that became shorter in its loop gives negative numbers, as in JavaScript
        Some(length) => Value::Number(
            crate::template::value::number::from_size(length)
                - crate::template::value::number::from_size(index + less),
        ),
        None => Value::Number(f64::NAN),
    };
    [
        ("index", Value::count(index + 1)),
        ("index0", Value::count(index)),
        ("revindex", rest(0)),
        ("revindex0", rest(1)),
        ("first", Value::Bool(index == 0)),
        ("last", Value::Bool(length == Some(index + 1))),
        ("length", length.map_or(Value::Undefined, Value::count)),
    ]
}

/// The JavaScript variables of one call of a function.
pub(crate) struct Slots {
    values: RefCell<Vec<Value>>,
    outer: Option<Rc<Slots>>,
}

impl Slots {
    pub(super) fn new(count: usize, outer: Option<Rc<Self>>) -> Self {
        Self {
            values: RefCell::new(vec![Value::Undefined; count]),
            outer,
        }
    }

    pub(super) fn get(&self, slot: Slot) -> Value {
        let values = self.level(slot.up).values.borrow();
        values.get(slot.index).cloned().unwrap_or_default()
    }

    pub(super) fn set(&self, slot: Slot, value: Value) {
        let mut values = self.level(slot.up).values.borrow_mut();
        let old = values
            .get_mut(slot.index)
            .map(|place| std::mem::replace(place, value));
        drop(values);
        drop(old);
    }

    fn level(&self, up: usize) -> &Self {
        let mut level = self;
        for _ in 0..up {
            level = level.outer.as_deref().unwrap_or(level);
        }
        level
    }
}
