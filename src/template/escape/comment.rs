//! Values in comments, which no program reads: they are kept from ending the comment.

use std::ops::Range;

use super::page::Page;

/// Values in a comment that ends with the line.
pub(super) fn line(page: &mut Page, range: &Range<usize>) {
    rewrite(page, range, one_line);
}

/// Values in a comment up to a mark, such as `*/`.
pub(super) fn block(page: &mut Page, range: &Range<usize>, end: &str) {
    rewrite(page, range, |text| {
        let chars = text
            .chars()
            .map(|c| if is_control(c) && c != '\n' { ' ' } else { c });
        // blanks between all of the mark's characters, also those that stand around the value
        let mut out = String::with_capacity(text.len());
        for c in chars {
            if end.contains(c) {
                out.extend([' ', c, ' ']);
            } else {
                out.push(c);
            }
        }
        out
    });
}

/// A text without line breaks of any kind, and without control characters.
pub(super) fn one_line(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if is_control(c) { ' ' } else { c })
        .collect()
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

fn rewrite(page: &mut Page, range: &Range<usize>, form: impl Fn(&str) -> String) {
    for index in page.holes_in(range) {
        if let Some(hole) = page.hole(index) {
            let text = form(&hole.value);
            page.write(index, text);
        }
    }
}
