//! A policy against the users and groups: who is named but not there, and what is odd about groups.

use std::sync::Arc;

use super::super::super::Policy;
use super::super::super::model::Subject;
use super::super::super::roles::RoleSet;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Position};
use crate::suggest;

/// So many of the same kind are named; the rest is counted.
const SHOWN: usize = 5;

/// Bindings to whom nobody knows, and roles that nobody has.
pub fn subjects(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    let directory = policy.members.directory();
    let groups: Vec<&Arc<str>> = (0..directory.group_count())
        .filter_map(|id| directory.entity_ref(id))
        .collect();
    // an empty group may yet get members; a role is had by nobody only if all its holders are empty
    let mut inhabited = vec![false; directory.group_count()];
    for members in directory.users().values() {
        for group in directory.with_ancestors(members) {
            if let Some(inhabited) = inhabited.get_mut(group) {
                *inhabited = true;
            }
        }
    }
    let mut had = RoleSet::default();
    let mut bound = RoleSet::default();
    for binding in &policy.model.bindings {
        let is_had = match &binding.to {
            Subject::Everyone | Subject::OwnersOfResource => true,
            Subject::User(user) => {
                let is_known = directory.users().contains_key(user);
                if !is_known {
                    let known = directory.users().keys().map(AsRef::as_ref);
                    diagnostics.push(unknown("user", user, known, &binding.at));
                }
                is_known
            }
            Subject::Group(group) => {
                let id = directory.group(group);
                if id.is_none() {
                    let known = groups.iter().map(|known| -> &str { known });
                    diagnostics.push(unknown("group", group, known, &binding.at));
                }
                id.is_some_and(|id| inhabited.get(id) == Some(&true))
            }
        };
        if let Some(roles) = policy.closures.get(binding.role) {
            bound.union_with(roles);
            if is_had {
                had.union_with(roles);
            }
        }
    }
    for (id, role) in policy.model.roles.iter().enumerate() {
        if !bound.contains(id) || had.contains(id) {
            continue;
        }
        let gives = |role: usize| {
            policy
                .closures
                .get(role)
                .is_some_and(|set| set.contains(id))
        };
        let binding = policy.model.bindings.iter().find(|b| gives(b.role));
        let Some(binding) = binding else {
            continue;
        };
        let message = format!("nobody has role `{}`", role.name);
        diagnostics.push(
            Diagnostic::warning("policy/role-of-nobody", binding.at.clone(), message)
                .why("it is bound only to users that are unknown and groups without members")
                .help("bind it to somebody, or remove it with its rules"),
        );
    }
}

fn unknown<'k>(
    what: &str,
    entity_ref: &str,
    known: impl Iterator<Item = &'k str>,
    at: &Place,
) -> Diagnostic {
    let help = match suggest::nearest(entity_ref, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove it, or add it to the catalog".to_owned(),
    };
    let message = format!("the directory has no {what} `{entity_ref}`");
    Diagnostic::warning("policy/unknown-subject", at.clone(), message)
        .why("the binding reaches nobody until there is one, whoever that will be")
        .help(help)
}

/// Groups within each other, and refs with upper-case letters.
pub fn groups(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    let directory = policy.members.directory();
    for cycle in directory.cycles() {
        let names: Vec<_> = cycle
            .iter()
            .filter_map(|&group| directory.entity_ref(group))
            .map(|name| format!("`{name}`"))
            .collect();
        let message = match names.as_slice() {
            [one] => format!("group {one} is its own parent"),
            _ => format!("groups {} are within each other", shown(&names)),
        };
        diagnostics.push(
            Diagnostic::warning("policy/group-cycle", in_directory(), message)
                .why("the members of each have the roles of all")
                .help("remove one `spec.parent`"),
        );
    }
    if !directory.upper_case().is_empty() {
        let names: Vec<_> = directory
            .upper_case()
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let message = format!("refs with upper-case letters: {}", shown(&names));
        diagnostics.push(
            Diagnostic::warning("policy/upper-case-ref", in_directory(), message)
                .why("Backstage compares owners with upper-case letters in lists otherwise than one by one")
                .help("give the entities names in lower case"),
        );
    }
}

fn shown(names: &[String]) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let names: Vec<_> = names.iter().take(SHOWN).cloned().collect();
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Users and groups come from the catalog, not from a file.
fn in_directory() -> Place {
    let start = Position {
        line: 1,
        column: 1,
        offset: 0,
    };
    Place {
        file: "directory".into(),
        start,
        end: start,
    }
}
