//! Text to tokens, as Nunjucks 3.2.4 cuts it.

use crate::source::Span;

use super::escape::Roots;
use super::failure::Failure;
use super::syntax::{Start, Syntax};
use super::value::text::is_space;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text outside of tags. With `lstrip_blocks`, blanks before a block are already cut off.
    Data,
    /// `{% raw %}…{% endraw %}`: the span is the text between.
    Raw,
    Comment,
    BlockStart,
    BlockEnd,
    VariableStart,
    VariableEnd,
    /// The span includes the quotes.
    Text,
    Integer,
    Float,
    Name,
    /// The span includes `r/`, the closing `/` and the flags.
    Regex,
    Operator,
}

/// One token: kind, place, and the dash of white space control.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// A dash on the side of the delimiter that faces the tag's inside; for comments, the opening one.
    pub dash: bool,
    /// The closing dash of a comment or of the tag that opens a raw block.
    pub closing_dash: bool,
    /// The [`code`] of an operator.
    pub operator: u32,
}

/// Cuts a text; what cannot be cut is a failure with a place, after which the lexer goes on.
pub(crate) fn lex(text: &str, syntax: &Syntax, roots: Roots) -> (Vec<Token>, Vec<Failure>) {
    let mut lexer = Lexer {
        text,
        syntax,
        roots,
        at: 0,
        tokens: Vec::with_capacity((8 + text.len() / 16).min(MAX_RESERVED)),
        failures: Vec::new(),
    };
    while lexer.at < text.len() {
        lexer.outside();
    }
    (lexer.tokens, lexer.failures)
}

struct Lexer<'a> {
    text: &'a str,
    syntax: &'a Syntax,
    roots: Roots,
    at: usize,
    tokens: Vec<Token>,
    failures: Vec<Failure>,
}

