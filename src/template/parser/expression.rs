//! Expressions, by the grammar of Nunjucks 3.2.4.

use std::rc::Rc;

use super::flat::Flat;
use super::{Parsed, Parser};
use crate::limits::MAX_PROBLEMS;
use crate::source::Span;
use crate::template::ast::{Expression, FilterName, Infix, Kind, Prefix};
use crate::template::failure::Failure;
use crate::template::lexer::{Kind as Token, code};
use crate::template::value::Value;
use crate::template::{filters, tests};

/// The binary operators with their level in Nunjucks' grammar; the greater binds tighter.
const ARITHMETIC: [(u32, &str, u8); 8] = [
    (code(b"~"), "~", 1),
    (code(b"+"), "+", 2),
    (code(b"-"), "-", 3),
    (code(b"*"), "*", 4),
    (code(b"/"), "/", 5),
    (code(b"//"), "//", 6),
    (code(b"%"), "%", 7),
    (code(b"**"), "**", 8),
];

const COMPARISONS: [(u32, Infix); 8] = [
    (code(b"=="), Infix::Equal),
    (code(b"==="), Infix::StrictEqual),
    (code(b"!="), Infix::NotEqual),
    (code(b"!=="), Infix::StrictNotEqual),
    (code(b"<"), Infix::Less),
    (code(b">"), Infix::Greater),
    (code(b"<="), Infix::LessOrEqual),
    (code(b">="), Infix::GreaterOrEqual),
];

