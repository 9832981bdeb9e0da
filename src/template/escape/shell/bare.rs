//! Values in words without quotes.

use super::{Scanner, is_name, is_name_text, refusal};

/// Words that begin or end something, at the start of a command.
const RESERVED: [&str; 21] = [
    "if", "then", "elif", "else", "fi", "for", "in", "do", "done", "while", "until", "case",
    "esac", "select", "function", "time", "coproc", "exit", "break", "continue", "return",
];

/// Whether a text is part of a word without quotes, and nothing else.
pub(super) fn is_harmless(text: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_./:@%+-".contains(c);
    !text.is_empty() && text.chars().all(harmless) && !text.contains("..")
}

impl Scanner<'_> {
    /// A value in a word of a command.
    pub(super) fn bare(&mut self, index: usize, at: usize) {
        let Some(hole) = self.page.hole(index) else {
            return;
        };
        let value = hole.value.clone();
        if self.is_name_here(at) || self.is_descriptor(at) {
            let starts_with_digit = value.starts_with(|c: char| c.is_ascii_digit());
            if is_name_text(&value) && !(self.word == Some(at) && starts_with_digit) {
                self.page.keep(index);
            } else {
                self.page.refuse(
                    index,
                    refusal(
                        "this value is the name of a variable, of a function or of a file descriptor",
                        "in quotes it would be something else",
                        "use a value that is a name, or write the name out",
                    ),
                );
            }
            return;
        }
        let next = self.cursor.byte(at + 1);
        let is_whole = self.word == Some(at) && !next.is_some_and(is_word_byte);
        let redirects = matches!(next, Some(b'<' | b'>'));
        let reserved = is_whole && RESERVED.contains(&value.as_str());
        if is_harmless(&value) && !redirects && !reserved {
            self.page.keep(index);
        } else {
            let form = format!("'{}'", value.replace('\'', "'\\''"));
            self.page.write(index, form);
        }
    }

    /// Whether the word so far and what follows make the value part of `name=`, `name[` or `name(`.
    fn is_name_here(&self, at: usize) -> bool {
        let before = self.cursor.slice(self.word.unwrap_or(at)..at);
        let mut ahead = self.cursor.clone();
        ahead.skip_while(is_name);
        let after = matches!(ahead.peek(), Some(b'=' | b'[' | b'(')) || ahead.sees("+=");
        after && before.bytes().all(is_name)
    }

    /// Whether it follows `>&` or `<&`.
    fn is_descriptor(&self, at: usize) -> bool {
        let before = self.cursor.slice(at.saturating_sub(2)..at);
        matches!(before, ">&" | "<&")
    }
}

fn is_word_byte(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b";&|<>()".contains(&byte)
}
