//! Conditions that are too long: Backstage repeats them for every item of a request of 100 kB.

use std::sync::Arc;

use indexmap::IndexMap;

use super::super::super::Policy;
use super::super::super::decision::{Decision, Request, RequestSubject};
use super::super::super::index::RuleId;
use super::super::classes::{UserId, classes, owned, refs_of_policy, roles_that_matter};
use super::LintOptions;
use crate::diagnostic::Diagnostic;

/// What Backstage's servers accept as one request.
const REQUEST_BYTES: usize = 100 * 1024;
/// What is around the conditions of one item: an id, the resource's ref and type.
const ITEM_BYTES: usize = 150;
/// Of the classes of users, so many with the longest lists of groups are asked.
const ASKED: usize = 64;

/// Reports the permissions whose conditions are over the budget, with the user that has it worst.
pub fn over(
    policy: &Policy,
    budget: usize,
    moment: &LintOptions,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let claims = claim_bytes(policy);
    let mentioned = refs_of_policy(&policy.model);
    let mut worst: IndexMap<RuleId, Worst> = IndexMap::new();
    for permission in &policy.model.permissions {
        if permission.resource_type.is_none() {
            continue;
        }
        let roles = roles_that_matter(policy, permission);
        let mut asked: Vec<_> = classes(&policy.members, &roles, &mentioned)
            .iter()
            .filter_map(|class| {
                let weight = |user: &&UserId| claims.get(**user).copied().unwrap_or(0);
                let user = class.users.iter().max_by_key(weight)?;
                let (name, _) = policy.members.directory().users().get_index(*user)?;
                Some((weight(&user), Arc::clone(name)))
            })
            .collect();
        asked.sort_by(|a, b| b.cmp(a));
        for (_, user) in asked.into_iter().take(ASKED) {
            let subject = RequestSubject {
                user_entity_ref: user.as_ref().to_owned(),
                ownership_entity_refs: Vec::new(),
            };
            let decision = policy.decide(&Request {
                now: moment.now,
                zone_offsets: moment.zone_offsets.clone(),
                context: moment.context.clone(),
                ..Request::new(permission.clone(), Some(subject), None)
            });
            let Decision::Conditional {
                conditions,
                reasons,
                ..
            } = decision
            else {
                continue;
            };
            let bytes = conditions.to_string().len();
            let first = reasons.first().and_then(|reason| {
                let mut all = policy.model.rules.iter();
                all.position(|rule| rule.id == reason.rule.id)
            });
            let Some(first) = first.filter(|_| bytes > budget) else {
                continue;
            };
            let entry = worst.entry(first).or_insert_with(|| Worst {
                bytes: 0,
                user: Arc::clone(&user),
                permission: permission.name.clone(),
            });
            if bytes > entry.bytes {
                *entry = Worst {
                    bytes,
                    user,
                    permission: permission.name.clone(),
                };
            }
        }
    }
    for (rule, worst) in worst {
        if let Some(rule) = policy.model.rules.get(rule) {
            let message = format!(
                "the conditions of `{}` have {} bytes for `{}`, the budget is {budget}",
                worst.permission, worst.bytes, worst.user
            );
            let items = REQUEST_BYTES / (worst.bytes + ITEM_BYTES);
            let why = format!(
                "Backstage repeats them for each item of a request: about {items} items fit into 100 kB, and more fail"
            );
            diagnostics.push(
                Diagnostic::warning("policy/condition-over-budget", rule.at.clone(), message)
                    .why(why)
                    .help("use `ownership: direct`, or a label instead of owners, or put users into fewer groups"),
            );
        }
    }
}

struct Worst {
    bytes: usize,
    user: Arc<str>,
    permission: String,
}

/// About how many bytes `$ownership` has for each user; groups owned twice count twice.
fn claim_bytes(policy: &Policy) -> Vec<usize> {
    let directory = policy.members.directory();
    let by_group: Vec<usize> = (0..directory.group_count())
        .map(|group| {
            let owned = owned(directory, policy.members.ownership(), group);
            let refs = owned.iter().filter_map(|&id| directory.entity_ref(id));
            refs.map(|entity_ref| entity_ref.len() + 3).sum()
        })
        .collect();
    let of_groups = |groups: &[usize]| -> usize {
        groups.iter().filter_map(|&group| by_group.get(group)).sum()
    };
    let users = directory.users().iter();
    users
        .map(|(user, groups)| user.len() + of_groups(groups))
        .collect()
}
