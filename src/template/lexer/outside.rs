//! What stands outside of tags: text, comments, and raw blocks, in which tags are text.

use super::{Kind, Lexer, Token};
use crate::source::Span;
use crate::template::failure::Failure;
use crate::template::syntax::{Start, Syntax};
use crate::template::value::text::is_space;

const BLANKS: [char; 5] = [' ', '\n', '\t', '\r', '\u{A0}'];

impl Lexer<'_> {
    /// One step outside of tags.
    pub(super) fn outside(&mut self) {
        let start = self.at;
        let syntax = self.syntax;
        match syntax.started(self.rest()) {
            Some(Start::Block) => {
                self.at += syntax.block_start.len();
                // Nunjucks looks at the last character, which may be the delimiter's own
                let dash = self.take_dash() || syntax.block_start.ends_with('-');
                self.push_dashed(Kind::BlockStart, start, dash);
                if !self.raw_block() {
                    self.inside(Kind::BlockEnd);
                }
            }
            Some(Start::Variable) => {
                if let Some(length) = self.foreign() {
                    self.at += length;
                    self.push(Kind::Raw, start);
                    return;
                }
                self.at += syntax.variable_start.len();
                let dash = self.take_dash();
                self.push_dashed(Kind::VariableStart, start, dash);
                self.inside(Kind::VariableEnd);
            }
            Some(Start::Comment) => self.comment(),
            None => self.data(),
        }
    }

    /// The length of an expression of GitHub's, which is text.
    fn foreign(&self) -> Option<usize> {
        if !self.syntax.is_github() {
            return None;
        }
        let start = &self.syntax.variable_start;
        let rest = self.rest().strip_prefix(start.as_str())?;
        let before = self.text.get(..self.at).unwrap_or_default();
        let has_dollar = start.starts_with('$') || before.ends_with('$');
        let length = has_dollar.then(|| self.roots.expression_length(rest))?;
        length.map(|length| start.len() + length)
    }

    fn take_dash(&mut self) -> bool {
        let dash = self.sees("-");
        self.at += usize::from(dash);
        dash
    }

    fn comment(&mut self) {
        let (open, close) = (&self.syntax.comment_start, &self.syntax.comment_end);
        let start = self.at;
        let body = start + open.len();
        let rest = self.text.get(body..).unwrap_or_default();
        let Some(length) = rest.find(close.as_str()) else {
            self.at = self.text.len();
            self.failures.push(
                Failure::new("template/unclosed-comment", "the comment is never closed")
                    .help(format!("write `{close}` where it ends"))
                    .at(Span::new(start, body)),
            );
            return;
        };
        self.at = body + length + close.len();
        // Nunjucks looks for dashes beside the delimiters, be they a delimiter's own
        let opened = self.text.get(start..body + length).unwrap_or_default();
        let closed = self.text.get(body..self.at).unwrap_or_default();
        self.tokens.push(Token {
            kind: Kind::Comment,
            span: Span::new(start, self.at),
            dash: closed.starts_with('-'),
            closing_dash: opened.ends_with('-'),
            operator: 0,
        });
    }

    fn data(&mut self) {
        let start = self.at;
        let syntax = self.syntax;
        let mut strip = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let found = rest.iter().position(|byte| syntax.firsts.contains(byte));
            let Some(found) = found else {
                self.at = self.text.len();
                break;
            };
            self.at += found;
            if let Some(start) = syntax.started(self.rest()) {
                strip = syntax.lstrip_blocks && start == Start::Block;
                break;
            }
            if self.sees(&syntax.comment_end) {
                let end = self.at + syntax.comment_end.len();
                self.failures.push(
                    Failure::new(
                        "template/unexpected-comment-end",
                        format!("`{}` ends a comment, but none is open", syntax.comment_end),
                    )
                    .why("Nunjucks refuses the file for it, wherever it stands outside of tags")
                    .help(format!(
                        "write it as `{} \"{}\" {}`",
                        syntax.variable_start, syntax.comment_end, syntax.variable_end
                    ))
                    .at(Span::new(self.at, end)),
                );
                self.at = end;
                continue;
            }
            self.at += 1;
        }
        let end = if strip { self.stripped(start) } else { self.at };
        if end > start {
            let span = Span::new(start, end);
            self.tokens.push(Token {
                kind: Kind::Data,
                span,
                dash: false,
                closing_dash: false,
                operator: 0,
            });
        }
    }

    /// The end of the data from `start` to here without the blanks between the last line break and here.
    fn stripped(&self, start: usize) -> usize {
        let before = self.text.get(..self.at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |index| index + 1);
        let blank = before
            .get(line..)
            .is_some_and(|indent| !indent.is_empty() && indent.chars().all(is_space));
        if blank && line >= start {
            line
        } else {
            self.at
        }
    }

    /// After a block's start: `raw %}` and `verbatim %}` are taken whole, up to the tag that closes them.
    fn raw_block(&mut self) -> bool {
        let start = self.at;
        let rest = self.rest().trim_start_matches(BLANKS);
        let name = if rest.starts_with("raw") {
            "raw"
        } else if rest.starts_with("verbatim") {
            "verbatim"
        } else {
            return false;
        };
        let rest = rest.get(name.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(BLANKS);
        let end = self.syntax.block_end.as_str();
        let (dash, rest) = match rest.strip_prefix('-').and_then(|r| r.strip_prefix(end)) {
            Some(after) => (true, Some(after)),
            None => (false, rest.strip_prefix(end)),
        };
        let Some(rest) = rest else { return false };
        self.at = self.text.len() - rest.len();
        self.trim_line_break();
        let body = self.at;
        let Some((length, close)) = raw_end(self.rest(), name, self.syntax) else {
            let start = self.tokens.pop().map_or(start, |token| token.span.start);
            self.failures.push(
                Failure::new(
                    "template/unclosed-block",
                    format!("the block `{name}` is never closed"),
                )
                .why("without its end, the tags in the rest of the file would be run")
                .help(format!(
                    "write `{} end{name} {}`, without dashes, after it",
                    self.syntax.block_start, self.syntax.block_end
                ))
                .at(Span::new(start, body)),
            );
            self.at = self.text.len();
            return true;
        };
        self.at = body + length + close;
        // the tag's start has become part of this token
        let opened = self.tokens.pop();
        self.tokens.push(Token {
            kind: Kind::Raw,
            span: Span::new(body, body + length),
            dash: opened.is_some_and(|token| token.dash),
            closing_dash: dash,
            operator: 0,
        });
        true
    }
}

/// The length of a raw block's body and of the tag that closes it; raw blocks nest.
fn raw_end(text: &str, name: &str, syntax: &Syntax) -> Option<(usize, usize)> {
    let mut level = 1;
    let mut at = 0;
    loop {
        at += text.get(at..)?.find(&syntax.block_start)?;
        let inner = text.get(at + syntax.block_start.len()..)?;
        let tag = inner.trim_start_matches(is_space);
        let end = tag.strip_prefix("end");
        let closes = end.is_some_and(|tag| tag.starts_with(name));
        let word = if closes { name.len() + 3 } else { name.len() };
        let after = tag.get(word..).filter(|_| closes || tag.starts_with(name));
        let after = after.map(|after| after.trim_start_matches(is_space));
        if let Some(rest) = after.and_then(|after| after.strip_prefix(&syntax.block_end)) {
            level = if closes { level - 1 } else { level + 1 };
            let close = text.len() - at - rest.len();
            if level == 0 {
                return Some((at, close));
            }
            at += close;
        } else {
            at += syntax.block_start.len();
        }
    }
}
