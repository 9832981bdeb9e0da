//! Diagnostics as text for a terminal or a log: message, code frame, why, help.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Place, SourceText};

/// Whether to write ANSI colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// For a terminal.
    Ansi,
    /// For a pipe, a log, a test.
    Plain,
}

/// Renders diagnostics one below the other, each with the line it points at where its file is among
/// `sources`.
pub fn render(diagnostics: &[Diagnostic], sources: &[&SourceText], colour: Colour) -> String {
    let mut out = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        render_one(&mut out, diagnostic, sources, colour);
    }
    out
}

fn render_one(out: &mut String, diagnostic: &Diagnostic, sources: &[&SourceText], colour: Colour) {
    let paint = Paint(colour);
    let (severity, style) = match diagnostic.severity {
        Severity::Error => ("error", "1;31"),
        Severity::Warning => ("warning", "1;33"),
        Severity::Info => ("info", "1;36"),
    };
    let label = paint.with(style, &format!("{severity}[{}]", diagnostic.code));
    let message = paint.with("1", &diagnostic.message);
    line(out, &format!("{label}: {message}"));

    let gutter = diagnostic.at.start.line.to_string().len();
    render_place(out, &diagnostic.at, style, "-->", gutter, sources, paint);
    for related in &diagnostic.related {
        let arrow = format!("{} {}", paint.with("1;34", ":::"), related.message);
        line(out, &format!("{:gutter$} {arrow}", ""));
        render_place(out, &related.at, "1;34", "-->", gutter, sources, paint);
    }
    for (name, text) in [("why", &diagnostic.why), ("help", &diagnostic.help)] {
        if let Some(text) = text {
            let name = paint.with("1;36", name);
            line(out, &format!("{:gutter$} = {name}: {text}", ""));
        }
    }
}

fn render_place(
    out: &mut String,
    at: &Place,
    style: &str,
    arrow: &str,
    gutter: usize,
    sources: &[&SourceText],
    paint: Paint,
) {
    let arrow = paint.with("1;34", arrow);
    let (line_number, column) = (at.start.line, at.start.column);
    line(
        out,
        &format!("{:gutter$}{arrow} {}:{line_number}:{column}", "", at.file),
    );
    let source = sources.iter().find(|source| *source.name() == at.file);
    let Some(text) = source.and_then(|source| source.line(line_number)) else {
        return;
    };
    let bar = paint.with("1;34", "|");
    let number = paint.with("1;34", &format!("{line_number:>gutter$}"));
    let from = column_to_index(text, column);
    let to = if at.end.line > line_number {
        text.trim_end().chars().count()
    } else {
        column_to_index(text, at.end.column)
    };
    let from = from.min(MAX_WIDTH);
    let marks = to.min(MAX_WIDTH).saturating_sub(from).max(1);
    let shown: String = text.chars().take(MAX_WIDTH).map(printable).collect();
    let underline = paint.with(style, &"^".repeat(marks));
    line(out, &format!("{:gutter$} {bar}", ""));
    line(out, &format!("{number} {bar} {shown}"));
    line(
        out,
        &format!("{:gutter$} {bar} {:from$}{underline}", "", ""),
    );
}

/// Longer lines are cut: a minified API definition is no help in a terminal.
const MAX_WIDTH: usize = 160;

/// The index in characters of a UTF-16 column.
fn column_to_index(text: &str, column: u32) -> usize {
    let mut units = 1;
    for (index, c) in text.chars().enumerate() {
        if units >= column {
            return index;
        }
        units += u32::try_from(c.len_utf16()).unwrap_or(1);
    }
    text.chars().count()
}

/// Control characters must not reach a terminal from a file that someone else wrote.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{}", text.trim_end());
}

#[derive(Clone, Copy)]
struct Paint(Colour);

impl Paint {
    fn with(self, style: &str, text: &str) -> String {
        match self.0 {
            Colour::Ansi => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
            Colour::Plain => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn draws_the_line_and_marks_the_span() {
        let source = SourceText::new("catalog-info.yaml", "spec:\n  onwer: team-a\n");
        let diagnostic = Diagnostic::warning(
            "catalog/unknown-field",
            source.place(Span::new(8, 13)),
            "unknown field `onwer`",
        )
        .why("nothing reads it")
        .help("did you mean `owner`?");
        assert_eq!(
            render(&[diagnostic], &[&source], Colour::Plain),
            "warning[catalog/unknown-field]: unknown field `onwer`\n --> catalog-info.yaml:2:3\n  |\n2 |   onwer: team-a\n  |   ^^^^^\n  = why: nothing reads it\n  = help: did you mean `owner`?\n"
        );
    }
}
