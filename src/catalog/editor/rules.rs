//! The organisation's rules as a schema. A rule whose entities a schema cannot tell is left out, and so is
//! what needs more than the entity: its owner, files, who is on call.

use serde_json::{Value, json};

use super::super::options::CatalogOptions;
use super::super::organisation::{
    Choice, Expectation, Many, OrganisationRule, Pattern, Requirements, Selector,
};

/// The rules that have begun.
pub(super) fn of_organisation(options: &CatalogOptions, kinds: &[&str]) -> Vec<Value> {
    let has_begun = |rule: &&OrganisationRule| match (&rule.since, options.now) {
        (Some(since), Some(now)) => since.is_over(now),
        _ => true,
    };
    let rules = options.organisation.iter().filter(has_begun);
    rules.filter_map(|rule| of_rule(rule, kinds)).collect()
}

fn of_rule(rule: &OrganisationRule, kinds: &[&str]) -> Option<Value> {
    let condition = of_selector(&rule.selector, kinds)?;
    let mut wanted = of_requirements(rule);
    let allowed = rule.allow.iter().filter_map(|(path, expectation)| {
        Some(within(
            path.pointer(),
            false,
            of_expectation(rule, expectation)?,
        ))
    });
    wanted.extend(allowed);
    (!wanted.is_empty()).then(|| json!({ "if": condition, "then": { "allOf": wanted } }))
}

fn of_requirements(rule: &OrganisationRule) -> Vec<Value> {
    let Requirements {
        annotations,
        labels,
        tags,
        fields,
        techdocs,
        ..
    } = &rule.require;
    let mut wanted = Vec::new();
    for (parent, all) in [("annotations", annotations), ("labels", labels)] {
        // a glob asks for any of several keys
        for (key, expectation) in all.iter().filter(|(key, _)| !key.contains('*')) {
            let key = key.replace('~', "~0").replace('/', "~1");
            wanted.extend(required(
                rule,
                &format!("/metadata/{parent}/{key}"),
                expectation,
            ));
        }
    }
    for (path, expectation) in fields {
        wanted.extend(required(rule, path.pointer(), expectation));
    }
    for tag in tags {
        if let Some(tag) = of_patterns(tag.iter(), false) {
            let mut list = json!({ "contains": tag });
            say(rule, &mut list);
            wanted.push(within("/metadata/tags", true, list));
        }
    }
    if *techdocs {
        let key = "/metadata/annotations/backstage.io~1techdocs-ref";
        wanted.extend(required(rule, key, &Expectation::There(true)));
    }
    wanted
}

fn required(rule: &OrganisationRule, pointer: &str, wanted: &Expectation) -> Option<Value> {
    let is_required = !matches!(wanted, Expectation::There(false));
    let mut value = within(pointer, is_required, of_expectation(rule, wanted)?);
    say(rule, &mut value);
    Some(value)
}

/// What a rule says in its own words, where a property is missing.
fn say(rule: &OrganisationRule, schema: &mut Value) {
    let Some(message) = &rule.message else {
        return;
    };
    let mut at = schema;
    loop {
        super::set(at, "errorMessage", json!(message));
        let next = at.get_mut("properties").and_then(Value::as_object_mut);
        match next.and_then(|properties| properties.values_mut().next()) {
            Some(next) => at = next,
            None => return,
        }
    }
}

/// A schema for the value at a pointer.
fn within(pointer: &str, is_required: bool, schema: Value) -> Value {
    let names = pointer
        .split('/')
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev();
    names.fold(schema, |schema, name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        let mut owner = json!({ "properties": { &name: schema } });
        if is_required {
            super::set(&mut owner, "required", json!([name]));
        }
        owner
    })
}

fn of_expectation(rule: &OrganisationRule, expectation: &Expectation) -> Option<Value> {
    let mut schema = match expectation {
        Expectation::There(true) => json!({}),
        Expectation::There(false) => json!({ "not": {} }),
        Expectation::Like(choices) => {
            let one = of_choices(choices)?;
            json!({ "if": { "type": "array" }, "then": { "items": one }, "else": one })
        }
    };
    if let Some(message) = &rule.message {
        super::set(&mut schema, "errorMessage", json!(message));
    }
    Some(schema)
}

