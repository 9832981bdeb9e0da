//! What the plugins that are installed show of an entity depends on its annotations.

use super::super::annotations::{self, Plugin};
use super::super::entity::Subject;
use super::super::findings::Findings;
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let text = |entry: crate::yaml::Entry<'_>| entry.value.as_text().map(str::to_owned);
    let spec_type = subject
        .field("spec")
        .and_then(|spec| text(spec.value.get("type")?))
        .unwrap_or_default();
    let annotations = subject.metadata("annotations");
    for plugin in &subject.options.plugins.0 {
        let has = |key: &&str| annotations.is_some_and(|all| all.value.get(key).is_some());
        if plugin.audience.includes(subject.kind(), &spec_type)
            && !plugin.needs.is_empty()
            && !plugin.needs.iter().any(has)
        {
            found.push(report(subject, plugin));
        }
    }
}

fn report(subject: &Subject, plugin: &Plugin) -> Diagnostic {
    let (entry, pointer) = match subject.metadata("annotations") {
        Some(entry) => (Some(entry), "/metadata/annotations"),
        None => (subject.field("metadata"), "/metadata"),
    };
    let place = entry.map_or_else(
        || subject.place_of(subject.root),
        |entry| subject.place_of(entry.key),
    );
    let key = plugin.needs.first().copied().unwrap_or_default();
    let message = format!("the annotation `{key}` of {} is missing", plugin.name);
    let example = annotations::key_of(key).map_or("…", |key| key.example);
    let others = plugin.needs.get(1..).unwrap_or_default();
    let or = match others {
        [] => String::new(),
        others => format!(", or `{}`", others.join("` or `")),
    };
    Diagnostic::warning("annotation/missing", place, message)
        .why(format!(
            "the page does not show {} without it",
            plugin.loses
        ))
        .help(format!("add one like `{key}: {example}`{or}"))
        .pointer(pointer)
}
