//! What the JavaScript that Nunjucks generates keeps apart: files, and in them blocks, are functions of
//! their own with a frame of their own; a file that is included or imported has a context of its own.

use std::cell::RefCell;
use std::rc::Rc;

use super::Machine;
use super::frame::Frame;
use crate::template::ast::{Section, Template};
use crate::template::value::record::Map;
use crate::template::value::{Record, Value};

/// The bodies of one block, from the file that replaces to the file that is replaced.
type Bodies = (Rc<str>, Vec<Rc<Section>>);

/// The names of a file's rendering; files that it extends and its blocks share them.
#[derive(Default)]
pub(super) struct Scope {
    /// The names of the context, which the rendering does not change: those it sets hide them.
    context: Record,
    variables: RefCell<Map>,
    exported: RefCell<Vec<Rc<str>>>,
    sections: RefCell<Vec<Bodies>>,
}

impl Scope {
    pub(super) fn new(variables: Map) -> Self {
        Self {
            variables: RefCell::new(variables),
            ..Self::default()
        }
    }

    pub(super) fn of(context: &Record) -> Self {
        Self {
            context: context.clone(),
            ..Self::default()
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        let own = self.variables.borrow().get(name).cloned();
        own.or_else(|| self.context.get(name))
    }

    pub(super) fn set(&self, name: &Rc<str>, value: Value) {
        let old = self.variables.borrow_mut().insert(Rc::clone(name), value);
        drop(old);
    }

    pub(super) fn variables(&self) -> Map {
        let mut variables = self.context.to_map();
        let own = self.variables.borrow();
        variables.extend(
            own.iter()
                .map(|(name, value)| (Rc::clone(name), value.clone())),
        );
        variables
    }

    pub(super) fn names(&self) -> Vec<Rc<str>> {
        self.variables().into_keys().collect()
    }

    /// Makes a name visible to a file that imports this one, unless it is private.
    pub(super) fn export(&self, name: &Rc<str>) {
        if !name.starts_with('_') {
            self.exported.borrow_mut().push(Rc::clone(name));
        }
    }

    pub(super) fn exported(&self) -> Record {
        let names = self.exported.borrow();
        let value = |name: &Rc<str>| self.get(name).unwrap_or_default();
        Record::new(names.iter().map(|name| (Rc::clone(name), value(name))))
    }

    /// Adds the blocks of a file, behind those that are there.
    pub(super) fn add_sections(&self, template: &Template) {
        let mut sections = self.sections.borrow_mut();
        for section in &template.blocks {
            let known = sections.iter_mut().find(|(name, _)| *name == section.name);
            match known {
                Some((_, bodies)) => bodies.push(Rc::clone(section)),
                None => sections.push((Rc::clone(&section.name), vec![Rc::clone(section)])),
            }
        }
    }

    /// The body that a block has, or the one behind `after`.
    pub(super) fn section(&self, name: &str, after: Option<&Rc<Section>>) -> Option<Rc<Section>> {
        let sections = self.sections.borrow();
        let (_, bodies) = sections.iter().find(|(known, _)| &**known == name)?;
        let index = match after {
            Some(after) => bodies.iter().position(|body| Rc::ptr_eq(body, after))? + 1,
            None => 0,
        };
        bodies.get(index).cloned()
    }
}

/// One run of a file's body or of a block's.
pub(crate) struct Unit {
    pub(super) scope: Rc<Scope>,
    /// Its frame while another unit runs.
    frame: RefCell<Rc<Frame>>,
    /// The file that it extends.
    pub(super) parent: RefCell<Option<Rc<Template>>>,
}

impl Unit {
    pub(super) fn new(scope: Rc<Scope>, frame: Rc<Frame>) -> Self {
        Self {
            scope,
            frame: RefCell::new(frame),
            parent: RefCell::default(),
        }
    }
}

impl Machine<'_> {
    /// Goes on in another unit; returns the one that was left.
    pub(super) fn move_to(&mut self, unit: Rc<Unit>) -> Rc<Unit> {
        if Rc::ptr_eq(&unit, &self.unit) {
            return unit;
        }
        let frame = Rc::clone(&unit.frame.borrow());
        let left = std::mem::replace(&mut self.unit, unit);
        left.frame
            .replace(std::mem::replace(&mut self.frame, frame));
        left
    }
}
