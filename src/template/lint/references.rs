//! What the expressions of `template.yaml` name: roots, parameters, steps and their outputs.

use std::collections::HashSet;

use super::model::{Model, Step};
use super::text::Text;
use super::uses::{Use, Uses};
use super::{Linter, did_you_mean, listed};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::{Kind, Node};

/// What the scaffolder gives to every expression.
const ALWAYS: [&str; 5] = ["parameters", "steps", "user", "context", "environment"];

/// Its own globals.
const GLOBALS: [&str; 2] = ["always", "failure"];

/// Where an expression is.
#[derive(Clone, Copy)]
struct Scope<'a> {
    /// How many steps have run.
    before: usize,
    /// The names beside those that are always there.
    more: &'a [&'static str],
    /// Whether it is a step's condition, which an error makes true.
    is_condition: bool,
}

/// Checks all expressions of a template.
pub(super) fn check(linter: &mut Linter<'_>, model: &Model<'_>) {
    let mut checker = Checker {
        linter,
        model,
        used: HashSet::new(),
        all_used: false,
    };
    for (before, step) in model.steps.iter().enumerate() {
        checker.step(before, step);
    }
    if let Some(output) = model.output {
        let scope = Scope {
            before: model.steps.len(),
            more: &[],
            is_condition: false,
        };
        checker.texts(output, scope);
    }
    checker.report_unused();
}

struct Checker<'l, 'a, 't> {
    linter: &'l mut Linter<'a>,
    model: &'l Model<'t>,
    used: HashSet<String>,
    /// An expression takes the parameters as a whole.
    all_used: bool,
}

impl<'t> Checker<'_, '_, 't> {
    fn step(&mut self, before: usize, step: &Step<'t>) {
        let each = step.node.get("each").map(|entry| entry.value);
        let with_each: &[&str] = if each.is_some() {
            &["secrets", "each"]
        } else {
            &["secrets"]
        };
        let scope = Scope {
            before,
            more: with_each,
            is_condition: false,
        };
        if let Some(condition) = step.node.get("if") {
            let more = if each.is_some() { with_each } else { &[] };
            let scope = Scope {
                more,
                is_condition: true,
                ..scope
            };
            self.texts(condition.value, scope);
        }
        if let Some(each) = each {
            let more = &["secrets"];
            self.texts(each, Scope { more, ..scope });
        }
        if let Some(input) = step.input {
            self.texts(input, scope);
        }
        for name in ["id", "name", "action"] {
            let Some(entry) = step.node.get(name) else {
                continue;
            };
            if entry
                .value
                .as_text()
                .is_some_and(|text| text.contains("${{"))
            {
                let place = self.linter.source.place(entry.span());
                let message = format!("the `{name}` of a step is not rendered");
                self.linter.diagnostics.push(
                    Diagnostic::warning("template/not-rendered", place, message)
                        .why("the scaffolder renders `if`, `each` and `input` of a step only"),
                );
            }
        }
    }

    fn texts(&mut self, node: Node<'t>, scope: Scope<'_>) {
        match node.kind() {
            Kind::Sequence(items) => items.into_iter().for_each(|item| self.texts(item, scope)),
            Kind::Mapping(fields) => {
                let fields = fields.into_iter();
                fields.for_each(|field| self.texts(field.value, scope));
            }
            Kind::Text(_) => self.text(node, scope),
            _ => {}
        }
    }

    fn text(&mut self, node: Node<'t>, scope: Scope<'_>) {
        let source = self.linter.source;
        let Some(text) = Text::of(source, node, &self.linter.engine) else {
            return;
        };
        for mut diagnostic in text.template.diagnostics.iter().cloned() {
            if diagnostic.is_error() && diagnostic.why.is_none() {
                diagnostic = diagnostic.why(if scope.is_condition {
                    "the scaffolder does not report it: the condition is its own text, and the step always runs"
                } else {
                    "the scaffolder does not report it: the action is given the text as it is here"
                });
            }
            self.linter.diagnostics.push(text.moved(diagnostic));
        }
        if text.template.diagnostics.iter().any(Diagnostic::is_error) {
            // what was meant may use them
            let named = self.model.parameters.order.iter();
            let named = named.filter(|name| text.template.source.text().contains(**name));
            self.used.extend(named.map(|name| (*name).to_owned()));
        }
        let found = Uses::of(&text.template);
        for oddity in found.oddities {
            let severity = match oddity.code() {
                "template/hyphenated-name" => Severity::Error,
                _ => Severity::Warning,
            };
            let diagnostic = oddity.diagnostic(&text.template.source);
            self.linter
                .diagnostics
                .push(text.moved(diagnostic).with_severity(severity));
        }
        for each in &found.names {
            if self.linter.is_full() {
                return;
            }
            if found.own.contains(&each.root) {
                continue;
            }
            if let Some(diagnostic) = self.judge(&text, each, scope) {
                self.linter.diagnostics.push(diagnostic);
            }
        }
    }

