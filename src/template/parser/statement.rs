//! Statements.

use std::rc::Rc;

use super::arguments::{KEYWORDS, Signature};
use super::{Parsed, Parser, tags};
use crate::source::Span;
use crate::suggest;
use crate::template::ast::{Block, Expression, FilterName, For, Function, Kind, Statement};
use crate::template::failure::Failure;
use crate::template::lexer::{Kind as Token, Token as Lexed};

impl<'a> Parser<'a> {
    /// The statement of a tag whose start was just read; none for a tag that was only reported.
    pub(super) fn statement(&mut self, start: Lexed) -> Parsed<Option<Statement>> {
        let at = self.here();
        let Some(mut tag) = self.peek_text(Token::Name) else {
            return Err(self.expected("a tag's name"));
        };
        let tag_span = start.span.to(at);
        if tags::ends_unsupported(tag) {
            self.skip_tag();
            return Ok(None);
        }
        if !tags::STATEMENTS.contains(&tag) {
            self.failures.push(self.bad_tag(tag).at(at));
            // after a slip of the pen, the block must still be closed
            let near = suggest::nearest(tag, tags::STATEMENTS);
            let Some(near) = near.filter(|_| !tags::is_known(tag)) else {
                self.skip_tag();
                return Ok(None);
            };
            tag = near;
        }
        self.next += 1;
        match tag {
            "if" => Ok(Some(self.if_(tag_span))),
            "for" => Ok(Some(self.for_(tag_span))),
            "set" => self.set(tag_span).map(Some),
            "macro" => Ok(Some(self.macro_(tag_span))),
            "call" => self.call(tag_span).map(Some),
            "filter" => self.filter_block(tag_span).map(Some),
            "switch" => Ok(Some(self.switch(tag_span))),
            "include" => self.include().map(Some),
            "import" => self.import().map(Some),
            "from" => self.from().map(Some),
            "extends" => self.extends().map(Some),
            "block" => self.section(tag_span).map(Some),
            // the lexer takes well-formed raw blocks
            _ => Err(self.expected(&format!("`{}`", self.grammar.syntax.block_end))),
        }
    }

    /// Moves past the rest of a tag that was reported.
    fn skip_tag(&mut self) {
        while let Some(token) = self.token() {
            if matches!(token.kind, Token::BlockEnd | Token::VariableEnd) {
                self.drop_space = token.dash;
                return;
            }
        }
    }

    /// Reads a tag's head up to its end; a faulty one is reported, and its block is read all the same.
    fn head(&mut self, tag: &str) -> Expression {
        let value = self.expression();
        let value = value.and_then(|value| self.block_end(tag).map(|()| value));
        self.or_undefined(value)
    }

    fn if_(&mut self, at: Span) -> Statement {
        self.open.push(("if", at));
        let mut branches = Vec::new();
        let mut otherwise = None;
        let condition = self.head("if");
        let (body, mut found) = self.block(&["elif", "elseif", "else", "endif"]);
        branches.push((condition, body));
        while let Some(tag @ ("elif" | "elseif")) = found {
            self.next += 1;
            let condition = self.head(tag);
            let (body, end) = self.block(&["elif", "elseif", "else", "endif"]);
            branches.push((condition, body));
            found = end;
        }
        if found == Some("else") {
            let (body, end) = self.otherwise(&["endif"]);
            otherwise = Some(body);
            found = end;
        }
        self.close("if", found);
        Statement::If {
            branches,
            otherwise,
        }
    }

    fn otherwise(&mut self, ends: &[&str]) -> (Block, Option<&'a str>) {
        self.next += 1;
        if let Err(failure) = self.block_end("else") {
            self.recover(failure);
        }
        self.block(ends)
    }

