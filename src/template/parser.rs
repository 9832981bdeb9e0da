//! Tokens to a syntax tree. A faulty tag is reported and skipped, so that one run finds them all.

mod arguments;
mod expression;
mod files;
mod flat;
mod primary;
mod scope;
mod statement;
mod tags;

use std::cell::Cell;
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::{LimitExceeded, Limits, MAX_PROBLEMS, too_many_problems};
use crate::source::{SourceText, Span};

use super::ast::{Block, Expression, Kind, Statement, Template};
use super::escape::Roots;
use super::failure::Failure;
use super::lexer::{self, Token};
use super::syntax::Syntax;
use super::value::Value;
use super::value::text::is_space;
pub(crate) use arguments::{KEYWORDS, parameter_slot};
use scope::Scopes;

/// What the parser must know of its surroundings.
pub(crate) struct Grammar<'a> {
    pub syntax: &'a Syntax,
    /// The names with which an expression of GitHub's begins, which is text.
    pub roots: Roots,
    pub limits: &'a Limits,
    /// Reports an unknown filter while parsing, as an error or as a warning.
    pub strict: bool,
    /// The host's filters.
    pub filters: &'a dyn Fn(&str) -> bool,
    /// The names of the host's filters, for suggestions.
    pub filter_names: &'a [Rc<str>],
    /// Room for tokens, from one text to the next.
    pub room: &'a Cell<Vec<Token>>,
}

/// Room for more tokens is not kept.
const MAX_ROOM: usize = 1 << 12;

/// Parses a whole text. All its faults are in the template's diagnostics.
pub(crate) fn parse(source: Rc<SourceText>, grammar: &Grammar<'_>) -> Template {
    let room = grammar.room.take();
    let (tokens, failures) = lexer::lex(source.text(), grammar.syntax, grammar.roots, room);
    let unclosed = failures.len();
    let mut parser = Parser {
        source: &source,
        grammar,
        tokens,
        next: 0,
        failures,
        warnings: Vec::new(),
        scopes: Scopes::new(),
        sections: files::Sections::default(),
        open: Vec::new(),
        drop_space: false,
        depth: 0,
        nodes: 0,
    };
    let (body, _) = parser.block(&[]);
    let slots = parser.scopes.slots();
    let end = parser.end_of_file();
    let Parser {
        tokens,
        failures,
        warnings,
        sections,
        ..
    } = parser;
    if tokens.capacity() <= MAX_ROOM {
        grammar.room.set(tokens);
    }
    let mut failures = failures.into_iter();
    let mut found: Vec<_> = failures.by_ref().take(unclosed).collect();
    // if the lexer ran into the end of the file, so did the parser: that is no news
    found.extend(failures.filter(|failure| unclosed == 0 || failure.span() != Some(end)));
    let mut diagnostics = told(found, &source, Severity::Error);
    diagnostics.extend(told(warnings, &source, Severity::Warning));
    crate::diagnostic::sort(&mut diagnostics);
    Template {
        source,
        body,
        slots,
        roots: grammar.roots,
        blocks: sections.into_blocks(),
        diagnostics,
    }
}

/// So many problems as are worth reading, and that there are more.
fn told(failures: Vec<Failure>, source: &SourceText, severity: Severity) -> Vec<Diagnostic> {
    let more = failures.get(MAX_PROBLEMS).and_then(Failure::span);
    let shown = failures.into_iter().take(MAX_PROBLEMS);
    shown
        .map(|failure| failure.diagnostic(source))
        .chain(more.map(|at| too_many_problems(source.place(at))))
        .map(|diagnostic| diagnostic.with_severity(severity))
        .collect()
}

type Parsed<T> = Result<T, Failure>;

struct Parser<'a> {
    source: &'a Rc<SourceText>,
    grammar: &'a Grammar<'a>,
    tokens: Vec<Token>,
    next: usize,
    failures: Vec<Failure>,
    warnings: Vec<Failure>,
    scopes: Scopes,
    sections: files::Sections,
    /// Blocks that wait for their end: tag and place, outermost first.
    open: Vec<(&'static str, Span)>,
    /// The last tag ended with a dash.
    drop_space: bool,
    depth: usize,
    nodes: usize,
}

