//! Which branches of templates were taken, over all renderings of an engine.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;

use super::ast::{Block, Expression, Function, Kind, Statement, Template};
use crate::source::{Place, SourceText, Span};

/// What was read, and how its conditions came out.
#[derive(Default)]
pub(crate) struct Answers {
    /// Whether it is kept for rendering or not.
    pub read: RefCell<Vec<Rc<Template>>>,
    /// A condition that was asked: its file, its place and its answer.
    pub asked: RefCell<HashSet<(Arc<str>, Span, bool)>>,
}

/// A condition, or the list of a loop, and how it came out so far.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Branch {
    /// Where it is written.
    #[serde(flatten)]
    pub at: Place,
    /// Whether it was ever true; of a loop, whether its body ran.
    pub was_true: bool,
    /// Whether it was ever false; of a loop, whether there was nothing to loop over.
    pub was_false: bool,
}

/// The conditions of templates, in order of file and position.
pub(crate) fn branches(answers: &Answers) -> Vec<Branch> {
    let mut found = BTreeMap::new();
    let asked = answers.asked.borrow();
    for template in answers.read.borrow().iter() {
        let mut spans = Spans(Vec::new());
        spans.block(&template.body);
        for section in &template.blocks {
            spans.block(&section.body);
        }
        let name = called(&template.source);
        for at in spans.0 {
            let was = |answer| asked.contains(&(Arc::clone(&name), at, answer));
            let branch = Branch {
                at: Place {
                    file: Arc::clone(&name),
                    ..template.source.place(at)
                },
                was_true: was(true),
                was_false: was(false),
            };
            found.insert((Arc::clone(&name), at), branch);
        }
    }
    found.into_values().collect()
}

/// What a text is called: a place in the path of a file is none in the file.
pub(crate) fn called(source: &SourceText) -> Arc<str> {
    if **source.name() == *source.text() {
        return format!("{} (name)", source.name()).into();
    }
    Arc::clone(source.name())
}

/// Collects the places of conditions.
struct Spans(Vec<Span>);

impl Spans {
    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Text(_)
            | Statement::Section { .. }
            | Statement::Include { .. }
            | Statement::Import { .. }
            | Statement::From { .. }
            | Statement::Extends(_) => {}
            Statement::Output(value) | Statement::Set { value, .. } => self.expression(value),
            Statement::If {
                branches,
                otherwise,
            }
            | Statement::Switch {
                cases: branches,
                default: otherwise,
                ..
            } => {
                for (condition, body) in branches {
                    self.0.push(condition.span);
                    self.expression(condition);
                    self.block(body);
                }
                if let Some(body) = otherwise {
                    self.block(body);
                }
            }
            Statement::For(each) => {
                self.0.push(each.iterable.span);
                self.expression(&each.iterable);
                self.block(&each.body);
                if let Some(body) = &each.otherwise {
                    self.block(body);
                }
            }
            Statement::Macro { definition, .. } => self.function(definition),
        }
    }

    fn function(&mut self, function: &Function) {
        self.block(&function.body);
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Literal(_) | Kind::Name(_) | Kind::Slot(_) => {}
            Kind::List(items)
            | Kind::Sequence(items)
            | Kind::Filter(_, _, items)
            | Kind::Is(_, _, items) => self.all(items),
            Kind::Dict(fields) => {
                for (_, field) in fields {
                    self.expression(field);
                }
            }
            Kind::Get(parts) | Kind::In(parts) | Kind::Power(parts) => self.all(&**parts),
            Kind::Slice(parts) => self.all(&**parts),
            Kind::Choice(parts) => {
                let [condition, ..] = &**parts;
                self.0.push(condition.span);
                self.all(&**parts);
            }
            Kind::Call(callee, arguments) => {
                self.expression(callee);
                self.all(arguments);
            }
            Kind::Chain(first, rest) => {
                self.expression(first);
                for (_, operand) in rest {
                    self.expression(operand);
                }
            }
            Kind::Prefix(_, inner) | Kind::FloorDivide(inner) => self.expression(inner),
            Kind::Capture(block) => self.block(block),
            Kind::Caller(function) => self.function(function),
        }
    }

    fn all(&mut self, expressions: &[Expression]) {
        for expression in expressions {
            self.expression(expression);
        }
    }
}
