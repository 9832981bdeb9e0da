//! YAML: which scalar a value stands in.
//!
//! The scanner is lenient, because skeletons hold what is not quite YAML, such as Helm's templates.

mod actions;
mod block;
mod quote;
mod scalar;

use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::page::{Page, Refusal};
use super::workflow::{self, Role};
use scalar::Setting;

/// Writes the values in a range of YAML.
pub(super) fn scan(page: &mut Page, range: Range<usize>, workflow: bool) {
    let actions = if workflow {
        Vec::new()
    } else {
        actions::guard(page, &range)
    };
    let cursor = page.cursor(range);
    let mut scanner = Scanner {
        actions,
        line: cursor.at,
        cursor,
        page,
        workflow,
        flow: Vec::new(),
        parent: None,
        fresh: true,
        pending: true,
        key: String::new(),
        explicit: false,
    };
    while scanner.cursor.at < scanner.cursor.end {
        scanner.line();
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one place"
)]
struct Scanner<'p> {
    page: &'p mut Page,
    cursor: Cursor,
    workflow: bool,
    /// Code of another program between `{{` and `}}`.
    actions: Vec<Range<usize>>,
    /// Where the line begins.
    line: usize,
    /// For each open bracket, the column of the block around it.
    flow: Vec<Option<usize>>,
    /// The column of the key or the dash whose value is read; none at the root.
    parent: Option<usize>,
    /// Nothing is read of the line but blanks.
    fresh: bool,
    /// A value may stand here.
    pending: bool,
    /// The key whose value is read.
    key: String,
    /// The next scalar is the key behind a `?`.
    explicit: bool,
}

fn is_blank(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-yaml",
        message: message.to_owned(),
        why,
        help,
    }
}

