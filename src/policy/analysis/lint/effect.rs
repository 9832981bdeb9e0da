//! Rules without effect, proven: never true, overridden by denies wherever true, or covered by another.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::super::Policy;
use super::super::super::index::RuleId;
use super::super::super::model::{Effect, Rule};
use super::super::super::permission::Permission;
use super::super::formula::{Formula, Found, Theory};
use super::super::symbols::Symbols;
use crate::diagnostic::Diagnostic;

/// Formulas to look at in one search before giving up: what is not proven is not reported.
const FUEL: usize = 200_000;
/// Formulas to look at in all searches.
const ALL_FUEL: usize = 20_000_000;
/// Each rule is compared with so many others of its permission.
const MAX_COMPARED: usize = 200;

/// What was proven of a rule on one permission.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// Its condition holds of nothing.
    Never,
    /// Some denies hold wherever it does.
    Shadowed(Vec<RuleId>),
    /// Another rule of the same effect holds wherever it does.
    Covered(RuleId),
}

/// What was proven of the rules on one permission.
type Verdicts = HashMap<RuleId, Verdict>;

/// Reports each rule that is without effect on all its permissions.
pub fn without_effect(policy: &Policy) -> Vec<Diagnostic> {
    let rules = &policy.model.rules;
    let mut fuel = ALL_FUEL;
    // permissions that the same rules are on need one judgement
    let mut known: HashMap<(Option<&str>, Vec<RuleId>), Verdicts> = HashMap::new();
    // for each rule, the verdict on each of its permissions so far; none once it has an effect
    let mut verdicts: HashMap<RuleId, Option<Vec<Verdict>>> = HashMap::new();
    for permission in &policy.model.permissions {
        let selected = selected(rules, permission);
        let resource_type = permission.resource_type.as_deref();
        let found = known
            .entry((resource_type, selected))
            .or_insert_with_key(|(type_, selected)| judge(policy, *type_, selected, &mut fuel));
        let selected = self::selected(rules, permission);
        for rule in selected {
            let all = verdicts.entry(rule).or_insert_with(|| Some(Vec::new()));
            match (all.as_mut(), found.get(&rule)) {
                (Some(all), Some(verdict)) => all.push(verdict.clone()),
                _ => *all = None,
            }
        }
    }
    let mut diagnostics = Vec::new();
    for (id, rule) in rules.iter().enumerate() {
        if let Some(Some(verdicts)) = verdicts.remove(&id) {
            diagnostics.push(report(rules, rule, verdicts));
        }
    }
    diagnostics
}

fn selected(rules: &[Rule], permission: &Permission) -> Vec<RuleId> {
    let selects = |rule: &Rule| rule.permissions.iter().any(|s| s.selects(permission));
    let ids = rules.iter().enumerate().filter(|(_, rule)| selects(rule));
    ids.map(|(id, _)| id).collect()
}

/// Judges the rules on one permission.
fn judge(
    policy: &Policy,
    resource_type: Option<&str>,
    selected: &[RuleId],
    all_fuel: &mut usize,
) -> Verdicts {
    let mut symbols = Symbols::new(policy, resource_type);
    let mut parts = Vec::new();
    for &id in selected {
        if let Some(rule) = policy.model.rules.get(id) {
            let condition = symbols.condition(rule);
            parts.push((id, rule.effect, condition, symbols.rule(rule)));
        }
    }
    let theory = symbols.theory();
    let mut search = Search { theory, all_fuel };
    let denies: Vec<(RuleId, Formula)> = parts
        .iter()
        .filter(|(_, effect, ..)| *effect == Effect::Deny)
        .map(|(id, _, _, formula)| (*id, formula.negated()))
        .collect();
    let mut found = HashMap::new();
    for (index, (id, effect, condition, formula)) in parts.iter().enumerate() {
        if search.never(std::slice::from_ref(condition)) {
            found.insert(*id, Verdict::Never);
            continue;
        }
        if search.never(std::slice::from_ref(formula)) {
            // nobody has its roles, which is said of the role
            continue;
        }
        if *effect == Effect::Allow
            && let Some(denies) = search.shadow(formula, &denies)
        {
            found.insert(*id, Verdict::Shadowed(denies));
            continue;
        }
        let near = parts.iter().enumerate().take(MAX_COMPARED);
        let covering = near
            .filter(|(at, (_, other, ..))| *at != index && other == effect)
            .find(|(at, (other, _, _, wide))| {
                // of two that are the same, the second is superfluous
                !matches!(found.get(other), Some(Verdict::Covered(_)))
                    && search.never(&[formula.clone(), wide.negated()])
                    && (*at < index || !search.never(&[wide.clone(), formula.negated()]))
            });
        if let Some((_, (other, ..))) = covering {
            found.insert(*id, Verdict::Covered(*other));
        }
    }
    found
}

