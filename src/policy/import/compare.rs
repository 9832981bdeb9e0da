//! The migration report: whose decisions change once a deny cannot be outvoted, and by which lines.

mod text;

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::conditions::Conditional;
use super::csv::Line;
use super::evaluate::{LineReason, Rhdh};
use super::judge::{Holder, Judgement, Verdict};
use super::{Files, ImportOptions, Precedence};
use crate::diagnostic::Diagnostic;
use crate::policy::claims::Claims;
use crate::policy::conditions::{Conditions, Template};
use crate::policy::criteria::Criteria;
use crate::policy::decision::{Reason, Request, RequestSubject};
use crate::policy::directory::DirectoryData;
use crate::policy::members::Roles;
use crate::policy::model::Effect;
use crate::policy::permission::Permission;
use crate::policy::situation::Situation;
use crate::source::Place;

/// What changes, for whom.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// One entry for each class of users and permission whose decision differs.
    pub changes: Vec<Change>,
    /// All problems of the files; nothing is compared if one is an error.
    pub diagnostics: Vec<Diagnostic>,
    /// The same for people.
    pub text: String,
}

/// A decision that differs, for users whom neither side tells apart.
#[derive(Debug, Serialize)]
pub struct Change {
    /// The permission.
    pub permission: String,
    /// The users, sorted.
    pub users: Vec<Arc<str>>,
    /// Their roles in the plugin's eyes.
    pub roles: Vec<String>,
    /// `ALLOW`, `DENY` or `CONDITIONAL`: by Red Hat's plugin.
    pub before: &'static str,
    /// The same by the imported policy.
    pub after: &'static str,
    /// Which rules of the plugin are no more.
    pub causes: Vec<Cause>,
    /// The lines that the two sides weigh differently.
    pub lines: Vec<LineReason>,
}

/// A rule of the plugin that deny-overrides does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A line that names the permission hides lines about its type.
    NameBeatsType,
    /// A conditional policy hides lines.
    ConditionsFirst,
    /// Lines hide conditional policies.
    LinesFirst,
    /// Lines about users and groups are not asked: the user has a role, or conditions come last.
    DirectLinesIgnored,
    /// Lines about users and groups are only asked by type.
    DirectLinesByType,
    /// Groups in a cycle take all roles.
    GroupsInCycle,
    /// Two conditions of one role deny.
    ConditionsCollide,
    /// The case of a user's or group's ref matters.
    CaseMatters,
}

/// Compares what the plugin decides with what the imported policy decides, for every user of the
/// directory or the files, and every known permission.
pub fn compare(files: &Files, options: &ImportOptions, directory: &DirectoryData) -> Report {
    let compilation = Rhdh::compile(files, options);
    let mut report = Report {
        diagnostics: compilation.diagnostics,
        ..Report::default()
    };
    if let Some(mut rhdh) = compilation.policy {
        rhdh.set_directory(directory);
        let classes = classes(&rhdh);
        for permission in &rhdh.strict.model.permissions {
            for (class, users) in &classes {
                report
                    .changes
                    .extend(change(&rhdh, permission, class, users));
            }
        }
        report.text = text::report(&report);
    }
    report
}

/// What users of one class have in common: all that either side looks at.
#[derive(PartialEq, Eq, Hash)]
struct Class {
    holder: Holder,
    strict_roles: Roles,
    /// Refs of conditions that they own.
    owned: BTreeSet<Arc<str>>,
}

fn classes(rhdh: &Rhdh) -> IndexMap<Class, Vec<Arc<str>>> {
    let mut mentioned = BTreeSet::new();
    for conditional in &rhdh.rbac.conditionals {
        texts(&conditional.conditions, &mut mentioned);
    }
    let members = &rhdh.strict.members;
    let known = members.directory().users().keys().cloned();
    let mut users: BTreeSet<Arc<str>> = known.collect();
    users.extend(members.bound_users().keys().cloned());
    let mut classes: IndexMap<Class, Vec<Arc<str>>> = IndexMap::new();
    for entity_ref in users {
        let user = members.user(&entity_ref, &[], Situation::default());
        let ownership: BTreeSet<_> = user.claims().ownership.into_iter().collect();
        let mut holder = rhdh.holder(&entity_ref);
        holder.subjects.sort_unstable();
        let class = Class {
            holder,
            owned: ownership.intersection(&mentioned).cloned().collect(),
            strict_roles: user.roles.clone(),
        };
        classes.entry(class).or_default().push(entity_ref);
    }
    classes
}

