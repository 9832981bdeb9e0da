//! Here-documents.

use std::ops::Range;

use super::{Frame, Scanner, refusal};

/// A here-document whose body begins on the next line.
pub(super) struct Heredoc {
    delimiter: String,
    /// With quotes around the delimiter, the body is taken as it is.
    quoted: bool,
    /// `<<-` takes the tabs from the start of each line.
    tabs: bool,
    /// A shell reads the body as commands.
    code: bool,
}

/// How deep here-documents in commands in here-documents are followed.
const MAX_DEPTH: usize = 16;

impl Heredoc {
    /// Reads `<<` and the delimiter.
    pub(super) fn read(scanner: &mut Scanner<'_>) -> Option<Self> {
        let cursor = &mut scanner.cursor;
        cursor.at += 2;
        let tabs = cursor.skip("-");
        cursor.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        let start =
            cursor.skip_while(|byte| !byte.is_ascii_whitespace() && !b";&|<>()".contains(&byte));
        let range = start..cursor.at;
        for index in scanner.page.holes_in(&range) {
            scanner.name_only(index);
        }
        let word = scanner.page.content(&range);
        let delimiter: String = word.chars().filter(|c| !"'\"\\".contains(*c)).collect();
        let quoted = delimiter.len() != word.len();
        (!delimiter.is_empty()).then_some(Self {
            delimiter,
            quoted,
            tabs,
            code: scanner.names_shell,
        })
    }

    /// A shell reads it behind a pipe.
    pub(super) fn is_code(&mut self) {
        self.code = true;
    }

    /// Reads the body, which the scanner is at, and the line that ends it.
    pub(super) fn body(&self, scanner: &mut Scanner<'_>) {
        let start = scanner.cursor.at;
        let end = self.end(scanner, start);
        let range = start..end;
        let again = scanner.again;
        if self.code {
            scanner.again = Some(0);
        }
        if self.quoted {
            scanner.rewrite(&range, str::to_owned);
        } else if scanner.depth == MAX_DEPTH {
            scanner.page.refuse_all(
                &range,
                &refusal(
                    "the here-document around this value is nested too deep",
                    "here-documents in here-documents are followed so far only",
                    "write them one after the other",
                ),
            );
        } else {
            scanner.depth += 1;
            let outer = scanner.cursor.end;
            let open = scanner.open_backquotes();
            let backquotes = std::mem::replace(&mut scanner.backquotes, open);
            let stack = std::mem::replace(&mut scanner.stack, vec![Frame::Here]);
            scanner.cursor.end = end;
            while scanner.step() {}
            scanner.cursor.end = outer;
            scanner.backquotes = backquotes;
            scanner.stack = stack;
            scanner.depth -= 1;
        }
        scanner.again = again;
        let content = scanner.page.content(&range);
        if content.lines().any(|line| self.ends(line, scanner.margin)) {
            scanner.page.refuse_all(
                &range,
                &refusal(
                    "this value, or another of the here-document, is the line that ends it",
                    "what follows would be run as commands",
                    "use a delimiter that no value has",
                ),
            );
        }
        scanner.cursor.at = end;
        scanner.cursor.next_line();
        scanner.word = None;
    }

    fn end(&self, scanner: &Scanner<'_>, start: usize) -> usize {
        let mut cursor = scanner.cursor.clone();
        cursor.at = start;
        while cursor.at < cursor.end {
            let line: Range<usize> = cursor.at..cursor.line_end();
            let has_value = !scanner.page.holes_in(&line).is_empty();
            if !has_value && self.ends(cursor.slice(line.clone()), scanner.margin) {
                return line.start;
            }
            cursor.next_line();
        }
        cursor.end
    }

    fn ends(&self, line: &str, margin: usize) -> bool {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let line = line.get(blanks.min(margin)..).unwrap_or_default();
        let line = if self.tabs {
            line.trim_start_matches('\t')
        } else {
            line
        };
        line.trim_end_matches('\r') == self.delimiter
    }
}

impl Scanner<'_> {
    /// A line ends here: the here-documents that it begins follow. A pipe goes on behind both.
    pub(super) fn end_line(&mut self) {
        let before = self.cursor.slice(0..self.cursor.at).trim_end();
        let goes_on = before.ends_with('|') && !before.ends_with("||");
        self.cursor.at += 1;
        for mut heredoc in std::mem::take(&mut self.heredocs) {
            if goes_on {
                heredoc.is_code();
            }
            heredoc.body(self);
        }
        if !goes_on {
            self.end_pipe(false);
        }
    }
}