impl Scanner<'_> {
    fn column(&self, at: usize) -> usize {
        at.saturating_sub(self.line)
    }

    /// One line, and what begins on it.
    fn line(&mut self) {
        self.line = self.cursor.at;
        self.fresh = true;
        self.cursor.skip_while(|byte| byte == b' ');
        let column = self.column(self.cursor.at);
        let closes = matches!(self.cursor.peek(), Some(b']' | b'}'));
        if let Some(around) = self.flow.first()
            && around.is_some_and(|around| column <= around)
            && !closes
            && !is_blank(self.cursor.peek())
        {
            // brackets that are never closed are no brackets
            self.flow.clear();
        }
        if column == 0 && self.flow.is_empty() {
            let marker = self.cursor.sees("---") || self.cursor.sees("...");
            if marker && is_blank(self.cursor.byte(self.cursor.at + 3)) {
                self.cursor.at += 3;
                self.parent = None;
                self.pending = true;
            } else if self.cursor.sees("%") {
                let range = self.cursor.at..self.cursor.line_end();
                self.page.refuse_all(
                    &range,
                    &refusal(
                        "a value cannot be part of a directive",
                        "directives say how the rest of the file is read",
                        "write the directive out",
                    ),
                );
                self.cursor.next_line();
                return;
            }
        }
        while self.token() {}
    }

    /// One token; false at the end of the line.
    fn token(&mut self) -> bool {
        self.cursor
            .skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let at = self.cursor.at;
        let Some(byte) = self.cursor.peek() else {
            return false;
        };
        let action = self.actions.iter().find(|action| action.start == at);
        if let Some(end) = action.map(|action| action.end) {
            self.cursor.at = end;
            self.fresh = false;
            return true;
        }
        let next_blank = is_blank(self.cursor.byte(at + 1));
        let in_flow = !self.flow.is_empty();
        let before = self.cursor.before(at).filter(|_| at > self.line);
        let opens = |byte: u8| in_flow && matches!(byte, b',' | b'[' | b'{' | b':');
        let glued = before.is_some_and(|byte| !is_blank(Some(byte)) && !opens(byte));
        let is_hole = self.page.hole_at(at).is_some();
        match byte {
            b'\n' => {
                self.cursor.at += 1;
                return false;
            }
            _ if is_hole => self.plain(glued),
            b'#' if !glued => {
                let range = at..self.cursor.line_end();
                comment::line(self.page, &range);
                self.cursor.at = range.end;
            }
            b'-' | b'?' if next_blank && !in_flow => {
                self.cursor.at += 1;
                self.parent = Some(self.column(at));
                self.pending = true;
                self.key.clear();
                self.explicit = byte == b'?';
            }
            b':' if next_blank || in_flow => {
                self.cursor.at += 1;
                self.pending = true;
            }
            b'&' | b'*' | b'!' => self.name(),
            b'"' => self.double(),
            b'\'' => self.single(),
            b'|' | b'>' if !in_flow && self.pending && self.block() => {}
            b'[' | b'{' => {
                self.cursor.at += 1;
                self.flow.push(self.parent);
            }
            b']' | b'}' => {
                self.cursor.at += 1;
                self.flow.pop();
                self.pending = false;
            }
            b',' if in_flow => {
                self.cursor.at += 1;
                self.key.clear();
            }
            _ => self.plain(glued),
        }
        self.fresh = false;
        true
    }

    /// An anchor, an alias or a tag.
    fn name(&mut self) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let in_flow = !self.flow.is_empty();
        self.cursor
            .skip_while(|byte| !(is_blank(Some(byte)) || in_flow && is_flow(byte)));
        let range = start..self.cursor.at;
        for index in self.page.holes_in(&range) {
            let hole = self.page.hole(index);
            let is_word = hole.is_some_and(|hole| {
                let mut chars = hole.value.chars();
                !hole.value.is_empty()
                    && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            });
            if is_word {
                self.page.keep(index);
            } else {
                self.page.refuse(
                    index,
                    refusal(
                        "this value cannot be part of an anchor, an alias or a tag",
                        "only letters, digits, `-` and `_` can",
                        "write the value in another place, or give it another form",
                    ),
                );
            }
        }
    }

    fn plain(&mut self, glued: bool) {
        let start = self.cursor.at;
        let in_flow = !self.flow.is_empty();
        let first_on_line = std::mem::take(&mut self.fresh);
        let mut end = self.plain_line(in_flow);
        let is_key = self.at_colon(end, in_flow);
        if !is_key {
            while let Some(more) = self.continuation(in_flow) {
                self.cursor.at = more;
                end = self.plain_line(in_flow);
            }
        }
        let range = start..end;
        let setting = Setting {
            in_flow,
            is_key,
            must_fit: glued || (first_on_line && !self.pending && !is_key && !in_flow),
            is_long: self.cursor.slice(range.clone()).contains('\n'),
        };
        self.inner(&range, is_key, Role::Plain);
        scalar::plain(self.page, &range, &setting);
        self.after(&range, is_key);
    }

    /// Reads one line of a plain scalar and says where it ends.
    fn plain_line(&mut self, in_flow: bool) -> usize {
        let start = self.cursor.at;
        let mut end = start;
        while let Some(byte) = self.cursor.peek() {
            let at = self.cursor.at;
            let after = self.cursor.byte(at + 1);
            let colon =
                byte == b':' && (is_blank(after) || (in_flow && after.is_some_and(is_flow)));
            let comment = byte == b'#' && at > start && is_blank(self.cursor.before(at));
            let bracket = in_flow && is_flow(byte);
            if byte == b'\n' || comment || ((colon || bracket) && at > start) {
                break;
            }
            self.cursor.at += 1;
            if !is_blank(Some(byte)) {
                end = self.cursor.at;
            }
        }
        self.cursor.at = end.max(start + 1).min(self.cursor.end);
        end.max(start)
    }

    /// Where the next line begins that a plain scalar goes on with.
    fn continuation(&self, in_flow: bool) -> Option<usize> {
        let mut ahead = self.cursor.clone();
        ahead.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        if ahead.peek() != Some(b'\n') {
            return None;
        }
        let mut line = ahead.at;
        while matches!(ahead.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            if ahead.peek() == Some(b'\n') {
                line = ahead.at + 1;
            }
            ahead.at += 1;
        }
        let first = ahead.peek()?;
        if in_flow {
            let ends = is_flow(first) || matches!(first, b'#' | b':' | b'"' | b'\'');
            return (!ends).then_some(ahead.at);
        }
        let parent = self.parent?;
        let text = ahead.slice(ahead.at..ahead.line_end());
        let has_key = text.contains(": ") || text.trim_end().ends_with(':');
        let goes_on = self.pending && ahead.at - line > parent && first != b'#' && !has_key;
        goes_on.then_some(ahead.at)
    }

    fn at_colon(&self, end: usize, in_flow: bool) -> bool {
        let mut ahead = self.cursor.clone();
        ahead.at = end;
        ahead.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        let after = ahead.byte(ahead.at + 1);
        ahead.peek() == Some(b':') && (is_blank(after) || (in_flow && after.is_some_and(is_flow)))
    }

    fn double(&mut self) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let mut closed = false;
        while let Some(byte) = self.cursor.peek() {
            match byte {
                b'\\' => {
                    let after = self.cursor.at + 1;
                    if let Some(index) = self.page.hole_at(after) {
                        self.page.refuse(
                            index,
                            refusal(
                                "this value would be part of an escape sequence",
                                "a backslash stands before it",
                                "write `\\\\` for a backslash",
                            ),
                        );
                    }
                    self.cursor.at = after;
                }
                b'"' => closed = true,
                _ => {}
            }
            self.cursor.at += 1;
            if closed {
                break;
            }
        }
        self.cursor.at = self.cursor.at.min(self.cursor.end);
        self.quoted(start, closed, Role::Double);
    }

    fn single(&mut self) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let mut closed = false;
        while let Some(byte) = self.cursor.peek() {
            self.cursor.at += 1;
            if byte == b'\'' {
                if self.cursor.peek() != Some(b'\'') {
                    closed = true;
                    break;
                }
                self.cursor.at += 1;
            }
        }
        self.quoted(start, closed, Role::Single);
    }

    fn quoted(&mut self, start: usize, closed: bool, role: Role) {
        let range = start..self.cursor.at;
        if !closed {
            self.page.refuse_all(
                &range,
                &refusal(
                    "the quotes around this value are never closed",
                    "where a quoted text ends tells how a value in it is written",
                    "close the quotes",
                ),
            );
            return;
        }
        let mut ahead = self.cursor.clone();
        ahead.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        let colon = ahead.peek() == Some(b':');
        let in_flow = !self.flow.is_empty();
        let is_key = colon && (in_flow || is_blank(ahead.byte(ahead.at + 1)));
        let content = start + 1..range.end - 1;
        self.inner(&content, is_key, role);
        if role == Role::Double {
            quote::in_double(self.page, &content);
        } else {
            quote::in_single(self.page, &range, &content);
        }
        if is_key {
            scalar::limit_key(self.page, &range);
        }
        self.after(&content, is_key);
    }

    /// After a scalar, the scanner is at the colon if it was a key.
    fn after(&mut self, range: &Range<usize>, is_key: bool) {
        self.pending = false;
        if std::mem::take(&mut self.explicit) && !is_key {
            self.key = self.page.content(range);
        }
        // a text of several lines ends on another line than it began
        let line = self.cursor.slice(range.start..self.cursor.at).rfind('\n');
        if is_key {
            self.key = self.page.content(range);
            if self.flow.is_empty() {
                self.parent = Some(self.column(range.start));
            }
            self.cursor.skip_while(|byte| matches!(byte, b' ' | b'\t'));
            self.cursor.at += 1;
            self.pending = true;
        }
        if let Some(line) = line {
            self.line = range.start + line + 1;
        }
    }

    /// What a scalar of a workflow holds has a language of its own.
    fn inner(&mut self, range: &Range<usize>, is_key: bool, role: Role) {
        if self.workflow && !self.page.holes_in(range).is_empty() {
            let key = if is_key { "" } else { self.key.as_str() };
            workflow::scan(self.page, range, key, role);
        }
    }

    /// A block scalar; false if it is none.
    fn block(&mut self) -> bool {
        let Some(header) = block::Header::read(&self.cursor, self.page) else {
            return false;
        };
        let line_end = self.cursor.line_end();
        comment::line(self.page, &(header.end..line_end));
        self.cursor.next_line();
        let body = header.body(&self.cursor, self.parent);
        self.inner(&body.range, false, Role::Block);
        block::write(self.page, &header, &body);
        self.cursor.at = body.range.end;
        self.pending = false;
        // the next line is read as any other
        if self.cursor.at > 0 && self.cursor.before(self.cursor.at) == Some(b'\n') {
            self.cursor.at -= 1;
        }
        true
    }
}