/// All texts in criteria, in lower case: the refs are among them.
fn texts(value: &Value, found: &mut BTreeSet<Arc<str>>) {
    match value {
        Value::String(text) => {
            found.insert(text.to_lowercase().into());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(entries) => entries.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

fn change(
    rhdh: &Rhdh,
    permission: &Permission,
    class: &Class,
    users: &[Arc<str>],
) -> Option<Change> {
    let user = users.first()?;
    let judgement = rhdh.judge(&class.holder, permission);
    let subject = RequestSubject {
        user_entity_ref: user.as_ref().to_owned(),
        ownership_entity_refs: Vec::new(),
    };
    let request = Request::new(permission.clone(), Some(subject.clone()), None);
    let decision = rhdh.strict.decide_with(&request, usize::MAX);
    let after = decision.result();
    let before = match &judgement.verdict {
        Verdict::Conditions(conditionals) => {
            let known = rhdh.strict.user(&subject, Situation::default());
            let claims = known.claims();
            let about = permission.resource_type.as_deref();
            let before = rhdh.criteria(about, conditionals).for_user(&claims);
            let strict = &rhdh.strict;
            let after = strict.index.ask(&strict.model, permission, |selection| {
                let verdict = selection.verdict(known.held(), Situation::default());
                Criteria::clone(&verdict.outcome(&claims).criteria)
            });
            match before {
                Criteria::True => word(true),
                Criteria::False => word(false),
                _ if sorted(&before, &claims) == sorted(&after, &claims) => {
                    return None;
                }
                _ => "CONDITIONAL",
            }
        }
        _ => word(judgement.is_allowed()),
    };
    if before == after && before != "CONDITIONAL" {
        return None;
    }
    let strict = considered(rhdh, decision.reasons());
    Some(Change {
        permission: permission.name.clone(),
        users: users.to_vec(),
        roles: class.holder.roles.clone(),
        before,
        after,
        causes: causes(rhdh, &class.holder, &judgement, &strict),
        lines: lines(&judgement, &strict),
    })
}

fn word(allowed: bool) -> &'static str {
    if allowed { "ALLOW" } else { "DENY" }
}

/// Criteria without regard to order; null if they are constant.
fn sorted(criteria: &Criteria, claims: &Claims) -> Value {
    let conditions = Conditions::new(Arc::new(Template::of(criteria, "")), claims.clone());
    in_order(&serde_json::to_value(conditions).unwrap_or_default())
}

fn in_order(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(in_order).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(name, item)| (name.clone(), in_order(item)));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// The plugin's rules that are why the two sides differ.
fn causes(
    rhdh: &Rhdh,
    holder: &Holder,
    judgement: &Judgement<'_>,
    strict: &[Considered<'_>],
) -> Vec<Cause> {
    let Judgement {
        verdict,
        named,
        typed,
        direct,
        conditionals,
    } = judgement;
    let mut causes = Vec::new();
    if holder.is_in_cycle {
        causes.push(Cause::GroupsInCycle);
    }
    let has_lines = !(named.is_empty() && typed.is_empty());
    match verdict {
        Verdict::Collision(_) => causes.push(Cause::ConditionsCollide),
        Verdict::Conditions(_) if has_lines => causes.push(Cause::ConditionsFirst),
        Verdict::Lines(_) if !conditionals.is_empty() => causes.push(Cause::LinesFirst),
        Verdict::Lines(_) | Verdict::Conditions(_) => {}
    }
    let role_lines = || named.iter().chain(typed).copied();
    let is_conditional = matches!(verdict, Verdict::Conditions(_));
    // beside conditions it matters whether lines deny or say nothing
    let differ = |a: Option<Effect>, b: Option<Effect>| {
        let allows = |effect| effect == Some(Effect::Allow);
        if is_conditional {
            a != b
        } else {
            allows(a) != allows(b)
        }
    };
    let by_name = effect(named.iter().copied());
    let hides_types = matches!(verdict, Verdict::Lines(_)) && by_name.is_some();
    if hides_types && differ(effect(role_lines()), by_name) {
        causes.push(Cause::NameBeatsType);
    }
    let with_direct = effect(role_lines().chain(direct.iter().copied()));
    if differ(with_direct, effect(role_lines())) {
        let is_ignored = !holder.roles.is_empty() || rhdh.precedence == Precedence::Basic;
        causes.push(if is_ignored {
            Cause::DirectLinesIgnored
        } else {
            Cause::DirectLinesByType
        });
    }
    let is_upper = |line: &&Line| line.subject.chars().any(char::is_uppercase);
    let mut unheard = strict.iter().filter_map(Considered::line);
    if unheard.any(|line| is_upper(&line) && !line.subject.starts_with("role:")) {
        causes.push(Cause::CaseMatters);
    }
    causes
}

/// What lines say if a deny cannot be outvoted; `None` if there are none.
fn effect<'r>(lines: impl Iterator<Item = &'r Line>) -> Option<Effect> {
    let mut found = None;
    for line in lines {
        if line.effect == Effect::Deny {
            return Some(Effect::Deny);
        }
        found = Some(Effect::Allow);
    }
    found
}

/// A line or conditional policy that one of the sides looked at.
#[derive(Clone, Copy)]
enum Considered<'r> {
    Line(&'r Line),
    Conditional(&'r Conditional),
}

impl<'r> Considered<'r> {
    fn line(&self) -> Option<&'r Line> {
        match self {
            Self::Line(line) => Some(line),
            Self::Conditional(_) => None,
        }
    }

    fn at(&self) -> &'r Place {
        match self {
            Self::Line(line) => &line.at,
            Self::Conditional(conditional) => &conditional.at,
        }
    }
}

/// What the imported policy's decision is made of, in terms of the plugin's files.
fn considered<'r>(rhdh: &'r Rhdh, reasons: &[Reason]) -> Vec<Considered<'r>> {
    let origins = reasons.iter().filter_map(|r| rhdh.origin(&r.rule.at));
    let places: Vec<&Place> = origins.collect();
    let lines = rhdh.rbac.lines.iter().map(Considered::Line);
    let conditionals = rhdh.rbac.conditionals.iter().map(Considered::Conditional);
    lines
        .chain(conditionals)
        .filter(|candidate| places.contains(&candidate.at()))
        .collect()
}

