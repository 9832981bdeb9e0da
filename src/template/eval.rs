//! Runs a syntax tree.
//!
//! Scoping is that of the JavaScript which Nunjucks generates: loop variables and parameters are
//! slots of a function, everything else is looked up by name in the frames and then in the context.

mod expression;
mod files;
pub(crate) mod frame;
pub(crate) mod lookup;
pub(crate) mod macros;
mod operator;
pub(crate) mod origin;
mod statement;
mod taint;
pub(crate) mod undo;
pub(crate) mod unit;

use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{SourceText, Span};

use super::ast::{Expression, Template};
use super::engine::Environment;
use super::failure::Failure;
use super::store::Templates;
use super::value::json::stringify;
use super::value::{Record, Value};
use frame::{Frame, Slots};
use origin::{Origins, Piece};
use taint::Taint;
pub(crate) use taint::mask;
use unit::{Scope, Unit};

pub(crate) type Outcome<T = Value> = Result<T, Failure>;

/// One rendering.
pub(crate) struct Machine<'a> {
    pub(crate) environment: &'a Environment,
    templates: &'a Templates<'a>,
    /// The file or block that runs.
    unit: Rc<Unit>,
    /// Units that have ended, but whose macros may be called.
    kept: Vec<Rc<Unit>>,
    /// Where the files that are running were asked for.
    asked: Vec<(Rc<SourceText>, Span)>,
    /// Warnings of the files that were asked for.
    warnings: Vec<Diagnostic>,
    frame: Rc<Frame>,
    slots: Rc<Slots>,
    source: Rc<SourceText>,
    out: String,
    /// The pieces of the output; kept if somebody asks for them.
    trace: Option<Vec<Piece>>,
    /// What is known of texts; kept for escaping only.
    origins: Option<Origins>,
    fuel: u64,
    callbacks: usize,
    depth: usize,
    calls: usize,
    /// Files and blocks within each other.
    files: usize,
    undo: undo::Log,
    taint: Taint,
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

/// How a rendering went.
pub(crate) struct Run<T> {
    pub result: Result<T, Vec<Diagnostic>>,
    /// Warnings of the files that it asked for.
    pub warnings: Vec<Diagnostic>,
    /// The secret texts that it used.
    pub secrets: Vec<String>,
}

/// Renders a template without syntax errors.
pub(crate) fn render(
    templates: &Templates<'_>,
    template: &Template,
    context: &Record,
    trace: Trace,
) -> Run<Rendered> {
    run(templates, template, context, |machine| {
        machine.out.reserve(template.source.text().len());
        machine.trace = (trace != Trace::None).then(Vec::new);
        machine.origins = (trace == Trace::Origins).then(Origins::default);
        machine.body(template)?;
        Ok(Rendered {
            text: std::mem::take(&mut machine.out),
            trace: machine.trace.take().unwrap_or_default(),
        })
    })
}

/// The value of an expression of a template, as JSON; empty if JSON has no form for it.
pub(crate) fn evaluate(
    templates: &Templates<'_>,
    template: &Template,
    expression: &Expression,
    context: &Record,
) -> Run<String> {
    run(templates, template, context, |machine| {
        let value = match machine.value(expression)? {
            Value::Safe(text) => Value::Str(text),
            value => value,
        };
        machine.note_written(&value);
        let json = stringify(&value, "").map_err(|failure| failure.at(expression.span))?;
        Ok(json.unwrap_or_default())
    })
}

fn run<T>(
    templates: &Templates<'_>,
    template: &Template,
    context: &Record,
    work: impl FnOnce(&mut Machine<'_>) -> Outcome<T>,
) -> Run<T> {
    let environment = templates.environment;
    let scope = Rc::new(Scope::of(context));
    scope.add_sections(template);
    let frame = Rc::new(Frame::top());
    let mut machine = Machine {
        environment,
        templates,
        unit: Rc::new(Unit::new(scope, Rc::clone(&frame))),
        kept: Vec::new(),
        asked: Vec::new(),
        warnings: Vec::new(),
        frame,
        slots: Rc::new(Slots::new(template.slots, None)),
        source: Rc::clone(&template.source),
        out: String::new(),
        trace: None,
        origins: None,
        fuel: environment
            .shared_fuel
            .get()
            .unwrap_or(environment.limits.fuel),
        callbacks: 0,
        depth: 0,
        calls: 0,
        files: 0,
        undo: undo::Log::default(),
        taint: Taint::new(context, &environment.secrets),
    };
    let result = work(&mut machine);
    if environment.shared_fuel.get().is_some() {
        environment.shared_fuel.set(Some(machine.fuel));
    }
    machine.undo.roll_back();
    let result = result.map_err(|failure| {
        let mut told = told(failure, &machine.source, &machine.asked);
        let secrets = machine.taint.all();
        for diagnostic in &mut told {
            mask(diagnostic, &secrets);
        }
        told
    });
    Run {
        result,
        secrets: machine.taint.used(),
        warnings: machine.warnings,
    }
}

/// The diagnostics of a failure, with the files on the way to it.
fn told(
    failure: Failure,
    source: &SourceText,
    asked: &[(Rc<SourceText>, Span)],
) -> Vec<Diagnostic> {
    let mut diagnostics = failure.diagnostics(source);
    for diagnostic in &mut diagnostics {
        for (source, span) in asked.iter().rev().take(MAX_WAY) {
            let told = diagnostic.clone();
            *diagnostic = told.related("asked for here", source.place(*span));
        }
    }
    diagnostics
}

/// A file that asks for itself needs no longer story.
const MAX_WAY: usize = 4;

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
            self.fuel = 0;
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
