//! `catalog.rules`: codes that rules give, and weights that there are.

use crate::catalog::Weight;
use crate::catalog::codes;
use crate::catalog::organisation::AREA;
use crate::catalog::pointer;
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_PROBLEMS;
use crate::source::SourceText;
use crate::suggest;
use crate::yaml::{Entry, Kind, Node};

pub(super) fn check(source: &SourceText, root: Node, found: &mut Vec<Diagnostic>) {
    let Some((_, rules)) = root.at("/catalog/rules") else {
        return;
    };
    for rule in rules.entries().into_iter().take(MAX_PROBLEMS) {
        let at = pointer::join("/catalog/rules", rule.name);
        if !codes::has_weight(rule.name) {
            let message = format!("no rule gives `{}`", rule.name);
            let place = source.place(rule.key.span());
            found.push(
                Diagnostic::error("settings/unknown-code", place, message)
                    .help(match codes::nearest(rule.name) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if rule.name.starts_with(AREA) => {
                            "what a rule of yours weighs is its `severity`".to_owned()
                        }
                        None => "write the code of a finding, which stands in brackets before it"
                            .to_owned(),
                    })
                    .pointer(&at),
            );
        }
        if rule.value.is_mapping() {
            let kinds = rule.value.entries().into_iter().take(MAX_PROBLEMS);
            found.extend(kinds.filter_map(|kind| wrong_weight(source, kind, &at)));
        } else {
            found.extend(wrong_weight(source, rule, "/catalog/rules"));
        }
    }
}

fn wrong_weight(source: &SourceText, entry: Entry, parent: &str) -> Option<Diagnostic> {
    let text = entry.value.as_text().unwrap_or_default();
    if Weight::NAMES.contains(&text) {
        return None;
    }
    let message = match entry.value.kind() {
        Kind::Text(text) => format!("`{text}` is no weight"),
        _ => format!("the weight of `{}` must be a text", entry.name),
    };
    let diagnostic = Diagnostic::error("settings/wrong-value", source.place(entry.span()), message)
        .pointer(pointer::join(parent, entry.name));
    Some(match suggest::nearest(text, Weight::NAMES) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("write one of `{}`", Weight::NAMES.join("`, `"))),
    })
}
