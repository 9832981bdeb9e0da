//! HCL, the language of Terraform: quoted texts with `${…}` and `%{…}`, here-documents, names.

use std::fmt::Write as _;
use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::json;
use super::page::{Page, Refusal};
use crate::template::eval::origin::Origin;

/// Writes the values in a range of HCL.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let cursor = page.cursor(range);
    let mut scanner = Scanner { page, cursor };
    scanner.expression(false, 0);
}

/// How deep texts in expressions in texts are followed.
const MAX_DEPTH: usize = 64;

/// How far back a line is looked for.
const LOOK_BACK: usize = 4096;

struct Scanner<'p> {
    page: &'p mut Page,
    cursor: Cursor,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-hcl",
        message: message.to_owned(),
        why,
        help,
    }
}

impl Scanner<'_> {
    /// Code, up to the `}` that closes a template's sequence if it is in one.
    fn expression(&mut self, nested: bool, depth: usize) {
        let mut braces = 0_usize;
        while let Some(byte) = self.cursor.peek() {
            match byte {
                b'"' => {
                    self.cursor.at += 1;
                    self.quoted(depth);
                }
                b'#' => self.line_comment(),
                b'/' if self.cursor.sees("//") => self.line_comment(),
                b'/' if self.cursor.sees("/*") => {
                    let range = self.cursor.at..self.cursor.find("*/");
                    comment::block(self.page, &range, "*/");
                    self.cursor.at = (range.end + 2).min(self.cursor.end);
                }
                b'<' if self.cursor.sees("<<") => self.heredoc(depth),
                b'{' => {
                    braces += 1;
                    self.cursor.at += 1;
                }
                b'}' => {
                    self.cursor.at += 1;
                    if nested && braces == 0 {
                        return;
                    }
                    braces = braces.saturating_sub(1);
                }
                byte if is_word(byte) => self.word(),
                _ => self.cursor.at += 1,
            }
        }
    }

    fn line_comment(&mut self) {
        let range = self.cursor.at..self.cursor.line_end();
        comment::line(self.page, &range);
        self.cursor.at = range.end;
    }

    /// A name, a number, or what a value makes one.
    fn word(&mut self) {
        let start = self.cursor.skip_while(is_word);
        let range = start..self.cursor.at;
        let holes = self.page.holes_in(&range);
        if holes.is_empty() {
            return;
        }
        if let (1, 1, Some(hole)) = (range.len(), holes.len(), self.page.hole(holes.start))
            && hole.origin == Origin::Json
        {
            let form = from_json(&hole.value);
            self.page.write(holes.start, form);
            return;
        }
        let harmless = holes.clone().all(|index| {
            let value = self.page.hole(index).map(|hole| hole.value.as_str());
            value.is_some_and(|value| {
                !value.is_empty()
                    && value.bytes().all(|byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
                    })
            })
        });
        let content = self.page.content(&range);
        if harmless && is_name_or_number(&content) {
            self.page.keep_all(&range);
        } else {
            self.page.refuse_all(
                &range,
                &refusal(
                    "this value is not in quotes, and neither a name nor a number",
                    "without quotes it would be code",
                    "put it in quotes, or write `| dump`",
                ),
            );
        }
    }

    /// A text, behind its opening quote.
    fn quoted(&mut self, depth: usize) {
        while let Some(byte) = self.cursor.peek() {
            let at = self.cursor.at;
            if let Some(index) = self.page.hole_at(at) {
                let form = self.quoted_form(index, at);
                self.page.write(index, form);
                self.cursor.at += 1;
                continue;
            }
            match byte {
                b'"' => {
                    self.cursor.at += 1;
                    return;
                }
                // a text ends on its line, so a quote that does not is none
                b'\n' => return,
                b'\\' => {
                    if let Some(index) = self.page.hole_at(at + 1) {
                        self.page.refuse(
                            index,
                            refusal(
                                "this value would be part of an escape sequence",
                                "a backslash stands before it",
                                "write `\\\\` for a backslash",
                            ),
                        );
                    }
                    self.cursor.at = (at + 2).min(self.cursor.end);
                }
                _ => self.sequence(depth),
            }
        }
    }

    /// `${…}`, `%{…}`, or a character.
    fn sequence(&mut self, depth: usize) {
        if self.cursor.skip("$${") || self.cursor.skip("%%{") {
            return;
        }
        if self.cursor.skip("${") || self.cursor.skip("%{") {
            if depth < MAX_DEPTH {
                self.expression(true, depth + 1);
            } else {
                let rest = self.cursor.at..self.cursor.end;
                self.page.refuse_all(
                    &rest,
                    &refusal(
                        "the code around this value is nested too deep",
                        "texts in expressions in texts are followed so far only",
                        "name the parts of the expression with `locals`",
                    ),
                );
                self.cursor.at = self.cursor.end;
            }
            return;
        }
        self.cursor.at += 1;
    }

    /// A value within quotes.
    fn quoted_form(&self, index: usize, at: usize) -> String {
        let value = self.page.hole(index).map_or("", |hole| hole.value.as_str());
        let mut out = String::with_capacity(value.len());
        let after_hole = at > 0 && self.page.hole_at(at - 1).is_some();
        let marked = matches!(self.cursor.before(at), Some(b'$' | b'%')) || after_hole;
        let mut chars = value.chars().peekable();
        let mut previous = if marked { '$' } else { ' ' };
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '$' | '%' if next == Some('{') && !matches!(previous, '$' | '%') => {
                    out.extend([c, c]);
                }
                // beside what stands around it, it could begin a sequence, or keep one from being one
                '$' | '%' if matches!(next, None | Some('{' | '$' | '%')) => {
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                '{' if out.is_empty() && marked => out.push_str("\\u007b"),
                c if c.is_control() || c == '\u{FEFF}' => {
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
            previous = c;
        }
        out
    }

    /// A here-document, which has sequences but no escapes.
    fn heredoc(&mut self, depth: usize) {
        self.cursor.at += 2;
        self.cursor.skip("-");
        let start = self.cursor.skip_while(|byte| is_word(byte) && byte != b'.');
        let name = start..self.cursor.at;
        if name.is_empty() {
            return;
        }
        if !self.page.holes_in(&name).is_empty() {
            self.page.refuse_all(
                &name,
                &refusal(
                    "this value is the mark that ends a here-document",
                    "where the text ends would depend on it",
                    "write the mark out",
                ),
            );
        }
        let mark = self.cursor.slice(name).to_owned();
        self.cursor.next_line();
        let body = self.cursor.at..self.heredoc_end(&mark);
        let end = std::mem::replace(&mut self.cursor.end, body.end);
        while self.cursor.peek().is_some() {
            let at = self.cursor.at;
            if let Some(index) = self.page.hole_at(at) {
                self.heredoc_value(index, at);
                self.cursor.at += 1;
            } else {
                self.sequence(depth);
            }
        }
        self.cursor.end = end;
        self.cursor.at = body.end;
        let content = self.page.content(&body);
        if content.lines().any(|line| line.trim() == mark) {
            self.page.refuse_all(
                &body,
                &refusal(
                    "this value, or another of the here-document, is the mark that ends it",
                    "what follows would be read as code",
                    "use a mark that no value has",
                ),
            );
        }
        self.cursor.next_line();
    }

    fn heredoc_end(&self, mark: &str) -> usize {
        let mut cursor = self.cursor.clone();
        while cursor.at < cursor.end {
            let line = cursor.at..cursor.line_end();
            let has_value = !self.page.holes_in(&line).is_empty();
            if !has_value && cursor.slice(line).trim() == mark {
                return cursor.at;
            }
            cursor.next_line();
        }
        cursor.end
    }

    fn heredoc_value(&mut self, index: usize, at: usize) {
        let Some(hole) = self.page.hole(index) else {
            return;
        };
        let value = &hole.value;
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        if cannot_be_doubled(self.page, &self.cursor, index, at) || value.contains(control) {
            self.page.refuse(
                index,
                refusal(
                    "this value cannot be written into a here-document",
                    "a here-document has no escapes but `$${` and `%%{`",
                    "write the value in quotes, where it is escaped",
                ),
            );
            return;
        }
        // the lines of a `<<-` document are indented alike
        let text = self.cursor.slice(at.saturating_sub(LOOK_BACK)..at);
        let text = text.rsplit('\n').next().unwrap_or_default();
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        let indent = text.get(..indent).unwrap_or_default();
        let form = doubled(value).replace('\n', &format!("\n{indent}"));
        self.page.write(index, form);
    }
}

