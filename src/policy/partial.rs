//! Partial evaluation: what is left of a rule's condition once the moment is known. The user stays open,
//! so that one result serves all users whom the same rules reach.

use super::condition::Condition;
use super::criteria::Criteria;
use super::model::{Effect, Term, When};
use super::permission::{CATALOG_ENTITY, SCAFFOLDER_TASK, is_a};
use super::situation::Situation;

/// Puts a moment into conditions.
#[derive(Debug, Clone, Copy)]
pub struct Grounding<'s> {
    resource_type: Option<&'s str>,
    situation: Situation<'s>,
}

impl<'s> Grounding<'s> {
    /// For one type of resource, `None` for a basic permission, at one moment.
    pub fn new(resource_type: Option<&'s str>, situation: Situation<'s>) -> Self {
        Self {
            resource_type,
            situation,
        }
    }

    /// Of which resources a rule holds that reaches everybody, or only owners. What cannot be known, such as the time in a request that does
    /// not say it, counts as false in a rule that allows and as true in one that denies.
    pub fn criteria(&self, effect: Effect, only_owners: bool, when: Option<&When>) -> Criteria {
        let reached = only_owners.then(|| self.owns_resource(effect));
        let met = when.map(|when| self.when(when, effect));
        Criteria::all(reached.into_iter().chain(met))
    }

    /// Of which resources a condition holds, in a rule of this effect.
    pub fn when(&self, when: &When, effect: Effect) -> Criteria {
        self.ground(when, effect == Effect::Deny)
    }

    fn owns_resource(&self, effect: Effect) -> Criteria {
        let owner = match self.resource_type {
            Some(about) if is_a(about, CATALOG_ENTITY) => When::Owner(vec![Term::Ownership]),
            Some(SCAFFOLDER_TASK) => When::CreatedBy(vec![Term::Myself]),
            _ => return constant(effect == Effect::Deny),
        };
        self.when(&owner, effect)
    }

    /// What is unknown becomes `unknown`, and within a negation the opposite: that is Kleene's logic with
    /// the last word, for a formula that is unknown as a whole, given beforehand.
    fn ground(&self, when: &When, unknown: bool) -> Criteria {
        let each = |children: &[When]| {
            let children = children.iter().map(|child| self.ground(child, unknown));
            children.collect::<Vec<_>>()
        };
        let is = |condition: Condition| {
            let about = self.resource_type;
            if about.is_some_and(|about| is_a(about, condition.resource_type())) {
                Criteria::is(condition)
            } else {
                constant(unknown)
            }
        };
        match when {
            When::AllOf(children) => Criteria::all(each(children)),
            When::AnyOf(children) => Criteria::any(each(children)),
            When::Not(child) => Criteria::not(self.ground(child, !unknown)),
            When::Owner(terms) => is(Condition::EntityOwner(set(terms))),
            When::CreatedBy(terms) => is(Condition::TaskOwner(set(terms))),
            When::PropertyIn { key, terms } => is(Condition::ActionOwner {
                key: key.clone(),
                terms: set(terms),
            }),
            When::Custom {
                resource_type,
                rule,
                params,
            } => is(Condition::Custom {
                resource_type: resource_type.clone(),
                rule: rule.clone(),
                params: params.clone(),
            }),
            When::Is(condition) => is(condition.clone()),
            When::Time { .. } | When::Context { .. } => {
                constant(self.situation.holds(when).unwrap_or(unknown))
            }
        }
    }
}

/// Who owns by `$ownership` owns by `$self` too, so that the narrower set shows as one.
fn set(terms: &[Term]) -> std::collections::BTreeSet<Term> {
    let myself = terms.contains(&Term::Ownership).then_some(Term::Myself);
    terms.iter().cloned().chain(myself).collect()
}

fn constant(value: bool) -> Criteria {
    if value {
        Criteria::True
    } else {
        Criteria::False
    }
}
