//! The syntax of HCL as far as it holds a file together: blocks and attributes, brackets, texts with
//! their sequences, here-documents, comments. Expressions are not read beyond that.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::source::{SourceText, Span};

/// The first error, if there is one.
pub(super) fn check(source: &SourceText) -> Option<Diagnostic> {
    let mut scanner = Scanner {
        text: source.text(),
        at: 0,
    };
    let Broken { at, message } = scanner.body(None, 0).err()?;
    Some(
        error(source, Span::new(at, at), "verify/hcl-syntax", message)
            .why("Terraform cannot read such a file"),
    )
}

/// How deep blocks, brackets and sequences may be nested.
const MAX_DEPTH: usize = 200;

struct Broken {
    at: usize,
    message: String,
}

type Outcome = Result<(), Broken>;

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    /// Blocks and attributes, up to the brace that closes the one opened at `open`.
    fn body(&mut self, open: Option<usize>, depth: usize) -> Outcome {
        self.deep(depth)?;
        loop {
            self.space(true)?;
            match (self.peek(), open) {
                (None, None) => return Ok(()),
                (None, Some(open)) => return broken(open, "this `{` is never closed"),
                (Some('}'), Some(_)) => {
                    self.at += 1;
                    return Ok(());
                }
                (Some(_), _) => self.item(depth)?,
            }
        }
    }

    fn item(&mut self, depth: usize) -> Outcome {
        let start = self.at;
        if !self.word() {
            return broken(start, "here stands neither a block nor an attribute");
        }
        let mut is_labelled = false;
        loop {
            self.space(false)?;
            match self.peek() {
                Some('=') if !is_labelled && !self.sees("==") => {
                    self.at += 1;
                    return self.value(depth);
                }
                Some('{') => {
                    let open = self.at;
                    self.at += 1;
                    return self.body(Some(open), depth + 1);
                }
                Some('"') => self.quoted(depth)?,
                _ if self.word() => {}
                _ => return broken(self.at, "`=` or `{` is missing"),
            }
            is_labelled = true;
        }
    }

    /// An expression, up to the end of its line or block.
    fn value(&mut self, depth: usize) -> Outcome {
        self.space(false)?;
        let start = self.at;
        self.expression(depth, true)?;
        match self.text.get(start..self.at) {
            Some(text) if !text.trim().is_empty() => Ok(()),
            _ => broken(start, "the attribute has no value"),
        }
    }

    /// Code, up to a closing bracket, or the end of the line if that ends it.
    fn expression(&mut self, depth: usize, ends_with_line: bool) -> Outcome {
        self.deep(depth)?;
        loop {
            self.space(!ends_with_line)?;
            let at = self.at;
            match self.peek() {
                None | Some(')' | ']' | '}' | '\n') => return Ok(()),
                Some('"') => self.quoted(depth)?,
                Some('(') => self.brackets(')', depth)?,
                Some('[') => self.brackets(']', depth)?,
                Some('{') => self.brackets('}', depth)?,
                Some('<') if self.heredoc_word().is_some() => {
                    self.heredoc()?;
                    // the line has ended with the here-document
                    if ends_with_line {
                        return Ok(());
                    }
                }
                Some('\'') => return broken(at, "texts stand between `\"` in HCL"),
                Some(other) => self.at += other.len_utf8(),
            }
        }
    }

    fn brackets(&mut self, close: char, depth: usize) -> Outcome {
        let open = self.at;
        self.at += 1;
        self.expression(depth + 1, false)?;
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        match self.peek() {
            None => broken(open, "this bracket is never closed"),
            Some(other) => broken(self.at, format!("`{other}` closes what `{close}` should")),
        }
    }

    fn quoted(&mut self, depth: usize) -> Outcome {
        let open = self.at;
        self.at += 1;
        while let Some(next) = self.peek() {
            if next == '"' {
                self.at += 1;
                return Ok(());
            }
            if next == '\n' {
                break;
            }
            if self.sees("$${") || self.sees("%%{") {
                self.at += 3;
            } else if self.sees("${") || self.sees("%{") {
                self.at += 1;
                self.brackets('}', depth)?;
            } else if next == '\\' {
                self.at += 1;
                self.at += self.peek().map_or(0, char::len_utf8);
            } else {
                self.at += next.len_utf8();
            }
        }
        broken(open, "this text is never closed")
    }

    /// The word that ends the here-document that begins here.
    fn heredoc_word(&self) -> Option<&str> {
        let rest = self.text.get(self.at..)?.strip_prefix("<<")?;
        let word = rest.strip_prefix('-').unwrap_or(rest);
        let (word, _) = word.split_once('\n')?;
        let word = word.trim_end_matches('\r');
        let is_word = word.chars().all(is_word) && !word.is_empty();
        is_word.then_some(word)
    }

    fn heredoc(&mut self) -> Outcome {
        let open = self.at;
        let Some(word) = self.heredoc_word() else {
            return Ok(());
        };
        let word = word.to_owned();
        let lines = self.text.get(self.at..).unwrap_or_default();
        let mut at = self.at;
        for (index, line) in lines.split_inclusive('\n').enumerate() {
            if index > 0 && line.trim() == word {
                self.at = at + line.trim_end().len();
                return Ok(());
            }
            at += line.len();
        }
        broken(open, format!("this here-document never ends with `{word}`"))
    }

    /// Blanks and comments, and with `lines` line breaks too.
    fn space(&mut self, lines: bool) -> Outcome {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\n') if lines => self.at += 1,
                Some('#') => self.skip_to("\n"),
                Some('/') if self.sees("//") => self.skip_to("\n"),
                Some('/') if self.sees("/*") => {
                    let open = self.at;
                    self.at += 2;
                    self.skip_to("*/");
                    if self.peek().is_none() {
                        return broken(open, "this comment is never closed");
                    }
                    self.at += 2;
                }
                _ => return Ok(()),
            }
        }
    }

    fn word(&mut self) -> bool {
        let start = self.at;
        while let Some(next) = self.peek().filter(|next| is_word(*next)) {
            self.at += next.len_utf8();
        }
        self.at > start
    }

    fn skip_to(&mut self, end: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.find(end).unwrap_or(rest.len());
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn sees(&self, what: &str) -> bool {
        let rest = self.text.get(self.at..);
        rest.is_some_and(|rest| rest.starts_with(what))
    }

    fn deep(&self, depth: usize) -> Outcome {
        if depth > MAX_DEPTH {
            return broken(self.at, "this is nested too deeply");
        }
        Ok(())
    }
}

fn broken(at: usize, message: impl Into<String>) -> Outcome {
    let message = message.into();
    Err(Broken { at, message })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}
