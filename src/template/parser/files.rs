//! Tags that speak of other files, and blocks, which other files may replace.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::source::Span;
use crate::template::ast::{Binding, Expression, Kind, Section, Statement};
use crate::template::failure::Failure;
use crate::template::lexer::Kind as Token;
use crate::template::value::Value;

/// The blocks of a file.
#[derive(Default)]
pub(super) struct Sections {
    blocks: Vec<Rc<Section>>,
    /// In a block: whether `super()` was seen. Nunjucks gives the outermost block all of them.
    inside: Option<bool>,
    /// In the body of a set block Nunjucks sees neither blocks nor `super()`.
    hidden: bool,
}

/// What was known outside of a set block.
pub(super) struct Outside(Option<bool>, bool);

impl Sections {
    pub(super) fn into_blocks(self) -> Vec<Rc<Section>> {
        self.blocks
    }

    /// Enters the body of a set block.
    pub(super) fn hide(&mut self) -> Outside {
        Outside(
            self.inside.take(),
            std::mem::replace(&mut self.hidden, true),
        )
    }

    /// Leaves it.
    pub(super) fn show(&mut self, Outside(inside, hidden): Outside) {
        self.inside = inside;
        self.hidden = hidden;
    }
}

/// No name can be written like this.
const SUPER: &str = "super()";

impl Parser<'_> {
    /// `include file ignore missing`.
    pub(super) fn include(&mut self) -> Parsed<Statement> {
        let file = self.expression()?;
        let ignore_missing = self.skip_word("ignore") && self.skip_word("missing");
        self.block_end("include")?;
        Ok(Statement::Include {
            file,
            ignore_missing,
        })
    }

    /// `import file as name with context`.
    pub(super) fn import(&mut self) -> Parsed<Statement> {
        let file = self.expression()?;
        if !self.skip_word("as") {
            return Err(self.expected("`as` and a name"));
        }
        let name = self.binding_name()?;
        let with_context = self.with_context()?.unwrap_or(false);
        self.block_end("import")?;
        Ok(Statement::Import {
            file,
            target: self.binding(name),
            with_context,
        })
    }

    /// `from file import a, b as c with context`.
    pub(super) fn from(&mut self) -> Parsed<Statement> {
        let file = self.expression()?;
        if !self.skip_word("import") {
            return Err(self.expected("`import` and names"));
        }
        let mut names = Vec::new();
        let mut with_context = None;
        while self.peek().map(|token| token.kind) != Some(Token::BlockEnd) {
            if !names.is_empty() && !self.skip_operator(",") {
                return Err(self.expected("`,` between the names"));
            }
            let at = self.here();
            let name = self.binding_name()?;
            if name.starts_with('_') {
                let message = "a name that begins with an underscore cannot be imported";
                return Err(Failure::new("template/private-name", message).at(at));
            }
            let alias = if self.skip_word("as") {
                self.binding_name()?
            } else {
                Rc::clone(&name)
            };
            // the last name decides
            with_context = self.with_context()?;
            names.push((name, at, alias));
        }
        if names.is_empty() {
            return Err(self.expected("a name to import"));
        }
        self.block_end("from")?;
        let bind = |(name, at, alias)| (name, at, self.binding(alias));
        Ok(Statement::From {
            file,
            names: names.into_iter().map(bind).collect(),
            with_context: with_context.unwrap_or(false),
        })
    }

    /// `extends file`.
    pub(super) fn extends(&mut self) -> Parsed<Statement> {
        let file = self.expression()?;
        self.block_end("extends")?;
        Ok(Statement::Extends(file))
    }

    /// `block name` … `endblock name`.
    pub(super) fn section(&mut self, at: Span) -> Parsed<Statement> {
        let name_at = self.here();
        self.open.push(("block", at));
        let head = self
            .binding_name()
            .and_then(|name| self.block_end("block").map(|()| name));
        let name = head.unwrap_or_else(|failure| {
            self.recover(failure);
            "".into()
        });
        let outer = self.sections.inside;
        self.scopes.enter_function(false);
        let parent = match outer {
            None => {
                self.sections.inside = Some(false);
                Some(self.scopes.declare(SUPER.into()))
            }
            Some(_) => None,
        };
        let (body, found) = self.block(&["endblock"]);
        let slots = self.scopes.leave_function();
        let used = self.sections.inside == Some(true);
        if outer.is_none() {
            self.sections.inside = None;
        }
        self.close_section(&name, found);
        let is_known = |block: &Rc<Section>| block.name == name;
        if self.sections.blocks.iter().any(is_known) {
            let message = format!("the block `{name}` is defined more than once");
            return Err(Failure::new("template/duplicate-block", message).at(name_at));
        }
        if !self.sections.hidden {
            self.sections.blocks.push(Rc::new(Section {
                name: Rc::clone(&name),
                body,
                slots,
                parent: parent.filter(|_| used),
                at,
                source: Rc::clone(self.source),
            }));
        }
        Ok(Statement::Section {
            name,
            at: name_at,
            nested: outer.is_some(),
        })
    }

    /// What `super()` stands for in a block.
    pub(super) fn parent_block(&mut self, callee: &Expression) -> Option<Kind> {
        match &callee.kind {
            Kind::Name(name) if &**name == "super" && self.sections.inside.is_some() => {}
            _ => return None,
        }
        self.sections.inside = Some(true);
        // a macro in the block does not see it, nor does a block in the block
        let slot = self.scopes.find(SUPER);
        Some(slot.map_or(Kind::Literal(Value::Undefined), Kind::Slot))
    }

    /// The block's name may stand behind `endblock`.
    fn close_section(&mut self, name: &str, found: Option<&str>) {
        let next = self.tokens.get(self.next + 1);
        let named = next.is_some_and(|token| {
            token.kind == Token::Name && self.source.slice(token.span) == name
        });
        if found == Some("endblock") && named {
            self.open.pop();
            self.next += 2;
            if let Err(failure) = self.block_end("endblock") {
                self.recover(failure);
            }
            return;
        }
        self.close("block", found);
    }

    fn with_context(&mut self) -> Parsed<Option<bool>> {
        let with = if self.skip_word("with") {
            true
        } else if self.skip_word("without") {
            false
        } else {
            return Ok(None);
        };
        if !self.skip_word("context") {
            return Err(self.expected("`context`"));
        }
        Ok(Some(with))
    }

    fn binding_name(&mut self) -> Parsed<Rc<str>> {
        let Some(name) = self.peek_text(Token::Name) else {
            return Err(self.expected("a name"));
        };
        self.next += 1;
        Ok(Rc::from(name))
    }

    fn binding(&mut self, name: Rc<str>) -> Binding {
        let in_frame = self.scopes.is_nested();
        Binding {
            slot: self.scopes.declare(Rc::clone(&name)),
            name,
            in_frame,
        }
    }
}
