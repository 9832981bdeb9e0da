//! `$ref`s of a definition.

use super::api::Api;
use crate::yaml::{Entry, Kind, Node};

/// A `$ref`: the file it names, and the pointer behind `#`.
pub struct Reference<'t> {
    /// As written.
    pub text: &'t str,
    /// The file; empty for the same.
    pub file: &'t str,
    /// Into that file.
    pub pointer: String,
    /// The property `$ref`.
    pub entry: Entry<'t>,
}

/// All references below a value. What stands under `example` is data.
pub fn references(root: Node<'_>) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    collect(root, &mut found);
    found
}

fn collect<'t>(value: Node<'t>, found: &mut Vec<Reference<'t>>) {
    // What an alias repeats is looked at where it is written.
    if value.is_alias() {
        return;
    }
    if let Kind::Sequence(items) = value.kind() {
        for item in items {
            collect(item, found);
        }
        return;
    }
    for entry in value.entries() {
        match (entry.name, entry.value.as_text()) {
            ("$ref", Some(text)) => {
                let (file, pointer) = text.split_once('#').unwrap_or((text, ""));
                let pointer = pointer.replace("%7B", "{").replace("%7D", "}");
                let pointer = pointer.replace("%7b", "{").replace("%7d", "}");
                found.push(Reference {
                    text,
                    file,
                    pointer: pointer.replace("%20", " "),
                    entry,
                });
            }
            ("example" | "examples" | "default" | "enum", _) => {}
            _ => collect(entry.value, found),
        }
    }
}

/// Says which references of a definition lead nowhere. Those of a bundle were looked at as it was read.
pub(super) fn check(api: &mut Api) {
    if api.definition.is_bundled {
        return;
    }
    for reference in references(api.root) {
        let text = reference.text;
        let is_own = reference.file.is_empty();
        if is_own && (reference.pointer.is_empty() || api.root.at(&reference.pointer).is_some()) {
            continue;
        }
        // By its `$id`, or on the web.
        if reference.file.contains(':') || (is_own && !reference.pointer.starts_with('/')) {
            continue;
        }
        let span = reference.entry.span();
        let problem = if is_own {
            let message = format!("`{text}` leads to nothing in the definition");
            let problem = api.definition.problem("catalog/missing-ref", span, message);
            problem.help("correct the path, or add what it names")
        } else {
            let message = format!("`{text}` is in another file, which Backstage does not read");
            let problem = api.definition.problem("catalog/missing-ref", span, message);
            problem.help(
                "read the definition by `$openapi` or `$asyncapi`, which put its files together",
            )
        };
        api.found.push(problem);
    }
}
