//! Fixes of values and lines: only where the text is as simple as the fix takes it for.

use serde_json::Value;

use super::entity::Subject;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::{self, Node, Style};

impl<'t> Subject<'t> {
    /// Offers to write another text in the place of a key or a value.
    pub fn rewrite(&self, diagnostic: Diagnostic, node: Node<'t>, text: &str) -> Diagnostic {
        let is_word = node.is_alias() || matches!(node.style(), Style::Plain | Style::Quoted);
        if !is_word || self.source.slice(node.span()).contains('\n') {
            return diagnostic;
        }
        let title = format!("write `{text}`");
        diagnostic.fix(title, self.place_of(node), scalar(text))
    }

    /// Offers to write the `apiVersion` of the kind, above it.
    pub fn add_version(&self, diagnostic: Diagnostic) -> Diagnostic {
        let kind = self.root.get("kind").zip(self.model);
        let Some((entry, model)) = kind.filter(|(entry, model)| {
            let is_line = self.root.style() == Style::Block && entry.key.style() == Style::Plain;
            is_line && entry.value.as_text() == Some(&*model.kind)
        }) else {
            return diagnostic;
        };
        let (at, Some(version)) = (entry.key.span().start, model.api_versions.first()) else {
            return diagnostic;
        };
        let indent = self.source.position(at).column.saturating_sub(1);
        let indent = " ".repeat(usize::try_from(indent).unwrap_or_default());
        diagnostic.fix(
            format!("add `apiVersion: {version}`"),
            self.source.place(Span::new(at, at)),
            format!("apiVersion: {version}\n{indent}"),
        )
    }

    /// Offers to remove the lines of a property or an item that stands on lines of its own.
    pub fn remove(&self, diagnostic: Diagnostic, what: &str, span: Span) -> Diagnostic {
        match self.whole_lines(span) {
            Some(lines) => diagnostic.fix(format!("remove {what}"), self.source.place(lines), ""),
            None => diagnostic,
        }
    }

    /// The lines of a span, if there is nothing else on them but a dash.
    fn whole_lines(&self, span: Span) -> Option<Span> {
        let text = self.source.text();
        let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let before = text.get(start..span.start)?.trim();
        let rest = text.get(span.end..)?;
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let after = rest.get(..length)?.trim();
        (matches!(before, "" | "-") && matches!(after, "" | ":"))
            .then(|| Span::new(start, span.end + length))
    }
}

/// A text as one word of YAML that means the same in a list in brackets.
pub fn scalar(text: &str) -> String {
    let written = yaml::write(&Value::String(text.to_owned()));
    let written = written.trim_end();
    if written.contains('\n') || (written == text && text.contains([',', '[', ']', '{', '}'])) {
        // JSON's texts are YAML's.
        return Value::String(text.to_owned()).to_string();
    }
    written.to_owned()
}
