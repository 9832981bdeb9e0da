//! Annotations that no plugin reads: they look as alive as the others, and do nothing.

use super::super::annotations::{self, DeadKey, Plugin};
use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use crate::diagnostic::Diagnostic;
use crate::glob;
use crate::yaml::{Entry, Node};

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(annotations) = subject.metadata("annotations") else {
        return;
    };
    for entry in annotations.value.entries() {
        if found.is_full() {
            return;
        }
        let own = &subject.options.known_annotations;
        if own.iter().any(|glob| glob::matches(glob, entry.name)) {
            continue;
        }
        if let Some(dead) = annotations::dead(entry.name) {
            found.push(report(subject, annotations.value, entry, &dead));
        }
    }
}

fn report(subject: &Subject, owner: Node, entry: Entry, dead: &DeadKey) -> Diagnostic {
    let place = subject.place_of(entry.key);
    let message = format!("no known plugin reads the annotation `{}`", entry.name);
    let diagnostic = Diagnostic::warning("annotation/unknown-key", place.clone(), message)
        .why(reads(owner, &dead.plugins))
        .pointer(pointer::join("/metadata/annotations", entry.name));
    let Some(meant) = dead.meant else {
        return diagnostic.help("write one of these keys, or remove it; keys that plugins of your own read belong into `catalog.knownAnnotations`");
    };
    if owner.get(meant.name).is_some() {
        let name = meant.name;
        return diagnostic.help(format!("remove it: `{name}` is there already"));
    }
    let diagnostic = diagnostic.help(format!("did you mean `{}` ({})?", meant.name, meant.about));
    if !dead.is_certain {
        return diagnostic;
    }
    let title = format!("rename the annotation to `{}`", meant.name);
    diagnostic.fix(title, place, meant.name)
}

/// The keys that are read instead, and what is not shown if the entity has none of them.
fn reads(owner: Node, plugins: &[&Plugin]) -> String {
    let names: Vec<String> = plugins
        .iter()
        .map(|plugin| format!("{} ({})", plugin.name, plugin.source.shown()))
        .collect();
    let mut keys: Vec<&str> = Vec::new();
    for key in plugins.iter().flat_map(|plugin| plugin.keys) {
        if !keys.contains(&key.name) {
            keys.push(key.name);
        }
    }
    let verb = if plugins.len() == 1 { "reads" } else { "read" };
    let keys = keys.join("`, `");
    let reads = format!("{} {verb} `{keys}`", names.join(", "));
    let has = |key: &&str| owner.get(key).is_some();
    let blind = |plugin: &&&Plugin| !plugin.needs.is_empty() && !plugin.needs.iter().any(has);
    match plugins.iter().find(blind) {
        Some(plugin) => format!("{reads}; the page does not show {}", plugin.loses),
        None => reads,
    }
}
