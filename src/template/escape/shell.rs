//! Shell: POSIX, and what bash adds.

mod again;
mod bare;
mod heredoc;

use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::page::{Page, Refusal};
use heredoc::Heredoc;

/// Writes the values in a range of shell. `opaque` are the parts that something else reads before.
pub(super) fn scan(page: &mut Page, range: Range<usize>, opaque: &[Range<usize>]) {
    let cursor = page.cursor(range);
    let text = cursor.rest();
    let first = text.trim_start_matches(['\n', '\r']);
    let margin = if opaque.is_empty() && cursor.at == 0 {
        0
    } else {
        first.len() - first.trim_start_matches(' ').len()
    };
    let start = cursor.at;
    let mut scanner = Scanner {
        page,
        cursor,
        opaque,
        margin,
        stack: vec![Frame::Command(None)],
        word: None,
        heredocs: Vec::new(),
        depth: 0,
        backquotes: 0,
        names_shell: false,
        names_program: false,
        is_foreign: false,
        pipeline: start,
        piped: None,
        again: None,
        unsure: false,
    };
    scanner.shebang();
    while scanner.step() {}
    scanner.end_word();
}

/// What the scanner is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Commands, up to a closing character.
    Command(Option<u8>),
    Double,
    /// The body of a here-document whose delimiter is not quoted.
    Here,
    /// `${…}`.
    Parameter,
    /// `$((…))` or `((…))`, with so many open parentheses.
    Arithmetic(usize),
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one command"
)]
struct Scanner<'p> {
    page: &'p mut Page,
    cursor: Cursor,
    opaque: &'p [Range<usize>],
    /// How many blanks YAML takes from the start of each line.
    margin: usize,
    stack: Vec<Frame>,
    /// Where the word begins that the scanner is in.
    word: Option<usize>,
    heredocs: Vec<Heredoc>,
    /// How many here-documents are in here-documents.
    depth: usize,
    /// How many backquotes are open around the here-document.
    backquotes: usize,
    /// A word of the command is the name of a shell.
    names_shell: bool,
    /// A word of the command is the name of a program that runs code of another language.
    names_program: bool,
    /// What is read again is code of another language.
    is_foreign: bool,
    /// Where the pipeline begins.
    pipeline: usize,
    /// The same, behind a pipe.
    piped: Option<usize>,
    /// A word of the command makes code of those behind it; how many frames were open there.
    again: Option<usize>,
    /// A `case` in `$(…)` has parentheses that nothing opens, so nobody knows what is open from there on.
    unsure: bool,
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_name_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_name)
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-shell",
        message: message.to_owned(),
        why,
        help,
    }
}

