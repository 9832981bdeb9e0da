//! Backstage's filters: the scaffolder's `createDefaultFilters`.

use std::rc::Rc;

use super::{Machine, Outcome, Value, argument, needs, text_of};
use crate::catalog::parse_ref;
use crate::template::failure::Failure;
use crate::template::value::convert::to_key;
use crate::template::value::{Record, json};

/// `parseEntityRef` of `@backstage/catalog-model`.
pub(super) fn parse_entity_ref(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let (value, context) = (argument(values, 0), argument(values, 1));
    let option = |name: &str| match context {
        Value::Record(record) => record.get(name).filter(Value::is_truthy),
        _ => None,
    };
    if !value.is_truthy() {
        return Err(bad_ref("an entity reference must not be empty"));
    }
    let (kind, namespace, name) = match value {
        Value::Str(text) => {
            let parts = parse_ref(text).map_err(|_| {
                bad_ref(format!(
                    "the entity reference `{text}` is not of the form `[kind:][namespace/]name`"
                ))
            })?;
            (
                parts.kind.map(Value::text),
                parts.namespace.map(Value::text),
                Some(Value::text(parts.name)),
            )
        }
        Value::Record(record) => {
            let part = |name: &str| record.get(name).filter(|part| !part.is_nullish());
            (part("kind"), part("namespace"), part("name"))
        }
        other => return Err(needs("an entity reference", other)),
    };
    let kind = kind.or_else(|| option("defaultKind"));
    let namespace = namespace
        .or_else(|| option("defaultNamespace"))
        .unwrap_or_else(|| Value::text("default"));
    let shown = json::stringify(value, "")?.unwrap_or_default();
    let part = |part: Option<Value>, what: &str| {
        part.filter(Value::is_truthy).ok_or_else(|| {
            bad_ref(format!(
                "the entity reference `{shown}` has no or an empty {what}"
            ))
        })
    };
    Ok(Value::Record(Record::new([
        (Rc::from("kind"), part(kind, "kind")?),
        (Rc::from("namespace"), part(Some(namespace), "namespace")?),
        (Rc::from("name"), part(name, "name")?),
    ])))
}

fn bad_ref(message: impl Into<String>) -> Failure {
    Failure::new("template/bad-entity-ref", message)
}

/// `parseRepoUrl` as far as it does not need the integrations, which the host may add by a filter of
/// the same name.
pub(super) fn parse_repo_url(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = text_of(argument(values, 0))?;
    let parts = repo_parts(&text)?;
    Ok(Value::Record(Record::new(parts)))
}

/// `owner/repo` of a repository's URL.
pub(super) fn project_slug(_: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let text = text_of(argument(values, 0))?;
    let parts = Record::new(repo_parts(&text)?);
    let part = |name: &str| {
        let part = parts.get(name).unwrap_or_default();
        crate::template::value::convert::to_text(&part)
    };
    Ok(Value::text(format!("{}/{}", part("owner")?, part("repo")?)))
}

fn repo_parts(text: &str) -> Outcome<Vec<(Rc<str>, Value)>> {
    let bad = |what: &str| {
        Failure::new(
            "template/bad-repo-url",
            format!("the repository URL `{text}` {what}"),
        )
        .help("write it as the repository picker does: `github.com?owner=backstage&repo=backstage`")
    };
    let (address, query) = text.split_once('?').unwrap_or((text, ""));
    let query = query.split('#').next().unwrap_or_default();
    let host = address.split('/').next().unwrap_or_default();
    let host_ok = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(host_ok) {
        return Err(bad("has no host"));
    }
    let value = |name: &str| {
        let pairs = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let mut found = pairs.filter(|(key, _)| decoded(key) == name);
        let found = found.next().map(|(_, value)| decoded(value));
        found.map(|value| value.trim_matches('/').to_owned())
    };
    let missing = |name: &str| value(name).is_none_or(|value| value.is_empty());
    if missing("repo") {
        return Err(bad("has no `repo`"));
    }
    if missing("owner") && missing("project") && missing("workspace") {
        return Err(bad("has neither `owner` nor `project`"));
    }
    let mut parts = vec![(Rc::from("host"), Value::text(host.to_lowercase()))];
    for name in ["owner", "repo", "organization", "workspace", "project"] {
        let value = value(name).map_or(Value::Undefined, Value::text);
        parts.push((name.into(), value));
    }
    Ok(parts)
}

/// Decodes `+` and `%20` of a query.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'+' {
            bytes.push(b' ');
            continue;
        }
        let mut ahead = rest.clone();
        let mut digit = || ahead.next().and_then(|b| char::from(b).to_digit(16));
        let pair = (byte == b'%').then(|| Some((digit()?, digit()?))).flatten();
        match pair.map(|(high, low)| u8::try_from(high * 16 + low)) {
            Some(Ok(decoded)) => {
                bytes.push(decoded);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// lodash's `get`: a path with dots and brackets, or a list of keys.
pub(super) fn pick(machine: &mut Machine<'_>, values: &[Value]) -> Outcome {
    let (value, path) = (argument(values, 0), argument(values, 1));
    let keys = match path {
        Value::Array(keys) => keys.to_vec(),
        path => {
            let text = to_key(path)?;
            if let Value::Record(record) = value {
                // a field that is named as the whole path comes first
                if let Some(found) = record.get(&text) {
                    return Ok(found);
                }
            }
            path_keys(&text)
        }
    };
    let mut found = value.clone();
    for key in keys {
        machine.pay(1)?;
        found = machine.member(&found, &key)?;
    }
    Ok(if found.is_undefined() {
        argument(values, 2).clone()
    } else {
        found
    })
}

/// `a.b[0]["c"]` as keys.
fn path_keys(path: &str) -> Vec<Value> {
    let parts = path.split(['.', '[', ']']);
    let parts = parts.filter(|part| !part.is_empty());
    let parts = parts.map(|part| part.trim_matches(['"', '\'']));
    parts.map(Value::text).collect()
}
