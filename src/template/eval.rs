//! Runs a syntax tree.
//!
//! Scoping is that of the JavaScript which Nunjucks generates: loop variables and parameters are
//! slots of a function, everything else is looked up by name in the frames and then in the context.

mod expression;
pub(crate) mod frame;
pub(crate) mod lookup;
pub(crate) mod macros;
mod operator;
pub(crate) mod origin;
mod statement;
pub(crate) mod undo;

use std::rc::Rc;

use crate::limits::Limits;
use crate::source::SourceText;

use super::ast::Template;
use super::engine::Environment;
use super::failure::Failure;
use super::value::record::Map;
use super::value::{Record, Value};
use frame::{Frame, Slots};
use origin::{Origins, Piece};

pub(crate) type Outcome<T = Value> = Result<T, Failure>;

/// One rendering.
pub(crate) struct Machine<'a> {
    pub(crate) environment: &'a Environment,
    /// The context's names, of which assignments at the top of the file are part.
    variables: Map,
    frame: Rc<Frame>,
    slots: Rc<Slots>,
    source: Rc<SourceText>,
    out: String,
    /// The pieces of the output; kept if somebody asks for them.
    trace: Option<Vec<Piece>>,
    /// What is known of texts; kept for escaping only.
    origins: Option<Origins>,
    fuel: u64,
    depth: usize,
    calls: usize,
    undo: undo::Log,
}

/// What a rendering gave.
pub(crate) struct Rendered {
    pub text: String,
    /// The pieces of the text, if they were asked for.
    pub trace: Vec<Piece>,
}

/// What to find out about the origin of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    None,
    /// Which tag each piece comes from.
    Tags,
    /// Also who wrote it.
    Origins,
}

/// Renders a template without syntax errors.
pub(crate) fn render(
    environment: &Environment,
    template: &Template,
    context: &Record,
    trace: Trace,
) -> Result<Rendered, (Failure, Rc<SourceText>)> {
    let mut machine = Machine {
        environment,
        variables: context.to_map(),
        frame: Rc::new(Frame::top()),
        slots: Rc::new(Slots::new(template.slots, None)),
        source: Rc::clone(&template.source),
        out: String::with_capacity(template.source.text().len()),
        trace: (trace != Trace::None).then(Vec::new),
        origins: (trace == Trace::Origins).then(Origins::default),
        fuel: environment.limits.fuel,
        depth: 0,
        calls: 0,
        undo: undo::Log::default(),
    };
    let result = machine.block(&template.body);
    machine.undo.roll_back();
    match result {
        Ok(()) => Ok(Rendered {
            text: machine.out,
            trace: machine.trace.unwrap_or_default(),
        }),
        Err(failure) => Err((failure, machine.source)),
    }
}

impl Machine<'_> {
    pub(crate) fn limits(&self) -> &Limits {
        &self.environment.limits
    }

    /// Pays for work.
    pub(crate) fn pay(&mut self, steps: usize) -> Outcome<()> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        if let Some(left) = self.fuel.checked_sub(steps) {
            self.fuel = left;
            Ok(())
        } else {
            let limit = usize::try_from(self.limits().fuel).unwrap_or(usize::MAX);
            Err(Failure::limit("steps of the rendering", limit))
        }
    }

    /// Pays for bytes that are copied.
    pub(crate) fn pay_bytes(&mut self, bytes: usize) -> Outcome<()> {
        self.pay(bytes / 16)
    }

    /// Goes one level down; [`Self::leave`] comes up again.
    fn enter(&mut self) -> Outcome<()> {
        self.depth += 1;
        let limit = self.limits().depth.saturating_mul(LEVELS_PER_DEPTH);
        if self.depth > limit {
            return Err(Failure::limit("levels of evaluation", limit));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn write(&mut self, text: &str) -> Outcome<()> {
        self.pay_bytes(text.len())?;
        let limit = self.limits().output_bytes;
        if self.out.len() + text.len() > limit {
            return Err(Failure::limit("output bytes", limit));
        }
        self.out.push_str(text);
        Ok(())
    }
}

/// A macro that calls itself passes several levels of statements and expressions on the way, and each
/// level takes native stack, of which WebAssembly has little.
const LEVELS_PER_DEPTH: usize = 4;
