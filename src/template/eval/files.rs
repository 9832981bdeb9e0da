//! Other files: `include`, `import`, `extends`, and the blocks between them.

use std::rc::Rc;

use super::frame::{Frame, Slots};
use super::unit::{Scope, Unit};
use super::{Machine, Outcome};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::template::ast::{Binding, Expression, Section, Template};
use crate::template::failure::Failure;
use crate::template::value::convert::to_text;
use crate::template::value::record::Map;
use crate::template::value::{Record, Value};

impl Machine<'_> {
    /// Runs a file in a unit of its own.
    fn file(&mut self, template: &Template, scope: Rc<Scope>, frame: Rc<Frame>) -> Outcome<()> {
        let unit = Rc::new(Unit::new(scope, frame));
        let home = self.move_to(Rc::clone(&unit));
        let slots = Rc::new(Slots::new(template.slots, None));
        let outer_slots = std::mem::replace(&mut self.slots, slots);
        let outer_source = std::mem::replace(&mut self.source, Rc::clone(&template.source));
        self.body(template)?;
        self.slots = outer_slots;
        self.source = outer_source;
        self.leave_unit(unit, home);
        Ok(())
    }

    /// Runs the body of a file, or that of the file it extends.
    pub(super) fn body(&mut self, template: &Template) -> Outcome<()> {
        let start = self.out.len();
        self.block(&template.body)
            .map_err(|failure| failure.at(Span::default()))?;
        let Some(parent) = self.unit.parent.take() else {
            return Ok(());
        };
        // what stands outside of the blocks is lost
        self.out.truncate(start);
        if let Some(trace) = &mut self.trace {
            trace.retain(|piece| piece.start < start);
        }
        let (scope, frame) = (Rc::clone(&self.unit.scope), Rc::clone(&self.frame));
        self.deeper("levels of extended templates")?;
        self.file(&parent, scope, frame)?;
        self.files -= 1;
        Ok(())
    }

    pub(super) fn include(&mut self, file: &Expression, ignore_missing: bool) -> Outcome<()> {
        let Some(template) = self.load(file, ignore_missing)? else {
            return Ok(());
        };
        let frame = Rc::new(self.frame.file(true));
        let variables = self.unit.scope.variables();
        self.visit(&template, file.span, variables, frame)?;
        Ok(())
    }

    /// The names that a file exports.
    pub(super) fn import(&mut self, file: &Expression, with_context: bool) -> Outcome<Record> {
        let Some(template) = self.load(file, false)? else {
            return Ok(Record::default());
        };
        let (variables, frame) = if with_context {
            (self.unit.scope.variables(), self.frame.file(false))
        } else {
            (Map::default(), Frame::top())
        };
        let mut scope = None;
        self.captured(|machine| {
            scope = Some(machine.visit(&template, file.span, variables, Rc::new(frame))?);
            Ok(())
        })?;
        Ok(scope.map(|scope| scope.exported()).unwrap_or_default())
    }

    pub(super) fn extends(&mut self, file: &Expression) -> Outcome<()> {
        if let Some(template) = self.load(file, false)? {
            self.unit.scope.add_sections(&template);
            self.unit.parent.replace(Some(template));
        }
        Ok(())
    }

    /// The place of a block: runs the body that it has in the end.
    pub(super) fn section(&mut self, name: &str, at: Span, nested: bool) -> Outcome<()> {
        if !nested && self.unit.parent.borrow().is_some() {
            return Ok(());
        }
        let section = self.unit.scope.section(name, None);
        let section = section.ok_or_else(|| {
            let message = format!("the block `{name}` is not known here");
            Failure::new("template/unknown-block", message).at(at)
        })?;
        self.run_section(&section)
    }

    /// Makes a name known as the tag that defines it says.
    pub(super) fn define(&mut self, binding: &Binding, value: Value) {
        self.slots.set(binding.slot, value.clone());
        if binding.in_frame {
            self.frame.set(&binding.name, value);
        } else {
            self.unit.scope.set(&binding.name, value);
        }
    }

    fn run_section(&mut self, section: &Rc<Section>) -> Outcome<()> {
        self.deeper("levels of blocks")?;
        let frame = Rc::new(self.frame.push(true));
        let unit = Rc::new(Unit::new(Rc::clone(&self.unit.scope), frame));
        let home = self.move_to(Rc::clone(&unit));
        let slots = Rc::new(Slots::new(section.slots, None));
        let outer_slots = std::mem::replace(&mut self.slots, slots);
        let outer_source = std::mem::replace(&mut self.source, Rc::clone(&section.source));
        if let Some(slot) = section.parent {
            let text = self.parent_section(section)?;
            self.slots.set(slot, text);
        }
        self.block(&section.body)
            .map_err(|failure| failure.at(section.at))?;
        self.slots = outer_slots;
        self.source = outer_source;
        self.leave_unit(unit, home);
        self.files -= 1;
        Ok(())
    }

    /// What `super()` stands for: Nunjucks runs it once, where the block begins.
    fn parent_section(&mut self, section: &Rc<Section>) -> Outcome {
        let scope = &self.unit.scope;
        let Some(parent) = scope.section(&section.name, Some(section)) else {
            let message = format!("the block `{}` has no `super()`", section.name);
            let failure = Failure::new("template/no-parent-block", message)
                .why("no file that this one extends has a block of that name");
            return Err(failure.at(section.at));
        };
        let text = self.captured(|machine| machine.run_section(&parent))?;
        Ok(Value::Safe(text))
    }

    /// Runs a file in a scope of its own.
    fn visit(
        &mut self,
        template: &Template,
        at: Span,
        variables: Map,
        frame: Rc<Frame>,
    ) -> Outcome<Rc<Scope>> {
        self.pay(1 + variables.len())?;
        self.deeper("levels of templates within templates")
            .map_err(|failure| failure.at(at))?;
        self.asked.push((Rc::clone(&self.source), at));
        let scope = Rc::new(Scope::new(variables));
        scope.add_sections(template);
        self.file(template, Rc::clone(&scope), frame)?;
        self.asked.pop();
        self.files -= 1;
        Ok(scope)
    }

    /// The file of a name; none if it may be missing.
    fn load(&mut self, file: &Expression, ignore_missing: bool) -> Outcome<Option<Rc<Template>>> {
        let name = match self.value(file)? {
            Value::Str(name) => name,
            other => {
                let shown = to_text(&other).unwrap_or_default();
                let message = format!("the name of a template must be text, not `{shown}`");
                return Err(Failure::new("template/type-error", message).at(file.span));
            }
        };
        let found = self.templates.load(self.source.name(), &name);
        match found.map_err(|failure| failure.at(file.span))? {
            Ok(template) => {
                let errors = template.diagnostics.iter().any(Diagnostic::is_error);
                if errors {
                    self.asked.push((Rc::clone(&self.source), file.span));
                    return Err(Failure::found(template.diagnostics.clone()));
                }
                self.note(&template);
                Ok(Some(template))
            }
            Err(_) if ignore_missing => Ok(None),
            Err(missing) => Err(missing.at(file.span)),
        }
    }

    /// Keeps the warnings of a file, once.
    fn note(&mut self, template: &Template) {
        for warning in &template.diagnostics {
            if !self.warnings.contains(warning) {
                self.warnings.push(warning.clone());
            }
        }
    }

    fn deeper(&mut self, what: &'static str) -> Outcome<()> {
        self.files += 1;
        let limit = self.limits().depth.min(MAX_FILES);
        if self.files > limit {
            return Err(Failure::limit(what, limit));
        }
        Ok(())
    }

    /// Goes back to the unit that asked; macros of the one that is left may still be called.
    fn leave_unit(&mut self, unit: Rc<Unit>, home: Rc<Unit>) {
        self.move_to(home);
        if Rc::weak_count(&unit) > 0 {
            self.kept.push(unit);
        }
    }
}

/// Templates within templates; each takes more of the stack than a level of statements.
const MAX_FILES: usize = 64;
