//! The part of `shape` that speaks of values of the wrong type: what was likely meant, and the fix.

use jsonschema::JsonType;

use super::super::example;
use super::super::placeholder;
use super::super::schema::{Subschema, noun};
use super::shape::Finding;
use crate::diagnostic::Diagnostic;
use crate::yaml::{Kind, Style, js_string};

pub(super) fn diagnostic(finding: &Finding, wanted: &[JsonType]) -> Diagnostic {
    let is = match finding.value.kind() {
        Kind::Number(_) => "a number",
        Kind::Bool(_) => "a boolean",
        Kind::Text(_) => "a text",
        Kind::Sequence(_) => "a list",
        _ if finding.placeholder().is_some() => "a placeholder for a text",
        _ => "an object",
    };
    let mut nouns: Vec<&str> = wanted.iter().copied().map(noun).collect();
    nouns.sort_unstable_by_key(|noun| std::cmp::Reverse(*noun));
    let message = format!("{} is {is}, not {}", finding.name(), nouns.join(" or "));
    let diagnostic = Diagnostic::error("catalog/wrong-type", finding.place(), message);
    let why = match (finding.value.kind(), wanted) {
        _ if finding.is_elsewhere() => finding.why(),
        (Kind::Number(number), [JsonType::String]) => format!(
            "YAML reads `{}` without quotes as the number {}",
            finding.written(),
            js_string(number)
        ),
        (Kind::Bool(value), [JsonType::String]) => format!(
            "YAML reads `{}` without quotes as the boolean {value}",
            finding.written()
        ),
        _ => finding.why(),
    };
    help(diagnostic.why(why), finding, wanted, &nouns)
}

fn help(
    diagnostic: Diagnostic,
    finding: &Finding,
    wanted: &[JsonType],
    nouns: &[&str],
) -> Diagnostic {
    let written = finding.written();
    let place = diagnostic.at.clone();
    let is_word = !finding.is_elsewhere() && !written.contains(['\n', '"', '\\']);
    match (finding.value.kind(), wanted) {
        (Kind::Number(_) | Kind::Bool(_), [JsonType::String]) if is_word => {
            let quoted = format!("\"{written}\"");
            diagnostic
                .help(format!("quote it: `{quoted}`"))
                .fix("quote the value", place, quoted)
        }
        (Kind::Number(_) | Kind::Bool(_), [JsonType::String]) => {
            diagnostic.help("put the value in quotes where it is written")
        }
        (Kind::Text(text), [JsonType::Array]) if text.contains(',') => {
            let diagnostic = diagnostic.help("write each value on a line of its own, after `- `");
            // No tag has a comma.
            if is_word && finding.is_tags() && finding.value.style() == Style::Plain {
                diagnostic.fix("make it a list", place, format!("[{written}]"))
            } else {
                diagnostic
            }
        }
        (Kind::Text(text), [JsonType::Array]) if is_word && is_flow_safe(finding, text) => {
            let list = format!("[{written}]");
            diagnostic
                .help(format!("write a list: `{list}`"))
                .fix("make it a list", place, list)
        }
        (Kind::Sequence(items), [JsonType::String]) if items.len() == 1 => {
            let diagnostic = diagnostic.help("write the one value without `-` or brackets");
            match items
                .get(0)
                .filter(|item| !finding.is_elsewhere() && item.as_text().is_some())
            {
                Some(item) => finding.only(diagnostic, item),
                None => diagnostic,
            }
        }
        (Kind::Sequence(_), [JsonType::String]) => diagnostic.help("choose one value"),
        (Kind::Mapping(_), [JsonType::String]) if written.starts_with("{{") => {
            diagnostic.help("put `{{ }}` in quotes, or YAML takes it for an object")
        }
        (Kind::Mapping(_), _)
            if placeholder::placeholder(finding.value).is_some()
                && finding.placeholder().is_none() =>
        {
            diagnostic.help(
                "write the value itself: placeholders are resolved only after it was looked at",
            )
        }
        (Kind::Mapping(_), _) if placeholder::meant_by(finding.value).is_some() => {
            let Some((near, key)) = placeholder::meant_by(finding.value) else {
                return diagnostic;
            };
            let help = format!("did you mean the placeholder `{near}`?");
            let title = format!("write `{near}`");
            diagnostic
                .help(help)
                .fix(title, finding.place_of(key), near)
        }
        (Kind::Mapping(_), [JsonType::String]) => {
            diagnostic.help("write a text; quote it if it contains `: `")
        }
        _ => diagnostic.help(match finding.rule.and_then(Subschema::example) {
            Some(value) => format!("write for example `{}`", example::flow(value)),
            None => format!("write {}", nouns.join(" or ")),
        }),
    }
}

/// Whether a text stays one text when brackets are put around it.
fn is_flow_safe(finding: &Finding, text: &str) -> bool {
    match finding.value.style() {
        Style::Quoted => true,
        Style::Plain => !text.contains(['[', ']', '{', '}', '#']),
        _ => false,
    }
}