impl Parser<'_> {
    /// A whole expression, `a if b else c` included.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.enter()?;
        let result = self.choice();
        self.depth -= 1;
        result
    }

    fn choice(&mut self) -> Parsed<Expression> {
        let value = self.or()?;
        if !self.skip_word("if") {
            return Ok(value);
        }
        let condition = self.or()?;
        let other = if self.skip_word("else") {
            self.or()?
        } else {
            let span = Span::new(condition.span.end, condition.span.end);
            self.node(Kind::Literal(Value::text("")), span, 0)?
        };
        let span = value.span.to(other.span);
        let height = value.height.max(condition.height).max(other.height);
        self.node(
            Kind::Choice(Box::new([condition, value, other])),
            span,
            height,
        )
    }

    fn or(&mut self) -> Parsed<Expression> {
        let mut left = self.and()?;
        while self.skip_word("or") {
            left = left.join(Infix::Or, self.and()?);
        }
        self.assemble(left)
    }

    fn and(&mut self) -> Parsed<Flat> {
        let mut left = self.not()?;
        while self.skip_word("and") {
            left = left.join(Infix::And, self.not()?);
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed<Flat> {
        let mut spans = Vec::new();
        loop {
            let span = self.here();
            if !self.skip_word("not") {
                break;
            }
            spans.push(span);
            self.check_height(spans.len(), span)?;
        }
        let mut target = self.inclusion()?;
        while let Some(span) = spans.pop() {
            target = target.prefixed(Prefix::Not, span);
        }
        Ok(target)
    }

    /// `a in b`, `a not in b`.
    fn inclusion(&mut self) -> Parsed<Flat> {
        let mut left = self.is()?;
        loop {
            let before = self.next;
            let span = self.here();
            let inverted = self.skip_word("not");
            if !self.skip_word("in") {
                self.next = before;
                return Ok(left);
            }
            let right = self.is()?;
            let (a, b) = (self.assemble(left)?, self.assemble(right)?);
            let (whole, height) = (a.span.to(b.span), a.height.max(b.height));
            left = Flat::One(self.node(Kind::In(Box::new([a, b])), whole, height)?);
            if inverted {
                left = left.prefixed(Prefix::Not, span);
            }
        }
    }

    /// `a is test`, `a is not test(argument)`.
    fn is(&mut self) -> Parsed<Flat> {
        let left = self.comparison()?;
        if !self.skip_word("is") {
            return Ok(left);
        }
        let not = self.here();
        let inverted = self.skip_word("not");
        let value = self.assemble(left)?;
        let at = self.here();
        let name = match self.peek().map(|token| token.kind) {
            Some(Token::Name) => self.source.slice(at),
            Some(Token::Text) => self.source.slice(at).trim_matches(['"', '\'']),
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        let name = if name == "none" { "null" } else { name };
        let mut arguments = vec![value];
        if self.sees_operator("(") {
            arguments.extend(self.arguments()?);
        }
        if arguments.len() > 2 {
            return Err(Failure::new(
                "template/syntax",
                format!("the test `{name}` takes one argument"),
            )
            .at(at));
        }
        if tests::find(name).is_none() {
            self.unknown_test(name, at);
        }
        let span = arguments.first().map_or(at, |value| value.span.to(at));
        let height = arguments.iter().map(|a| a.height).max().unwrap_or(0);
        let name = Rc::from(name);
        let is = Flat::One(self.node(Kind::Is(name, at, arguments), span, height)?);
        Ok(if inverted {
            is.prefixed(Prefix::Not, not)
        } else {
            is
        })
    }

    fn comparison(&mut self) -> Parsed<Flat> {
        let mut left = self.arithmetic(1)?;
        while let Some(token) = self.peek().filter(|token| token.operator != 0) {
            let known = COMPARISONS.iter().find(|row| row.0 == token.operator);
            let Some(&(_, operator)) = known else {
                break;
            };
            self.next += 1;
            left = left.join(operator, self.arithmetic(1)?);
        }
        Ok(left)
    }

    fn arithmetic(&mut self, least: u8) -> Parsed<Flat> {
        let mut left = self.unary(true)?;
        while let Some(token) = self.peek().filter(|token| token.operator != 0) {
            let known = ARITHMETIC.iter().find(|row| row.0 == token.operator);
            let Some(&(_, operator, level)) = known else {
                break;
            };
            if level < least {
                break;
            }
            let at = self.here();
            self.next += 1;
            let right = self.arithmetic(level + 1)?;
            left = match operator {
                "~" => {
                    let empty = self.node(Kind::Literal(Value::text("")), at, 0)?;
                    left.join(Infix::Add, Flat::One(empty))
                        .join(Infix::Add, right)
                }
                "+" => left.join(Infix::Add, right),
                "-" => left.join(Infix::Subtract, right),
                "*" => left.join(Infix::Multiply, right),
                "/" => left.join(Infix::Divide, right),
                "%" => left.join(Infix::Remainder, right),
                "//" => {
                    let quotient = self.assemble(left.join(Infix::Divide, right))?;
                    let (span, height) = (quotient.span, quotient.height);
                    let kind = Kind::FloorDivide(Box::new(quotient));
                    Flat::One(self.node(kind, span, height)?)
                }
                _ => {
                    let (a, b) = (self.assemble(left)?, self.assemble(right)?);
                    let (span, height) = (a.span.to(b.span), a.height.max(b.height));
                    Flat::One(self.node(Kind::Power(Box::new([a, b])), span, height)?)
                }
            };
        }
        Ok(left)
    }

    fn unary(&mut self, filters: bool) -> Parsed<Flat> {
        let at = self.here();
        let prefix = if self.skip_operator("-") {
            Prefix::Negate
        } else if self.skip_operator("+") {
            Prefix::Plus
        } else {
            let value = self.primary()?;
            return Ok(Flat::One(if filters {
                self.filters(value)?
            } else {
                value
            }));
        };
        self.enter()?;
        let target = self.unary(false);
        self.depth -= 1;
        let target = target?;
        if target.first_prefix() == Some(prefix) {
            return Err(Failure::new("template/syntax", "two signs in a row")
                .why("Nunjucks writes them into JavaScript as `--` or `++`, which is no sign")
                .help("put the inner one in parentheses")
                .at(at));
        }
        let value = target.prefixed(prefix, at);
        if filters && self.sees_operator("|") {
            let value = self.assemble(value)?;
            return Ok(Flat::One(self.filters(value)?));
        }
        Ok(value)
    }

    /// `value | filter(arguments) | …`.
    fn filters(&mut self, mut value: Expression) -> Parsed<Expression> {
        while self.skip_operator("|") {
            let (name, at) = self.filter_name()?;
            let (start, mut height) = (value.span, value.height);
            let mut arguments = vec![value];
            let mut end = at;
            if self.sees_operator("(") {
                arguments.extend(self.arguments()?);
                end = self.before();
                height = arguments.iter().map(|a| a.height).max().unwrap_or(0);
                if self.sees_operator("(") || self.sees_operator("[") || self.sees_operator(".") {
                    return Err(self.unexpected().help(
                        "put the value with its filter in parentheses: `(value | filter).name`",
                    ));
                }
            }
            value = self.node(Kind::Filter(name, at, arguments), start.to(end), height)?;
        }
        Ok(value)
    }

    /// A filter's name, with dots in it or not, checked against the known ones.
    pub(super) fn filter_name(&mut self) -> Parsed<(FilterName, Span)> {
        let mut at = self.here();
        if self.peek_text(Token::Name).is_none() {
            let mut failure = self.unexpected();
            if self.sees_operator("|") {
                failure = failure.help("write `or` for JavaScript's `||`");
            }
            return Err(failure);
        }
        self.next += 1;
        while self.skip_operator(".") {
            if self.peek_text(Token::Name).is_none() {
                return Err(self.unexpected());
            }
            at = at.to(self.here());
            self.next += 1;
        }
        let text = self.source.slice(at);
        if !(self.grammar.filters)(text) {
            match filters::find(text) {
                Some(filter) => return Ok((FilterName::Own(filter), at)),
                None => self.unknown_filter(text, at),
            }
        }
        Ok((FilterName::Other(text.into()), at))
    }

    /// The place of the token before the next one.
    pub(super) fn before(&self) -> Span {
        let index = self.next.saturating_sub(1);
        let token = self.tokens.get(index);
        token.map_or_else(|| self.end_of_file(), |token| token.span)
    }

    fn check_height(&self, height: usize, at: Span) -> Parsed<()> {
        let limit = self.grammar.limits.depth;
        if height > limit {
            return Err(Failure::limit("levels of nested expressions", limit).at(at));
        }
        Ok(())
    }

    fn unknown_test(&mut self, name: &str, at: Span) {
        self.report_unknown(at, || tests::unknown(name));
    }

    fn unknown_filter(&mut self, name: &str, at: Span) {
        let known = self.grammar.filter_names;
        self.report_unknown(at, || filters::unknown(name, known));
    }

    /// Nunjucks finds out only when it gets there, so a branch that is never taken may hold anything.
    fn report_unknown(&mut self, at: Span, failure: impl FnOnce() -> Failure) {
        let all = if self.grammar.strict {
            &mut self.failures
        } else {
            &mut self.warnings
        };
        // to find what may be meant takes time
        if all.len() <= MAX_PROBLEMS {
            all.push(failure().at(at));
        }
    }
}
