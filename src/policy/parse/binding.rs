//! Bindings: a role, to whom, until when and in which emergency.

use std::sync::Arc;

use super::moment::{duration, instant};
use super::reader::Reader;
use super::{Names, condition, reference};
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Binding, BreakGlass, Grant, Model};
use crate::yaml::{Entry, Node};

const KEYS: [&str; 4] = ["role", "to", "until", "breakGlass"];

/// Every group is kept with a bit for each: this bounds the memory.
const MAX_GRANTS: usize = 4096;

/// Reads one binding.
pub fn binding(reader: &mut Reader<'_>, names: &Names<'_>, node: Node<'_>, model: &mut Model) {
    if reader
        .mapping("a binding", node, &KEYS, &["role", "to"])
        .is_none()
    {
        return;
    }
    let role = node
        .get("role")
        .and_then(|entry| names.role(reader, entry.value));
    let until = node.get("until").map(|entry| {
        let until = instant(reader, "`until`", entry.value)?;
        Some((until, reader.place(entry.value.span())))
    });
    let break_glass = node
        .get("breakGlass")
        .map(|entry| break_glass(reader, entry));
    let subjects = node.get("to").map(|to| {
        let items = reader.one_or_more("`to`", to);
        let subjects = items.into_iter().filter_map(|item| {
            let to = reference::subject(reader, item)?;
            Some((to, reader.place(item.span())))
        });
        subjects.collect::<Vec<_>>()
    });
    let is_read = until != Some(None) && break_glass != Some(None);
    let (Some(role), Some(subjects), true) = (role, subjects, is_read) else {
        return;
    };
    let grant = if until.is_some() || break_glass.is_some() {
        let place = reader.place(node.span());
        if model.grants.len() == MAX_GRANTS {
            let message = format!("more than {MAX_GRANTS} bindings have `until` or `breakGlass`");
            reader.report(
                Diagnostic::error("policy/too-many-grants", place, message)
                    .why("every group is kept with the set of those that reach it")
                    .help("remove those that have ended, or join some by their `to`"),
            );
            return;
        }
        model.grants.push(Grant {
            role,
            until: until.flatten(),
            break_glass: break_glass.flatten(),
        });
        Some(model.grants.len() - 1)
    } else {
        None
    };
    for (to, at) in subjects {
        model.bindings.push(Binding {
            role,
            to,
            grant,
            at,
        });
    }
}

fn break_glass(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<BreakGlass> {
    let keys = ["reason", "maxDuration", "notify"];
    let node = reader.mapping("`breakGlass`", entry.value, &keys, &["maxDuration"])?;
    if let Some(reason) = node.get("reason") {
        reader.word("`reason`", reason.value, &[("required", ())])?;
    }
    let max_duration = node
        .get("maxDuration")
        .and_then(|entry| duration(reader, "`maxDuration`", entry.value));
    let notify = match node.get("notify") {
        Some(entry) => {
            let items = reader.one_or_more("`notify`", entry);
            condition::every(&items, |item| reference::person(reader, item))
        }
        None => Some(Vec::<Arc<str>>::new()),
    };
    Some(BreakGlass {
        max_duration: max_duration?,
        notify: notify?,
    })
}