    fn for_(&mut self, at: Span) -> Statement {
        self.open.push(("for", at));
        let mut names = Vec::new();
        let mut head = || -> Parsed<Expression> {
            loop {
                let Some(name) = self.peek_text(Token::Name) else {
                    return Err(self.expected("the name of the loop's variable"));
                };
                names.push(Rc::from(name));
                self.next += 1;
                if !self.skip_operator(",") {
                    break;
                }
            }
            if !self.skip_word("in") {
                return Err(self.expected("`in`"));
            }
            let iterable = self.expression()?;
            self.block_end("for")?;
            Ok(iterable)
        };
        let iterable = head();
        let iterable = self.or_undefined(iterable);
        if matches!(iterable.kind, Kind::Choice(_)) {
            self.warnings.push(
                Failure::new(
                    "template/for-condition",
                    "the condition does not filter the loop",
                )
                .why("Nunjucks asks it once, to choose between the list and nothing")
                .help("put an `if` block into the loop")
                .at(iterable.span),
            );
        }
        let length = self.scopes.reserve();
        self.scopes.enter_loop();
        let targets: Vec<_> = names
            .into_iter()
            .map(|name| (Rc::clone(&name), self.scopes.declare(name)))
            .collect();
        let (body, mut found) = self.block(&["endfor", "else"]);
        let mut otherwise = None;
        if found == Some("else") {
            let (block, end) = self.otherwise(&["endfor"]);
            otherwise = Some(block);
            found = end;
        }
        self.scopes.leave_loop();
        self.close("for", found);
        Statement::For(Box::new(For {
            targets,
            iterable,
            body,
            otherwise,
            length,
        }))
    }

    fn set(&mut self, at: Span) -> Parsed<Statement> {
        let mut targets = Vec::new();
        loop {
            let Some(name) = self.peek_text(Token::Name) else {
                return Err(self.expected("a name to set"));
            };
            let name = Rc::from(name);
            let slot = self.scopes.find(&name);
            targets.push((name, slot));
            self.next += 1;
            if !self.skip_operator(",") {
                break;
            }
        }
        if self.sees_operator(".") || self.sees_operator("[") {
            return Err(self
                .unexpected()
                .why("`set` sets names, not fields of objects"));
        }
        let value = if self.skip_operator("=") {
            let value = self.expression()?;
            self.block_end("set")?;
            value
        } else {
            self.open.push(("set", at));
            if let Err(failure) = self.block_end("set") {
                self.open.pop();
                return Err(failure);
            }
            // Nunjucks does not look at the dash here
            self.drop_space = false;
            let outside = self.sections.hide();
            let (body, found) = self.block(&["endset"]);
            self.sections.show(outside);
            self.close("set", found);
            self.node(Kind::Capture(body), at, 0)?
        };
        Ok(Statement::Set { targets, value })
    }

    fn macro_(&mut self, at: Span) -> Statement {
        self.open.push(("macro", at));
        let mut name = Rc::from("macro");
        self.scopes.enter_function(false);
        let mut head = || -> Parsed<Signature> {
            let Some(text) = self.peek_text(Token::Name) else {
                return Err(self.expected("the macro's name"));
            };
            name = Rc::from(text);
            self.next += 1;
            let signature = self.signature()?;
            self.block_end("macro")?;
            Ok(signature)
        };
        let (parameters, defaults) = match head() {
            Ok(signature) => signature,
            Err(failure) => {
                self.recover(failure);
                Signature::default()
            }
        };
        let (body, found) = self.block(&["endmacro"]);
        let slots = self.scopes.leave_function();
        self.close("macro", found);
        let in_frame = self.scopes.is_nested();
        let slot = self.scopes.declare(Rc::clone(&name));
        let definition = Rc::new(Function {
            name,
            parameters,
            defaults,
            body,
            slots,
            is_caller: false,
            source: Rc::clone(self.source),
        });
        Statement::Macro {
            definition,
            slot,
            in_frame,
        }
    }

