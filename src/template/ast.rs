//! The syntax tree: spanned, with names resolved to slots where Nunjucks resolves them to JavaScript
//! variables at compile time.

use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceText, Span};

use super::escape::Roots;
use super::filters::Filter;
use super::value::Value;

/// A parsed text, ready to be rendered any number of times.
pub(crate) struct Template {
    pub source: Rc<SourceText>,
    pub body: Block,
    /// How many slots the body needs.
    pub slots: usize,
    /// The names with which an expression of GitHub's begins, which is text.
    pub roots: Roots,
    /// The blocks that a file which extends this one may replace.
    pub blocks: Vec<Rc<Section>>,
    /// Findings of parsing; with an error among them there is nothing to render.
    pub diagnostics: Vec<Diagnostic>,
}

/// Statements in order.
pub(crate) type Block = Vec<Statement>;

/// A place for a variable: how many functions out, and its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub up: usize,
    pub index: usize,
}

/// A text or a tag.
pub(crate) enum Statement {
    /// Text as it is, trimmed already.
    Text(Span),
    /// `${{ expression }}`.
    Output(Expression),
    If {
        branches: Vec<(Expression, Block)>,
        otherwise: Option<Block>,
    },
    For(Box<For>),
    Set {
        /// A name and, if it is a loop's variable or a parameter, its slot.
        targets: Vec<(Rc<str>, Option<Slot>)>,
        /// A set block's value is a capture.
        value: Expression,
    },
    Macro {
        definition: Rc<Function>,
        slot: Slot,
        /// Within a loop or a call block it is known to the frame, elsewhere to the whole context.
        in_frame: bool,
    },
    Switch {
        subject: Expression,
        cases: Vec<(Expression, Block)>,
        default: Option<Block>,
    },
    Include {
        file: Expression,
        ignore_missing: bool,
    },
    Import {
        file: Expression,
        target: Binding,
        with_context: bool,
    },
    From {
        file: Expression,
        /// What the file calls each, and where it is known here.
        names: Vec<(Rc<str>, Span, Binding)>,
        with_context: bool,
    },
    Extends(Expression),
    /// The place of a block.
    Section {
        name: Rc<str>,
        at: Span,
        /// Within another block it runs even in a file that extends one.
        nested: bool,
    },
}

/// A name that a tag defines.
pub(crate) struct Binding {
    pub name: Rc<str>,
    pub slot: Slot,
    /// As of [`Statement::Macro`].
    pub in_frame: bool,
}

/// A block's body.
pub(crate) struct Section {
    pub name: Rc<str>,
    pub body: Block,
    pub slots: usize,
    /// Where the block of the extended file goes that `super()` stands for.
    pub parent: Option<Slot>,
    pub at: Span,
    pub source: Rc<SourceText>,
}

/// A filter as far as it is known before the template runs.
pub(crate) enum FilterName {
    Own(&'static Filter),
    /// The host's, or nobody's.
    Other(Rc<str>),
}

impl FilterName {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Own(filter) => filter.name,
            Self::Other(name) => name,
        }
    }
}

/// A loop.
pub(crate) struct For {
    pub targets: Vec<(Rc<str>, Slot)>,
    pub iterable: Expression,
    pub body: Block,
    pub otherwise: Option<Block>,
    /// Keeps the length between two runs of the same loop, as Nunjucks' `var` does.
    pub length: Slot,
}

/// A macro, or the body of a call block.
pub(crate) struct Function {
    pub name: Rc<str>,
    pub parameters: Vec<Rc<str>>,
    pub defaults: Vec<(Rc<str>, Expression)>,
    pub body: Block,
    pub slots: usize,
    /// A call block sees the frame of its caller, a macro does not.
    pub is_caller: bool,
    pub source: Rc<SourceText>,
}

/// An expression and its place.
pub(crate) struct Expression {
    pub kind: Kind,
    pub span: Span,
    /// Levels of expressions within it.
    pub height: usize,
}

/// What an expression is.
pub(crate) enum Kind {
    Literal(Value),
    /// A name to be looked up in frames and context.
    Name(Rc<str>),
    /// A name that stands for a slot.
    Slot(Slot),
    List(Vec<Expression>),
    /// `(a, b)`: the value of the last.
    Sequence(Vec<Expression>),
    /// An object; keyword arguments are one too.
    Dict(Vec<(Rc<str>, Expression)>),
    Get(Box<[Expression; 2]>),
    /// `value[start:stop:step]` of the Jinja additions.
    Slice(Box<[Expression; 4]>),
    Call(Box<Expression>, Vec<Expression>),
    /// A filter's name and its place, the value and the arguments.
    Filter(FilterName, Span, Vec<Expression>),
    /// Condition, value, other value.
    Choice(Box<[Expression; 3]>),
    In(Box<[Expression; 2]>),
    /// A test's name and its place, the value and at most one argument.
    Is(Rc<str>, Span, Vec<Expression>),
    /// Operators of one precedence, from left to right.
    Chain(Box<Expression>, Vec<(Infix, Expression)>),
    Prefix(Prefix, Box<Expression>),
    FloorDivide(Box<Expression>),
    Power(Box<[Expression; 2]>),
    Capture(Block),
    Caller(Rc<Function>),
}

/// Operators before an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefix {
    Not,
    Negate,
    Plus,
}

/// Operators between operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Infix {
    Or,
    And,
    Equal,
    NotEqual,
    StrictEqual,
    StrictNotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Infix {
    /// JavaScript's precedence; the greater binds tighter.
    pub(crate) fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::NotEqual | Self::StrictEqual | Self::StrictNotEqual => 3,
            Self::Less | Self::Greater | Self::LessOrEqual | Self::GreaterOrEqual => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Remainder => 6,
        }
    }
}
