//! Actions and their inputs, against what the instance says of them.

use serde_json::Value as Json;

use super::model::{Model, Step, is_elsewhere};
use super::{Linter, did_you_mean, listed};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::{Entry, Kind, Node};

/// Checks the actions and inputs of all steps.
pub(super) fn check(linter: &mut Linter<'_>, model: &Model<'_>) {
    for step in &model.steps {
        let Some((id, at)) = step.action else {
            continue;
        };
        old_copy(linter, step, id);
        if id.contains("${{") {
            continue;
        }
        let Some(action) = linter.actions.find(id) else {
            if linter.actions.is_complete() {
                unknown(linter, id, at);
            }
            continue;
        };
        if let Some(schema) = action.input() {
            let mut check = Check { linter, action: id };
            match step.input {
                Some(input) => check.value(schema, input, input.span(), ""),
                None => check.missing(schema, step.at, "", |_| false),
            }
        }
    }
}

fn unknown(linter: &mut Linter<'_>, id: &str, at: Span) {
    let mut diagnostic = Diagnostic::error(
        "template/unknown-action",
        linter.source.place(at),
        format!("the instance has no action `{id}`"),
    )
    .why("a task of this template ends before its first step");
    if let Some(help) = did_you_mean(id, linter.actions.ids()) {
        diagnostic = diagnostic.help(help);
    }
    linter.diagnostics.push(diagnostic);
}

/// `copyWithoutRender` is what it was called once: accepted, and ignored.
fn old_copy(linter: &mut Linter<'_>, step: &Step<'_>, action: &str) {
    let entry = step.input.and_then(|input| input.get("copyWithoutRender"));
    let Some(entry) = entry.filter(|_| action == "fetch:template") else {
        return;
    };
    let place = linter.source.place(entry.key.span());
    linter.diagnostics.push(
        Diagnostic::warning(
            "template/copy-without-render",
            place.clone(),
            "`copyWithoutRender` is ignored",
        )
        .why("the scaffolder accepts the name and renders the files all the same")
        .help("write `copyWithoutTemplating`")
        .fix(
            "rename it to `copyWithoutTemplating`",
            place,
            "copyWithoutTemplating",
        ),
    );
}

struct Check<'l, 'a> {
    linter: &'l mut Linter<'a>,
    action: &'l str,
}

impl Check<'_, '_> {
    /// Reports what in a value does not fit; what an expression gives is not known. `path` names the
    /// value within the input.
    fn value(&mut self, schema: &Json, node: Node<'_>, at: Span, path: &str) {
        if is_elsewhere(node) {
            return;
        }
        if let Some(branches) = branches(schema) {
            if !branches.iter().any(|branch| fits(branch, node)) {
                // with one candidate of this kind its own problems say more
                let mut near = branches.iter().filter(|branch| is_kind(branch, node));
                match (near.next(), near.next()) {
                    (Some(only), None) => self.value(only, node, at, path),
                    _ => self.wrong(schema, node, at, path),
                }
            }
            return;
        }
        if !is_kind(schema, node) || !is_listed(schema, node) {
            self.wrong(schema, node, at, path);
            return;
        }
        match node.kind() {
            Kind::Mapping(fields) => {
                for field in fields {
                    self.field(schema, field, path);
                }
                self.missing(schema, at, path, |name| node.get(name).is_some());
            }
            Kind::Sequence(items) => {
                if let Some(schema) = schema.get("items").filter(|items| items.is_object()) {
                    for (index, item) in items.into_iter().enumerate() {
                        self.value(schema, item, item.span(), &join(path, &index.to_string()));
                    }
                }
            }
            _ => {}
        }
    }

    fn field(&mut self, schema: &Json, field: Entry<'_>, path: &str) {
        let properties = schema.get("properties").and_then(Json::as_object);
        if let Some(known) = properties.and_then(|known| known.get(field.name)) {
            self.value(known, field.value, field.span(), &join(path, field.name));
            return;
        }
        match schema.get("additionalProperties") {
            Some(Json::Bool(false)) => {}
            Some(more @ Json::Object(_)) => {
                self.value(more, field.value, field.span(), &join(path, field.name));
                return;
            }
            _ => return,
        }
        let known = properties.into_iter().flat_map(|known| known.keys());
        let known: Vec<&str> = known.map(String::as_str).collect();
        let help = did_you_mean(field.name, known.iter().copied())
            .unwrap_or_else(|| format!("it has {}", listed(known)));
        let message = format!(
            "`{}` has no input `{}`",
            self.action,
            join(path, field.name)
        );
        let place = self.linter.source.place(field.key.span());
        self.linter.diagnostics.push(
            Diagnostic::error("template/unknown-input", place, message)
                .why("the scaffolder refuses it, or the action does not look at it")
                .help(help),
        );
    }

    fn missing(&mut self, schema: &Json, at: Span, path: &str, has: impl Fn(&str) -> bool) {
        let required = schema.get("required").and_then(Json::as_array);
        for name in required.into_iter().flatten().filter_map(Json::as_str) {
            if has(name) {
                continue;
            }
            let message = format!("`{}` needs the input `{}`", self.action, join(path, name));
            // where the mapping begins is enough
            let place = self.linter.source.place(Span::new(at.start, at.start));
            self.linter.diagnostics.push(
                Diagnostic::error("template/missing-input", place, message)
                    .why("the step fails without it"),
            );
        }
    }

