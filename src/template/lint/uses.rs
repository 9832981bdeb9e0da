//! Which names a template uses, and what it writes that Nunjucks reads in another way.

use std::collections::HashSet;
use std::rc::Rc;

use crate::source::{SourceText, Span};
use crate::template::ast::{Block, Expression, Function, Infix, Kind, Prefix, Statement, Template};
use crate::template::failure::Failure;
use crate::template::value::Value;

/// A name that is looked up, and the members behind it as far as they are written out.
#[derive(Debug, Clone)]
pub(super) struct Use {
    pub root: Rc<str>,
    pub at: Span,
    pub members: Vec<(Rc<str>, Span)>,
    /// Within `default(…)` or `is defined`: nothing is wrong if it is not there.
    pub is_optional: bool,
}

impl Use {
    /// The name of a member, counted from 0.
    pub fn member(&self, index: usize) -> Option<(&str, Span)> {
        let (name, at) = self.members.get(index)?;
        Some((name, *at))
    }
}

/// What a template says.
#[derive(Default)]
pub(super) struct Uses {
    pub names: Vec<Use>,
    /// The names it makes itself.
    pub own: HashSet<Rc<str>>,
    pub oddities: Vec<Failure>,
    /// Whether it has to do with other files, which may make names for it.
    pub has_partials: bool,
}

impl Uses {
    /// Reads a parsed text.
    pub fn of(template: &Template) -> Self {
        let mut reader = Reader {
            source: &template.source,
            is_optional: false,
            found: Self::default(),
        };
        reader.block(&template.body);
        for section in &template.blocks {
            reader.block(&section.body);
        }
        reader.found
    }
}

struct Reader<'a> {
    source: &'a SourceText,
    is_optional: bool,
    found: Uses,
}

