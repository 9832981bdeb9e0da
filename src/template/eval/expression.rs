//! Expressions.

use std::rc::Rc;

use super::macros::Macro;
use super::{Machine, Outcome};
use crate::source::Span;
use crate::suggest;
use crate::template::ast::{Expression, FilterName, Kind};
use crate::template::failure::Failure;
use crate::template::value::convert::to_key;
use crate::template::value::{Array, Function, Record, Value, number};
use crate::template::{filters, tests};

impl Machine<'_> {
    /// The value of an expression; a failure within it gets its place.
    pub(super) fn value(&mut self, expression: &Expression) -> Outcome {
        self.evaluate(expression, true)
    }

    /// The value of an expression that may well be undefined, even in strict mode.
    fn optional(&mut self, expression: &Expression) -> Outcome {
        self.evaluate(expression, false)
    }

    fn evaluate(&mut self, expression: &Expression, required: bool) -> Outcome {
        self.pay(1).map_err(|f| f.at(expression.span))?;
        match &expression.kind {
            Kind::Literal(Value::Regex(regex)) => Ok(Value::Regex(Rc::new(regex.fresh()))),
            Kind::Literal(value) => {
                self.note_literal(value);
                Ok(value.clone())
            }
            Kind::Slot(slot) => Ok(self.slots.get(*slot)),
            Kind::Name(name) => self.name(name, expression.span, required),
            Kind::Get(parts) => {
                let [target, key] = &**parts;
                self.get(target, key, expression.span, required)
            }
            _ => {
                self.enter().map_err(|f| f.at(expression.span))?;
                let value = self
                    .compound(expression, required)
                    .map_err(|failure| failure.at(expression.span));
                self.leave();
                value
            }
        }
    }

    fn compound(&mut self, expression: &Expression, required: bool) -> Outcome {
        match &expression.kind {
            Kind::List(items) => Ok(Value::Array(Array::new(self.values(items)?))),
            Kind::Sequence(items) => {
                let mut last = Value::Undefined;
                for item in items {
                    last = self.evaluate(item, required)?;
                }
                Ok(last)
            }
            Kind::Dict(fields) => self.dict(fields),
            Kind::Call(callee, arguments) => self.call_expression(callee, arguments),
            Kind::Filter(name, at, arguments) => self.filter(name, arguments, *at),
            Kind::Choice(parts) => {
                let [condition, value, other] = &**parts;
                let chosen = if self.asks(condition)? { value } else { other };
                self.evaluate(chosen, required)
            }
            Kind::Is(name, at, arguments) => self.is(name, arguments, *at),
            Kind::In(parts) => {
                let [key, container] = &**parts;
                let (key, container) = (self.value(key)?, self.value(container)?);
                self.contains(&container, &key)
            }
            Kind::Chain(first, rest) => self.chain(first, rest, required),
            Kind::Prefix(prefix, target) => self.prefix(*prefix, target),
            Kind::FloorDivide(quotient) => {
                let quotient = self.value(quotient)?;
                let quotient = crate::template::value::convert::to_number(&quotient)?;
                Ok(Value::Number(quotient.floor()))
            }
            Kind::Power(parts) => {
                let [base, exponent] = &**parts;
                let (base, exponent) = (self.value(base)?, self.value(exponent)?);
                super::operator::power(&base, &exponent)
            }
            Kind::Slice(parts) => {
                let [list, from, to, step] = &**parts;
                let list = self.value(list)?;
                let bounds = [self.value(from)?, self.value(to)?, self.value(step)?];
                let part = self.slice(&list, &bounds)?;
                Ok(self.derive(part, [&list]))
            }
            Kind::Capture(block) => Ok(Value::Str(self.capture(block)?)),
            Kind::Caller(definition) => {
                let caller = Macro::new(
                    Rc::clone(definition),
                    Some(Rc::clone(&self.slots)),
                    &self.unit,
                );
                Ok(Value::Function(Function::Macro(Rc::new(caller))))
            }
            // handled before, without a level of their own
            Kind::Literal(_) | Kind::Slot(_) | Kind::Name(_) | Kind::Get(_) => Ok(Value::Undefined),
        }
    }

    pub(super) fn values(&mut self, expressions: &[Expression]) -> Outcome<Vec<Value>> {
        let mut values = Vec::with_capacity(expressions.len());
        for expression in expressions {
            values.push(self.value(expression)?);
        }
        Ok(values)
    }

    fn dict(&mut self, fields: &[(Rc<str>, Expression)]) -> Outcome {
        let record = Record::default();
        for (key, value) in fields {
            let value = self.value(value)?;
            record.set(Rc::clone(key), value);
        }
        Ok(Value::Record(record))
    }

    fn name(&mut self, name: &Rc<str>, at: Span, required: bool) -> Outcome {
        if let Some(value) = self.frame.lookup(name) {
            return Ok(value);
        }
        if let Some(value) = self.unit.scope.get(name)
            && !(value.is_undefined() && self.environment.globals.contains_key(name))
        {
            return Ok(value);
        }
        if let Some(value) = self.environment.globals.get(name) {
            return Ok(value.clone());
        }
        if self.environment.syntax.jinja {
            match &**name {
                "True" => return Ok(Value::Bool(true)),
                "False" => return Ok(Value::Bool(false)),
                "None" => return Ok(Value::Null),
                _ => {}
            }
        }
        // a macro may ask whether it was called by a call block
        let optional = !required || &**name == "caller";
        if self.environment.strict && !optional {
            return Err(self.undefined_name(name).at(at));
        }
        Ok(Value::Undefined)
    }

    fn undefined_name(&self, name: &str) -> Failure {
        let frames = self.frame.names();
        let frames = frames.iter().map(|name| &**name);
        let context = self.unit.scope.names();
        let context = context.iter().map(|name| &**name);
        let globals = self.environment.globals.keys().map(|name| &**name);
        let near = suggest::nearest(name, frames.chain(context).chain(globals));
        let failure = Failure::new(
            "template/undefined-variable",
            format!("`{name}` is not defined"),
        );
        match near {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("known here: {}", self.known_names())),
        }
    }

    fn known_names(&self) -> String {
        let names = self.unit.scope.names().into_iter();
        let names = names.map(|name| format!("`{name}`"));
        let names: Vec<String> = names.take(10).collect();
        if names.is_empty() {
            return "nothing".to_owned();
        }
        names.join(", ")
    }

    fn get(&mut self, target: &Expression, key: &Expression, at: Span, required: bool) -> Outcome {
        if let (Kind::Name(name), Kind::Literal(Value::Str(field))) = (&target.kind, &key.kind)
            && &**name == "loop"
            && let Some(value) = self.frame.loop_field(field)
        {
            return Ok(value);
        }
        self.enter().map_err(|f| f.at(at))?;
        let object = self.evaluate(target, required)?;
        // the usual case: an object has the field
        if let (Value::Record(record), Kind::Literal(Value::Str(field))) = (&object, &key.kind)
            && !self.environment.syntax.jinja
            && let Some(value) = record.get(field)
            && !value.is_undefined()
        {
            self.leave();
            self.pay(1).map_err(|f| f.at(key.span))?;
            return Ok(value);
        }
        let key_value = self.value(key)?;
        self.leave();
        let mut value = self.member(&object, &key_value).map_err(|f| f.at(at))?;
        if matches!(object, Value::Str(_) | Value::Safe(_)) {
            value = self.derive(value, [&object]);
        }
        if value.is_undefined() && required && self.environment.strict {
            self.check_member(target, &object, &key_value)
                .map_err(|failure| failure.at(key.span))?;
        }
        Ok(value)
    }

    /// In strict mode, why a member is undefined must be known: the field is there without a value, or
    /// the index is past the end of a list.
    fn check_member(&self, target: &Expression, object: &Value, key: &Value) -> Outcome<()> {
        let shown = self.source.slice(target.span);
        let key = to_key(key)?;
        let fields: Vec<Rc<str>> = match object {
            Value::Record(record) if record.has(&key) => return Ok(()),
            Value::Array(_) | Value::Str(_) if number::as_index(&key).is_some() => return Ok(()),
            Value::Record(record) => record.keys(),
            _ => Vec::new(),
        };
        let failure = Failure::new(
            "template/undefined-variable",
            format!("`{shown}` has no `{key}`"),
        );
        if object.is_nullish() {
            return Err(failure.why(format!("`{shown}` is {}", object.kind())));
        }
        let methods: Vec<&str> = super::lookup::method_names(object).collect();
        let candidates = fields.iter().map(|field| &**field).chain(methods);
        let near = suggest::nearest(&key, candidates);
        if let Some(near) = near {
            return Err(failure.help(format!("did you mean `{near}`?")));
        }
        Err(failure.help(format!(
            "if it may be missing, write `{shown}.{key} is defined` or `{shown}.{key} | default(…)`"
        )))
    }

    fn filter(&mut self, name: &FilterName, arguments: &[Expression], at: Span) -> Outcome {
        // nearly all have few arguments, which need no allocation
        let mut few: [Value; 4] = Default::default();
        let mut many = Vec::new();
        let values = if arguments.len() <= few.len() {
            few.get_mut(..arguments.len()).unwrap_or_default()
        } else {
            many.resize(arguments.len(), Value::Undefined);
            many.as_mut_slice()
        };
        for (index, (argument, value)) in arguments.iter().zip(&mut *values).enumerate() {
            let is_default = index == 0 && matches!(name.text(), "default" | "d");
            *value = self.evaluate(argument, !is_default)?;
        }
        let values = &*values;
        match name {
            FilterName::Own(filter) => {
                let result = (filter.run)(self, values).map_err(|failure| failure.at(at))?;
                Ok(self.filtered(filter.name, result, values))
            }
            FilterName::Other(name) => {
                let Some(filter) = self.environment.filters.get(name).map(Rc::clone) else {
                    return Err(filters::unknown(name, &self.environment.filter_names).at(at));
                };
                let result = self
                    .call_host(&*filter, values)
                    .map_err(|failure| failure.at(at))?;
                Ok(self.derive(result, values))
            }
        }
    }

    fn is(&mut self, name: &str, arguments: &[Expression], at: Span) -> Outcome {
        let mut values = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            let asks = index == 0 && matches!(name, "defined" | "undefined");
            values.push(self.evaluate(argument, !asks)?);
        }
        let Some(test) = tests::find(name) else {
            return Err(tests::unknown(name).at(at));
        };
        let run = test.run;
        let answer = run(&values).map_err(|failure| failure.at(at))?;
        Ok(Value::Bool(answer))
    }

    fn call_expression(&mut self, callee: &Expression, arguments: &[Expression]) -> Outcome {
        let function = self.optional(callee)?;
        let shown = || self.source.slice(callee.span).to_owned();
        let function = match function {
            Value::Function(function) => function,
            other => {
                let shown = shown();
                let why = if other.is_truthy() || !other.is_nullish() {
                    format!("it is {}", other.kind())
                } else {
                    "it is undefined".to_owned()
                };
                let failure = Failure::new(
                    "template/not-callable",
                    format!("`{shown}` cannot be called"),
                )
                .why(why);
                return Err(match self.suggest_callee(callee)? {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure,
                });
            }
        };
        let values = self.values(arguments)?;
        self.call(&function, &values)
    }

    fn suggest_callee(&mut self, callee: &Expression) -> Outcome<Option<String>> {
        match &callee.kind {
            Kind::Name(name) => {
                let frames = self.frame.names();
                let frames = frames.iter().map(|name| &**name);
                let context = self.unit.scope.names();
                let context = context.iter().map(|name| &**name);
                let globals = self.environment.globals.keys().map(|name| &**name);
                let near = suggest::nearest(name, frames.chain(context).chain(globals));
                Ok(near.map(str::to_owned))
            }
            Kind::Get(parts) => {
                let [target, key] = &**parts;
                let (object, key) = (self.optional(target)?, self.value(key)?);
                let methods = super::lookup::method_names(&object);
                Ok(suggest::nearest(&to_key(&key)?, methods).map(str::to_owned))
            }
            _ => Ok(None),
        }
    }
}
