//! Markdown: front matter, fenced code, and text with all that can be in it.

mod inline;
mod text;

use std::ops::Range;

use super::cursor::Cursor;
use super::page::{Page, Refusal};
use super::yaml;

/// Writes the values in a range of Markdown.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let mut cursor = page.cursor(range);
    if cursor.sees("---\n") || cursor.sees("---\r\n") {
        front_matter(page, &mut cursor);
    }
    while cursor.at < cursor.end {
        if let Some(fence) = Fence::open(&cursor) {
            fence.scan(page, &mut cursor);
        } else {
            let start = cursor.at;
            cursor.next_line();
            // the text of a paragraph goes on over its lines
            while cursor.at < cursor.end && !is_break(&cursor) {
                cursor.next_line();
            }
            inline::scan(page, start..cursor.at);
        }
    }
}

fn is_break(cursor: &Cursor) -> bool {
    let line = cursor.slice(cursor.at..cursor.line_end());
    line.trim().is_empty() || Fence::open(cursor).is_some()
}

fn front_matter(page: &mut Page, cursor: &mut Cursor) {
    let start = cursor.at;
    let mut ahead = cursor.clone();
    ahead.next_line();
    while ahead.at < ahead.end {
        let line = ahead.at..ahead.line_end();
        let text = ahead.slice(line.clone()).trim_end();
        if page.holes_in(&line).is_empty() && matches!(text, "---" | "...") {
            yaml::scan(page, start..line.start, false);
            ahead.next_line();
            cursor.at = ahead.at;
            return;
        }
        ahead.next_line();
    }
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-markdown",
        message: message.to_owned(),
        why,
        help,
    }
}

/// Fenced code.
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    /// The fence that the line opens, in a list or a quote perhaps.
    fn open(cursor: &Cursor) -> Option<Self> {
        let line = cursor.slice(cursor.at..cursor.line_end());
        let text = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = text.trim_start_matches(mark);
        let length = text.len() - rest.len();
        (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some(Self { mark, length })
    }

    fn closes(&self, line: &str) -> bool {
        let text = line.trim_start_matches([' ', '\t', '>']);
        let rest = text.trim_start_matches(self.mark);
        text.len() - rest.len() >= self.length && rest.trim().is_empty()
    }

    fn scan(&self, page: &mut Page, cursor: &mut Cursor) {
        let info = cursor.at..cursor.line_end();
        for index in page.holes_in(&info) {
            let is_word = page.hole(index).is_some_and(|hole| {
                let mut chars = hole.value.chars();
                chars.all(|c| c.is_ascii_alphanumeric() || "_-+.#".contains(c))
            });
            if is_word {
                page.keep(index);
            } else {
                page.refuse(
                    index,
                    refusal(
                        "this value is the language of a code block, and not a word",
                        "the line that opens a code block has no escapes",
                        "use a value of letters, digits and `_-+.#`",
                    ),
                );
            }
        }
        cursor.next_line();
        let start = cursor.at;
        let mut end = cursor.end;
        while cursor.at < cursor.end {
            let line = cursor.at..cursor.line_end();
            let closes = self.closes(cursor.slice(line.clone()));
            cursor.next_line();
            if closes && page.holes_in(&line).is_empty() {
                end = line.start;
                break;
            }
        }
        self.write(page, &(start..end));
    }

    fn write(&self, page: &mut Page, code: &Range<usize>) {
        for index in page.holes_in(code) {
            let Some(hole) = page.hole(index) else {
                continue;
            };
            let cursor = page.cursor(code.start..hole.at);
            let line = cursor.rest().rsplit('\n').next().unwrap_or_default();
            let rest = line.trim_start_matches([' ', '\t', '>']);
            let margin = line.get(..line.len() - rest.len()).unwrap_or_default();
            let lines = hole.value.replace("\r\n", "\n").replace('\r', "\n");
            let form = lines.replace('\n', &format!("\n{margin}"));
            page.write(index, form);
        }
        if page.content(code).lines().any(|line| self.closes(line)) {
            page.refuse_all(
                code,
                &refusal(
                    "this value, or another of the code block, ends it",
                    "what follows would be read as text",
                    "write more backticks around the block than a value has",
                ),
            );
        }
    }
}
