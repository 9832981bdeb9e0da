//! A template in a scalar of YAML: what is at a byte of its value is at another byte of the file.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::source::{Place, SourceText, Span};
use crate::template::ast::Template;
use crate::template::engine::Engine;
use crate::yaml::{Node, Style};

/// A parsed text with its place in the file.
pub(super) struct Text<'t> {
    pub template: Rc<Template>,
    source: &'t SourceText,
    value: &'t str,
    span: Span,
    style: Style,
    starts: OnceCell<Vec<usize>>,
}

impl<'t> Text<'t> {
    /// The text of a node, if it is one and has a tag in it.
    pub fn of(source: &'t SourceText, node: Node<'t>, engine: &Engine) -> Option<Self> {
        let text = node.as_text()?;
        let has_tag = ["${{", "{%", "{#"].iter().any(|tag| text.contains(tag));
        has_tag.then(|| Self {
            template: engine.parsed(source.name(), text),
            source,
            value: text,
            span: node.span(),
            style: node.style(),
            starts: OnceCell::new(),
        })
    }

    /// Where a part of the value is in the file.
    pub fn place(&self, part: Span) -> Place {
        let (start, end) = (self.find(part.start), self.find(part.end));
        match (start, end) {
            (Some(start), Some(end)) if start <= end => self.source.place(Span::new(start, end)),
            _ => self.source.place(self.span),
        }
    }

    /// A diagnostic about the value, moved to where it is in the file.
    pub fn moved(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let offset = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let (start, end) = (diagnostic.at.start.offset, diagnostic.at.end.offset);
        diagnostic.at = self.place(Span::new(offset(start), offset(end)));
        diagnostic.related.clear();
        diagnostic.fix = None;
        diagnostic
    }

    fn find(&self, offset: usize) -> Option<usize> {
        let starts = self.starts.get_or_init(|| self.align());
        let start = *starts.get(offset)?;
        Some(self.span.start + start)
    }

    /// Where each byte of the value is written, as far as both texts fit, and where the value ends. Goes
    /// through both side by side: blanks, quotes and escapes are all that the file has more.
    fn align(&self) -> Vec<usize> {
        let written = self.source.slice(self.span);
        let is_escaped = self.style == Style::Quoted && written.starts_with('"');
        let mut starts = Vec::with_capacity(self.value.len() + 1);
        let mut at = 0;
        for c in self.value.chars() {
            let Some((start, end)) = step(written, at, c, is_escaped) else {
                return starts;
            };
            starts.extend(std::iter::repeat_n(start, c.len_utf8()));
            at = end;
        }
        starts.push(at);
        starts
    }
}

/// Where the next character of the value is written, from `at` on.
fn step(written: &str, mut at: usize, wanted: char, is_escaped: bool) -> Option<(usize, usize)> {
    loop {
        let c = written.get(at..)?.chars().next()?;
        if is_escaped && c == '\\' {
            let length = match written.get(at + 1..)?.chars().next()? {
                'x' => 4,
                'u' => 6,
                'U' => 10,
                '\n' | '\r' => {
                    at += 2;
                    continue;
                }
                other => 1 + other.len_utf8(),
            };
            return Some((at, at + length));
        }
        if c == wanted {
            return Some((at, at + c.len_utf8()));
        }
        // a folded line break is a blank in the value
        if wanted == ' ' && c == '\n' {
            return Some((at, at + 1));
        }
        if !(c.is_whitespace() || matches!(c, '\'' | '"')) {
            return None;
        }
        at += c.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::limits::Limits;
    use crate::source::SourceText;
    use crate::template::lint::engine;
    use crate::template::lint::uses::Uses;
    use crate::template::syntax::Tags;
    use crate::yaml;

    #[test]
    fn places_are_those_of_the_file_however_the_text_is_written() {
        for written in [
            "a: x ${{ b.wanted }}",
            "a: x\n  ${{ b.wanted }}\n",
            "a: 'it''s ${{ b[''k''] }} ${{ b.wanted }}'",
            "a: \"\\u0041\\n\\\"\\x41 \\\n   ${{ b.wanted }}\"",
            "a: \"x\n\n  y ${{ b.wanted }}\"",
            "a: |\n  x\n    'y' \"z\" | >\n\n  ${{ b.wanted }}\n",
            "a: |2-\n    x\n  ${{ b.wanted }}",
            "a: >\n  x\n  y\n\n    z\n  ${{ b.wanted }}\n",
            "a: |\r\n  x\r\n  ${{ b.wanted }}\r\n",
            "- { a: [ \"🦀 ${{ b.wanted }}\" ] }",
        ] {
            let source = SourceText::new("t", written);
            let stream = yaml::parse(&source, &Limits::default());
            let mut node = stream.documents.first().expect(written).root();
            while node.as_text().is_none() {
                let first = node.entries().into_iter().next().map(|entry| entry.value);
                node = first.or_else(|| node.items().get(0)).expect(written);
            }
            let engine = engine(&Limits::default(), None, false, Tags::default());
            let text = Text::of(&source, node, &engine).expect(written);
            let uses = Uses::of(&text.template);
            let (_, at) = uses
                .names
                .last()
                .and_then(|each| each.member(0))
                .expect(written);
            let at = text.place(at);
            let start = usize::try_from(at.start.offset).expect(written);
            assert!(
                written
                    .get(start..)
                    .is_some_and(|rest| rest.starts_with("wanted")),
                "{written}: {at:?}"
            );
        }
    }
}
