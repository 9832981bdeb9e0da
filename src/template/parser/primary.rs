//! Literals, names and brackets, with the calls and lookups behind them.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::source::Span;
use crate::template::ast::{Expression, Kind};
use crate::template::failure::Failure;
use crate::template::lexer::Kind as Token;
use crate::template::regex::Regex;
use crate::template::value::Value;

impl Parser<'_> {
    /// A literal, a name or a bracketed expression, with calls and lookups behind it.
    pub(super) fn primary(&mut self) -> Parsed<Expression> {
        let value = self.atom()?;
        self.postfix(value)
    }

    fn atom(&mut self) -> Parsed<Expression> {
        let Some(token) = self.peek() else {
            return Err(self.unexpected());
        };
        let text = self.source.slice(token.span);
        let value = match token.kind {
            Token::Text => Value::text(unescape(text)),
            Token::Integer | Token::Float => Value::Number(text.parse().unwrap_or(f64::NAN)),
            Token::Regex => {
                Value::Regex(Rc::new(Regex::parse(text).map_err(|f| f.at(token.span))?))
            }
            Token::Name => match text {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "none" | "null" => Value::Null,
                name => {
                    self.next += 1;
                    let kind = match self.scopes.find(name) {
                        Some(slot) => Kind::Slot(slot),
                        None => Kind::Name(Rc::from(name)),
                    };
                    return self.node(kind, token.span, 0);
                }
            },
            Token::Operator if matches!(text, "(" | "[" | "{") => return self.bracketed(text),
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        self.node(Kind::Literal(value), token.span, 0)
    }

    fn bracketed(&mut self, open: &str) -> Parsed<Expression> {
        let start = self.here();
        if open == "{" {
            return self.dict();
        }
        let close = if open == "(" { ")" } else { "]" };
        let items = self.items(close)?;
        let span = start.to(self.before());
        let height = items.iter().map(|item| item.height).max().unwrap_or(0);
        if open == "[" {
            return self.node(Kind::List(items), span, height);
        }
        if items.is_empty() {
            return Err(Failure::new("template/syntax", "nothing between parentheses").at(span));
        }
        self.node(Kind::Sequence(items), span, height)
    }

    /// Expressions between brackets, divided by commas.
    fn items(&mut self, close: &str) -> Parsed<Vec<Expression>> {
        self.next += 1;
        let mut items = Vec::new();
        while !self.skip_operator(close) {
            if !items.is_empty() && !self.skip_operator(",") {
                return Err(self.expected(&format!("`,` or `{close}`")));
            }
            items.push(self.expression()?);
        }
        Ok(items)
    }

    fn dict(&mut self) -> Parsed<Expression> {
        let start = self.here();
        self.next += 1;
        let mut fields: Vec<(Rc<str>, Expression)> = Vec::new();
        while !self.skip_operator("}") {
            if !fields.is_empty() && !self.skip_operator(",") {
                return Err(self.expected_in_dict("`,` or `}`"));
            }
            let at = self.here();
            let key: Rc<str> = match self.peek().map(|token| token.kind) {
                Some(Token::Name) => Rc::from(self.source.slice(at)),
                Some(Token::Text) => unescape(self.source.slice(at)).into(),
                _ => return Err(self.expected("a name or a string as key")),
            };
            self.next += 1;
            if !self.skip_operator(":") {
                return Err(self.expected("`:` after the key"));
            }
            fields.push((key, self.expression()?));
        }
        let height = fields.iter().map(|(_, v)| v.height).max().unwrap_or(0);
        self.node(Kind::Dict(fields), start.to(self.before()), height)
    }

    /// As [`Self::expected`]; two closing braces in a row are the usual reason.
    fn expected_in_dict(&self, what: &str) -> Failure {
        let failure = self.expected(what);
        if self.peek_text(Token::VariableEnd) == Some(self.grammar.syntax.variable_end.as_str()) {
            return failure.help("write a space between the braces of two objects: `} }`");
        }
        failure
    }

    fn postfix(&mut self, mut value: Expression) -> Parsed<Expression> {
        loop {
            let start = value.span;
            if self.sees_operator("(") {
                let arguments = self.arguments()?;
                let inner = arguments.iter().map(|a| a.height).max().unwrap_or(0);
                let height = value.height.max(inner);
                let kind = match self.parent_block(&value) {
                    Some(parent) => parent,
                    None => Kind::Call(Box::new(value), arguments),
                };
                value = self.node(kind, start.to(self.before()), height)?;
            } else if self.sees_operator("[") {
                value = self.index(value)?;
            } else if self.skip_operator(".") {
                let at = self.here();
                let name = self.member(at)?;
                self.next += 1;
                let key = self.node(Kind::Literal(Value::Str(name)), at, 0)?;
                let height = value.height;
                value = self.node(Kind::Get(Box::new([value, key])), start.to(at), height)?;
            } else {
                return Ok(value);
            }
        }
    }

    /// The name after a dot.
    fn member(&mut self, at: Span) -> Parsed<Rc<str>> {
        let text = self.source.slice(at);
        match self.peek_text(Token::Name) {
            Some("true" | "false" | "none" | "null") => {
                Err(self.unexpected().help(format!("write `[\"{text}\"]`")))
            }
            Some(name) => Ok(Rc::from(name)),
            None if self.peek_text(Token::Integer).is_some() => {
                Err(self.unexpected().help(format!("write `[{text}]`")))
            }
            None => Err(self.unexpected()),
        }
    }

    fn index(&mut self, value: Expression) -> Parsed<Expression> {
        let start = value.span;
        let open = self.here();
        if self.grammar.syntax.jinja {
            let before = self.next;
            if let Some(parts) = self.slice()? {
                let [from, to, step] = parts;
                let inner = [from.height, to.height, step.height];
                let height = inner.into_iter().fold(value.height, usize::max);
                let kind = Kind::Slice(Box::new([value, from, to, step]));
                return self.node(kind, start.to(self.before()), height);
            }
            self.next = before;
        }
        let items = self.items("]")?;
        let count = items.len();
        let Some(key) = items.into_iter().next().filter(|_| count == 1) else {
            return Err(
                Failure::new("template/syntax", "exactly one index is needed")
                    .at(open.to(self.before())),
            );
        };
        let height = value.height.max(key.height);
        let kind = Kind::Get(Box::new([value, key]));
        self.node(kind, start.to(self.before()), height)
    }
}

/// The text of a string literal with its quotes.
fn unescape(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    let mut chars = literal.chars();
    chars.next();
    chars.next_back();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
