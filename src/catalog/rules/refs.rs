//! References in `spec` can be read, and have a kind where none is implied.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::reference::parse_ref;
use crate::diagnostic::Diagnostic;
use crate::yaml::{Entry, Kind, Node};

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some((model, spec)) = subject.model.zip(subject.field("spec")) else {
        return;
    };
    for (path, default_kind) in model.ref_fields() {
        let Some(entry) = field_at(spec.value, path) else {
            continue;
        };
        match entry.value.kind() {
            Kind::Text(_) => check_one(subject, entry.value, (path, None), default_kind, found),
            Kind::Sequence(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    check_one(subject, item, (path, Some(index)), default_kind, found);
                }
            }
            _ => {}
        }
    }
}

/// The field that a path with dots leads to.
pub fn field_at<'t>(spec: Node<'t>, path: &str) -> Option<Entry<'t>> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let entry = spec.get(first)?;
    if rest.is_empty() {
        return Some(entry);
    }
    field_at(entry.value, rest)
}

fn check_one(
    subject: &Subject,
    value: Node,
    (path, index): (&str, Option<usize>),
    default_kind: Option<&str>,
    found: &mut Findings,
) {
    let Some(text) = value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    let place = || subject.source.place(value.span());
    let pointer = || {
        let field = path.replace('.', "/");
        match index {
            Some(index) => format!("/spec/{field}/{index}"),
            None => format!("/spec/{field}"),
        }
    };
    match parse_ref(text) {
        Err(error) => found.push(
            Diagnostic::error(
                "catalog/invalid-ref",
                place(),
                format!("`{text}` is no reference to an entity: {error}"),
            )
            .why("a reference is `[<kind>:][<namespace>/]<name>`")
            .help(match default_kind {
                Some(kind) => format!(
                    "write the name, or all of it: `{}:default/name`",
                    kind.to_lowercase()
                ),
                None => "write it like `component:default/name`".to_owned(),
            })
            .pointer(pointer()),
        ),
        Ok(reference) if reference.kind.is_none() && default_kind.is_none() => found.push(
            Diagnostic::error(
                "catalog/ref-without-kind",
                place(),
                format!("`{text}` does not say of which kind it is"),
            )
            .why("this field takes entities of several kinds, so none is implied")
            .help(format!("write `component:{text}` or `resource:{text}`"))
            .pointer(pointer()),
        ),
        Ok(_) => {}
    }
}
