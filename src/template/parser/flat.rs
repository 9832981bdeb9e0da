//! Nunjucks writes most operators into JavaScript without parentheses, so JavaScript's precedence
//! decides, not the grammar's: `not a == b` is `!a == b`, `a + b - c` is `(a + b) - c` even for text.
//!
//! A [`Flat`] is such a run of operands and operators; [`Parser::assemble`] reads it as JavaScript does.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::{Parsed, Parser};
use crate::template::ast::{Expression, Infix, Kind, Prefix};

/// Operands and operators in the order of the generated code.
pub(super) enum Flat {
    One(Expression),
    Many(Vec<Piece>),
}

/// A part of a [`Flat`].
pub(super) enum Piece {
    Operand(Expression),
    Prefix(Prefix, crate::Span),
    Infix(Infix),
}

impl Flat {
    /// `self operator other`.
    pub(super) fn join(self, operator: Infix, other: Self) -> Self {
        let mut pieces = self.into_pieces();
        pieces.push(Piece::Infix(operator));
        pieces.extend(other.into_pieces());
        Self::Many(pieces)
    }

    /// `operator self`.
    pub(super) fn prefixed(self, prefix: Prefix, span: crate::Span) -> Self {
        let mut pieces = vec![Piece::Prefix(prefix, span)];
        pieces.extend(self.into_pieces());
        Self::Many(pieces)
    }

    /// The prefix it begins with.
    pub(super) fn first_prefix(&self) -> Option<Prefix> {
        match self {
            Self::Many(pieces) => match pieces.first() {
                Some(Piece::Prefix(prefix, _)) => Some(*prefix),
                _ => None,
            },
            Self::One(_) => None,
        }
    }

    fn into_pieces(self) -> Vec<Piece> {
        match self {
            Self::One(operand) => vec![Piece::Operand(operand)],
            Self::Many(pieces) => pieces,
        }
    }
}

impl Parser<'_> {
    /// The expression that JavaScript reads from it.
    pub(super) fn assemble(&mut self, flat: Flat) -> Parsed<Expression> {
        match flat {
            Flat::One(operand) => Ok(operand),
            Flat::Many(pieces) => self.run(&mut pieces.into_iter().peekable(), 0),
        }
    }

    fn run(&mut self, pieces: &mut Pieces, least: u8) -> Parsed<Expression> {
        let mut left = self.operand(pieces)?;
        while let Some(precedence) = next_precedence(pieces).filter(|&p| p >= least) {
            let mut rest = Vec::new();
            let (mut span, mut height) = (left.span, left.height);
            while next_precedence(pieces) == Some(precedence) {
                let Some(Piece::Infix(operator)) = pieces.next() else {
                    break;
                };
                let right = self.run(pieces, precedence + 1)?;
                span = span.to(right.span);
                height = height.max(right.height);
                rest.push((operator, right));
            }
            left = self.node(Kind::Chain(Box::new(left), rest), span, height)?;
        }
        Ok(left)
    }

    fn operand(&mut self, pieces: &mut Pieces) -> Parsed<Expression> {
        match pieces.next() {
            Some(Piece::Operand(operand)) => Ok(operand),
            Some(Piece::Prefix(prefix, span)) => {
                let target = self.operand(pieces)?;
                let (span, height) = (span.to(target.span), target.height);
                self.node(Kind::Prefix(prefix, Box::new(target)), span, height)
            }
            _ => Err(self.unexpected()),
        }
    }
}

type Pieces = Peekable<IntoIter<Piece>>;

fn next_precedence(pieces: &mut Pieces) -> Option<u8> {
    match pieces.peek() {
        Some(Piece::Infix(operator)) => Some(operator.precedence()),
        _ => None,
    }
}
