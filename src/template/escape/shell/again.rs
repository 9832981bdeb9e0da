//! Text that is read twice, the second time as code: within backquotes, and what `eval` and `sh -c` are given.

use super::bare::is_harmless;
use super::{Frame, Scanner, refusal};

/// Commands that run what they are told.
const RUNNERS: [&str; 3] = ["eval", "trap", "ssh"];

/// Commands that run what stands behind `-c`, and what comes in a here-document.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "ash", "ksh", "zsh", "su", "ssh"];

/// Programs whose arguments are code of their own.
const EDITORS: [&str; 8] = ["awk", "gawk", "mawk", "nawk", "sed", "gsed", "jq", "yq"];

/// Programs that run the argument behind one of [`CODE`].
const PROGRAMS: [&str; 13] = [
    "python", "python2", "python3", "perl", "ruby", "node", "nodejs", "deno", "php", "lua", "psql",
    "mysql", "sqlite3",
];

const CODE: [&str; 9] = [
    "-c",
    "-e",
    "-E",
    "-r",
    "-p",
    "--eval",
    "--print",
    "--execute",
    "--command",
];

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
        let name = word.rsplit('/').next().unwrap_or_default().to_owned();
        let name = name.as_str();
        let runs_text = name.starts_with('-') && name.ends_with('c') && self.names_shell;
        let runs_code = self.names_program && CODE.contains(&name);
        if RUNNERS.contains(&name) || runs_text {
            self.again.get_or_insert(self.stack.len());
        } else if EDITORS.contains(&name) || runs_code {
            self.again.get_or_insert(self.stack.len());
            self.is_foreign = true;
        }
        self.names_program |= PROGRAMS.contains(&name);
        if SHELLS.contains(&name) {
            self.names_shell = true;
            self.reads_pipe(start);
        }
        let is_code = |frame: &Frame| matches!(frame, Frame::Command(_));
        self.unsure |= name == "case" && !self.stack.iter().all(is_code);
    }

    /// A shell behind a pipe runs what the commands before it write, and their here-documents.
    fn reads_pipe(&mut self, shell: usize) {
        let Some(start) = self.piped.filter(|start| *start < shell) else {
            return;
        };
        for heredoc in &mut self.heredocs {
            heredoc.is_code();
        }
        for index in self.page.holes_in(&(start..shell)) {
            // what had to be put in quotes is no plain word
            let hole = self.page.hole(index);
            if !hole.is_some_and(|hole| is_harmless(&hole.value)) {
                self.page.refuse(
                    index,
                    refusal(
                        "this value is part of a text that is run as code",
                        "the shell behind the pipe runs what it reads",
                        "hand the value over as an argument, as `sh -s -- VALUE`",
                    ),
                );
            }
        }
    }

    /// The command ends here.
    pub(super) fn end_command(&mut self) {
        self.names_shell = false;
        self.names_program = false;
        self.again = self.again.filter(|depth| *depth < self.stack.len());
        self.is_foreign &= self.again.is_some();
    }

    /// The pipeline ends here, or goes on behind `|`.
    pub(super) fn end_pipe(&mut self, is_piped: bool) {
        let before = self.cursor.slice(0..self.cursor.at);
        let before = before.trim_end_matches('|').trim_end();
        let is_compound = ["}", "done", "fi", "esac"]
            .iter()
            .any(|end| before.ends_with(end));
        if is_piped && is_compound {
            // where it began, nobody kept in mind
            self.pipeline = 0;
        } else if !is_piped && self.stack.len() == 1 {
            self.pipeline = self.cursor.at;
        }
        self.piped = is_piped.then_some(self.pipeline);
    }

    /// A value that is read again can only be a plain word: nothing keeps it together twice.
    pub(super) fn harmless_only(&mut self, index: usize) {
        let hole = self.page.hole(index);
        let is_word = |text: &str| is_harmless(text) && !(self.is_foreign && text.contains('/'));
        if hole.is_some_and(|hole| is_word(&hole.value)) {
            return self.page.keep(index);
        }
        let refusal = if self.is_foreign {
            refusal(
                "this value is part of code of another language",
                "`awk`, `sed`, `jq`, `python -c` and the like read their arguments as code",
                "assign the value to a variable in a line before, and hand that over as data, as `awk -v name=\"$name\"` or `jq --arg name \"$name\"`",
            )
        } else if self.open_backquotes() > 0 {
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