    fn call(&mut self, at: Span) -> Parsed<Statement> {
        self.open.push(("call", at));
        self.scopes.enter_function(true);
        let signature = if self.sees_operator("(") {
            self.signature()
        } else {
            Ok((Vec::new(), Vec::new()))
        };
        // the call itself is evaluated outside of its body
        let inner = self.scopes.suspend();
        let head = signature.and_then(|signature| {
            let target = self.primary()?;
            self.block_end("call")?;
            Ok((signature, target))
        });
        self.scopes.resume(inner);
        let head = head.map_err(|failure| self.recover(failure)).ok();
        let (body, found) = self.block(&["endcall"]);
        let slots = self.scopes.leave_function();
        self.close("call", found);
        let Some(((parameters, defaults), target)) = head else {
            return Ok(Statement::Text(Span::default()));
        };
        let name = Rc::from("caller");
        let caller = Rc::new(Function {
            name: Rc::clone(&name),
            parameters,
            defaults,
            body,
            slots,
            is_caller: true,
            source: Rc::clone(self.source),
        });
        let caller = self.node(Kind::Caller(caller), at, 0)?;
        let (span, height) = (target.span, target.height);
        let Kind::Call(function, mut arguments) = target.kind else {
            return Err(
                Failure::new("template/syntax", "`call` needs a call of a macro")
                    .help(format!("write `{}`", self.tag("call name()")))
                    .at(span),
            );
        };
        let keywords = arguments
            .iter_mut()
            .find_map(|argument| match &mut argument.kind {
                Kind::Dict(fields) if fields.iter().any(|(key, _)| &**key == KEYWORDS) => {
                    Some(fields)
                }
                _ => None,
            });
        if let Some(fields) = keywords {
            fields.push((name, caller));
        } else {
            let fields = vec![(name, caller)];
            let keywords = self.keywords(fields, span)?;
            arguments.push(keywords);
        }
        let call = self.node(Kind::Call(function, arguments), span, height)?;
        Ok(Statement::Output(call))
    }

    fn filter_block(&mut self, at: Span) -> Parsed<Statement> {
        self.open.push(("filter", at));
        let mut head = || -> Parsed<(FilterName, Vec<Expression>, Span)> {
            let (name, span) = self.filter_name()?;
            let arguments = if self.sees_operator("(") {
                self.arguments()?
            } else {
                Vec::new()
            };
            self.block_end("filter")?;
            Ok((name, arguments, span))
        };
        let head = head();
        let head = head.map_err(|failure| self.recover(failure)).ok();
        let (body, found) = self.block(&["endfilter"]);
        self.close("filter", found);
        let body = self.node(Kind::Capture(body), at, 0)?;
        let Some((name, arguments, span)) = head else {
            return Ok(Statement::Output(body));
        };
        let mut all = vec![body];
        all.extend(arguments);
        let height = all
            .iter()
            .map(|argument| argument.height)
            .max()
            .unwrap_or(0);
        let filter = self.node(Kind::Filter(name, span, all), span, height)?;
        Ok(Statement::Output(filter))
    }

    fn switch(&mut self, at: Span) -> Statement {
        const ENDS: [&str; 3] = ["case", "default", "endswitch"];
        self.open.push(("switch", at));
        let subject = self.head("switch");
        // Nunjucks drops what stands before the first case
        let (_, mut found) = self.block(&ENDS);
        let mut cases = Vec::new();
        let mut default = None;
        while found == Some("case") {
            self.next += 1;
            let value = self.head("case");
            let (body, end) = self.block(&ENDS);
            cases.push((value, body));
            found = end;
        }
        if cases.is_empty() {
            let failure = Failure::new("template/syntax", "`switch` without `case`");
            self.failures.push(failure.at(at));
        }
        if found == Some("default") {
            self.next += 1;
            if let Err(failure) = self.block_end("default") {
                self.recover(failure);
            }
            let (body, end) = self.block(&["endswitch"]);
            default = Some(body);
            found = end;
        }
        self.close("switch", found);
        Statement::Switch {
            subject,
            cases,
            default,
        }
    }
}
