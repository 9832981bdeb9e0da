//! Tests: a request, and what the author expects.

use std::sync::Arc;

use serde_json::Value;

use super::moment::instant;
use super::reader::Reader;
use super::rule::RuleName;
use super::{Names, condition::every, reference};
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Expect, TestCase, TestResource};
use crate::policy::permission::Permission;
use crate::yaml::{Entry, Node};

const KEYS: [&str; 9] = [
    "name",
    "as",
    "memberOf",
    "permission",
    "resource",
    "context",
    "now",
    "expect",
    "because",
];

/// Reads one test; the rule it expects as a reason is noted.
pub fn test(
    reader: &mut Reader<'_>,
    names: &Names<'_>,
    node: Node<'_>,
    because: &mut Vec<RuleName>,
) -> Option<TestCase> {
    let node = reader.mapping("a test", node, &KEYS, &["as", "permission", "expect"])?;
    let user = node.get("as").and_then(|entry| user(reader, entry.value));
    let member_of = match node.get("memberOf") {
        Some(entry) => {
            let items = reader.one_or_more("`memberOf`", entry);
            every(&items, |item| reference::person(reader, item))
        }
        None => Some(Vec::new()),
    };
    let permission = node
        .get("permission")
        .and_then(|entry| permission(reader, names, entry));
    let resource = match node.get("resource") {
        Some(entry) => resource(reader, entry).map(Some),
        None => Some(None),
    };
    let context = match node.get("context") {
        Some(entry) => object(reader, entry).map(Some),
        None => Some(None),
    };
    let now = match node.get("now") {
        Some(entry) => instant(reader, "`now`", entry.value).map(Some),
        None => Some(None),
    };
    let expect = node
        .get("expect")
        .and_then(|entry| reader.word("`expect`", entry.value, &Expect::NAMES));
    let reason = match node.get("because") {
        Some(entry) => reader.text("`because`", entry.value).map(|id| {
            let id: Arc<str> = id.into();
            because.push((Arc::clone(&id), reader.place(entry.value.span())));
            Some(id)
        }),
        None => Some(None),
    };
    let name = match node.get("name") {
        Some(entry) => reader.text("`name`", entry.value).map(Some),
        None => Some(None),
    };
    let (user, permission, expect) = (user?, permission?, expect?);
    let member_of = member_of?;
    let resource = resource?;
    let name = name?.map_or_else(
        || {
            let on = match &resource {
                Some(TestResource::Entity(entity_ref)) => format!(" on {entity_ref}"),
                _ => String::new(),
            };
            format!("{user} {}{on}: {}", permission.name, expect.name())
        },
        str::to_owned,
    );
    let first = node.entries().into_iter().next();
    Some(TestCase {
        name,
        at: reader.place(first.map_or(node.span(), |entry| entry.key.span())),
        user,
        member_of: member_of.iter().map(ToString::to_string).collect(),
        permission,
        resource,
        context: context?,
        now: now?,
        expect,
        because: reason?,
    })
}

fn user(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Arc<str>> {
    let person = reference::person(reader, node)?;
    if person.starts_with("user:") {
        return Some(person);
    }
    let wanted = "a user, and the group under `memberOf`";
    reader.wrong_value("`as`", format_args!("`{person}`"), wanted, node.span());
    None
}

fn permission(reader: &mut Reader<'_>, names: &Names<'_>, entry: Entry<'_>) -> Option<Permission> {
    let name = reader.text("`permission`", entry.value)?;
    let mut known = names.permissions.iter();
    let found = known.find(|permission| permission.name == name).cloned();
    if found.is_none() {
        let place = reader.place(entry.value.span());
        let known = names.permissions.iter().map(|p| p.name.as_str());
        let help = reader.did_you_mean(name, known).unwrap_or_else(|| {
            "if a plugin of yours declares it, list it in the option `permissions`".to_owned()
        });
        let message = format!("unknown permission `{name}`");
        reader.report(
            Diagnostic::error("policy/unknown-permission", place, message)
                .why("nobody asks for it, so that the test tells nothing")
                .help(help),
        );
    }
    found
}

fn resource(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<TestResource> {
    if let Some(text) = entry.value.as_text() {
        return match reference::canonical(text) {
            Ok(entity_ref) => Some(TestResource::Entity(entity_ref)),
            Err(reason) => {
                let place = reader.place(entry.value.span());
                let message = format!("`{text}` is no entity");
                let help = "write a ref such as `component:default/shop`, or the entity itself";
                reader.report(
                    Diagnostic::error("policy/bad-ref", place, message)
                        .why(reason)
                        .help(help),
                );
                None
            }
        };
    }
    object(reader, entry).map(TestResource::Value)
}

fn object(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<Value> {
    if entry.value.is_mapping() {
        return Some(entry.value.to_value());
    }
    let what = super::reader::key(entry.name);
    reader.wrong_type(&what, "an object", entry.value, entry.span());
    None
}
