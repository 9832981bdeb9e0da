//! TOML: strings of four kinds, keys, and words without quotes.

use std::ops::Range;

use super::comment;
use super::cursor::Cursor;
use super::json::{self, escape};
use super::page::{Page, Refusal};
use crate::template::eval::origin::Origin;

/// Writes the values in a range of TOML.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let cursor = page.cursor(range);
    let mut scanner = Scanner {
        page,
        cursor,
        open: Vec::new(),
        is_value: false,
    };
    while scanner.step() {}
}

struct Scanner<'p> {
    page: &'p mut Page,
    cursor: Cursor,
    /// The lists and inline tables that are open.
    open: Vec<u8>,
    /// A value may stand here, no key.
    is_value: bool,
}

impl Scanner<'_> {
    fn step(&mut self) -> bool {
        let Some(byte) = self.cursor.peek() else {
            return false;
        };
        match byte {
            b'#' => {
                let range = self.cursor.at..self.cursor.line_end();
                comment::line(self.page, &range);
                self.cursor.at = range.end.max(self.cursor.at + 1);
                return true;
            }
            b'"' | b'\'' => {
                self.quoted(byte);
                return true;
            }
            byte if is_bare(byte) => {
                self.bare();
                return true;
            }
            b'=' => self.is_value = true,
            b'[' if self.is_value => self.open.push(b'['),
            b'{' if self.is_value => {
                self.open.push(b'{');
                self.is_value = false;
            }
            b']' | b'}' if !self.open.is_empty() => {
                self.open.pop();
                self.is_value = true;
            }
            b',' => self.is_value = self.open.last() == Some(&b'['),
            b'\n' if self.open.is_empty() => self.is_value = false,
            _ => {}
        }
        self.cursor.at += 1;
        true
    }

    fn quoted(&mut self, quote: u8) {
        let start = self.cursor.at;
        let (mark, lines) = match (quote, self.cursor.sees("\"\"\""), self.cursor.sees("'''")) {
            (b'"', true, _) => ("\"\"\"", true),
            (b'"', ..) => ("\"", false),
            (_, _, true) => ("'''", true),
            _ => ("'", false),
        };
        self.cursor.at += mark.len();
        let inner = self.cursor.at;
        let mut escaped = Vec::new();
        let mut closed = false;
        while let Some(byte) = self.cursor.peek() {
            if self.cursor.skip(mark) {
                closed = true;
                break;
            }
            if byte == b'\n' && !lines {
                break;
            }
            if byte == b'\\' && quote == b'"' {
                escaped.push(self.cursor.at + 1);
                self.cursor.at += 1;
            }
            self.cursor.at += 1;
        }
        if closed && lines {
            // up to two quotes more belong to the text
            self.cursor.skip_while(|byte| byte == quote);
        }
        self.cursor.at = self.cursor.at.min(self.cursor.end);
        let whole = start..self.cursor.at;
        if !closed {
            return self.page.refuse_all(
                &whole,
                &refusal(
                    "the quotes around this value are never closed",
                    "where a text ends tells how a value in it is written",
                    "close the quotes on the same line, or write three of them",
                ),
            );
        }
        if quote == b'"' {
            self.basic(&whole, &escaped);
        } else {
            self.literal(whole, inner..self.cursor.at - mark.len());
        }
    }

    fn basic(&mut self, range: &Range<usize>, escaped: &[usize]) {
        for index in self.page.holes_in(range) {
            let Some(hole) = self.page.hole(index) else {
                continue;
            };
            if escaped.contains(&hole.at) {
                self.page.refuse(
                    index,
                    refusal(
                        "this value would be part of an escape sequence",
                        "a backslash stands before it",
                        "write `\\\\` for a backslash",
                    ),
                );
            } else {
                let form = escape(&hole.value);
                self.page.write(index, form);
            }
        }
    }

    /// A text in single quotes has no escapes: if a value needs one, the whole text gets double quotes.
    fn literal(&mut self, whole: Range<usize>, inner: Range<usize>) {
        let takes = |value: &str| !value.chars().any(|c| c == '\'' || is_special(c));
        let holes = self.page.holes_in(&whole);
        let mut values = holes.filter_map(|index| self.page.hole(index));
        if values.all(|hole| takes(&hole.value)) {
            return self.page.keep_all(&whole);
        }
        let content = self.page.content(&inner);
        // the line break that the author put behind the quotes is none of the text
        let first = self.page.cursor(inner).peek();
        let is_long = self.cursor.slice(whole.clone()).starts_with("'''");
        let content = match content.strip_prefix('\n') {
            Some(rest) if is_long && first == Some(b'\n') => rest,
            _ => &content,
        };
        self.page.replace(whole, format!("\"{}\"", escape(content)));
    }

    /// A key, a number, a date or a word.
    fn bare(&mut self) {
        let start = self.cursor.skip_while(is_bare);
        let range = start..self.cursor.at;
        let holes = self.page.holes_in(&range);
        if holes.is_empty() {
            return;
        }
        if !self.is_value {
            holes.for_each(|index| self.key(index));
        } else if range.len() == 1 {
            self.value(holes.start);
        } else if is_literal(&self.page.content(&range)) {
            self.page.keep_all(&range);
        } else {
            self.page.refuse_all(
                &range,
                &refusal(
                    "this value is part of a word that is not in quotes",
                    "TOML has numbers, dates, `true` and `false` without quotes",
                    "put the word in quotes",
                ),
            );
        }
    }

    fn value(&mut self, index: usize) {
        let Some(hole) = self.page.hole(index) else {
            return;
        };
        if hole.origin == Origin::Json || is_literal(&hole.value) {
            self.page.keep(index);
        } else {
            let form = format!("\"{}\"", escape(&hole.value));
            self.page.write(index, form);
        }
    }

    fn key(&mut self, index: usize) {
        let Some(hole) = self.page.hole(index) else {
            return;
        };
        let (at, value) = (hole.at, hole.value.clone());
        let is_part = |byte: Option<u8>| byte.is_some_and(is_key);
        let is_whole = !is_part(self.cursor.before(at)) && !is_part(self.cursor.byte(at + 1));
        if !value.is_empty() && value.bytes().all(is_key) {
            self.page.keep(index);
        } else if is_whole {
            self.page.write(index, format!("\"{}\"", escape(&value)));
        } else {
            self.page.refuse(
                index,
                refusal(
                    "this value is part of a key that is not in quotes",
                    "such a key has only letters, digits, `_` and `-`",
                    "put the key in quotes",
                ),
            );
        }
    }
}

fn is_bare(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"=[]{},#\"'".contains(&byte)
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What a text in single quotes cannot hold, or not on one line.
fn is_special(c: char) -> bool {
    c != '\t' && c.is_control()
}

/// Whether a text is a scalar of TOML without quotes.
fn is_literal(text: &str) -> bool {
    // more digits than that are no number of TOML's
    let is_number = text.len() <= 18 && json::is_number(text);
    matches!(text, "true" | "false") || is_number || is_date(text)
}

/// A date, as `2026-11-24`; one with a time is put in quotes.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |text: &str, length: usize| {
        let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().unwrap_or_default())
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=28).contains(&day))
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-toml",
        message: message.to_owned(),
        why,
        help,
    }
}