struct Search<'f> {
    theory: Theory,
    all_fuel: &'f mut usize,
}

impl Search<'_> {
    /// Whether it is proven that the formulas are never true together.
    fn never(&mut self, formulas: &[Formula]) -> bool {
        let granted = FUEL.min(*self.all_fuel);
        let mut fuel = granted;
        let found = self.theory.model(formulas, &mut fuel);
        *self.all_fuel -= granted - fuel;
        found == Found::Nothing
    }

    /// The denies that together hold wherever a rule does, as few as one pass finds.
    fn shadow(&mut self, rule: &Formula, not_denied: &[(RuleId, Formula)]) -> Option<Vec<RuleId>> {
        let with = |kept: &[&(RuleId, Formula)]| {
            let denies = kept.iter().map(|(_, formula)| formula.clone());
            denies.chain([rule.clone()]).collect::<Vec<_>>()
        };
        let mut kept: Vec<_> = not_denied.iter().collect();
        if kept.is_empty() || !self.never(&with(&kept)) {
            return None;
        }
        let mut at = 0;
        while at < kept.len() {
            let mut fewer = kept.clone();
            let dropped = fewer.remove(at);
            if self.never(&with(&fewer)) {
                kept.retain(|deny| !std::ptr::eq(*deny, dropped));
            } else {
                at += 1;
            }
        }
        Some(kept.into_iter().map(|(id, _)| *id).collect())
    }
}

fn report(rules: &[Rule], rule: &Rule, verdicts: Vec<Verdict>) -> Diagnostic {
    let place = rule.at.clone();
    let id = &rule.id;
    if verdicts.iter().all(|verdict| *verdict == Verdict::Never) {
        let message = format!("the condition of rule `{id}` never holds");
        return Diagnostic::warning("policy/rule-never-holds", place, message)
            .why("no resource can meet all of it")
            .help("use `anyOf` if one part is enough, or remove the rule");
    }
    let mut others: Vec<RuleId> = Vec::new();
    let mut is_shadowed = false;
    for verdict in verdicts {
        match verdict {
            Verdict::Never => {}
            Verdict::Shadowed(denies) => {
                is_shadowed = true;
                others.extend(denies);
            }
            Verdict::Covered(other) => others.push(other),
        }
    }
    others.sort_unstable();
    others.dedup();
    let others: Vec<&Rule> = others.iter().filter_map(|&id| rules.get(id)).collect();
    let names: Vec<String> = others.iter().map(|rule| format!("`{}`", rule.id)).collect();
    let names = names.join(" and ");
    let holds = if others.len() > 1 { "hold" } else { "holds" };
    let diagnostic = if is_shadowed {
        let message = format!("rule `{id}` allows nothing: {names} {holds} wherever it does");
        Diagnostic::warning("policy/rule-shadowed", place, message)
            .why("a deny cannot be outvoted")
            .help("narrow what denies, or remove this rule")
    } else {
        let message = format!("rule `{id}` adds nothing: {names} {holds} wherever it does");
        Diagnostic::warning("policy/rule-covered", place, message)
            .why("the other reaches the same users and more, or the same, of the resources")
            .help("remove one of them")
    };
    related(diagnostic, others)
}

fn related(diagnostic: Diagnostic, others: Vec<&Rule>) -> Diagnostic {
    let mut diagnostic = diagnostic;
    for other in others {
        let id: &Arc<str> = &other.id;
        diagnostic = diagnostic.related(format!("rule `{id}`"), other.at.clone());
    }
    diagnostic
}
