//! The diagnostics of one file, and how many there may be.

use crate::diagnostic::Diagnostic;

/// Collects the diagnostics of one document.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Diagnostic>,
    room: usize,
}

impl Findings {
    /// With room for so many more.
    pub fn new(list: Vec<Diagnostic>, room: usize) -> Self {
        Self { list, room }
    }

    /// Adds one if there is room.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.list.push(diagnostic);
        }
    }

    /// Whether nothing more is taken, so that looking on is in vain.
    pub fn is_full(&self) -> bool {
        self.list.len() > self.room
    }

    /// All that was found.
    pub fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
}
