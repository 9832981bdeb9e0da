//! The tags, and what the parser says about a tag that is not what it expected.

use super::{Parsed, Parser};
use crate::suggest;
use crate::template::failure::Failure;
use crate::template::lexer::Kind as Token;

/// Tags that begin a statement.
pub(super) const STATEMENTS: [&str; 14] = [
    "if", "for", "set", "macro", "call", "filter", "switch", "include", "import", "from",
    "extends", "block", "raw", "verbatim",
];

/// Tags that only have a meaning within or after a block, with the block's name.
const PARTS: [(&str, &str); 17] = [
    ("elif", "if"),
    ("elseif", "if"),
    ("else", "if"),
    ("endif", "if"),
    ("endfor", "for"),
    ("endset", "set"),
    ("endmacro", "macro"),
    ("endcall", "call"),
    ("endfilter", "filter"),
    ("case", "switch"),
    ("default", "switch"),
    ("endswitch", "switch"),
    ("endraw", "raw"),
    ("endverbatim", "verbatim"),
    ("endblock", "block"),
    ("endeach", "asyncEach"),
    ("endall", "asyncAll"),
];

/// Tags of Nunjucks that need a callback.
const UNSUPPORTED: [(&str, &str); 3] = [
    ("asyncEach", CALLBACK),
    ("asyncAll", CALLBACK),
    ("ifAsync", CALLBACK),
];

const CALLBACK: &str = "rendering is synchronous; write `for` or `if`";

/// Whether a tag is one of Nunjucks', though no statement begins with it here.
pub(super) fn is_known(tag: &str) -> bool {
    let is = |(name, _): &(&str, &str)| *name == tag;
    PARTS.iter().any(is) || UNSUPPORTED.iter().any(is)
}

/// Whether a tag ends a block that is not supported, which was said where it began.
pub(super) fn ends_unsupported(tag: &str) -> bool {
    PARTS.iter().any(|(name, block)| {
        *name == tag
            && UNSUPPORTED
                .iter()
                .any(|(unsupported, _)| unsupported == block)
    })
}

impl<'a> Parser<'a> {
    /// If the next name is one of `ends`, that name, left to be read.
    ///
    /// The end of an outer block ends this one too; the block's statement reports that it is not closed.
    pub(super) fn end_tag(&mut self, ends: &[&str]) -> Option<&'a str> {
        let name = self.peek_text(Token::Name)?;
        if ends.contains(&name) {
            return Some(name);
        }
        let (_, block) = PARTS.iter().find(|(tag, _)| *tag == name)?;
        let open = self.open.iter().rev().skip(1);
        let closes_outer = name.starts_with("end") && open.into_iter().any(|(tag, _)| tag == block);
        closes_outer.then_some(name)
    }

    /// Reads the tag that closes the innermost block, which `found` should name.
    pub(super) fn close(&mut self, tag: &'static str, found: Option<&str>) {
        let opened = self.open.pop().map(|(_, span)| span);
        let wanted = format!("end{tag}");
        if found == Some(&wanted) {
            self.next += 1;
            if let Err(failure) = self.block_end(&wanted) {
                self.recover(failure);
            }
            return;
        }
        let failure = Failure::new(
            "template/unclosed-block",
            format!("the block `{tag}` is never closed"),
        )
        .help(format!("write `{}` where it ends", self.tag(&wanted)));
        self.failures
            .push(failure.at(opened.unwrap_or_else(|| self.end_of_file())));
        if found.is_some() {
            // the end of an outer block must be seen by that block
            self.next = self.next.saturating_sub(1);
        }
    }

    /// A tag as it is written.
    pub(super) fn tag(&self, content: &str) -> String {
        let syntax = self.grammar.syntax;
        format!("{} {content} {}", syntax.block_start, syntax.block_end)
    }

    /// The end of a block's tag.
    pub(super) fn block_end(&mut self, tag: &str) -> Parsed<()> {
        match self.peek() {
            Some(token) if token.kind == Token::BlockEnd => {
                self.next += 1;
                self.drop_space |= token.dash;
                Ok(())
            }
            _ => Err(self.expected(&format!(
                "`{}` at the end of `{tag}`",
                self.grammar.syntax.block_end
            ))),
        }
    }

    /// The end of an output tag.
    pub(super) fn variable_end(&mut self) -> Parsed<()> {
        match self.peek() {
            Some(token) if token.kind == Token::VariableEnd => {
                self.next += 1;
                self.drop_space = token.dash;
                Ok(())
            }
            _ => Err(self.expected(&format!("`{}`", self.grammar.syntax.variable_end))),
        }
    }

    /// What to say of a tag that begins no statement.
    pub(super) fn bad_tag(&self, name: &str) -> Failure {
        if let Some((_, help)) = UNSUPPORTED.iter().find(|(tag, _)| *tag == name) {
            let message = format!("the tag `{name}` is not supported");
            return Failure::new("template/unsupported-tag", message).help(*help);
        }
        if let Some((_, block)) = PARTS.iter().find(|(tag, _)| *tag == name) {
            let message = format!("`{name}` without `{block}`");
            let failure = Failure::new("template/unexpected-tag", message);
            return match self.open.last() {
                Some((open, _)) => failure.why(format!("the open block is `{open}`")),
                None => failure.why("no block is open here"),
            };
        }
        let failure = Failure::new("template/unknown-tag", format!("unknown tag `{name}`"));
        let known = STATEMENTS
            .into_iter()
            .chain(PARTS.into_iter().map(|(tag, _)| tag));
        match suggest::nearest(name, known) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("the tags are `if`, `for`, `set`, `macro`, `call`, `filter`, `switch`, `include`, `import`, `from`, `extends`, `block`, `raw` and `verbatim`"),
        }
    }

    /// The failure for the next token.
    pub(super) fn unexpected(&self) -> Failure {
        let Some(token) = self.peek() else {
            return Failure::new("template/syntax", "the tag is never closed")
                .at(self.end_of_file());
        };
        let text = self.source.slice(token.span);
        let failure = match token.kind {
            Token::BlockEnd | Token::VariableEnd => Failure::new(
                "template/syntax",
                "the expression is missing or not complete",
            ),
            Token::Data
            | Token::Raw
            | Token::Comment
            | Token::BlockStart
            | Token::VariableStart => {
                Failure::new("template/syntax", "the tag before this is never closed")
            }
            _ => Failure::new("template/syntax", format!("unexpected `{text}`")),
        };
        with_hint(failure, text).at(token.span)
    }

    /// The failure for the next token where something certain should stand.
    pub(super) fn expected(&self, what: &str) -> Failure {
        let Some(token) = self.peek() else {
            return Failure::new(
                "template/syntax",
                format!("expected {what}, got the end of the file"),
            )
            .at(self.end_of_file());
        };
        let text = self.source.slice(token.span);
        let shown = match token.kind {
            Token::Data | Token::Raw | Token::Comment => "text".to_owned(),
            _ => format!("`{text}`"),
        };
        let failure = Failure::new("template/syntax", format!("expected {what}, got {shown}"));
        with_hint(failure, text).at(token.span)
    }
}

/// JavaScript's spelling is the usual slip.
fn with_hint(failure: Failure, text: &str) -> Failure {
    match text {
        "&&" => failure.help("write `and`"),
        "||" | "|" => failure.help("write `or` for JavaScript's `||`"),
        "!" => failure.help("write `not`"),
        "?" => failure.help("write `a if condition else b` for JavaScript's `condition ? a : b`"),
        "=" => failure.help("write `==` or `===` to compare"),
        _ => failure,
    }
}
