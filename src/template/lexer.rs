//! Text to tokens, as Nunjucks 3.2.4 cuts it.

mod outside;

use crate::source::Span;

use super::escape::Roots;
use super::failure::Failure;
use super::syntax::Syntax;

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

/// Cuts a text; what cannot be cut is a failure with a place, after which the lexer goes on. The tokens are
/// put into the room that is given.
pub(crate) fn lex(
    text: &str,
    syntax: &Syntax,
    roots: Roots,
    mut room: Vec<Token>,
) -> (Vec<Token>, Vec<Failure>) {
    room.clear();
    room.reserve((8 + text.len() / 16).min(MAX_RESERVED));
    let mut lexer = Lexer {
        text,
        syntax,
        roots,
        at: 0,
        tokens: room,
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