impl Scanner<'_> {
    fn top(&self) -> Frame {
        self.stack.last().copied().unwrap_or(Frame::Command(None))
    }

    fn pop(&mut self) {
        if self.stack.len() > 1 {
            self.stack.pop();
        }
    }

    /// One character or one construct; false at the end.
    fn step(&mut self) -> bool {
        let at = self.cursor.at;
        let Some(byte) = self.cursor.peek() else {
            return false;
        };
        let opaque = self.opaque_at(at).filter(|region| region.start == at);
        if let Some(end) = opaque.map(|region| region.end) {
            self.word.get_or_insert(at);
            self.cursor.at = end;
            return true;
        }
        if let Some(index) = self.page.hole_at(at) {
            self.hole(index, at);
            self.cursor.at += 1;
            return true;
        }
        match byte {
            b'\\' => self.backslash(),
            b'$' => self.dollar(),
            b'`' => {
                if self.top() == Frame::Command(Some(b'`')) {
                    self.pop();
                } else {
                    self.stack.push(Frame::Command(Some(b'`')));
                    self.word = None;
                }
                self.cursor.at += 1;
            }
            _ => match self.top() {
                Frame::Command(close) => self.command(byte, close),
                Frame::Double | Frame::Here | Frame::Parameter => self.text(byte),
                Frame::Arithmetic(depth) => self.arithmetic(byte, depth),
            },
        }
        true
    }

    fn command(&mut self, byte: u8, close: Option<u8>) {
        let at = self.cursor.at;
        match byte {
            b'\'' => self.single(),
            b'"' => {
                self.word.get_or_insert(at);
                self.stack.push(Frame::Double);
                self.cursor.at += 1;
            }
            b'#' if self.word.is_none() => {
                let range = at..self.cursor.line_end();
                comment::line(self.page, &range);
                self.cursor.at = range.end.max(at + 1);
            }
            b'\n' => {
                self.end_word();
                self.end_command();
                self.end_line();
            }
            b'(' => {
                let arithmetic = self.word.is_none() && self.cursor.sees("((");
                self.word = None;
                self.cursor.at += 1 + usize::from(arithmetic);
                self.stack.push(if arithmetic {
                    Frame::Arithmetic(0)
                } else {
                    Frame::Command(Some(b')'))
                });
            }
            b')' => {
                self.end_word();
                self.end_command();
                self.cursor.at += 1;
                if close == Some(b')') {
                    self.pop();
                    // what goes on behind `$(…)` is the same word
                    self.word = Some(at);
                }
            }
            b'<' if self.cursor.sees("<<") && !self.cursor.sees("<<<") => {
                self.end_word();
                let heredoc = Heredoc::read(self);
                self.heredocs.extend(heredoc);
            }
            b' ' | b'\t' | b'\r' | b'<' | b'>' => {
                self.end_word();
                self.cursor.at += 1;
            }
            b';' | b'&' | b'|' => {
                self.end_word();
                self.end_command();
                let is_or = self.cursor.sees("||");
                self.cursor.at += 1 + usize::from(is_or);
                self.end_pipe(byte == b'|' && !is_or);
            }
            _ => {
                self.word.get_or_insert(at);
                self.cursor.at += 1;
            }
        }
    }

    fn text(&mut self, byte: u8) {
        let within_double =
            self.stack.contains(&Frame::Double) || self.stack.contains(&Frame::Here);
        match (self.top(), byte) {
            (Frame::Double, b'"') | (Frame::Parameter, b'}') => {
                self.pop();
                self.cursor.at += 1;
            }
            (Frame::Parameter, b'"') => {
                self.stack.push(Frame::Double);
                self.cursor.at += 1;
            }
            (Frame::Parameter, b'\'') if !within_double => self.single(),
            _ => self.cursor.at += 1,
        }
    }

    fn arithmetic(&mut self, byte: u8, depth: usize) {
        let change = |stack: &mut Vec<Frame>, depth| {
            if let Some(top) = stack.last_mut() {
                *top = Frame::Arithmetic(depth);
            }
        };
        self.cursor.at += 1;
        match byte {
            b'(' => change(&mut self.stack, depth + 1),
            b')' if depth > 0 => change(&mut self.stack, depth - 1),
            b')' => {
                self.cursor.skip(")");
                self.pop();
                self.word = Some(self.cursor.at);
            }
            _ => {}
        }
    }

    fn backslash(&mut self) {
        self.word.get_or_insert(self.cursor.at);
        let after = self.cursor.at + 1;
        if let Some(index) = self.page.hole_at(after) {
            self.page.refuse(
                index,
                refusal(
                    "a backslash stands before this value",
                    "it would take the value's first character out of its quotes",
                    "write `\\\\` for a backslash",
                ),
            );
        }
        self.cursor.at = (after + 1).min(self.cursor.end);
    }

    fn dollar(&mut self) {
        let at = self.cursor.at;
        self.word.get_or_insert(at);
        let in_command = matches!(self.top(), Frame::Command(_));
        if self.cursor.skip("$((") {
            self.stack.push(Frame::Arithmetic(0));
        } else if self.cursor.skip("$(") {
            self.stack.push(Frame::Command(Some(b')')));
            self.word = None;
        } else if self.cursor.skip("${") {
            self.stack.push(Frame::Parameter);
        } else if in_command && self.cursor.skip("$'") {
            self.ansi();
        } else {
            self.cursor.at += 1;
            let start = self.cursor.skip_while(is_name);
            let range = start..self.cursor.at;
            self.names(&range);
        }
    }

    /// The name of a variable, which values may be part of.
    fn names(&mut self, range: &Range<usize>) {
        for index in self.page.holes_in(range) {
            self.name_only(index);
        }
    }

    fn name_only(&mut self, index: usize) {
        let is_name = self
            .page
            .hole(index)
            .is_some_and(|hole| is_name_text(&hole.value));
        if is_name {
            self.page.keep(index);
        } else {
            self.page.refuse(
                index,
                refusal(
                    "this value is part of a name or of arithmetic, where shell has no quotes",
                    "only letters, digits and `_` can stand here",
                    "assign the value to a variable first, as `name=\"…\"`, and use that",
                ),
            );
        }
    }

    fn single(&mut self) {
        self.word.get_or_insert(self.cursor.at);
        let start = self.cursor.at;
        self.cursor.at += 1;
        self.cursor.skip_while(|byte| byte != b'\'');
        let closed = self.cursor.skip("'");
        let range = start..self.cursor.at;
        if !closed {
            return self.unclosed(&range);
        }
        self.rewrite(&range, |value| value.replace('\'', "'\\''"));
    }

    /// `$'…'`, with the escapes of C.
    fn ansi(&mut self) {
        let start = self.cursor.at;
        let mut closed = false;
        while let Some(byte) = self.cursor.peek() {
            match byte {
                b'\\' => {
                    self.backslash();
                    continue;
                }
                b'\'' => closed = true,
                _ => {}
            }
            self.cursor.at += 1;
            if closed {
                break;
            }
        }
        let range = start..self.cursor.at;
        if !closed {
            return self.unclosed(&range);
        }
        self.rewrite(&range, |value| {
            value.replace('\\', "\\\\").replace('\'', "\\'")
        });
    }

    fn unclosed(&mut self, range: &Range<usize>) {
        let refusal = refusal(
            "the quotes around this value are never closed",
            "where a quoted text ends tells how a value in it is written",
            "close the quotes",
        );
        self.page.refuse_all(range, &refusal);
    }

    fn rewrite(&mut self, range: &Range<usize>, form: impl Fn(&str) -> String) {
        for index in self.page.holes_in(range) {
            if self.inside_opaque(index) {
                continue;
            }
            if self.has_nul(index) {
                continue;
            }
            if self.is_read_again() {
                self.harmless_only(index);
                continue;
            }
            if let Some(hole) = self.page.hole(index) {
                let text = form(&hole.value);
                self.page.write(index, text);
                self.page.make_text(index);
            }
        }
    }

    fn opaque_at(&self, at: usize) -> Option<&Range<usize>> {
        let index = self.opaque.partition_point(|region| region.end <= at);
        self.opaque.get(index).filter(|region| region.contains(&at))
    }

    fn inside_opaque(&self, index: usize) -> bool {
        let at = self.page.hole(index).map(|hole| hole.at);
        at.is_some_and(|at| self.opaque_at(at).is_some())
    }

    /// No shell takes a NUL character.
    fn has_nul(&mut self, index: usize) -> bool {
        let has = self
            .page
            .hole(index)
            .is_some_and(|hole| hole.value.contains('\0'));
        if has {
            self.page.refuse(
                index,
                refusal(
                    "this value has a NUL character",
                    "a shell drops it, or ends the text there",
                    "leave it out of the value",
                ),
            );
        }
        has
    }

    fn hole(&mut self, index: usize, at: usize) {
        self.word.get_or_insert(at);
        if self.has_nul(index) {
            return;
        }
        match self.top() {
            _ if self.is_read_again() => self.harmless_only(index),
            Frame::Command(_) => self.bare(index, at),
            Frame::Double => self.rewrite(&(at..at + 1), |value| escaped(value, true)),
            Frame::Here => self.rewrite(&(at..at + 1), |value| escaped(value, false)),
            Frame::Parameter | Frame::Arithmetic(_) => self.name_only(index),
        }
        self.page.make_text(index);
    }
}

/// A text within double quotes, or in a here-document, where a quote is nothing special.
fn escaped(text: &str, quotes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '`') || (c == '"' && quotes) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
