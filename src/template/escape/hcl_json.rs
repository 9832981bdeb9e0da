//! Terraform's JSON: what HCL finds in its texts. The quotes are JSON's.

use std::ops::Range;

use super::cursor::Cursor;
use super::hcl;
use super::page::{Page, Refusal};

/// Writes the sequences of the values in a range so that they are text; JSON has to be written after.
pub(super) fn scan(page: &mut Page, range: &Range<usize>) {
    let cursor = page.cursor(range.clone());
    for index in page.holes_in(range) {
        let Some(hole) = page.hole(index) else {
            continue;
        };
        let in_code = is_in_code(&cursor, hole.at);
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if in_code && !hole.value.chars().all(is_word) {
            page.refuse(
                index,
                refusal(
                    "this value is code of Terraform's",
                    "between `${` and `}` texts of JSON are expressions",
                    "use a value of letters, digits, `_` and `-`",
                ),
            );
        } else if hcl::cannot_be_doubled(page, &cursor, index, hole.at) {
            page.refuse(
                index,
                refusal(
                    "this value cannot be written into JSON of Terraform's",
                    "`${` and `%{` begin code in its texts, and `$${` is their only escape",
                    "leave them out of the value",
                ),
            );
        } else {
            let form = hcl::doubled(&hole.value);
            page.write(index, form);
        }
    }
}

/// Whether a sequence is open, as far as its text is one.
fn is_in_code(cursor: &Cursor, at: usize) -> bool {
    let before = |at: usize| at.checked_sub(1).and_then(|at| cursor.byte(at));
    let mut at = at;
    while let Some(byte) = before(at) {
        at -= 1;
        match (byte, before(at)) {
            (b'{', Some(b'$' | b'%')) => return true,
            (b'"', Some(b'\\')) => {}
            (b'}' | b'\n' | b'"', _) => return false,
            _ => {}
        }
    }
    false
}

fn refusal(message: &str, why: &'static str, help: &'static str) -> Refusal {
    Refusal {
        code: "template/unsafe-hcl",
        message: message.to_owned(),
        why,
        help,
    }
}
