//! Whether a rendered path is an entry, is left out, or leads where nothing may be written.

use crate::diagnostic::Diagnostic;
use crate::source::{SourceText, Span};

use super::eval::Rendered;

/// What becomes of a path.
pub(crate) enum Verdict {
    Keep(String),
    LeaveOut,
    Refuse(Box<Diagnostic>),
}

/// Judges a rendered path, part by part.
///
/// Backstage leaves out what renders to nothing, begins with `/` or contains `//`: a part of it was
/// empty. So does a path that ends with `/` here, unless its template does, as that of a directory may.
pub(crate) fn judge(template: &str, rendered: &Rendered) -> Verdict {
    let path = if template.ends_with('/') {
        rendered.text.strip_suffix('/').unwrap_or(&rendered.text)
    } else {
        &rendered.text
    };
    let mut parts = Vec::new();
    let mut empty = false;
    let mut at = 0;
    for part in path.split('/') {
        if let Some((why, offset)) = escape(part, at == 0) {
            let span = origin(rendered, at + offset);
            let source = SourceText::new(template, template);
            return Verdict::Refuse(Box::new(
                Diagnostic::error(
                    "template/path-escapes",
                    source.place(span),
                    format!("the path `{}` is not within the target", printable(path)),
                )
                .why(why)
                .help("a path is made of plain names; check the values it is made from"),
            ));
        }
        at += part.len() + 1;
        empty |= part.is_empty();
        if part != "." {
            parts.push(part);
        }
    }
    if empty || parts.is_empty() {
        return Verdict::LeaveOut;
    }
    Verdict::Keep(parts.join("/"))
}

/// Control characters have no place in a message.
fn printable(path: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    path.chars().map(shown).collect()
}

/// Why a part of a path may not be, and where in it the reason begins.
fn escape(part: &str, first: bool) -> Option<(String, usize)> {
    if let Some(at) = part.find(['\\', '\0']) {
        let what = if part.contains('\0') {
            "a NUL character"
        } else {
            "a backslash"
        };
        return Some((format!("{what} is not allowed in a name"), at));
    }
    // Windows drops blanks and dots at the end of a name
    let name = part.trim_end_matches([' ', '.']);
    if part.starts_with("..") && name.is_empty() {
        return Some((format!("`{part}` leads out of the directory"), 0));
    }
    let git = name.to_lowercase();
    let git: String = git.chars().filter(|c| !is_ignorable(*c)).collect();
    if git == ".git" || git == "git~1" {
        return Some((format!("`{part}` would be Git's own directory"), 0));
    }
    let mut chars = part.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    if first && drive {
        return Some((format!("`{part}` names a drive"), 0));
    }
    if name.contains(':') && git.starts_with(".git:") {
        return Some((format!("`{part}` would be Git's own directory"), 0));
    }
    None
}

/// Characters that the file systems of macOS leave out of a name.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
}

/// The part of the template that gave a byte of the output.
fn origin(rendered: &Rendered, offset: usize) -> Span {
    let pieces = rendered.trace.iter();
    let before = pieces.take_while(|piece| piece.start <= offset);
    before.last().map(|piece| piece.span).unwrap_or_default()
}