    fn wrong(&mut self, schema: &Json, node: Node<'_>, at: Span, path: &str) {
        let place = self.linter.source.place(at);
        let what = match expected(schema) {
            Some(expected) => format!("is {expected}"),
            None => "is something else".to_owned(),
        };
        let message = format!(
            "`{path}` of `{}` {what}, not {}",
            self.action,
            kind_of(node)
        );
        let mut diagnostic =
            Diagnostic::error("template/input-type", place, message).why("the step fails with it");
        let words = schema.get("enum").and_then(Json::as_array);
        let words = words.into_iter().flatten().filter_map(Json::as_str);
        if let Some(help) = node.as_text().and_then(|text| did_you_mean(text, words)) {
            diagnostic = diagnostic.help(help);
        }
        self.linter.diagnostics.push(diagnostic);
    }
}

fn branches(schema: &Json) -> Option<&Vec<Json>> {
    let branches = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
    branches.as_array()
}

/// Whether a value is all right, as far as it can be known.
fn fits(schema: &Json, node: Node<'_>) -> bool {
    if is_elsewhere(node) {
        return true;
    }
    if let Some(branches) = branches(schema) {
        return branches.iter().any(|branch| fits(branch, node));
    }
    if !is_kind(schema, node) || !is_listed(schema, node) {
        return false;
    }
    let properties = schema.get("properties").and_then(Json::as_object);
    match node.kind() {
        Kind::Mapping(fields) => {
            let required = schema.get("required").and_then(Json::as_array);
            let mut required = required.into_iter().flatten().filter_map(Json::as_str);
            let is_closed = schema.get("additionalProperties") == Some(&Json::Bool(false));
            required.all(|name| node.get(name).is_some())
                && fields.into_iter().all(|field| {
                    match properties.and_then(|known| known.get(field.name)) {
                        Some(schema) => fits(schema, field.value),
                        None => !is_closed,
                    }
                })
        }
        Kind::Sequence(items) => schema
            .get("items")
            .is_none_or(|schema| items.into_iter().all(|item| fits(schema, item))),
        _ => true,
    }
}

/// Whether the value has a type of the schema.
fn is_kind(schema: &Json, node: Node<'_>) -> bool {
    let types = match schema.get("type") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => return true,
    };
    match node.kind() {
        Kind::Null => types.contains(&"null"),
        Kind::Bool(_) => types.contains(&"boolean"),
        Kind::Number(number) => {
            types.contains(&"number") || types.contains(&"integer") && number.fract() == 0.0
        }
        Kind::Text(text) => types.contains(&"string") || is_expression(text),
        Kind::Sequence(_) => types.contains(&"array"),
        Kind::Mapping(_) => types.contains(&"object"),
    }
}

/// Whether the value is one that the schema lists, if it lists them.
fn is_listed(schema: &Json, node: Node<'_>) -> bool {
    if node.as_text().is_some_and(has_tag) {
        return true;
    }
    let listed = match (schema.get("enum"), schema.get("const")) {
        (Some(Json::Array(listed)), _) => listed.as_slice(),
        (_, Some(only)) => std::slice::from_ref(only),
        _ => return true,
    };
    listed.contains(&node.to_value())
}

/// Whether a text may become a value of another type: it is a tag as a whole.
fn is_expression(text: &str) -> bool {
    let text = text.trim();
    has_tag(text) && text.starts_with(['$', '{']) && text.ends_with('}')
}

fn has_tag(text: &str) -> bool {
    text.contains("${{") || text.contains("{%")
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}.{name}")
}

fn expected(schema: &Json) -> Option<String> {
    if let Some(Json::Array(words)) = schema.get("enum") {
        let words = words
            .iter()
            .map(|word| format!("`{word}`").replace('"', ""));
        return Some(format!("one of {}", words.collect::<Vec<_>>().join(", ")));
    }
    if let Some(branches) = branches(schema) {
        let each: Option<Vec<String>> = branches.iter().map(expected).collect();
        return Some(each?.join(" or "));
    }
    let noun = |name: &str| match name {
        "string" => "a text",
        "boolean" => "true or false",
        "number" => "a number",
        "integer" => "a whole number",
        "array" => "a list",
        "object" => "an object",
        _ => "nothing",
    };
    Some(match schema.get("type")? {
        Json::String(one) => noun(one).to_owned(),
        Json::Array(several) => {
            let several = several.iter().filter_map(Json::as_str).map(noun);
            several.collect::<Vec<_>>().join(" or ")
        }
        _ => return None,
    })
}

fn kind_of(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "nothing".to_owned(),
        Kind::Bool(value) => format!("`{value}`"),
        Kind::Number(number) => format!("the number {number}"),
        Kind::Text(text) if text.chars().count() <= 40 && !text.contains('\n') => {
            format!("the text `{text}`")
        }
        Kind::Text(_) => "a text".to_owned(),
        Kind::Sequence(_) => "a list".to_owned(),
        Kind::Mapping(_) => "an object".to_owned(),
    }
}
