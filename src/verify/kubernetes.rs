//! What every object of Kubernetes has, and what workloads have.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::source::SourceText;
use crate::yaml::{Entry, Kind, Node};

const CODE: &str = "verify/kubernetes";

/// Objects that are sent to no cluster, or have no name.
const EXEMPT: [&str; 3] = ["List", "Kustomization", "Component"];

const WORKLOADS: [&str; 4] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

pub(super) fn check(source: &SourceText, root: Node, found: &mut Vec<Diagnostic>) {
    let (version, kind) = (root.get("apiVersion"), root.get("kind"));
    let mut problem = |node: Node, message: String| {
        found.push(
            error(source, node.span(), CODE, message).why("Kubernetes refuses such an object"),
        );
    };
    let (version, kind) = match (version, kind) {
        // some other file in YAML
        (None, None) => return,
        (Some(one), None) => return problem(one.key, "the object has no `kind`".to_owned()),
        (None, Some(one)) => return problem(one.key, "the object has no `apiVersion`".to_owned()),
        (Some(version), Some(kind)) => (version, kind),
    };
    for entry in [version, kind] {
        if entry.value.as_text().is_none_or(str::is_empty) {
            return problem(entry.key, format!("`{}` is not a text", entry.name));
        }
    }
    let kind = kind.value.as_text().unwrap_or_default();
    let is_foreign = version.value.as_text().is_some_and(|version| {
        version.starts_with("backstage.io/") || version.starts_with("goldenpath/")
    });
    if is_foreign || EXEMPT.contains(&kind) {
        return;
    }
    metadata(root, &mut problem);
    let spec = root.get("spec").map(|spec| spec.value);
    if let Some(spec) = spec.filter(|_| WORKLOADS.contains(&kind)) {
        selector(spec, &mut problem);
        if let Some(template) = spec.get("template") {
            texts(template.value, &mut problem);
            containers(template.value, &mut problem);
        }
    }
}

fn metadata(root: Node, problem: &mut impl FnMut(Node, String)) {
    texts(root, problem);
    let metadata = root.get("metadata").map_or(root, |entry| entry.value);
    match (metadata.get("name"), metadata.get("generateName")) {
        (Some(name), _) => match name.value.as_text() {
            Some(text) if is_name(text) => {}
            Some(text) => problem(
                name.value,
                format!(
                    "`{text}` is no name: letters, digits, `-` and `.`, of 1 to 253 characters"
                ),
            ),
            None => problem(name.key, "`metadata.name` is not a text".to_owned()),
        },
        (None, Some(_)) => {}
        (None, None) => problem(root, "the object has no `metadata.name`".to_owned()),
    }
}

/// Labels and annotations are texts: `"true"` and `"1"` need quotes.
fn texts(object: Node, problem: &mut impl FnMut(Node, String)) {
    let Some(metadata) = object.get("metadata") else {
        return;
    };
    for map in ["labels", "annotations"] {
        let Some(map) = metadata.value.get(map) else {
            continue;
        };
        for entry in map.value.entries() {
            if entry.value.as_text().is_none() {
                let (map, name) = (map.name, entry.name);
                problem(
                    entry.value,
                    format!("`{name}` in `{map}` is not a text: quote it"),
                );
            }
        }
    }
}

/// A workload only takes pods that its selector finds.
fn selector(spec: Node, problem: &mut impl FnMut(Node, String)) {
    let Some(wanted) = get(spec, &["selector", "matchLabels"]) else {
        return;
    };
    let labels = get(spec, &["template", "metadata", "labels"]);
    for entry in wanted.value.entries() {
        let label = labels.and_then(|labels| labels.value.get(entry.name));
        if label.map(|label| label.value.to_value()) != Some(entry.value.to_value()) {
            let name = entry.name;
            problem(
                entry.key,
                format!(
                    "the pods of `template` do not have the label `{name}` that `selector` asks for"
                ),
            );
        }
    }
}

fn containers(template: Node, problem: &mut impl FnMut(Node, String)) {
    match get(template, &["spec", "containers"]) {
        Some(containers) if !containers.value.items().is_empty() => {
            for container in containers.value.items() {
                for field in ["name", "image"] {
                    let value = container.get(field).map(|entry| entry.value.kind());
                    if !matches!(value, Some(Kind::Text(text)) if !text.is_empty()) {
                        problem(container, format!("the container has no `{field}`"));
                    }
                }
            }
        }
        _ => problem(template, "the pods have no `containers`".to_owned()),
    }
}

fn get<'t>(node: Node<'t>, path: &[&str]) -> Option<Entry<'t>> {
    let (last, above) = path.split_last()?;
    let mut node = node;
    for name in above {
        node = node.get(name)?.value;
    }
    node.get(last)
}

/// A DNS subdomain, or with `:` and capitals as roles have.
fn is_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':');
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    text.len() <= 253 && edge(bytes.first()) && edge(bytes.last()) && text.bytes().all(inner)
}
