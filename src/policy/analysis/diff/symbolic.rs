//! Changes on resources that are not at hand: proven, with an example made up.

use super::super::super::Policy;
use super::super::super::model::{Effect, Rule};
use super::super::formula::{Formula, Found};
use super::super::symbols::Symbols;
use super::rows::Reached;
use super::{Example, Reasoned, Side, Way, cause};

/// Formulas to look at before a change is reported without proof.
const FUEL: usize = 200_000;

/// What changes for users whom these rules reach.
pub fn changes(
    symbols: &mut Symbols<'_>,
    old: &Policy,
    new: &Policy,
    before: &[Reached],
    after: &[Reached],
) -> Vec<(Way, Reasoned)> {
    let is_other_ownership = old.members.ownership() != new.members.ownership();
    symbols.speak_of_before(is_other_ownership.then(|| old.members.ownership()));
    let before = Part::new(symbols, old, before);
    symbols.speak_of_before(None);
    let after = Part::new(symbols, new, after);
    let theory = symbols.theory();
    let mut found = Vec::new();
    for (way, from, to) in [(Way::Gained, &before, &after), (Way::Lost, &after, &before)] {
        let question = [to.allowed(), from.allowed().negated()];
        let model = match theory.model(&question, &mut FUEL.clone()) {
            Found::Nothing => continue,
            Found::Model(model) => model,
            Found::GaveUp => Vec::new(),
        };
        let holds = |formula: &Formula| formula.holds_in(&model);
        // who is allowed only afterwards was refused by a deny, or by the lack of an allowance
        let (gaining, lacking) = match way {
            Way::Gained => (Side::New, Side::Old),
            Way::Lost => (Side::Old, Side::New),
        };
        let denied = from.of(Effect::Deny, &holds);
        let causes = if from.of(Effect::Allow, &holds).is_empty() || denied.is_empty() {
            to.of(Effect::Allow, &holds)
                .into_iter()
                .map(|rule| cause(rule, gaining))
                .collect()
        } else {
            denied
                .into_iter()
                .map(|rule| cause(rule, lacking))
                .collect()
        };
        let literals = model.iter().filter_map(|&(atom, value)| {
            let atom = symbols.get(atom)?;
            Some(if value {
                atom.to_string()
            } else {
                format!("not ({atom})")
            })
        });
        let literals: Vec<_> = literals.collect();
        let example = (!literals.is_empty()).then_some(Example::Where(literals));
        found.push((way, (causes, example)));
    }
    found
}

/// The rules of one policy.
struct Part<'p> {
    rules: Vec<(&'p Rule, Formula)>,
}

impl<'p> Part<'p> {
    fn new(symbols: &mut Symbols<'_>, policy: &'p Policy, reached: &[Reached]) -> Self {
        let mut rules = Vec::new();
        for &(id, only_owners) in reached {
            let Some(rule) = policy.model.rule(id) else {
                continue;
            };
            let mut formula = symbols.condition(rule);
            if only_owners {
                formula = Formula::All(vec![symbols.owner(rule.effect), formula]);
            }
            rules.push((rule, formula));
        }
        Self { rules }
    }

    fn allowed(&self) -> Formula {
        let any = |effect| {
            let rules = self.rules.iter().filter(|(rule, _)| rule.effect == effect);
            Formula::Any(rules.map(|(_, formula)| formula.clone()).collect())
        };
        Formula::All(vec![any(Effect::Allow), any(Effect::Deny).negated()])
    }

    fn of(&self, effect: Effect, holds: &impl Fn(&Formula) -> bool) -> Vec<&'p Rule> {
        self.rules
            .iter()
            .filter(|(rule, formula)| rule.effect == effect && holds(formula))
            .map(|(rule, _)| *rule)
            .collect()
    }
}