impl<'a> Parser<'a> {
    /// Statements up to one of the tags `ends` (which is left as the next token) or the end of the file.
    fn block(&mut self, ends: &[&str]) -> (Block, Option<&'a str>) {
        let mut block = Block::new();
        if let Err(failure) = self.enter() {
            self.failures.push(failure);
            self.next = self.tokens.len();
        }
        let mut end = None;
        while let Some(token) = self.token() {
            match token.kind {
                lexer::Kind::Data => block.push(self.data(token)),
                lexer::Kind::Raw => {
                    self.drop_space = token.closing_dash;
                    block.push(Statement::Text(token.span));
                }
                lexer::Kind::Comment => self.drop_space = token.closing_dash,
                lexer::Kind::VariableStart => {
                    let value = self.expression();
                    self.drop_space = false;
                    let value = value.and_then(|value| self.variable_end().map(|()| value));
                    match value {
                        Ok(value) => block.push(Statement::Output(value)),
                        Err(failure) => self.recover(failure),
                    }
                }
                lexer::Kind::BlockStart => {
                    self.drop_space = false;
                    if let Some(found) = self.end_tag(ends) {
                        end = Some(found);
                        break;
                    }
                    match self.statement(token) {
                        Ok(statement) => block.extend(statement),
                        Err(failure) => self.recover(failure),
                    }
                }
                // the rest of a tag that was given up
                _ => {}
            }
        }
        self.depth -= 1;
        (block, end)
    }

    /// The text of a data token without what the dashes of its neighbours take.
    fn data(&mut self, token: Token) -> Statement {
        let mut text = self.source.slice(token.span);
        let mut start = token.span.start;
        if std::mem::take(&mut self.drop_space) {
            let trimmed = text.trim_start_matches(is_space);
            start += text.len() - trimmed.len();
            text = trimmed;
        }
        if self.peek().is_some_and(|next| next.dash) {
            text = text.trim_end_matches(is_space);
        }
        Statement::Text(Span::new(start, start + text.len()))
    }

    /// Reports a failure and moves past the tag it is in.
    fn recover(&mut self, failure: Failure) {
        let here = self.peek().map(|token| token.span);
        self.failures
            .push(failure.at(here.unwrap_or_else(|| self.end_of_file())));
        while let Some(token) = self.peek() {
            match token.kind {
                lexer::Kind::BlockEnd | lexer::Kind::VariableEnd => {
                    self.drop_space = token.dash;
                    self.next += 1;
                    return;
                }
                lexer::Kind::Data
                | lexer::Kind::Raw
                | lexer::Kind::Comment
                | lexer::Kind::BlockStart
                | lexer::Kind::VariableStart => return,
                _ => self.next += 1,
            }
        }
    }

    /// The value, or, after reporting why there is none, undefined.
    fn or_undefined(&mut self, value: Parsed<Expression>) -> Expression {
        value.unwrap_or_else(|failure| {
            self.recover(failure);
            Expression {
                kind: Kind::Literal(Value::Undefined),
                span: Span::default(),
                height: 0,
            }
        })
    }

    fn token(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.next += 1;
        Some(token)
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.next).copied()
    }

    /// The text of the next token if it is of this kind.
    #[inline]
    fn peek_text(&self, kind: lexer::Kind) -> Option<&'a str> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        Some(self.source.slice(token.span))
    }

    #[inline]
    fn sees_operator(&self, operator: &str) -> bool {
        let next = self.tokens.get(self.next);
        next.is_some_and(|token| token.operator == lexer::code(operator.as_bytes()))
    }

    #[inline]
    fn skip_operator(&mut self, operator: &str) -> bool {
        let sees = self.sees_operator(operator);
        self.next += usize::from(sees);
        sees
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let sees = self.peek_text(lexer::Kind::Name) == Some(word);
        self.next += usize::from(sees);
        sees
    }

    fn end_of_file(&self) -> Span {
        let end = self.source.text().len();
        Span::new(end, end)
    }

    fn here(&self) -> Span {
        self.peek()
            .map_or_else(|| self.end_of_file(), |token| token.span)
    }

    /// Goes one level down; the caller comes up again by `self.depth -= 1`.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        let limit = self.grammar.limits.depth;
        if self.depth > limit {
            return Err(Failure::limit("levels of nesting", limit).at(self.here()));
        }
        Ok(())
    }

    /// Makes an expression around parts of this height.
    fn node(&mut self, kind: Kind, span: Span, height: usize) -> Parsed<Expression> {
        self.nodes += 1;
        let limits = self.grammar.limits;
        let height = height + 1;
        LimitExceeded::check("nodes of the syntax tree", self.nodes, limits.nodes)
            .and_then(|()| {
                LimitExceeded::check("levels of nested expressions", height, limits.depth)
            })
            .map_err(|limit| {
                Failure::limit(limit.what, usize::try_from(limit.limit).unwrap_or_default())
                    .at(span)
            })?;
        Ok(Expression { kind, span, height })
    }
}
