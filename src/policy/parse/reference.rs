//! Entity refs and the words that stand for them.

use std::sync::Arc;

use super::reader::Reader;
use crate::catalog::parse_ref;
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Subject, Term};
use crate::yaml::Node;

/// Whom a binding is to.
pub fn subject(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Subject> {
    let text = reader.text("a subject", node)?;
    match text {
        "everyone" => return Some(Subject::Everyone),
        "owners-of-resource" => return Some(Subject::OwnersOfResource),
        _ => {}
    }
    let reason = match canonical(text) {
        Ok(entity_ref) if entity_ref.starts_with("user:") => {
            return Some(Subject::User(entity_ref));
        }
        Ok(entity_ref) if entity_ref.starts_with("group:") => {
            return Some(Subject::Group(entity_ref));
        }
        Ok(_) => "roles are bound to users and groups",
        Err(reason) => reason,
    };
    let help = reader
        .did_you_mean(text, ["everyone", "owners-of-resource"])
        .unwrap_or_else(|| {
            let name = if is_name(text) { text } else { "name" };
            format!(
                "write `group:default/{name}`, `user:default/{name}`, `everyone` or \
             `owners-of-resource`"
            )
        });
    bad_ref(reader, "subject", text, reason, help, node);
    None
}

/// A user or a group by name.
pub fn person(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Arc<str>> {
    let text = reader.text("a user or group", node)?;
    let reason = match canonical(text) {
        Ok(entity_ref) if entity_ref.starts_with("user:") || entity_ref.starts_with("group:") => {
            return Some(entity_ref);
        }
        Ok(_) => "only users and groups are people",
        Err(reason) => reason,
    };
    let name = if is_name(text) { text } else { "name" };
    let help = format!("write `group:default/{name}` or `user:default/{name}`");
    bad_ref(reader, "user or group", text, reason, help, node);
    None
}

/// One ref of a condition, or `$ownership`, or `$self`.
pub fn term(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Term> {
    let text = reader.text("an owner", node)?;
    match text {
        "$ownership" => return Some(Term::Ownership),
        "$self" => return Some(Term::Myself),
        _ => {}
    }
    match canonical(text) {
        Ok(entity_ref) => Some(Term::Ref(entity_ref)),
        Err(reason) => {
            let help = reader
                .did_you_mean(text, ["$ownership", "$self"])
                .unwrap_or_else(|| {
                    "write `$ownership`, `$self` or a ref such as `group:default/name`".to_owned()
                });
            bad_ref(reader, "ref", text, reason, help, node);
            None
        }
    }
}

/// `kind:namespace/name` in lower case; without a namespace it is `default`.
pub fn canonical(text: &str) -> Result<Arc<str>, &'static str> {
    if text.starts_with('$') {
        return Err("only `$ownership` and `$self` stand for the user");
    }
    let parsed = parse_ref(text).map_err(|_| "a part of the ref is empty")?;
    let kind = parsed
        .kind
        .ok_or("a ref begins with its kind and a colon")?;
    let (namespace, name) = (parsed.namespace.unwrap_or("default"), parsed.name);
    if ![kind, namespace, name].into_iter().all(is_name) {
        return Err(
            "kind, namespace and name are made of letters, digits, `-`, `_` and `.`, \
             at most 63 of them",
        );
    }
    Ok(format!("{kind}:{namespace}/{name}").to_lowercase().into())
}

fn is_name(part: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=63).contains(&part.len()) && part.bytes().all(is_inner)
}

fn bad_ref(
    reader: &mut Reader<'_>,
    what: &str,
    text: &str,
    reason: &str,
    help: String,
    node: Node<'_>,
) {
    let place = reader.place(node.span());
    reader.report(
        Diagnostic::error("policy/bad-ref", place, format!("`{text}` is no {what}"))
            .why(reason)
            .help(help),
    );
}