impl Reader<'_> {
    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Text(_) | Statement::Section { .. } => {}
            Statement::Output(value) => self.expression(value),
            Statement::If {
                branches,
                otherwise,
            } => self.branches(branches, otherwise.as_ref()),
            Statement::Switch {
                subject,
                cases,
                default,
            } => {
                self.expression(subject);
                self.branches(cases, default.as_ref());
            }
            Statement::For(each) => {
                self.expression(&each.iterable);
                self.make(each.targets.iter().map(|(name, _)| name));
                self.block(&each.body);
                each.otherwise.iter().for_each(|block| self.block(block));
            }
            Statement::Set { targets, value } => {
                self.make(targets.iter().map(|(name, _)| name));
                self.expression(value);
            }
            Statement::Macro { definition, .. } => self.function(definition),
            Statement::Include { file, .. } | Statement::Extends(file) => {
                self.found.has_partials = true;
                self.expression(file);
            }
            Statement::Import { file, target, .. } => {
                self.found.has_partials = true;
                self.make([&target.name]);
                self.expression(file);
            }
            Statement::From { file, names, .. } => {
                self.found.has_partials = true;
                self.make(names.iter().map(|(_, _, target)| &target.name));
                self.expression(file);
            }
        }
    }

    fn make<'n>(&mut self, names: impl IntoIterator<Item = &'n Rc<str>>) {
        self.found.own.extend(names.into_iter().cloned());
    }

    fn branches(&mut self, branches: &[(Expression, Block)], otherwise: Option<&Block>) {
        for (condition, block) in branches {
            self.expression(condition);
            self.block(block);
        }
        if let Some(otherwise) = otherwise {
            self.block(otherwise);
        }
    }

    fn function(&mut self, function: &Function) {
        self.make(function.parameters.iter().chain([&function.name]));
        for (name, default) in &function.defaults {
            self.make([name]);
            self.expression(default);
        }
        self.block(&function.body);
    }

    fn expression(&mut self, expression: &Expression) {
        if let Some(found) = self.path(expression) {
            self.found.names.push(found);
            return;
        }
        match &expression.kind {
            Kind::Literal(_) | Kind::Name(_) | Kind::Slot(_) => {}
            Kind::List(items) | Kind::Sequence(items) => self.all(items),
            Kind::Dict(fields) => fields.iter().for_each(|(_, field)| self.expression(field)),
            Kind::Get(parts) | Kind::In(parts) | Kind::Power(parts) => self.all(&**parts),
            Kind::Slice(parts) => self.all(&**parts),
            Kind::Choice(parts) => self.all(&**parts),
            Kind::Call(callee, arguments) => {
                self.expression(callee);
                self.all(arguments);
            }
            Kind::Filter(name, _, arguments) => {
                self.first_may_miss(arguments, matches!(name.text(), "default" | "d"));
            }
            Kind::Is(name, _, arguments) => {
                self.first_may_miss(arguments, matches!(&**name, "defined" | "undefined"));
            }
            Kind::Chain(first, rest) => self.chain(first, rest),
            Kind::Prefix(_, inner) | Kind::FloorDivide(inner) => self.expression(inner),
            Kind::Capture(block) => self.block(block),
            Kind::Caller(function) => self.function(function),
        }
    }

    fn all(&mut self, expressions: &[Expression]) {
        for each in expressions {
            self.expression(each);
        }
    }

    fn first_may_miss(&mut self, arguments: &[Expression], may_miss: bool) {
        let Some((first, rest)) = arguments.split_first() else {
            return;
        };
        let outside = self.is_optional;
        self.is_optional |= may_miss;
        self.expression(first);
        self.is_optional = outside;
        self.all(rest);
    }

    /// `root.member['member']`; none of any other expression. What is in computed brackets is read.
    fn path(&mut self, expression: &Expression) -> Option<Use> {
        match &expression.kind {
            Kind::Name(name) => Some(Use {
                root: Rc::clone(name),
                at: expression.span,
                members: Vec::new(),
                is_optional: self.is_optional,
            }),
            Kind::Get(parts) => {
                let [target, key] = &**parts;
                if let Kind::Literal(Value::Str(name)) = &key.kind {
                    let mut found = self.path(target)?;
                    found.members.push((Rc::clone(name), key.span));
                    return Some(found);
                }
                None
            }
            _ => None,
        }
    }

    fn chain(&mut self, first: &Expression, rest: &[(Infix, Expression)]) {
        if let (Kind::Prefix(Prefix::Not, inner), Some((infix, _))) = (&first.kind, rest.first())
            && infix.precedence() > Infix::And.precedence()
        {
            let shown = self.source.slice(inner.span);
            self.found.oddities.push(
                Failure::new(
                    "template/not-precedence",
                    format!("`not` is only about `{shown}`, not about the comparison"),
                )
                .why("Nunjucks reads `not a == b` as `(not a) == b`")
                .help("put the comparison in parentheses: `not (a == b)`, or write `!=`")
                .at(first.span),
            );
        }
        let mut operand = first;
        let mut left = self.path(first);
        if left.is_none() {
            self.expression(first);
        }
        for (infix, next) in rest {
            let between = Span::new(operand.span.end, next.span.start);
            let right = self.path(next);
            if right.is_none() {
                self.expression(next);
            }
            let is_dash = *infix == Infix::Subtract && self.source.slice(between) == "-";
            left = match (left, right) {
                (Some(left), Some(right)) if is_dash && !left.members.is_empty() => {
                    Some(self.hyphenated(left, right, operand.span))
                }
                (left, right) => {
                    self.found.names.extend(left);
                    right
                }
            };
            operand = next;
        }
        self.found.names.extend(left);
    }

    /// `steps.my-step.output`: what is meant, after saying what it is instead.
    fn hyphenated(&mut self, mut left: Use, right: Use, operand: Span) -> Use {
        let (name, at) = left.members.pop().unwrap_or_default();
        let object = self.source.slice(Span::new(operand.start, at.start));
        let object = object.trim_end_matches('.').to_owned();
        let whole: Rc<str> = format!("{name}-{}", right.root).into();
        self.found.oddities.push(
            Failure::new(
                "template/hyphenated-name",
                format!("`{object}.{whole}` is a subtraction"),
            )
            .why(format!(
                "Nunjucks takes `{}` away from `{object}.{name}`, and the result is not a number",
                right.root
            ))
            .help(format!("write `{object}['{whole}']`"))
            .at(at.to(right.at)),
        );
        left.members.push((whole, at.to(right.at)));
        left.members.extend(right.members);
        left
    }
}
