//! Fixes applied to a text: byte ranges are replaced, and all the rest stays as it is.

mod diff;

use crate::diagnostic::Fix;
use crate::source::Position;

pub use diff::unified;

/// Applies as many of the fixes as do not touch each other, in the order of the text, and says which. A
/// fix that is there twice is one.
pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, Vec<&'f Fix>) {
    let mut sorted: Vec<&Fix> = fixes.into_iter().collect();
    sorted.sort_by_key(|fix| (fix.at.start.offset, fix.at.end.offset));
    let break_with = line_break(text);
    let mut out = String::with_capacity(text.len());
    let mut applied: Vec<&Fix> = Vec::new();
    let mut done = 0;
    for fix in sorted {
        let (start, end) = (offset(fix.at.start), offset(fix.at.end));
        let touches = applied
            .last()
            .is_some_and(|last| last.at.start == fix.at.start);
        let (false, Some(before)) = (touches, text.get(done..start)) else {
            continue;
        };
        if end < start || !text.is_char_boundary(end) {
            continue;
        }
        out.push_str(before);
        out.push_str(&fix.new_text.replace('\n', break_with));
        done = end;
        applied.push(fix);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (out, applied)
}

/// How the lines of a text end, by the first of them.
fn line_break(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next();
    if first.is_some_and(|line| line.ends_with("\r\n")) {
        "\r\n"
    } else {
        "\n"
    }
}

fn offset(position: Position) -> usize {
    usize::try_from(position.offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::diagnostic::Fix;
    use crate::source::{SourceText, Span};

    #[test]
    fn fixes_that_touch_wait_and_lines_end_as_they_do() {
        let source = SourceText::new("a", "one\r\ntwo\r\nthree\r\n");
        let fix = |start, end, text: &str| Fix {
            title: text.to_owned(),
            at: source.place(Span::new(start, end)),
            new_text: text.to_owned(),
        };
        let fixes = [
            fix(5, 8, "2"),
            fix(0, 3, "1\n1"),
            fix(7, 12, "no"),
            fix(5, 8, "2"),
            fix(10, 10, "+"),
        ];
        let (text, applied) = apply(source.text(), &fixes);
        assert_eq!(text, "1\r\n1\r\n2\r\n+three\r\n");
        let titles: Vec<&str> = applied.iter().map(|fix| &*fix.title).collect();
        assert_eq!(titles, ["1\n1", "2", "+"]);
    }
}
