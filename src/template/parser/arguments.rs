//! Parameters, arguments and slices: what stands between brackets behind a name.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::source::Span;
use crate::template::ast::{Expression, Kind, Slot};
use crate::template::failure::Failure;
use crate::template::lexer::Kind as Token;
use crate::template::value::Value;

/// The field that marks keyword arguments.
pub(crate) const KEYWORDS: &str = "__keywords";

/// What a signature declares: parameters, and parameters with defaults.
pub(super) type Signature = (Vec<Rc<str>>, Vec<(Rc<str>, Expression)>);

/// A slot of the function's parameters: the first ones are theirs.
pub(crate) fn parameter_slot(index: usize) -> Slot {
    Slot { up: 0, index }
}

impl Parser<'_> {
    /// `(a, b=1)` of a macro or a call block; its parameters become the function's first slots.
    pub(super) fn signature(&mut self) -> Parsed<Signature> {
        if !self.skip_operator("(") {
            return Err(self.expected("`(` and the parameters"));
        }
        let mut parameters = Vec::new();
        let mut defaults: Vec<(Rc<str>, Expression)> = Vec::new();
        let mut first = true;
        while !self.skip_operator(")") {
            if !std::mem::take(&mut first) && !self.skip_operator(",") {
                return Err(self.expected("`,` or `)`"));
            }
            let Some(name) = self.peek_text(Token::Name) else {
                return Err(self.expected("a parameter's name"));
            };
            let name = Rc::from(name);
            self.next += 1;
            if self.skip_operator("=") {
                defaults.push((name, self.expression()?));
            } else {
                self.scopes.declare(Rc::clone(&name));
                parameters.push(name);
            }
        }
        Ok((parameters, defaults))
    }

    /// `(a, b, name=c)`: positional arguments, then one object of the keyword arguments if there are any.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let start = self.here();
        self.next += 1;
        let mut arguments = Vec::new();
        let mut keywords = Vec::new();
        let mut first = true;
        while !self.skip_operator(")") {
            if !std::mem::take(&mut first) && !self.skip_operator(",") {
                return Err(self.expected("`,` or `)`"));
            }
            let value = self.expression()?;
            if !self.skip_operator("=") {
                arguments.push(value);
                continue;
            }
            let name = match value.kind {
                Kind::Name(name) | Kind::Literal(Value::Str(name)) => name,
                Kind::Slot(_) => Rc::from(self.source.slice(value.span)),
                _ => {
                    return Err(
                        Failure::new("template/syntax", "a keyword argument needs a name")
                            .at(value.span),
                    );
                }
            };
            keywords.push((name, self.expression()?));
        }
        if !keywords.is_empty() {
            let keywords = self.keywords(keywords, start.to(self.before()))?;
            arguments.push(keywords);
        }
        Ok(arguments)
    }

    pub(super) fn keywords(
        &mut self,
        mut fields: Vec<(Rc<str>, Expression)>,
        at: Span,
    ) -> Parsed<Expression> {
        let height = fields.iter().map(|(_, v)| v.height).max().unwrap_or(0);
        let marker = self.node(Kind::Literal(Value::Bool(true)), at, 0)?;
        fields.push((KEYWORDS.into(), marker));
        self.node(Kind::Dict(fields), at, height)
    }

    /// The `start:stop:step` of a slice, if it is one.
    pub(super) fn slice(&mut self) -> Parsed<Option<[Expression; 3]>> {
        let at = self.here();
        self.next += 1;
        let null = |parser: &mut Self| parser.node(Kind::Literal(Value::Null), at, 0);
        let mut parts = [
            null(self)?,
            null(self)?,
            self.node(Kind::Literal(Value::Number(1.0)), at, 0)?,
        ];
        let mut colons = 0;
        for part in &mut parts {
            if self.sees_operator("]") {
                break;
            }
            if !self.sees_operator(":") {
                *part = self.expression()?;
            }
            if !self.skip_operator(":") {
                break;
            }
            colons += 1;
        }
        Ok((colons > 0 && self.skip_operator("]")).then_some(parts))
    }
}
