//! What only shows once all files are read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::rule::RuleName;
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Effect, Model, Role, RoleId, Rule, Subject};
use crate::policy::permission::{CATALOG_ENTITY, SCAFFOLDER_TASK, is_a};
use crate::policy::roles::{RoleSet, closures};
use crate::source::Place;
use crate::suggest;

/// Ids are unique over all files.
pub fn duplicate_rules(ids: &[RuleName], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&Arc<str>, &Place> = HashMap::new();
    for (id, at) in ids {
        if let Some(first) = seen.get(id) {
            let message = format!("a second rule or approval has the id `{id}`");
            diagnostics.push(
                Diagnostic::error("policy/duplicate-rule", at.clone(), message)
                    .why("decisions name the rules they rest on by their ids")
                    .help("give it another id")
                    .related("the first", (*first).clone()),
            );
        } else {
            seen.insert(id, at);
        }
    }
}

/// What tests expect as a reason is there.
pub fn known_reasons(because: &[RuleName], ids: &[RuleName], diagnostics: &mut Vec<Diagnostic>) {
    let known: HashSet<&Arc<str>> = ids.iter().map(|(id, _)| id).collect();
    for (id, at) in because {
        if known.contains(id) {
            continue;
        }
        let names = ids.iter().map(|(id, _)| id.as_ref());
        let help = match suggest::nearest(id, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name the `id` of a rule or an approval".to_owned(),
        };
        let message = format!("no rule or approval has the id `{id}`");
        diagnostics.push(Diagnostic::error("policy/unknown-rule", at.clone(), message).help(help));
    }
}

/// No role inherits itself.
pub fn role_cycles(roles: &[Role], places: &[Place], diagnostics: &mut Vec<Diagnostic>) {
    let closures = closures(roles);
    let inherits = |role: RoleId, other: RoleId| {
        let direct = roles.get(role).into_iter().flat_map(|role| &role.inherits);
        direct
            .filter_map(|&parent| closures.get(parent))
            .any(|above| above.contains(other))
    };
    let mut reported = RoleSet::default();
    for (id, (role, place)) in roles.iter().zip(places).enumerate() {
        if !inherits(id, id) || reported.contains(id) {
            continue;
        }
        let others = (0..roles.len()).filter(|&o| inherits(id, o) && inherits(o, id));
        let mut names = Vec::new();
        for other in others {
            reported.insert(other);
            names.extend(roles.get(other).map(|role| format!("`{}`", role.name)));
        }
        let message = match names.as_slice() {
            [_] => format!("role `{}` inherits itself", role.name),
            _ => format!("roles {} inherit each other", names.join(", ")),
        };
        diagnostics.push(
            Diagnostic::error("policy/role-cycle", place.clone(), message)
                .why("roles that all mean the same are one role")
                .help("remove one of the `inherits`"),
        );
    }
}

/// A role that rules use is had by somebody, and one that only owners have is about what has owners.
pub fn unreachable_roles(model: &Model, places: &[Place], diagnostics: &mut Vec<Diagnostic>) {
    let closures = closures(&model.roles);
    let mut bound = RoleSet::default();
    let mut owners = RoleSet::default();
    for binding in &model.bindings {
        if let Some(roles) = closures.get(binding.role) {
            bound.union_with(roles);
            if binding.to == Subject::OwnersOfResource {
                owners.union_with(roles);
            }
        }
    }
    let mut used = RoleSet::default();
    for &role in model.rules.iter().flat_map(|rule| &rule.roles) {
        used.insert(role);
    }
    for (id, (role, place)) in model.roles.iter().zip(places).enumerate() {
        if used.contains(id) && !bound.contains(id) {
            let message = format!("role `{}` is bound to nobody", role.name);
            diagnostics.push(
                Diagnostic::warning("policy/role-bound-to-nobody", place.clone(), message)
                    .why("its rules never apply")
                    .help("add it to `bindings`, or remove it"),
            );
        }
    }
    for rule in &model.rules {
        if rule.roles.iter().any(|&role| owners.contains(role)) {
            diagnostics.extend(owned_by_nobody(model, rule));
        }
    }
}

/// Warns of a rule for owners about what has none.
fn owned_by_nobody(model: &Model, rule: &Rule) -> Option<Diagnostic> {
    let ownerless = model.permissions.iter().find(|permission| {
        let has_owner = |about| is_a(about, CATALOG_ENTITY) || about == SCAFFOLDER_TASK;
        !permission.resource_type.as_deref().is_some_and(has_owner)
            && rule.permissions.iter().any(|s| s.selects(permission))
    })?;
    let why = match rule.effect {
        Effect::Allow => "owners get nothing by it",
        Effect::Deny => "it cannot be known who the owner is, so that the rule denies everybody",
    };
    let message = format!(
        "rule `{}` is for `owners-of-resource`, but `{}` is about nothing that has an owner",
        rule.id, ownerless.name
    );
    Some(
        Diagnostic::warning("policy/owner-of-nothing", rule.at.clone(), message)
            .why(why)
            .help("name only permissions on entities and tasks in rules for owners"),
    )
}
