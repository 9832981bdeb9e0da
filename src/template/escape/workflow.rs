//! Workflows of GitHub: expressions in the scalars of YAML, and shell in `run`.

mod roots;

use std::ops::Range;

use super::cursor::Cursor;
use super::page::{Page, Part, Refusal};
use super::shell;
pub(crate) use roots::Roots;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Single,
    Double,
    Block,
}

/// Writes the values of a scalar for what reads it after YAML did.
pub(super) fn scan(page: &mut Page, range: &Range<usize>, key: &str, role: Role) {
    let text = page.cursor(range.clone()).rest().to_owned();
    // in an escape sequence of the author's, a value would be read twice
    let plain_text = match role {
        Role::Single => !text.contains("''"),
        Role::Double => !text.contains('\\'),
        Role::Plain | Role::Block => true,
    };
    let whole = key == "if" && !text.contains("${{");
    let regions = if whole {
        vec![range.clone()]
    } else {
        expressions(&page.cursor(range.clone()))
    };
    if key == "run" || key == "script" {
        if key == "script" || has_other_shell(page) {
            foreign_code(page, range, key);
        } else if plain_text {
            shell::scan(page, range.clone(), &regions);
        } else {
            words_only(page, range);
        }
    }
    for region in &regions {
        if plain_text {
            expression(page, region);
        } else {
            words_only(page, region);
        }
    }
    refuse_new_expressions(page, range);
}

/// The expressions of a text, from `${{` to `}}`.
fn expressions(cursor: &Cursor) -> Vec<Range<usize>> {
    let mut cursor = cursor.clone();
    let mut found = Vec::new();
    loop {
        let start = cursor.find("${{");
        if start == cursor.end {
            return found;
        }
        cursor.at = start + 3;
        let length = roots::expression_length(cursor.rest());
        cursor.at = length.map_or(cursor.end, |length| cursor.at + length);
        found.push(start..cursor.at);
    }
}

fn expression(page: &mut Page, region: &Range<usize>) {
    let mut cursor = page.cursor(region.clone());
    let mut in_text = false;
    while let Some(byte) = cursor.peek() {
        in_text ^= byte == b'\'';
        if let Some(index) = page.hole_at(cursor.at)
            && let Some(hole) = page.hole(index)
        {
            if in_text {
                let form = hole.value.replace('\'', "''");
                page.write(index, form);
            } else if is_word(&hole.value) {
                page.keep(index);
            } else {
                page.refuse(
                    index,
                    refusal(
                        "this value is code of a GitHub expression",
                        "it would be evaluated when the workflow runs",
                        "put it in single quotes within the expression, or use a name",
                    ),
                );
            }
            page.make_text(index);
        }
        cursor.at += 1;
    }
}

/// Whether steps may run in another shell than those that quotes are known of.
fn has_other_shell(page: &mut Page) -> bool {
    if let Some(known) = page.other_shell {
        return known;
    }
    let text = page.cursor(page.all()).rest().to_owned();
    let other = |line: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
        let shell = line.strip_prefix("shell:").map(str::trim);
        shell.is_some_and(|shell| {
            let shell = shell.trim_matches(['"', '\'']);
            let name = shell.split_whitespace().next().unwrap_or_default();
            !matches!(name, "bash" | "sh" | "/bin/bash" | "/bin/sh")
        })
    };
    let found = text.contains("windows-") || text.lines().any(other);
    page.other_shell = Some(found);
    found
}

/// Code of a language whose quotes are not known.
fn foreign_code(page: &mut Page, range: &Range<usize>, key: &str) {
    let message = if key == "script" {
        "this value is part of a script"
    } else {
        "this value is code of a shell that may be another than bash"
    };
    for index in page.holes_in(range) {
        let harmless = |c: char| c.is_ascii_alphanumeric() || "_./:@-".contains(c);
        let hole = page.hole(index);
        if hole.is_some_and(|hole| hole.value.chars().all(harmless)) {
            page.keep(index);
        } else {
            page.refuse(
                index,
                refusal(
                    message,
                    "how a value is kept together there depends on the language",
                    "set the value in `env:`, and read the variable in the code",
                ),
            );
        }
    }
}

fn words_only(page: &mut Page, range: &Range<usize>) {
    for index in page.holes_in(range) {
        if page.hole(index).is_some_and(|hole| is_word(&hole.value)) {
            page.keep(index);
        } else {
            page.refuse(
                index,
                refusal(
                    "this value is code, in a scalar with escape sequences",
                    "the code is read after YAML has read its escape sequences",
                    "write the code in a block scalar, below `|`",
                ),
            );
        }
    }
}

/// A value must not begin an expression, alone or with what is around it.
fn refuse_new_expressions(page: &mut Page, range: &Range<usize>) {
    let content = page.content(range);
    let starts: Vec<usize> = content.match_indices("${{").map(|(at, _)| at).collect();
    let mut refused = Vec::new();
    let mut at = 0;
    for part in page.parts(range) {
        match part {
            Part::Text(text) => at += text.len(),
            Part::Hole(index, hole) => {
                let end = at + hole.value.len();
                let next = starts.partition_point(|start| start + 3 <= at);
                if starts.get(next).is_some_and(|start| *start < end) {
                    refused.push(index);
                }
                at = end;
            }
        }
    }
    for index in refused {
        page.refuse(
            index,
            refusal(
                "this value begins a GitHub expression",
                "`${{` would be evaluated when the workflow runs, with the workflow's secrets",
                "leave it out of the value, or write `| safe` if the value is trusted",
            ),
        );
    }
}

fn is_word(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !text.is_empty() && text.chars().all(is_name)
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-workflow",
        message: message.to_owned(),
        why,
        help,
    }
}
