//! Which names are JavaScript variables at this point of the file.

use std::rc::Rc;

use crate::template::ast::Slot;

/// Nunjucks' compile-time frames.
pub(super) struct Scopes {
    functions: Vec<Function>,
}

/// The names of one function of the generated code.
pub(super) struct Function {
    slots: usize,
    /// Names and their slots; a new level for each loop.
    levels: Vec<Vec<(Rc<str>, usize)>>,
    /// A call block's body sees the names around it, a macro's does not.
    sees_outer: bool,
}

impl Scopes {
    pub(super) fn new() -> Self {
        Self {
            functions: vec![Function::new(false)],
        }
    }

    /// The slot of a name, if it has one here.
    pub(super) fn find(&self, name: &str) -> Option<Slot> {
        for (up, function) in self.functions.iter().rev().enumerate() {
            let known = function.levels.iter().rev().flat_map(|l| l.iter().rev());
            let mut known = known.filter(|(known, _)| &**known == name);
            if let Some(&(_, index)) = known.next() {
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
        if let Some(level) = self.current().and_then(|f| f.levels.last_mut()) {
            level.push((name, slot.index));
        }
        slot
    }

    /// A new slot without a name.
    pub(super) fn reserve(&mut self) -> Slot {
        let Some(function) = self.current() else {
            return Slot { up: 0, index: 0 };
        };
        let index = function.slots;
        function.slots += 1;
        Slot { up: 0, index }
    }

    /// Whether a macro defined here belongs to the frame rather than to the context.
    pub(super) fn is_nested(&self) -> bool {
        let function = self.functions.last();
        function.is_some_and(|f| f.levels.len() > 1 || f.sees_outer)
    }

    pub(super) fn enter_loop(&mut self) {
        if let Some(function) = self.current() {
            function.levels.push(Vec::new());
        }
    }

    pub(super) fn leave_loop(&mut self) {
        if let Some(function) = self.current() {
            function.levels.pop();
        }
    }

    pub(super) fn enter_function(&mut self, sees_outer: bool) {
        self.functions.push(Function::new(sees_outer));
    }

    /// Leaves a function for a moment.
    pub(super) fn suspend(&mut self) -> Option<Function> {
        self.functions.pop()
    }

    /// Goes back into it.
    pub(super) fn resume(&mut self, function: Option<Function>) {
        self.functions.extend(function);
    }

    /// Leaves a function; returns how many slots it needs.
    pub(super) fn leave_function(&mut self) -> usize {
        let slots = self.slots();
        self.functions.pop();
        slots
    }

    /// How many slots the innermost function needs.
    pub(super) fn slots(&self) -> usize {
        self.functions.last().map_or(0, |function| function.slots)
    }

    fn current(&mut self) -> Option<&mut Function> {
        self.functions.last_mut()
    }
}

impl Function {
    fn new(sees_outer: bool) -> Self {
        Self {
            slots: 0,
            levels: vec![Vec::new()],
            sees_outer,
        }
    }
}
