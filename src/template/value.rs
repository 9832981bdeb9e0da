//! Values as JavaScript has them, because that is what Nunjucks templates compute with.

pub(crate) mod convert;
pub(crate) mod json;
pub(crate) mod number;
pub(crate) mod precision;
pub(crate) mod record;
pub(crate) mod text;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

pub use record::Record;

use super::eval::macros::Macro;
use super::failure::Failure;
use super::methods::Bound;
use super::regex::Regex;

/// A value of a template.
#[derive(Clone, Default)]
pub enum Value {
    /// Not there; prints as nothing.
    #[default]
    Undefined,
    /// There, but nothing; prints as nothing too.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A double.
    Number(f64),
    /// Text.
    Str(Rc<str>),
    /// Text marked as safe: an object of its own in Nunjucks, so never `===` to text.
    Safe(Rc<str>),
    /// A shared, mutable list.
    Array(Array),
    /// A shared, mutable object.
    Record(Record),
    /// Something to call.
    Function(Function),
    /// A regular expression.
    Regex(Rc<Regex>),
}

/// A function's code on the host's or the engine's side.
pub type Native = dyn Fn(&[Value]) -> Result<Value, Failure>;

/// Something to call.
#[derive(Clone)]
pub enum Function {
    /// A global of the engine, or a function of the host.
    Native(Rc<Native>),
    /// A method together with the value it was looked up on.
    Method(Rc<Bound>),
    /// A template's macro, or the body of a call block.
    Macro(Rc<Macro>),
}

/// A shared, mutable list.
#[derive(Clone, Default)]
pub struct Array(Rc<Items>);

/// The content of an [`Array`].
#[derive(Default)]
struct Items {
    values: RefCell<Vec<Value>>,
    /// Belongs to a prepared context: a change must be undone after the rendering.
    prepared: Cell<bool>,
}

impl Array {
    /// A list of values.
    pub fn new(values: Vec<Value>) -> Self {
        Self(Rc::new(Items {
            values: RefCell::new(values),
            prepared: Cell::new(false),
        }))
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.0.values.borrow().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at an index, undefined past the end.
    pub fn get(&self, index: usize) -> Value {
        let values = self.0.values.borrow();
        values.get(index).cloned().unwrap_or_default()
    }

    /// A copy of the values.
    pub fn to_vec(&self) -> Vec<Value> {
        self.0.values.borrow().clone()
    }

    /// Whether both are the same list.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Exchanges the values; only [`super::eval::Machine`] does, which keeps prepared contexts whole.
    pub(crate) fn replace(&self, values: Vec<Value>) -> Vec<Value> {
        self.0.values.replace(values)
    }

    /// Runs a change on the values in place; see [`Self::replace`].
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        change(&mut self.0.values.borrow_mut())
    }

    pub(crate) fn prepared(&self) -> &Cell<bool> {
        &self.0.prepared
    }

    /// Names the list in a set of lists on the way.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }
}

/// Nested lists are released one by one: as deep as a template can build them, the native stack is not.
impl Drop for Items {
    fn drop(&mut self) {
        release(self.values.take());
    }
}

/// Drops values without recursion.
pub(crate) fn release(mut pending: Vec<Value>) {
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(Array(items)) => {
                if let Some(items) = Rc::into_inner(items) {
                    pending.append(&mut items.values.borrow_mut());
                }
            }
            Value::Record(record) => record.release_into(&mut pending),
            _ => {}
        }
    }
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// A list.
    pub fn array(values: Vec<Self>) -> Self {
        Self::Array(Array::new(values))
    }

    /// A count.
    pub(crate) fn count(count: usize) -> Self {
        Self::Number(number::from_size(count))
    }

    /// A native function.
    pub fn function(code: impl Fn(&[Value]) -> Result<Value, Failure> + 'static) -> Self {
        Self::Function(Function::Native(Rc::new(code)))
    }

    /// Undefined or null.
    pub fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// Undefined.
    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// The text of a string, safe or not.
    pub fn as_text(&self) -> Option<&Rc<str>> {
        match self {
            Self::Str(text) | Self::Safe(text) => Some(text),
            _ => None,
        }
    }

    /// JavaScript's truthiness.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Str(text) => !text.is_empty(),
            Self::Safe(_)
            | Self::Array(_)
            | Self::Record(_)
            | Self::Function(_)
            | Self::Regex(_) => true,
        }
    }

    /// What it is, for people: "a string".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Str(_) => "a string",
            Self::Safe(_) => "a safe string",
            Self::Array(_) => "an array",
            Self::Record(_) => "an object",
            Self::Function(_) => "a function",
            Self::Regex(_) => "a regular expression",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(truth) => write!(out, "{truth}"),
            Self::Number(number) => write!(out, "{number}"),
            Self::Str(text) | Self::Safe(text) => write!(out, "{text:?}"),
            // contents may be cyclic
            other => out.write_str(other.kind()),
        }
    }
}
