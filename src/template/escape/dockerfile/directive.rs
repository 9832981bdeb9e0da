//! The comments at the top, which Docker reads: `# syntax=…` names the image that reads the file.

use super::refusal;
use crate::template::escape::page::Page;

/// Refuses values that are or make a directive; says whether the author's name another escape character.
pub(super) fn scan(page: &mut Page, start: usize) -> bool {
    let mut cursor = page.cursor(start..page.all().end);
    let mut escapes = false;
    while cursor.at < cursor.end {
        let line = cursor.at..cursor.line_end();
        let content = page.content(&line);
        let first = content.lines().next().unwrap_or_default();
        let Some((name, value)) = read(first) else {
            break;
        };
        escapes |= name.eq_ignore_ascii_case("escape") && value != "\\";
        page.refuse_all(
            &line,
            &refusal(
                "this value is part of a directive",
                "Docker reads comments such as `# syntax=…` at the top of the file",
                "write the directive out, or begin the comment with another word",
            ),
        );
        cursor.next_line();
    }
    escapes
}

/// `# name=value`, and `//` which is read too.
fn read(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches('\u{FEFF}').trim();
    let comment = line.strip_prefix('#').or_else(|| line.strip_prefix("//"))?;
    let (name, value) = comment.split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some((name, value.trim()))
}