/// All that either side looked at, in the order of the files.
fn lines(judgement: &Judgement<'_>, strict: &[Considered<'_>]) -> Vec<LineReason> {
    let heard: Vec<&Place> = match &judgement.verdict {
        Verdict::Lines(lines) => lines.iter().map(|line| &line.at).collect(),
        Verdict::Conditions(all) | Verdict::Collision(all) => all.iter().map(|c| &c.at).collect(),
    };
    let lines = judgement.named.iter().chain(&judgement.typed);
    let lines = lines.chain(&judgement.direct).copied();
    let mut all: Vec<Considered<'_>> = lines.map(Considered::Line).collect();
    let conditionals = judgement.conditionals.iter().copied();
    all.extend(conditionals.map(Considered::Conditional));
    all.extend(strict);
    all.sort_by_key(Considered::at);
    all.dedup_by_key(|candidate| candidate.at());
    let reason = |candidate: &Considered<'_>| {
        let (effect, what) = match candidate {
            Considered::Line(line) => {
                let (subject, object, action) = (&line.subject, &line.object, &line.action);
                (line.effect, format!("`{subject}`, `{object}`, `{action}`"))
            }
            Considered::Conditional(c) => {
                let about = &c.resource_type;
                (
                    Effect::Allow,
                    format!("`{}`, `{about}` under conditions", c.role),
                )
            }
        };
        let at = candidate.at();
        let unheard = if heard.contains(&at) {
            ""
        } else {
            "; unheard by Red Hat's plugin"
        };
        LineReason::new(effect, format!("{what}{unheard}"), at)
    };
    all.iter().map(reason).collect()
}
