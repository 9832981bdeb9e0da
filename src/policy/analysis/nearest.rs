//! The nearest miss: of all ways to an allowance, the one that needs the fewest changes.

use super::super::index::Reach;
use super::super::model::{Effect, Rule, When};
use super::explain::{Holds, NearestMiss, Scene};
use super::{Reaching, paths};

/// What a refusal hangs on; nothing, if no rule could ever allow it.
pub fn miss(scene: &Scene<'_>, reaching: &[Reaching<'_>]) -> Option<NearestMiss> {
    let model = &scene.policy.model;
    let selects = |rule: &&Rule| rule.permissions.iter().any(|s| s.selects(scene.permission));
    let allows = model
        .rules
        .iter()
        .filter(|rule| rule.effect == Effect::Allow)
        .filter(selects);
    let nearest = allows
        .map(|rule| (rule, changes(scene, reaching, rule)))
        .min_by_key(|(_, missing)| missing.len());
    let (rule, mut missing) = nearest?;
    let mut cause = rule;
    for denying in reaching.iter().filter(|a| a.rule.effect == Effect::Deny) {
        let rule = denying.rule;
        let whole = match rule.when.as_ref() {
            None if scene.holds(denying.reach, None) == Holds::Yes => Vec::new(),
            Some(when) if scene.holds(denying.reach, Some(when)) != Holds::No => {
                to_change(scene, rule, when, false)
            }
            _ => continue,
        };
        if whole.is_empty() && rule.when.is_some() && !scene.has_resource() {
            continue;
        }
        if missing.is_empty() {
            cause = rule;
        }
        let place = format!("{}:{}", rule.at.file, rule.at.start.line);
        missing.push(match whole.as_slice() {
            [] => format!("`{}` ({place}) denies it always", rule.id),
            because => format!(
                "`{}` ({place}) denies it: {}",
                rule.id,
                because.join(" and ")
            ),
        });
    }
    (!missing.is_empty()).then(|| NearestMiss {
        rule: cause.id.as_ref().to_owned(),
        at: cause.at.clone(),
        missing,
    })
}

/// What keeps a rule from allowing it.
fn changes(scene: &Scene<'_>, reaching: &[Reaching<'_>], rule: &Rule) -> Vec<String> {
    let mut missing = Vec::new();
    match reaching.iter().find(|applied| applied.rule.id == rule.id) {
        None => missing.push(missing_role(scene, rule)),
        Some(applied) if matches!(applied.reach, Reach::OwnerRole(_)) => {
            if scene.holds(applied.reach, None) != Holds::Yes && scene.has_resource() {
                missing.push("the user does not own the resource".to_owned());
            }
        }
        Some(_) => {}
    }
    if let Some(when) = &rule.when {
        missing.extend(to_change(scene, rule, when, true));
    }
    missing
}

fn missing_role(scene: &Scene<'_>, rule: &Rule) -> String {
    let names: Vec<_> = rule
        .roles
        .iter()
        .filter_map(|&role| scene.policy.model.roles.get(role))
        .map(|role| format!("`{}`", role.name))
        .collect();
    let holders: Vec<_> = paths::holders(scene.policy, &rule.roles)
        .iter()
        .map(|holder| format!("`{holder}`"))
        .collect();
    let by = match holders.as_slice() {
        [] => "which nobody has".to_owned(),
        some => format!("which {} would give", some.join(" or ")),
    };
    format!(
        "`{}` does not have role {}, {by}",
        scene.user.entity_ref,
        names.join(" or ")
    )
}

/// The fewest conditions that would have to be otherwise for a formula to be as wanted, in words.
fn to_change(scene: &Scene<'_>, rule: &Rule, when: &When, wanted: bool) -> Vec<String> {
    let all = |children: &[When]| {
        let each = children.iter();
        each.flat_map(|child| to_change(scene, rule, child, wanted))
            .collect()
    };
    let best = |children: &[When]| {
        let each = children.iter();
        each.map(|child| to_change(scene, rule, child, wanted))
            .min_by_key(Vec::len)
            .unwrap_or_else(|| vec!["its condition never changes".to_owned()])
    };
    match when {
        When::AllOf(children) if wanted => all(children),
        When::AllOf(children) => best(children),
        When::AnyOf(children) if wanted => best(children),
        When::AnyOf(children) => all(children),
        When::Not(child) => to_change(scene, rule, child, !wanted),
        leaf => match scene.holds(Reach::Everybody, Some(leaf)) {
            Holds::Yes if !wanted => vec![format!("{leaf}")],
            Holds::No if wanted => vec![format!("it is not so that {leaf}")],
            Holds::Unknown if scene.has_resource() => {
                vec![format!("it cannot be known whether {leaf}")]
            }
            _ => Vec::new(),
        },
    }
}