    fn judge(&mut self, text: &Text<'_>, each: &Use, scope: Scope<'_>) -> Option<Diagnostic> {
        let root = &*each.root;
        match root {
            "parameters" => return self.parameter(text, each),
            "steps" => return self.output(text, each, scope),
            _ => {}
        }
        let is_known = ALWAYS.contains(&root)
            || scope.more.contains(&root)
            || GLOBALS.contains(&root)
            || self.linter.actions.has_global(root);
        if is_known {
            return member(text, each);
        }
        let place = text.place(each.at);
        if matches!(root, "secrets" | "each") {
            let (why, help) = if root == "each" {
                ("the step has no `each`", "give the step an `each`")
            } else {
                (
                    "the scaffolder gives secrets to `input` and `each` of a step only",
                    "decide by a parameter, or hand the secret to an action",
                )
            };
            let message = format!("`{root}` is not there");
            return Some(
                Diagnostic::error("template/unknown-root", place, message)
                    .why(why)
                    .help(help),
            );
        }
        let known = ALWAYS.iter().chain(scope.more).copied();
        let help = did_you_mean(root, known.clone())
            .or_else(|| {
                (self.model.parameters.declared.contains_key(root))
                    .then(|| format!("write `parameters.{root}`"))
            })
            .or_else(|| {
                (root == "values")
                    .then(|| "write `parameters`: `values` are for the skeleton".to_owned())
            })
            .unwrap_or_else(|| format!("known here: {}", listed(known)));
        let message = format!("`{root}` is not defined");
        let mut diagnostic = Diagnostic::error("template/unknown-root", place, message)
            .why("the scaffolder renders it as nothing")
            .help(help);
        if each.is_optional || self.linter.actions.has_other_globals() && each.members.is_empty() {
            // a module may have added it
            diagnostic = diagnostic.with_severity(Severity::Warning);
        }
        Some(diagnostic)
    }

    fn parameter(&mut self, text: &Text<'_>, each: &Use) -> Option<Diagnostic> {
        let Some((name, at)) = each.member(0) else {
            self.all_used = true;
            return None;
        };
        self.used.insert(name.to_owned());
        let parameters = &self.model.parameters;
        if parameters.is_open || each.is_optional || parameters.declared.contains_key(name) {
            return None;
        }
        let known = parameters.order.iter().copied();
        let help = did_you_mean(name, known.clone())
            .unwrap_or_else(|| format!("the form has {}", listed(known)));
        let message = format!("the form has no parameter `{name}`");
        Some(
            Diagnostic::error("template/undeclared-parameter", text.place(at), message)
                .why("nobody is asked for it, so it is undefined")
                .help(help),
        )
    }

    fn output(&self, text: &Text<'_>, each: &Use, scope: Scope<'_>) -> Option<Diagnostic> {
        let (id, at) = each.member(0)?;
        let place = text.place(at);
        if self.model.steps_are_open && self.model.step(id).is_none() {
            return None;
        }
        let Some((index, step)) = self.model.step(id) else {
            let known = self.model.steps.iter().take(scope.before);
            let known = known.map(|step| step.id.as_str());
            let help = did_you_mean(id, known.clone())
                .unwrap_or_else(|| format!("the steps before are {}", listed(known)));
            let message = format!("there is no step `{id}`");
            return Some(Diagnostic::error("template/unknown-step", place, message).help(help));
        };
        if index >= scope.before {
            let when = if index == scope.before {
                format!("the step `{id}` is this one")
            } else {
                format!("the step `{id}` runs later")
            };
            return Some(
                Diagnostic::error("template/step-order", place, when)
                    .why("a step's output is there when it has run, before that it is undefined")
                    .related("the step", self.linter.source.place(step.at)),
            );
        }
        let (output, at) = each.member(1)?;
        if output != "output" {
            let message = format!("a step has no `{output}`, only `output`");
            let help = did_you_mean(output, ["output"])
                .unwrap_or_else(|| format!("write `steps.{id}.output.{output}`"));
            return Some(
                Diagnostic::error("template/unknown-output", text.place(at), message).help(help),
            );
        }
        let (name, at) = each.member(2)?;
        let (action, _) = step.action?;
        let outputs = self.linter.actions.find(action)?.outputs()?;
        // a method of JavaScript's objects is no output
        if outputs.contains(&name) || name == "hasOwnProperty" || each.is_optional {
            return None;
        }
        let help = did_you_mean(name, outputs.iter().copied())
            .unwrap_or_else(|| format!("it has {}", listed(outputs.iter().copied())));
        let message = format!("`{action}` has no output `{name}`");
        Some(
            Diagnostic::error("template/unknown-output", text.place(at), message)
                .why("the expression is undefined")
                .help(help),
        )
    }

    fn report_unused(&mut self) {
        if self.all_used {
            return;
        }
        let parameters = &self.model.parameters;
        for name in &parameters.order {
            if self.used.contains(*name) || parameters.decide.contains(name) {
                continue;
            }
            let Some(&at) = parameters.declared.get(name) else {
                continue;
            };
            let message = format!("nothing uses the parameter `{name}`");
            self.linter.diagnostics.push(
                Diagnostic::warning(
                    "template/unused-parameter",
                    self.linter.source.place(at),
                    message,
                )
                .why("people are asked for something that makes no difference"),
            );
        }
    }
}

/// What the scaffolder's objects have.
fn member(text: &Text<'_>, each: &Use) -> Option<Diagnostic> {
    let known: &[&str] = match &*each.root {
        "each" => &["key", "value"],
        "user" => &["entity", "ref"],
        "context" => &["task"],
        "environment" => &["parameters", "secrets"],
        _ => return None,
    };
    let (name, at) = each.member(0)?;
    if known.contains(&name) || each.is_optional {
        return None;
    }
    let root = &each.root;
    let help = did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("it has {}", listed(known.iter().copied())));
    let message = format!("`{root}` has no `{name}`");
    Some(Diagnostic::error("template/unknown-root", text.place(at), message).help(help))
}
