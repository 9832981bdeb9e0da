//! Statements.

use std::rc::Rc;

use super::frame::{Frame, LoopLength};
use super::macros::Macro;
use super::origin::Origin;
use super::{Machine, Outcome};
use crate::suggest;
use crate::template::ast::{Block, Expression, For, Statement};
use crate::template::coverage;
use crate::template::failure::Failure;
use crate::template::value::convert::{strict_equal, to_number};
use crate::template::value::{Function, Record, Value, number, text};

impl Machine<'_> {
    /// Runs statements, writing to the output.
    pub(super) fn block(&mut self, block: &Block) -> Outcome<()> {
        self.enter()?;
        for statement in block {
            self.statement(statement)?;
        }
        self.leave();
        Ok(())
    }

    /// Runs statements; what they write is the value.
    pub(super) fn capture(&mut self, block: &Block) -> Outcome<Rc<str>> {
        self.captured(|machine| machine.block(block))
    }

    fn statement(&mut self, statement: &Statement) -> Outcome<()> {
        self.pay(1)?;
        match statement {
            Statement::Text(span) => {
                let source = Rc::clone(&self.source);
                self.emit(source.slice(*span), Origin::Template, *span)
            }
            Statement::Output(expression) => self.output(expression),
            Statement::If {
                branches,
                otherwise,
            } => self.if_(branches, otherwise.as_ref()),
            Statement::For(statement) => self.for_(statement),
            Statement::Set { targets, value } => {
                let value = self.value(value)?;
                for (name, slot) in targets {
                    if let Some(slot) = slot {
                        self.slots.set(*slot, value.clone());
                    }
                    self.frame.assign(name, value.clone());
                    if self.frame.top {
                        self.unit.scope.set(name, value.clone());
                        self.unit.scope.export(name);
                    }
                }
                Ok(())
            }
            Statement::Macro {
                definition,
                slot,
                in_frame,
            } => {
                let value = Macro::new(Rc::clone(definition), None, &self.unit);
                let value = Value::Function(Function::Macro(Rc::new(value)));
                self.slots.set(*slot, value.clone());
                if *in_frame {
                    self.frame.set(&definition.name, value);
                } else {
                    self.unit.scope.set(&definition.name, value);
                    self.unit.scope.export(&definition.name);
                }
                Ok(())
            }
            Statement::Switch {
                subject,
                cases,
                default,
            } => self.switch(subject, cases, default.as_ref()),
            Statement::Include {
                file,
                ignore_missing,
            } => self.include(file, *ignore_missing),
            Statement::Import {
                file,
                target,
                with_context,
            } => {
                let exported = self.import(file, *with_context)?;
                self.define(target, Value::Record(exported));
                Ok(())
            }
            Statement::From {
                file,
                names,
                with_context,
            } => {
                let exported = self.import(file, *with_context)?;
                for (name, at, binding) in names {
                    let value = exported
                        .get(name)
                        .ok_or_else(|| not_exported(name, &exported).at(*at))?;
                    self.define(binding, value);
                }
                Ok(())
            }
            Statement::Extends(file) => self.extends(file),
            Statement::Section { name, at, nested } => self.section(name, *at, *nested),
        }
    }

    fn output(&mut self, expression: &Expression) -> Outcome<()> {
        let value = self.value(expression)?;
        self.note_written(&value);
        self.emit_value(&value, expression.span)
            .map_err(|failure| failure.at(expression.span))
    }

    fn if_(&mut self, branches: &[(Expression, Block)], otherwise: Option<&Block>) -> Outcome<()> {
        for (condition, body) in branches {
            if self.asks(condition)? {
                return self.block(body);
            }
        }
        otherwise.map_or(Ok(()), |body| self.block(body))
    }

    /// Whether a condition is true.
    pub(super) fn asks(&mut self, condition: &Expression) -> Outcome<bool> {
        let answer = self.value(condition)?.is_truthy();
        self.note_answer(condition, answer);
        Ok(answer)
    }

    fn note_answer(&self, condition: &Expression, answer: bool) {
        if let Some(answers) = &self.environment.answers {
            let name = coverage::called(&self.source);
            answers
                .asked
                .borrow_mut()
                .insert((name, condition.span, answer));
        }
    }

    fn switch(
        &mut self,
        subject: &Expression,
        cases: &[(Expression, Block)],
        default: Option<&Block>,
    ) -> Outcome<()> {
        let subject = self.value(subject)?;
        let mut matched = false;
        for (value, body) in cases {
            matched = matched || strict_equal(&subject, &self.value(value)?);
            self.note_answer(value, matched);
            // an empty body falls through to the next case
            if matched && !body.is_empty() {
                return self.block(body);
            }
        }
        default.map_or(Ok(()), |body| self.block(body))
    }

    fn for_(&mut self, statement: &For) -> Outcome<()> {
        let outer = Rc::clone(&self.frame);
        self.frame = Rc::new(outer.push(false));
        let subject = self.value(&statement.iterable)?;
        let mut runs = false;
        if subject.is_truthy() {
            let length = self.loop_over(statement, &subject)?;
            runs = length.is_some_and(|length| length > 0);
            let length = length.map_or(Value::Undefined, Value::count);
            self.slots.set(statement.length, length);
        }
        self.note_answer(&statement.iterable, runs);
        if let Some(otherwise) = &statement.otherwise
            && !self.slots.get(statement.length).is_truthy()
        {
            self.block(otherwise)?;
        }
        self.frame = outer;
        Ok(())
    }

    fn loop_over(&mut self, statement: &For, subject: &Value) -> Outcome<LoopLength> {
        let frame = Rc::clone(&self.frame);
        let several = statement.targets.len() > 1;
        match subject {
            Value::Array(array) => {
                let length = Some(array.len());
                let mut index = 0;
                while index < array.len() {
                    self.bind(statement, &frame, array.get(index), index, length)?;
                    index += 1;
                }
                Ok(length)
            }
            Value::Record(record) if several => {
                let keys = record.keys();
                let length = Some(keys.len());
                for (index, key) in keys.into_iter().enumerate() {
                    // a key removed meanwhile is not visited
                    if let Some(value) = record.get(&key) {
                        let key = Value::Str(key);
                        self.pair(statement, &frame, key, value, (index, length))?;
                    }
                }
                Ok(length)
            }
            Value::Record(record) => {
                // anything with a length is a list for JavaScript
                let Some(length) = record.get("length") else {
                    return Ok(None);
                };
                let count = number::to_size(to_number(&length)?);
                for index in 0..count {
                    let value = record.get(&index.to_string()).unwrap_or_default();
                    self.bind(statement, &frame, value, index, Some(count))?;
                }
                Ok(Some(count))
            }
            Value::Str(text) => {
                let units: Vec<Value> = text::units(text).map(Value::text).collect();
                let units = self.derive_each(units, subject);
                self.loop_over_units(statement, &frame, units)
            }
            Value::Safe(text) => {
                let chars = text.chars().map(|c| Value::text(c.to_string())).collect();
                let chars = self.derive_each(chars, subject);
                self.loop_over(statement, &Value::array(chars))
            }
            _ if several => Ok(Some(0)),
            _ => Ok(None),
        }
    }

    fn loop_over_units(
        &mut self,
        statement: &For,
        frame: &Rc<Frame>,
        units: Vec<Value>,
    ) -> Outcome<LoopLength> {
        let length = Some(units.len());
        for (index, unit) in units.into_iter().enumerate() {
            if statement.targets.len() > 1 {
                let key = Value::text(index.to_string());
                self.pair(statement, frame, key, unit, (index, length))?;
            } else {
                self.bind(statement, frame, unit, index, length)?;
            }
        }
        Ok(length)
    }

    /// One round over a list.
    fn bind(
        &mut self,
        statement: &For,
        frame: &Rc<Frame>,
        value: Value,
        index: usize,
        length: LoopLength,
    ) -> Outcome<()> {
        self.pay(1)?;
        if let [(name, slot)] = statement.targets.as_slice() {
            self.slots.set(*slot, value.clone());
            frame.set(name, value);
        } else {
            // the frame is not told of these names: Nunjucks sets one called "[object Object]"
            for (at, (_, slot)) in statement.targets.iter().enumerate() {
                let part = self.member(&value, &Value::count(at))?;
                if value.is_nullish() {
                    let message = format!("cannot take {} apart into names", value.kind());
                    let failure = Failure::type_error(message);
                    return Err(failure.at(statement.iterable.span));
                }
                self.slots.set(*slot, part);
            }
        }
        frame.advance(index, length);
        self.block(&statement.body)
    }

    /// One round over an object.
    fn pair(
        &mut self,
        statement: &For,
        frame: &Rc<Frame>,
        key: Value,
        value: Value,
        (index, length): (usize, LoopLength),
    ) -> Outcome<()> {
        self.pay(1)?;
        for ((name, slot), part) in statement.targets.iter().zip([key, value]) {
            self.slots.set(*slot, part.clone());
            frame.set(name, part);
        }
        frame.advance(index, length);
        self.block(&statement.body)
    }
}

fn not_exported(name: &str, exported: &Record) -> Failure {
    let failure = Failure::new(
        "template/not-exported",
        format!("the template does not define `{name}`"),
    );
    let names = exported.keys();
    match suggest::nearest(name, names.iter().map(|name| &**name)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("macros and names set outside of blocks and loops can be imported"),
    }
}
