//! Text that is read twice, the second time as code: within backquotes, and what `eval` and `sh -c` are given.

use super::bare::is_harmless;
use super::{Frame, Scanner, refusal};

/// Commands that run what they are told.
const RUNNERS: [&str; 3] = ["eval", "trap", "ssh"];

/// Commands that run what stands behind `-c`, and what comes in a here-document.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "ash", "ksh", "zsh", "su", "ssh"];

impl Scanner<'_> {
    /// Whether what stands here is read a second time.
    pub(super) fn is_read_again(&self) -> bool {
        self.again.is_some() || self.unsure || self.open_backquotes() > 0
    }

    pub(super) fn open_backquotes(&self) -> usize {
        let is_open = |frame: &&Frame| **frame == Frame::Command(Some(b'`'));
        self.backquotes + self.stack.iter().filter(is_open).count()
    }

    /// A word ends here; some say how the rest of the command is read.
    pub(super) fn end_word(&mut self) {
        let Some(start) = self.word.take() else {
            return;
        };
        let word = self.cursor.slice(start..self.cursor.at);
        let name = word.rsplit('/').next().unwrap_or_default();
        let runs_text = name.starts_with('-') && name.ends_with('c') && self.names_shell;
        if RUNNERS.contains(&name) || runs_text {
            self.again.get_or_insert(self.stack.len());
        }
        self.names_shell |= SHELLS.contains(&name);
        let is_code = |frame: &Frame| matches!(frame, Frame::Command(_));
        self.unsure |= name == "case" && !self.stack.iter().all(is_code);
    }

    /// The command ends here.
    pub(super) fn end_command(&mut self) {
        self.names_shell = false;
        self.again = self.again.filter(|depth| *depth < self.stack.len());
    }

    /// A value that is read again can only be a plain word: nothing keeps it together twice.
    pub(super) fn harmless_only(&mut self, index: usize) {
        let hole = self.page.hole(index);
        if hole.is_some_and(|hole| is_harmless(&hole.value)) {
            return self.page.keep(index);
        }
        let refusal = if self.open_backquotes() > 0 {
            refusal(
                "this value cannot be put in quotes within backquotes",
                "a shell reads what is between them twice",
                "write `$(…)` instead of backquotes",
            )
        } else if self.again.is_some() {
            refusal(
                "this value is part of a text that is run as code",
                "`eval`, `trap`, `ssh` and `sh -c` read their arguments a second time",
                "hand the value over as an argument, as `sh -c '… \"$1\"' sh VALUE`",
            )
        } else {
            refusal(
                "cannot tell what this value is written into",
                "a `case` within `$(…)` in quotes has parentheses that nothing opens",
                "put the `case` into a function",
            )
        };
        self.page.refuse(index, refusal);
    }

    /// The program that runs the file is named by its author.
    pub(super) fn shebang(&mut self) {
        let range = self.cursor.at..self.cursor.line_end();
        if range.start != 0 || !self.page.content(&range).starts_with("#!") {
            return;
        }
        for index in self.page.holes_in(&range) {
            let is_name = self.page.hole(index).is_some_and(|hole| {
                let mut chars = hole.value.chars();
                chars.all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
            });
            if !is_name || !self.cursor.sees("#!") {
                self.page.refuse(
                    index,
                    refusal(
                        "this value says which program runs the file",
                        "behind `#!` on the first line stands a program with its arguments",
                        "write the program out",
                    ),
                );
            }
        }
    }
}