/// One of some values. A number is meant by its text, too.
fn of_choices(choices: &Many<Choice>) -> Option<Value> {
    let mut values = Vec::new();
    let mut patterns = Vec::new();
    for choice in choices {
        match choice {
            Choice::Bool(value) => values.push(json!(value)),
            Choice::Number(number) => {
                values.push(json!(number));
                values.push(json!(crate::yaml::js_number(*number)));
            }
            Choice::Text(pattern) => match pattern.literal() {
                Some(text) => values.push(json!(text)),
                None => patterns.push(pattern),
            },
        }
    }
    if patterns.is_empty() {
        return Some(json!({ "enum": values }));
    }
    let texts = of_patterns(patterns.into_iter(), false)?;
    Some(if values.is_empty() {
        texts
    } else {
        json!({ "anyOf": [{ "enum": values }, texts] })
    })
}

/// The entities that a rule is for; none if a schema cannot tell them.
fn of_selector(selector: &Selector, kinds: &[&str]) -> Option<Value> {
    let mut all = Vec::new();
    if let Some(patterns) = &selector.kind {
        let is_meant = |kind: &&&str| {
            patterns
                .iter()
                .any(|pattern| pattern.matches_any_case(kind))
        };
        let meant: Vec<&&str> = kinds.iter().filter(is_meant).collect();
        all.push(within("/kind", true, json!({ "enum": meant })));
    }
    let fields = [
        ("/spec/type", &selector.spec_type),
        ("/spec/lifecycle", &selector.lifecycle),
    ];
    for (pointer, patterns) in fields {
        if let Some(patterns) = patterns {
            all.push(within(pointer, true, of_patterns(patterns.iter(), true)?));
        }
    }
    if let Some(patterns) = &selector.tags {
        let tag = of_patterns(patterns.iter(), false)?;
        all.push(within("/metadata/tags", true, json!({ "contains": tag })));
    }
    if let Some(not) = &selector.not {
        all.push(json!({ "not": of_selector(not, kinds)? }));
    }
    Some(if all.is_empty() {
        json!({})
    } else {
        json!({ "allOf": all })
    })
}

/// A text that one of the patterns takes; none if one of them is no pattern of JSON Schema.
fn of_patterns<'p>(patterns: impl Iterator<Item = &'p Pattern>, any_case: bool) -> Option<Value> {
    let each: Option<Vec<String>> = patterns
        .map(|pattern| of_pattern(pattern, any_case))
        .collect();
    let pattern = each?.join("|");
    Some(json!({ "type": "string", "pattern": pattern }))
}

fn of_pattern(pattern: &Pattern, any_case: bool) -> Option<String> {
    let text = pattern.to_string();
    let Some(inner) = text.strip_prefix('/') else {
        let text = if any_case {
            either_case(&text)
        } else {
            glob(&text)
        };
        return Some(format!("^(?:{text})$"));
    };
    // flags and Rust's own classes mean something else, or nothing, to editors
    let is_plain = !["(?", "\\A", "\\z", "\\p", "\\x", "[["]
        .iter()
        .any(|word| inner.contains(word));
    let inner = inner.strip_suffix('/').filter(|_| is_plain)?;
    Some(format!("(?:{inner})"))
}

/// A glob as a regular expression, without its ends.
pub(super) fn glob(glob: &str) -> String {
    let parts: Vec<String> = glob.split('*').map(escaped).collect();
    parts.join(".*")
}

fn either_case(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let (lower, upper) = (c.to_lowercase().to_string(), c.to_uppercase().to_string());
        match c {
            '*' => out.push_str(".*"),
            _ if lower == upper => out.push_str(&escaped(&lower)),
            _ => out.extend(["(?:", &lower, "|", &upper, ")"]),
        }
    }
    out
}

/// A text as a regular expression for itself, in the words that all dialects share.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if r"\^$.|?*+()[]{}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
