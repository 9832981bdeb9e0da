//! Files that are rendered to one path, as far as that is certain.

use crate::template::ast::{Expression, Kind, Statement, Template};
use crate::template::value::Value;

/// What is known of a rendered path.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub(super) struct Name {
    /// The path, with the expressions in it that are not known.
    pub path: String,
    /// Whether nothing in it depends on values.
    pub is_literal: bool,
    /// What must be true for it to be there.
    pub conditions: Vec<String>,
}

impl Name {
    /// Reads the template of a path; none if it is beyond this.
    pub fn of(template: &Template) -> Option<Self> {
        let mut name = Self {
            path: String::new(),
            is_literal: true,
            conditions: Vec::new(),
        };
        for statement in &template.body {
            match statement {
                Statement::Text(span) => name.path.push_str(template.source.slice(*span)),
                Statement::Output(expression) => name.push(template, expression),
                _ => return None,
            }
        }
        Some(name)
    }

    /// Whether both are there whenever the second is, or the other way round.
    pub fn meets(&self, other: &Self) -> bool {
        self.path == other.path
            && (self.conditions.is_empty()
                || other.conditions.is_empty()
                || self.conditions == other.conditions)
    }

    fn push(&mut self, template: &Template, expression: &Expression) {
        match &expression.kind {
            Kind::Literal(Value::Str(text)) => self.path.push_str(text),
            Kind::Choice(parts) => {
                let [condition, value, otherwise] = &**parts;
                let is_nothing = match &otherwise.kind {
                    Kind::Literal(Value::Str(text)) => text.is_empty(),
                    Kind::Literal(value) => value.is_undefined(),
                    _ => false,
                };
                if is_nothing {
                    self.conditions.push(written(template, condition));
                    self.push(template, value);
                } else {
                    self.unknown(template, expression);
                }
            }
            _ => self.unknown(template, expression),
        }
    }

    fn unknown(&mut self, template: &Template, expression: &Expression) {
        self.is_literal = false;
        self.path.push_str("${{ ");
        self.path.push_str(&written(template, expression));
        self.path.push_str(" }}");
    }
}

/// An expression without differences of blanks.
fn written(template: &Template, expression: &Expression) -> String {
    let text = template.source.slice(expression.span);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
