//! Dockerfiles: instructions, with shell in `RUN`, JSON in their exec forms, and words.

mod directive;
mod words;

use std::ops::Range;

use super::cursor::Cursor;
use super::page::{Page, Refusal};
use super::{comment, json, shell};

/// Writes the values in a range of a Dockerfile.
pub(super) fn scan(page: &mut Page, range: Range<usize>) {
    let mut cursor = page.cursor(range.clone());
    if directive::scan(page, range.start) {
        return words_only(page, &range);
    }
    while cursor.at < cursor.end {
        cursor.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        if cursor.peek() == Some(b'#') {
            comment::line(page, &(cursor.at..cursor.line_end()));
            cursor.next_line();
            continue;
        }
        let start = cursor.at;
        skip_logical_line(&mut cursor);
        let line = start..cursor.at;
        let body = Heredoc::find(cursor.slice(line.clone())).map(|heredoc| {
            let body = cursor.at..heredoc.end(&cursor);
            cursor.at = body.end;
            cursor.next_line();
            (heredoc, body)
        });
        instruction(page, &line, body);
    }
}

/// Moves past a line and those that a backslash at its end joins to it.
fn skip_logical_line(cursor: &mut Cursor) {
    loop {
        let line = cursor.at..cursor.line_end();
        let text = cursor.slice(line).trim_end().to_owned();
        cursor.next_line();
        let is_comment = text.trim_start().starts_with('#');
        let goes_on = text.ends_with('\\') || is_comment;
        if !goes_on || cursor.at >= cursor.end {
            return;
        }
    }
}

fn instruction(page: &mut Page, line: &Range<usize>, body: Option<(Heredoc, Range<usize>)>) {
    let mut cursor = page.cursor(line.clone());
    let mut start = cursor.skip_while(|byte| !byte.is_ascii_whitespace());
    let mut word = cursor.slice(start..cursor.at).to_ascii_uppercase();
    while word == "ONBUILD" {
        cursor.skip_while(|byte| byte.is_ascii_whitespace());
        start = cursor.skip_while(|byte| !byte.is_ascii_whitespace());
        word = cursor.slice(start..cursor.at).to_ascii_uppercase();
    }
    let name = start..cursor.at;
    page.refuse_all(
        &name,
        &refusal(
            "this value is an instruction",
            "what the rest of the line means would depend on it",
            "write the instruction out",
        ),
    );
    cursor.skip_while(|byte| byte.is_ascii_whitespace());
    let arguments = cursor.at..line.end;
    match word.as_str() {
        "RUN" | "CMD" | "ENTRYPOINT" | "SHELL" => run(page, &arguments, body),
        "HEALTHCHECK" => {
            let command = cursor.find("CMD");
            words::scan(page, &(arguments.start..command), false);
            let command = (command + 3).min(arguments.end)..arguments.end;
            run(page, &command, body);
        }
        "ENV" | "LABEL" | "ARG" => words::scan(page, &arguments, true),
        _ => {
            words::scan(page, &arguments, false);
            if let Some((heredoc, body)) = body {
                heredoc.keep(page, &body);
            }
        }
    }
}

/// Shell or JSON.
fn run(page: &mut Page, arguments: &Range<usize>, body: Option<(Heredoc, Range<usize>)>) {
    let mut cursor = page.cursor(arguments.clone());
    while cursor.sees("--") {
        let start = cursor.skip_while(|byte| !byte.is_ascii_whitespace());
        words::scan(page, &(start..cursor.at), false);
        cursor.skip_while(|byte| byte.is_ascii_whitespace());
    }
    let command = cursor.at..arguments.end;
    if is_json(cursor.rest()) {
        return json::scan(page, command);
    }
    // a line break ends the instruction, also in quotes
    for index in page.holes_in(&command) {
        if page
            .hole(index)
            .is_some_and(|hole| hole.value.contains(['\n', '\r']))
        {
            page.refuse(index, line_break());
        }
    }
    match body {
        None => shell::scan(page, command, &[]),
        Some((heredoc, body)) if cursor.sees("<<") => {
            shell::scan(page, command, &[]);
            shell::scan(page, body.clone(), &[]);
            heredoc.check(page, &body);
        }
        Some((heredoc, body)) => {
            shell::scan(page, command.start..body.end, &[]);
            heredoc.check(page, &body);
        }
    }
}

fn is_json(text: &str) -> bool {
    let inner = text.trim().strip_prefix('[').map(str::trim_start);
    inner.is_some_and(|inner| inner.starts_with(['"', ']'])) && text.trim_end().ends_with(']')
}

/// A here-document behind an instruction.
struct Heredoc {
    mark: String,
}

impl Heredoc {
    fn find(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once("<<")?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let rest = rest.trim_start_matches(['"', '\'']);
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let mark = rest.get(..length).filter(|mark| !mark.is_empty())?;
        Some(Self {
            mark: mark.to_owned(),
        })
    }

    fn end(&self, cursor: &Cursor) -> usize {
        let mut cursor = cursor.clone();
        while cursor.at < cursor.end {
            if cursor.slice(cursor.at..cursor.line_end()).trim() == self.mark {
                return cursor.at;
            }
            cursor.next_line();
        }
        cursor.end
    }

    /// Values in a file: as they are, if Docker takes nothing in them for a variable.
    fn keep(&self, page: &mut Page, body: &Range<usize>) {
        for index in page.holes_in(body) {
            if page
                .hole(index)
                .is_some_and(|hole| hole.value.contains(['$', '\\']))
            {
                page.refuse(
                    index,
                    refusal(
                        "this value has a `$` or a backslash in a here-document",
                        "Docker would take them for variables and escapes",
                        "copy a file instead",
                    ),
                );
            } else {
                page.keep(index);
            }
        }
        self.check(page, body);
    }

    fn check(&self, page: &mut Page, body: &Range<usize>) {
        let content = page.content(body);
        if content.lines().any(|line| line.trim() == self.mark) {
            page.refuse_all(
                body,
                &refusal(
                    "this value, or another of the here-document, is the mark that ends it",
                    "what follows would be read as instructions",
                    "use a mark that no value has",
                ),
            );
        }
    }
}

/// With another escape character than the backslash, none of what is known of quotes holds.
fn words_only(page: &mut Page, range: &Range<usize>) {
    for index in page.holes_in(range) {
        let hole = page.hole(index);
        if hole.is_some_and(|hole| words::is_harmless(&hole.value)) {
            page.keep(index);
        } else {
            page.refuse(
                index,
                refusal(
                    "this value is more than a plain word, in a file with an escape character of its own",
                    "a directive at its top makes another character than the backslash the escape",
                    "use a value of letters, digits and `_./:@%+,-`",
                ),
            );
        }
    }
}

fn line_break() -> Refusal {
    refusal(
        "this value has a line break",
        "in a Dockerfile it ends the instruction, also within quotes",
        "leave it out of the value",
    )
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-dockerfile",
        message: message.to_owned(),
        why,
        help,
    }
}
