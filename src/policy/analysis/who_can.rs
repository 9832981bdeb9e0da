//! Who may use a permission, on a resource if one is given.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::Policy;
use super::super::claims::Claims;
use super::super::decide::{Found, On, taking_part};
use super::super::decision::{MAX_REASONS, Request, RequestSubject, context, instant};
use super::super::directory::{Directory, GroupId};
use super::super::index::RuleId;
use super::super::members::{Granted, Held, Roles};
use super::super::parse::plugin_of;
use super::super::permission::Permission;
use super::super::roles::RoleSet;
use super::super::selection::Selection;
use super::super::situation::{Situation, ZoneOffsets};
use super::super::time::Instant;
use super::classes::{
    UserId, classes, collect_strings, only_bound, refs_of_policy, roles_that_matter,
};
use super::{RuleAt, text};

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// The permission.
    pub permission: Permission,
    /// On what; on anything, if absent.
    #[serde(default)]
    pub resource: Option<Value>,
    /// When.
    #[serde(default, deserialize_with = "instant")]
    pub now: Option<Instant>,
    /// What the clocks of time zones show then.
    #[serde(default)]
    pub zone_offsets: Option<ZoneOffsets>,
    /// What the host says of the request.
    #[serde(default, deserialize_with = "context")]
    pub context: Option<Value>,
}

/// All who may, and through which rules.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhoCan {
    /// Users with the same answer for the same rules. Nobody here is denied.
    pub answers: Vec<Answer>,
    /// How many known users are denied.
    pub denied: usize,
    /// What a signed-in user gets whom neither the directory nor a binding knows.
    pub others: &'static str,
    /// The same for people.
    pub text: String,
}

/// Some users with one answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// `ALLOW` or `CONDITIONAL`.
    pub result: &'static str,
    /// The rules that decide; of many, the first.
    pub rules: Vec<RuleAt>,
    /// Groups of which every member, and every member of the groups below, has this answer.
    pub groups: Vec<Arc<str>>,
    /// The users, sorted; those of `groups` too.
    pub users: Vec<Arc<str>>,
}

impl Policy {
    /// Finds all users that may use a permission.
    pub fn who_can(&self, question: &Question) -> WhoCan {
        let directory = self.members.directory();
        let mentioned = self.mentioned(question.resource.as_ref());
        let bound = only_bound(&self.members);
        let name = |user: UserId| match directory.users().get_index(user) {
            Some((name, _)) => Some(name),
            None => bound.get(user.checked_sub(directory.users().len())?),
        };
        let mut found: IndexMap<(&'static str, Vec<RuleId>), Vec<UserId>> = IndexMap::new();
        self.index
            .ask(&self.model, &question.permission, |selection| {
                let judge = Judge::new(self, selection, question);
                let wanted = roles_that_matter(self, &question.permission);
                for class in classes(&self.members, &wanted, &mentioned) {
                    let Some(one) = class.users.first().and_then(|&user| name(user)) else {
                        continue;
                    };
                    let answer = judge.answer(one, class.given);
                    found.entry(answer).or_default().extend(class.users);
                }
            });
        let whole = whole_groups(directory, found.values());
        let mut denied = 0;
        let mut answers = Vec::new();
        for (((result, rules), mut users), groups) in found.into_iter().zip(whole) {
            if result == "DENY" {
                denied += users.len();
                continue;
            }
            users.sort_unstable();
            let users = users.into_iter().filter_map(name).cloned();
            let mut users: Vec<_> = users.collect();
            if !bound.is_empty() {
                users.sort_unstable();
            }
            let rules = rules.iter().filter_map(|&rule| self.model.rules.get(rule));
            answers.push(Answer {
                result,
                rules: rules.map(|rule| RuleAt::of(rule)).collect(),
                groups,
                users,
            });
        }
        answers.sort_by_key(|answer| (answer.result, std::cmp::Reverse(answer.users.len())));
        let mut who_can = WhoCan {
            answers,
            denied,
            // a name that no ref can have
            others: self.decide(&question.of("")).result(),
            text: String::new(),
        };
        who_can.text = text::who_can(&who_can, &question.permission.name);
        who_can
    }

    /// The refs on which an answer may depend: those in the resource, else those in conditions.
    fn mentioned(&self, resource: Option<&Value>) -> IndexSet<Arc<str>> {
        let Some(resource) = resource else {
            return refs_of_policy(&self.model);
        };
        let mut texts = IndexSet::new();
        collect_strings(resource, &mut texts);
        let directory = self.members.directory();
        texts.retain(|text| {
            directory.group(text).is_some()
                || directory.users().contains_key(text)
                || self.members.bound_users().contains_key(text)
        });
        texts
    }
}

/// Answers for classes.
struct Judge<'q> {
    policy: &'q Policy,
    selection: &'q Selection,
    situation: Situation<'q>,
    granted: Granted,
    as_owner: Cow<'q, Roles>,
    on: On<'q>,
    has_conditions: bool,
}

