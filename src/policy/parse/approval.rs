//! Approvals: for what, and who has to consent.

use super::moment::duration;
use super::reader::Reader;
use super::rule::{RuleName, Selection, condition, id};
use super::{Names, condition::every, reference};
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Approval, Stage, Subject};
use crate::yaml::{Entry, Kind, Node};

const KEYS: [&str; 5] = ["id", "for", "require", "distinctFromRequester", "expires"];

/// More people than this never consent to one thing.
const MAX_COUNT: f64 = 100.0;

/// Reads one approval; its id is noted even if the rest is broken.
pub fn approval(
    reader: &mut Reader<'_>,
    names: &Names<'_>,
    node: Node<'_>,
    ids: &mut Vec<RuleName>,
) -> Option<Approval> {
    let node = reader.mapping("an approval", node, &KEYS, &["id", "for", "require"])?;
    let id = id(reader, node, ids);
    let about = node
        .get("for")
        .and_then(|entry| about(reader, names, entry));
    let stages = node.get("require").and_then(|entry| stages(reader, entry));
    let distinct = match node.get("distinctFromRequester") {
        Some(entry) => boolean(reader, entry),
        None => Some(true),
    };
    let expires = match node.get("expires") {
        Some(entry) => duration(reader, "`expires`", entry.value).map(Some),
        None => Some(None),
    };
    let (id, at) = id?;
    let (permissions, when) = about?;
    Some(Approval {
        id,
        at,
        permissions,
        when,
        stages: stages?,
        distinct_from_requester: distinct?,
        expires: expires?,
    })
}

type About = (
    Vec<crate::policy::permission::Selector>,
    Option<crate::policy::model::When>,
);

fn about(reader: &mut Reader<'_>, names: &Names<'_>, entry: Entry<'_>) -> Option<About> {
    let keys = ["permissions", "when"];
    let node = reader.mapping("`for`", entry.value, &keys, &["permissions"])?;
    let selection = node
        .get("permissions")
        .and_then(|entry| Selection::read(reader, names.permissions, entry));
    let when = match node.get("when") {
        Some(entry) => Some(condition(reader, names, entry, selection.as_ref())?),
        None => None,
    };
    Some((selection?.selectors, when))
}

fn stages(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<Vec<Stage>> {
    let items = reader.list("`require`", entry)?;
    if items.is_empty() {
        let wanted = "at least one `{count, from}`";
        reader.wrong_value("`require`", "empty", wanted, entry.span());
    }
    every(&items, |item| stage(reader, item))
}

fn stage(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Stage> {
    let node = reader.mapping("a stage", node, &["count", "from"], &["from"])?;
    let count = match node.get("count") {
        Some(entry) => count(reader, entry),
        None => Some(1),
    };
    let entry = node.get("from")?;
    let items = reader.one_or_more("`from`", entry);
    let from = every(&items, |item| {
        let subject = reference::subject(reader, item)?;
        if subject == Subject::Everyone {
            let place = reader.place(item.span());
            let message = "`everyone` cannot be asked for consent";
            reader.report(
                Diagnostic::error("policy/everyone-approves", place, message)
                    .why("whoever consents has to be known")
                    .help("name a group, users or `owners-of-resource`"),
            );
            return None;
        }
        Some(subject)
    });
    let at = reader.place(entry.value.span());
    let (count, from) = (count?, from?);
    let users = from
        .iter()
        .filter(|subject| matches!(subject, Subject::User(_)));
    let users = users.count();
    if users == from.len() && users < count {
        let message = format!("`count` is {count}, but only {users} can consent");
        reader.report(
            Diagnostic::error("policy/too-few-approvers", at, message)
                .why("each person counts once")
                .help("name more users or a group, or lower `count`"),
        );
        return None;
    }
    Some(Stage { count, from, at })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "only what is a whole number from 1 to 100"
)]
fn count(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<usize> {
    const WANTED: &str = "a whole number from 1 to 100";
    match entry.value.kind() {
        Kind::Number(number) if number.fract() == 0.0 && (1.0..=MAX_COUNT).contains(&number) => {
            Some(number as usize)
        }
        Kind::Number(number) => {
            let span = entry.value.span();
            reader.wrong_value("`count`", format_args!("`{number}`"), WANTED, span);
            None
        }
        _ => {
            reader.wrong_type("`count`", WANTED, entry.value, entry.value.span());
            None
        }
    }
}

fn boolean(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<bool> {
    if let Kind::Bool(value) = entry.value.kind() {
        return Some(value);
    }
    let what = super::reader::key(entry.name);
    reader.wrong_type(&what, "`true` or `false`", entry.value, entry.value.span());
    None
}
