//! [`Verdict`]: the decision for all users whom the same rules reach, at moments that no condition tells
//! apart. Users are still open in it, so that few verdicts serve many users.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::claims::Claims;
use super::compact::{self, Size};
use super::condition::Condition;
use super::criteria::Criteria;
use super::evaluate::Resource;
use super::index::{Reach, RuleId};
use super::model::{Effect, Model, Term};
use super::partial::Grounding;
use super::permission::Permission;
use super::situation::Situation;

/// What some rules decide.
#[derive(Debug)]
pub struct Verdict {
    /// The rules, in the order of the files.
    pub rules: Vec<Applied>,
    /// Whether conditions are about the user.
    is_open: bool,
    /// Whether the outcome has to be worked out anew for each user.
    depends_on_user: bool,
    outcome: Outcome,
}

/// A rule that reaches a user, and of which resources it holds.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The rule.
    pub rule: RuleId,
    /// What it does.
    pub effect: Effect,
    /// How it reaches the user.
    pub reach: Reach,
    /// Of which resources it holds.
    pub criteria: Criteria,
}

/// What is decided without a resource.
#[derive(Debug)]
pub struct Outcome {
    /// Of which resources all is allowed, as short as it can be.
    pub criteria: Arc<Criteria>,
    /// The rules that took part, by their numbers in the verdict.
    pub because: Vec<usize>,
    size: OnceLock<Size>,
    shorter: OnceLock<Arc<Criteria>>,
}

impl Verdict {
    /// Works out what rules decide.
    pub fn new(
        model: &Model,
        permission: &Permission,
        reaching: Vec<(RuleId, Reach)>,
        situation: Situation<'_>,
    ) -> Self {
        let grounding = Grounding::new(permission.resource_type.as_deref(), situation);
        let rules = reaching.into_iter().filter_map(|(id, reach)| {
            let rule = model.rules.get(id)?;
            Some(Applied {
                rule: id,
                effect: rule.effect,
                reach,
                criteria: grounding.criteria(rule, reach),
            })
        });
        let rules: Vec<_> = rules.collect();
        let mut terms = Terms::default();
        for rule in &rules {
            rule.criteria.visit(&mut |condition| terms.add(condition));
        }
        Self {
            outcome: Outcome::new(&rules),
            is_open: terms.are_open(),
            depends_on_user: terms.depend_on_user(),
            rules,
        }
    }

    /// Whether [`Claims`] are needed to decide.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// What is decided for a user without a resource.
    pub fn outcome(&self, claims: &Claims) -> Cow<'_, Outcome> {
        if !self.depends_on_user {
            return Cow::Borrowed(&self.outcome);
        }
        let for_user = self.rules.iter().map(|rule| Applied {
            criteria: rule.criteria.for_user(claims),
            ..rule.clone()
        });
        Cow::Owned(Outcome::new(&for_user.collect::<Vec<_>>()))
    }

    /// The rules that hold of a resource, for a user: by number, those that deny if there are any.
    pub fn holding(&self, resource: &Resource<'_>, claims: &Claims) -> (Effect, Vec<usize>) {
        let holding = |effect| {
            let rules = self.rules.iter().enumerate();
            let holds = rules.filter(|(_, rule)| {
                // what is unknown is false in a rule that allows and true in one that denies
                let unknown = effect == Effect::Deny;
                rule.effect == effect
                    && resource
                        .satisfies(&rule.criteria, claims)
                        .unwrap_or(unknown)
            });
            holds.map(|(number, _)| number).collect::<Vec<_>>()
        };
        let denying = holding(Effect::Deny);
        if denying.is_empty() {
            (Effect::Allow, holding(Effect::Allow))
        } else {
            (Effect::Deny, denying)
        }
    }
}

impl Clone for Outcome {
    fn clone(&self) -> Self {
        Self {
            criteria: Arc::clone(&self.criteria),
            because: self.because.clone(),
            size: OnceLock::new(),
            shorter: OnceLock::new(),
        }
    }
}

impl Outcome {
    fn new(rules: &[Applied]) -> Self {
        let any = |effect| {
            let rules = rules.iter().filter(|rule| rule.effect == effect);
            Criteria::any(rules.map(|rule| rule.criteria.clone()))
        };
        let allowed = any(Effect::Allow);
        let criteria = Criteria::all([allowed.clone(), Criteria::not(any(Effect::Deny))]);
        let numbers = |effect, takes_part: &dyn Fn(&Criteria) -> bool| {
            let rules = rules.iter().enumerate();
            rules
                .filter(|(_, rule)| rule.effect == effect && takes_part(&rule.criteria))
                .map(|(number, _)| number)
                .collect::<Vec<_>>()
        };
        let always = |criteria: &Criteria| *criteria == Criteria::True;
        let sometimes = |criteria: &Criteria| *criteria != Criteria::False;
        let because = match criteria {
            Criteria::True => numbers(Effect::Allow, &sometimes),
            Criteria::False => {
                let mut denied = numbers(Effect::Deny, &always);
                if denied.is_empty() && allowed != Criteria::False {
                    denied = numbers(Effect::Deny, &sometimes);
                }
                denied
            }
            _ => {
                let mut all = numbers(Effect::Allow, &sometimes);
                all.extend(numbers(Effect::Deny, &sometimes));
                all
            }
        };
        Self {
            criteria: Arc::new(criteria),
            because,
            size: OnceLock::new(),
            shorter: OnceLock::new(),
        }
    }

    /// The criteria, made shorter if they are over the budget for a user.
    pub fn within(&self, budget: usize, claims: &Claims) -> Arc<Criteria> {
        let size = self.size.get_or_init(|| Size::of(&self.criteria));
        if size.bytes(claims) <= budget {
            return Arc::clone(&self.criteria);
        }
        let shorter = self
            .shorter
            .get_or_init(|| Arc::new(compact::compact((*self.criteria).clone())));
        Arc::clone(shorter)
    }
}

/// What conditions compare with.
#[derive(Debug, Default)]
struct Terms {
    ownership: bool,
    myself_alone: bool,
    named: bool,
    special: bool,
}

impl Terms {
    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::EntityOwner(terms) | Condition::TaskOwner(terms) => {
                let owns = terms.contains(&Term::Ownership);
                self.ownership |= owns;
                self.myself_alone |= terms.contains(&Term::Myself) && !owns;
                self.named |= terms.iter().any(|term| matches!(term, Term::Ref(_)));
            }
            // Backstage may need several rules in place of one, and what is in parameters is not known
            Condition::ActionOwner { .. } | Condition::Custom { .. } => self.special = true,
            _ => {}
        }
    }

    fn are_open(&self) -> bool {
        self.ownership || self.myself_alone || self.special
    }

    /// Whether putting a user in can give more than refs in place of terms: where two sets of refs may
    /// turn out to be the same, or one within the other.
    fn depend_on_user(&self) -> bool {
        let kinds = [self.ownership, self.myself_alone, self.named];
        self.special || (self.are_open() && kinds.into_iter().filter(|kind| *kind).count() > 1)
    }
}