/// A value whose sequences are doubled, which makes them text.
pub(super) fn doubled(value: &str) -> String {
    value.replace("${", "$${").replace("%{", "%%{")
}

/// Whether a value makes a sequence with what stands around it, or has what doubling makes.
pub(super) fn cannot_be_doubled(page: &Page, cursor: &Cursor, index: usize, at: usize) -> bool {
    let value = page.hole(index).map_or("", |hole| hole.value.as_str());
    let is_hole = |at: usize| page.hole_at(at).is_some();
    let beside_hole = is_hole(at + 1) || (at > 0 && is_hole(at - 1));
    let before = cursor.before(at).filter(|byte| matches!(byte, b'$' | b'%'));
    let after = cursor.byte(at + 1);
    let opens = value.starts_with('{') && (before.is_some() || beside_hole)
        || value.starts_with(['$', '%']) && before.is_some();
    let closes =
        value.ends_with(['$', '%']) && (matches!(after, Some(b'{' | b'$' | b'%')) || beside_hole);
    let doubled = ["$${", "$%{", "%${", "%%{"];
    opens || closes || doubled.iter().any(|text| value.contains(text))
}

/// JSON is HCL, but for the sequences in its texts.
fn from_json(text: &str) -> String {
    text.replace("${", "$\\u007b").replace("%{", "%\\u007b")
}

/// Whether a text is names with dots between them, or a number.
fn is_name_or_number(text: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            || (part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty())
    };
    let names = text.split('.').all(is_name) && text.starts_with(|c: char| !c.is_ascii_digit());
    let keyword = matches!(text, "for" | "in" | "if" | "else" | "endif" | "endfor");
    (names && !keyword) || json::is_number(text)
}
