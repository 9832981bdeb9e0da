//! Steps whose condition is no question: they never run, or always.

use serde_json::Value as Json;

use super::Linter;
use super::model::Model;
use super::text::Text;
use super::uses::Uses;
use crate::diagnostic::Diagnostic;
use crate::template::ast::Statement;
use crate::template::{Context, Record};
use crate::yaml::Kind;

/// Checks the conditions of all steps.
pub(super) fn check(linter: &mut Linter<'_>, model: &Model<'_>) {
    for step in &model.steps {
        let Some(condition) = step.node.get("if") else {
            continue;
        };
        let verdict = match condition.value.kind() {
            Kind::Bool(false) => Verdict::Never,
            Kind::Text(text) => {
                let parsed = Text::of(linter.source, condition.value, &linter.engine);
                judge(linter, text, parsed.as_ref())
            }
            Kind::Bool(true) | Kind::Null => Verdict::Question,
            _ => Verdict::Text,
        };
        let place = linter.source.place(condition.span());
        linter.diagnostics.extend(match verdict {
            Verdict::Question => None,
            Verdict::Never => Some(
                Diagnostic::warning(
                    "template/never-runs",
                    place,
                    format!("the step `{}` never runs", step.id),
                )
                .why("its condition is always false")
                .help("take the step out, or ask for something"),
            ),
            Verdict::Always => Some(
                Diagnostic::warning(
                    "template/always-runs",
                    place,
                    format!("the step `{}` always runs", step.id),
                )
                .why("its condition is always true")
                .help("take the condition out, or ask for something"),
            ),
            Verdict::Text => Some(
                Diagnostic::warning(
                    "template/always-runs",
                    place,
                    format!(
                        "the step `{}` always runs: its condition is a text",
                        step.id
                    ),
                )
                .why("the scaffolder takes every text that is not empty for true, `false` too")
                .help("write one expression around all of it: `${{ parameters.x === 'y' }}`"),
            ),
        });
    }
}

enum Verdict {
    Question,
    Never,
    Always,
    Text,
}

fn judge(linter: &Linter<'_>, text: &str, parsed: Option<&Text<'_>>) -> Verdict {
    let Some(parsed) = parsed else {
        return if text.is_empty() {
            Verdict::Never
        } else {
            Verdict::Text
        };
    };
    let template = &parsed.template;
    if template.diagnostics.iter().any(Diagnostic::is_error) {
        // reported, and why
        return Verdict::Question;
    }
    let [Statement::Output(expression)] = template.body.as_slice() else {
        return Verdict::Text;
    };
    let found = Uses::of(template);
    if !found.names.is_empty() {
        return Verdict::Question;
    }
    let context = Context::new(&Record::new([]));
    let (json, told) = linter.engine.evaluate(template, expression, &context);
    if told.diagnostics.iter().any(Diagnostic::is_error) {
        return Verdict::Question;
    }
    match json.as_deref().map(serde_json::from_str) {
        Some(Ok(value)) if is_truthy(&value) => Verdict::Always,
        _ => Verdict::Never,
    }
}

/// As the scaffolder's `isTruthy`: an empty list is false.
fn is_truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(_) => true,
    }
}