impl<'q> Judge<'q> {
    fn new(policy: &'q Policy, selection: &'q Selection, question: &'q Question) -> Self {
        let situation = Situation {
            now: question.now,
            zone_offsets: question.zone_offsets.as_ref(),
            context: question.context.as_ref(),
        };
        let granted = policy.members.granted(situation);
        let resource_type = question.permission.resource_type.as_deref();
        let plugin = plugin_of(&policy.model.permissions, resource_type.unwrap_or_default());
        Self {
            policy,
            selection,
            situation,
            as_owner: policy.members.owner_roles(&granted),
            granted,
            on: On::new(&question.permission, question.resource.as_ref()),
            has_conditions: plugin.is_some(),
        }
    }

    /// The answer of [`Policy::decide`] for a user, of whom it is known what bindings give, and the rules
    /// of its reasons.
    fn answer(&self, user: &str, given: RoleSet) -> (&'static str, Vec<RuleId>) {
        let members = &self.policy.members;
        let known = members.roles(given, &self.granted);
        let held = Held {
            roles: &known,
            as_owner: &self.as_owner,
        };
        let verdict = self.selection.verdict(held, self.situation);
        let claims = if verdict.is_open() {
            members.user(user, &[], self.situation).claims()
        } else {
            Claims::default()
        };
        let (found, forms) = self
            .policy
            .find(self.selection, &verdict, &self.on, &claims);
        let result = match found {
            Found::Allow => "ALLOW",
            Found::Deny => "DENY",
            Found::Conditions(_) if self.has_conditions => "CONDITIONAL",
            Found::Conditions(_) => return ("DENY", Vec::new()),
        };
        let (rules, _) = taking_part(self.selection, held, &forms, MAX_REASONS);
        (result, rules.into_iter().map(|(rule, _)| rule).collect())
    }
}

impl Question {
    fn of(&self, user: &str) -> Request {
        let subject = RequestSubject {
            user_entity_ref: user.to_owned(),
            ownership_entity_refs: Vec::new(),
        };
        Request {
            permission: self.permission.clone(),
            subject: Some(subject),
            resource: self.resource.clone(),
            now: self.now,
            zone_offsets: self.zone_offsets.clone(),
            context: self.context.clone(),
        }
    }
}

/// For each list of users, the topmost groups that lie in it whole.
fn whole_groups<'u>(
    directory: &Directory,
    lists: impl Iterator<Item = &'u Vec<UserId>>,
) -> Vec<Vec<Arc<str>>> {
    let mut whole: Vec<Vec<Arc<str>>> = Vec::new();
    let mut own: Vec<Members> = vec![Members::None; directory.group_count()];
    for (list, users) in lists.enumerate() {
        whole.push(Vec::new());
        let groups = users
            .iter()
            .filter_map(|&user| directory.users().get_index(user));
        for &group in groups.flat_map(|(_, groups)| groups) {
            if let Some(members) = own.get_mut(group) {
                *members = members.and(Members::Of(list));
            }
        }
    }
    let mut all = vec![Members::None; own.len()];
    let mut above: HashMap<GroupId, IndexSet<GroupId>> = HashMap::new();
    for (group, &members) in own.iter().enumerate() {
        if members == Members::None {
            continue;
        }
        for &group in &directory.with_ancestors(&[group]) {
            if let Some(all) = all.get_mut(group) {
                *all = all.and(members);
            }
        }
    }
    for (group, &members) in all.iter().enumerate() {
        let Members::Of(list) = members else {
            continue;
        };
        if let Some(parent) = directory.parent(group)
            && all.get(parent) == Some(&members)
        {
            let around = above
                .entry(parent)
                .or_insert_with(|| directory.with_ancestors(&[parent]));
            // the first of a cycle stands for it
            let is_first_of_cycle = around.contains(&group) && around.iter().all(|&g| group <= g);
            if !is_first_of_cycle {
                continue;
            }
        }
        if let (Some(groups), Some(entity_ref)) = (whole.get_mut(list), directory.entity_ref(group))
        {
            groups.push(Arc::clone(entity_ref));
        }
    }
    for groups in &mut whole {
        groups.sort_unstable();
    }
    whole
}

/// Which lists the members of a group are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    None,
    Of(usize),
    Several,
}

impl Members {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, one) | (one, Self::None) => one,
            (a, b) if a == b => a,
            _ => Self::Several,
        }
    }
}
