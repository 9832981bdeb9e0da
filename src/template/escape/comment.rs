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
        let mut out = String::with_capacity(text.len());
        let in_mark = |c: Option<char>| c.is_some_and(|c| end.contains(c));
        // none of the mark's characters is left beside another, whatever stands around the value
        let mut previous = end.chars().next();
        for c in text.chars() {
            if in_mark(previous) && end.contains(c) {
                out.push(' ');
            }
            out.push(if is_control(c) && c != '\n' { ' ' } else { c });
            previous = Some(c);
        }
        if in_mark(previous) && !text.is_empty() {
            out.push(' ');
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