const BLANKS: [char; 5] = [' ', '\n', '\t', '\r', '\u{A0}'];
/// Space for so many tokens at most is made before any is found.
const MAX_RESERVED: usize = 512;
/// The first byte of U+00A0, which is a blank too.
const NO_BREAK: u8 = 0xC2;

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn sees(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.push_dashed(kind, start, false);
    }

    fn push_dashed(&mut self, kind: Kind, start: usize, dash: bool) {
        self.tokens.push(Token {
            kind,
            span: Span::new(start, self.at),
            dash,
            closing_dash: false,
            operator: 0,
        });
    }

    /// One step outside of tags.
    fn outside(&mut self) {
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

    fn trim_line_break(&mut self) {
        if self.syntax.trim_blocks {
            if self.sees("\r\n") {
                self.at += 2;
            } else if self.sees("\n") {
                self.at += 1;
            }
        }
    }

    /// All tokens up to the end of the tag, which is `wanted` if both ends are the same.
    fn inside(&mut self, wanted: Kind) {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'"' | b'\'' => self.text_literal(byte),
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                NO_BREAK if self.sees("\u{A0}") => self.at += 2,
                byte if self.syntax.ends.contains(&byte) && self.ended(wanted) => return,
                b'r' if self.sees("r/") => self.regex(),
                byte if is_delimiter(byte) => self.operator(),
                _ => self.word(),
            }
        }
    }

    /// The end of the tag, if it is here.
    fn ended(&mut self, wanted: Kind) -> bool {
        let start = self.at;
        let syntax = self.syntax;
        let is_block = wanted == Kind::BlockEnd || syntax.block_end != syntax.variable_end;
        if is_block && let Some((length, dash)) = self.closing(&syntax.block_end) {
            self.at += length;
            // Nunjucks looks at the first character, which may be the delimiter's own
            let dash = dash || syntax.block_end.starts_with('-');
            self.push_dashed(Kind::BlockEnd, start, dash);
            self.trim_line_break();
            return true;
        }
        let Some((length, dash)) = self.closing(&syntax.variable_end) else {
            return false;
        };
        self.at += length;
        self.push_dashed(Kind::VariableEnd, start, dash);
        true
    }

    fn operator(&mut self) {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = operator_length(rest);
        self.at += length;
        self.tokens.push(Token {
            kind: Kind::Operator,
            span: Span::new(start, self.at),
            dash: false,
            closing_dash: false,
            operator: code(rest.get(..length).unwrap_or_default()),
        });
    }

    fn closing(&self, delimiter: &str) -> Option<(usize, bool)> {
        if self.sees(delimiter) {
            return Some((delimiter.len(), false));
        }
        let dashed = self.rest().strip_prefix('-')?;
        let matches = dashed.starts_with(delimiter);
        matches.then_some((delimiter.len() + 1, true))
    }

    fn text_literal(&mut self, quote: u8) {
        let start = self.at;
        let mut escaped = false;
        for (offset, byte) in self.rest().bytes().enumerate().skip(1) {
            if escaped {
                escaped = false;
            } else if byte == b'\\' {
                escaped = true;
            } else if byte == quote {
                self.at += offset + 1;
                self.push(Kind::Text, start);
                return;
            }
        }
        self.at = self.text.len();
        self.failures.push(
            Failure::new("template/unclosed-string", "the string is never closed")
                .help(format!("write `{}` where it ends", char::from(quote)))
                .at(Span::new(start, start + 1)),
        );
    }

    fn regex(&mut self) {
        let start = self.at;
        let body = self.rest().get(2..).unwrap_or_default();
        let mut previous = '/';
        for (offset, c) in body.char_indices() {
            if c == '/' && previous != '\\' {
                let flags = body.get(offset + 1..).unwrap_or_default();
                let flags = flags.find(|c| !matches!(c, 'g' | 'i' | 'm' | 'y'));
                self.at += 2 + offset + 1;
                self.at += flags.unwrap_or(self.rest().len());
                self.push(Kind::Regex, start);
                return;
            }
            previous = c;
        }
        self.at = self.text.len();
        self.failures.push(
            Failure::new(
                "template/unclosed-regex",
                "the regular expression is never closed",
            )
            .help("write `/` where it ends")
            .at(Span::new(start, start + 2)),
        );
    }

    /// A name or a number: everything up to a blank or a delimiter.
    fn word(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let ends = |(at, byte)| match byte {
            b' ' | b'\n' | b'\t' | b'\r' => true,
            NO_BREAK => rest
                .get(at..)
                .is_some_and(|rest| rest.starts_with('\u{A0}')),
            byte => is_delimiter(byte),
        };
        let end = rest.bytes().enumerate().position(ends);
        let end = end.unwrap_or(rest.len());
        self.at += end.max(1);
        let word = rest.get(..end).unwrap_or_default();
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            self.push(Kind::Name, start);
        } else if self.sees(".") {
            self.at += 1;
            let fraction = self.rest().bytes().take_while(u8::is_ascii_digit).count();
            self.at += fraction;
            self.push(Kind::Float, start);
        } else {
            self.push(Kind::Integer, start);
        }
    }
}

fn operator_length(rest: &[u8]) -> usize {
    match rest {
        [b'=' | b'!', b'=', b'=', ..] => 3,
        [b'=' | b'!' | b'<' | b'>', b'=', ..] | [b'/', b'/', ..] | [b'*', b'*', ..] => 2,
        _ => 1,
    }
}

/// The up to three characters of an operator as a number, which is compared sooner than a text.
pub(crate) const fn code(operator: &[u8]) -> u32 {
    match operator {
        [a] => u32::from_le_bytes([*a, 0, 0, 0]),
        [a, b] => u32::from_le_bytes([*a, *b, 0, 0]),
        [a, b, c] => u32::from_le_bytes([*a, *b, *c, 0]),
        _ => 0,
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'%'
            | b'*'
            | b'-'
            | b'+'
            | b'~'
            | b'/'
            | b'#'
            | b','
            | b':'
            | b'|'
            | b'.'
            | b'<'
            | b'>'
            | b'='
            | b'!'
    )
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
