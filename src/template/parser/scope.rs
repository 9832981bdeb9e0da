//! Which names are JavaScript variables at this point of the file.

use std::rc::Rc;

use crate::template::ast::Slot;

/// Nunjucks' compile-time frames.
pub(super) struct Scopes {
    /// The file's own function, which most never leave.
    file: Function,
    inner: Vec<Function>,
}

/// The names of one function of the generated code.
pub(super) struct Function {
    slots: usize,
    /// Names and their slots, the innermost last.
    names: Vec<(Rc<str>, usize)>,
    /// Where the names of each loop begin.
    loops: Vec<usize>,
    /// A call block's body sees the names around it, a macro's does not.
    sees_outer: bool,
}

impl Scopes {
    pub(super) fn new() -> Self {
        Self {
            file: Function::new(false),
            inner: Vec::new(),
        }
    }

    /// The slot of a name, if it has one here.
    pub(super) fn find(&self, name: &str) -> Option<Slot> {
        let functions = std::iter::once(&self.file).chain(&self.inner);
        for (up, function) in functions.rev().enumerate() {
            let mut known = function.names.iter().rev();
            if let Some(&(_, index)) = known.find(|(known, _)| &**known == name) {
                return Some(Slot { up, index });
            }
            if !function.sees_outer {
                return None;
            }
        }
        None
    }

    /// A new slot for a name in the innermost level.
    pub(super) fn declare(&mut self, name: Rc<str>) -> Slot {
        let slot = self.reserve();
        self.current().names.push((name, slot.index));
        slot
    }

    /// A new slot without a name.
    pub(super) fn reserve(&mut self) -> Slot {
        let function = self.current();
        let index = function.slots;
        function.slots += 1;
        Slot { up: 0, index }
    }

    /// Whether a macro defined here belongs to the frame rather than to the context.
    pub(super) fn is_nested(&self) -> bool {
        let function = self.inner.last().unwrap_or(&self.file);
        !function.loops.is_empty() || function.sees_outer
    }

    pub(super) fn enter_loop(&mut self) {
        let function = self.current();
        function.loops.push(function.names.len());
    }

    pub(super) fn leave_loop(&mut self) {
        let function = self.current();
        if let Some(before) = function.loops.pop() {
            function.names.truncate(before);
        }
    }

    pub(super) fn enter_function(&mut self, sees_outer: bool) {
        self.inner.push(Function::new(sees_outer));
    }

    /// Leaves a function for a moment.
    pub(super) fn suspend(&mut self) -> Option<Function> {
        self.inner.pop()
    }

    /// Goes back into it.
    pub(super) fn resume(&mut self, function: Option<Function>) {
        self.inner.extend(function);
    }

    /// Leaves a function; returns how many slots it needs.
    pub(super) fn leave_function(&mut self) -> usize {
        let slots = self.slots();
        self.inner.pop();
        slots
    }

    /// How many slots the innermost function needs.
    pub(super) fn slots(&self) -> usize {
        self.inner.last().unwrap_or(&self.file).slots
    }

    fn current(&mut self) -> &mut Function {
        self.inner.last_mut().unwrap_or(&mut self.file)
    }
}

impl Function {
    fn new(sees_outer: bool) -> Self {
        Self {
            slots: 0,
            names: Vec::new(),
            loops: Vec::new(),
            sees_outer,
        }
    }
}
