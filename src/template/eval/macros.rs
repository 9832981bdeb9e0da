//! Calls: macros, call blocks, methods and native functions.

use std::rc::{Rc, Weak};

use super::frame::{Frame, Slots};
use super::unit::Unit;
use super::{Machine, Outcome};
use crate::template::ast;
use crate::template::failure::Failure;
use crate::template::parser::KEYWORDS;
use crate::template::value::{Function, Native, Record, Value};

/// A macro, or the body of a call block with the slots around it.
pub struct Macro {
    definition: Rc<ast::Function>,
    outer: Option<Rc<Slots>>,
    /// Where it is defined: names that it does not define are that file's. The machine keeps it alive;
    /// the unit's own names may hold the macro.
    home: Weak<Unit>,
}

impl Macro {
    pub(super) fn new(
        definition: Rc<ast::Function>,
        outer: Option<Rc<Slots>>,
        home: &Rc<Unit>,
    ) -> Self {
        Self {
            definition,
            outer,
            home: Rc::downgrade(home),
        }
    }
}

impl Machine<'_> {
    /// Calls a function.
    pub(crate) fn call(&mut self, function: &Function, arguments: &[Value]) -> Outcome {
        self.calls += 1;
        let limit = self.limits().depth;
        if self.calls > limit {
            return Err(Failure::limit("levels of calls", limit));
        }
        let result = match function {
            Function::Native(native) => {
                let result = self.call_host(&**native, arguments)?;
                Ok(self.derive(result, arguments))
            }
            Function::Method(bound) => {
                let run = bound.method.run;
                let result = run(self, &bound.this, arguments)?;
                Ok(self.derive(result, arguments.iter().chain([&bound.this])))
            }
            Function::Macro(callee) => self.call_macro(callee, arguments),
        };
        self.calls -= 1;
        result
    }

    /// Calls a function of the host, which costs what nobody knows.
    pub(super) fn call_host(&mut self, function: &Native, arguments: &[Value]) -> Outcome {
        self.callbacks += 1;
        let limit = self.limits().callbacks;
        if self.callbacks > limit {
            return Err(Failure::limit("calls of the host's functions", limit));
        }
        function(arguments)
    }

    fn call_macro(&mut self, callee: &Macro, arguments: &[Value]) -> Outcome {
        let definition = &*callee.definition;
        let (values, keywords) = bind(definition, arguments);
        let slots = Rc::new(Slots::new(definition.slots, callee.outer.clone()));
        let Some(home) = callee.home.upgrade() else {
            return Ok(Value::Undefined);
        };
        let caller_unit = self.move_to(home);
        // a call block runs in the frame of the macro that calls it
        let frame = if definition.is_caller {
            Rc::new(self.frame.push(true))
        } else {
            Rc::new(Frame::detached())
        };
        let outer_slots = std::mem::replace(&mut self.slots, slots);
        let outer_frame = std::mem::replace(&mut self.frame, frame);
        let outer_source = std::mem::replace(&mut self.source, Rc::clone(&definition.source));
        if let Some(caller) = keywords.get("caller") {
            self.frame.set(&super::operator::short("caller"), caller);
        }
        for (index, (name, value)) in definition.parameters.iter().zip(values).enumerate() {
            self.slots.set(
                crate::template::parser::parameter_slot(index),
                value.clone(),
            );
            self.frame.set(name, value);
        }
        for (name, default) in &definition.defaults {
            let value = match keywords.get(name) {
                Some(value) => value,
                None => self.value(default)?,
            };
            self.frame.set(name, value);
        }
        let text = self.capture(&definition.body)?;
        // a failure ends the rendering, so only success must restore
        self.slots = outer_slots;
        self.frame = outer_frame;
        self.source = outer_source;
        self.move_to(caller_unit);
        Ok(Value::Safe(text))
    }
}

/// Arguments to parameters, as Nunjucks' `makeMacro`: surplus values fill the parameters with defaults,
/// keyword arguments may name positional ones.
fn bind(definition: &ast::Function, arguments: &[Value]) -> (Vec<Value>, Record) {
    let keywords = keyword_arguments(arguments);
    let count = arguments.len() - usize::from(keywords.is_some());
    // a copy, as the parameters are taken out of it
    let fields = keywords.map(Record::to_map).unwrap_or_default();
    let keywords = Record::new(fields);
    let positional = arguments.get(..count).unwrap_or_default();
    let wanted = definition.parameters.len();
    let mut values: Vec<Value> = positional.iter().take(wanted).cloned().collect();
    let surplus = positional.iter().skip(wanted);
    for ((name, _), value) in definition.defaults.iter().zip(surplus) {
        keywords.set(Rc::clone(name), value.clone());
    }
    for name in definition.parameters.iter().skip(values.len()) {
        values.push(keywords.remove(name).unwrap_or_default());
    }
    (values, keywords)
}

/// The object of keyword arguments at the end of a list of arguments.
pub(crate) fn keyword_arguments(arguments: &[Value]) -> Option<&Record> {
    match arguments.last() {
        Some(Value::Record(record)) if record.has(KEYWORDS) => Some(record),
        _ => None,
    }
}
