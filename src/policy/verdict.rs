//! [`Verdict`]: the decision for all users whom rules of the same forms reach, at moments that no
//! condition tells apart. Users are still open in it, so that few verdicts serve many users.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::claims::Claims;
use super::compact;
use super::condition::Condition;
use super::conditions::Template;
use super::criteria::Criteria;
use super::evaluate::Resource;
use super::model::{Effect, Term};
use super::set::IdSet;

/// What some forms of rules decide.
#[derive(Debug)]
pub struct Verdict {
    forms: Vec<Form>,
    /// Whether conditions are about the user.
    is_open: bool,
    /// Whether the outcome has to be worked out anew for each user.
    depends_on_user: bool,
    outcome: Outcome,
}

/// What some rules say at one moment.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its number.
    pub id: usize,
    /// What the rules do.
    pub effect: Effect,
    /// Of which resources they hold.
    pub criteria: Criteria,
}

/// What is decided without a resource.
#[derive(Debug)]
pub struct Outcome {
    /// Of which resources it is allowed.
    pub criteria: Criteria,
    /// The forms that took part.
    pub because: IdSet,
    answer: OnceLock<Answer>,
    shorter: OnceLock<Answer>,
}

/// An answer without a resource.
#[derive(Debug)]
pub enum Answer {
    /// Yes.
    Allow,
    /// No.
    Deny,
    /// It depends on the resource.
    Conditions(Arc<Template>),
}

impl Verdict {
    /// Works out what forms decide.
    pub fn new(forms: Vec<Form>) -> Self {
        let mut terms = Terms::default();
        for form in &forms {
            form.criteria.visit(&mut |condition| terms.add(condition));
        }
        Self {
            outcome: Outcome::new(&forms),
            is_open: terms.are_open(),
            depends_on_user: terms.depend_on_user(),
            forms,
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
        let for_user = self.forms.iter().map(|form| Form {
            criteria: form.criteria.for_user(claims),
            ..*form
        });
        Cow::Owned(Outcome::new(&for_user.collect::<Vec<_>>()))
    }

    /// The forms that hold of a resource, for a user: those that deny if there are any.
    pub fn holding(&self, resource: &Resource<'_>, claims: &Claims) -> (Effect, IdSet) {
        let holding = |effect| {
            let mut holding = IdSet::default();
            for form in self.forms.iter().filter(|form| form.effect == effect) {
                // what is unknown is false in a rule that allows and true in one that denies
                let holds = resource.satisfies(&form.criteria, claims);
                if holds.unwrap_or(effect == Effect::Deny) {
                    holding.insert(form.id);
                }
            }
            holding
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
            criteria: self.criteria.clone(),
            because: self.because.clone(),
            answer: OnceLock::new(),
            shorter: OnceLock::new(),
        }
    }
}

impl Outcome {
    fn new(forms: &[Form]) -> Self {
        let any = |effect| {
            let forms = forms.iter().filter(|form| form.effect == effect);
            Criteria::any(forms.map(|form| form.criteria.clone()))
        };
        let allowed = any(Effect::Allow);
        let criteria = Criteria::all([allowed.clone(), Criteria::not(any(Effect::Deny))]);
        let taking_part = |effect, takes_part: &dyn Fn(&Criteria) -> bool| {
            let mut ids = IdSet::default();
            for form in forms {
                if form.effect == effect && takes_part(&form.criteria) {
                    ids.insert(form.id);
                }
            }
            ids
        };
        let always = |criteria: &Criteria| *criteria == Criteria::True;
        let sometimes = |criteria: &Criteria| *criteria != Criteria::False;
        let because = match criteria {
            Criteria::True => taking_part(Effect::Allow, &sometimes),
            Criteria::False => {
                let mut denied = taking_part(Effect::Deny, &always);
                if denied.is_empty() && allowed != Criteria::False {
                    denied = taking_part(Effect::Deny, &sometimes);
                }
                denied
            }
            _ => {
                let mut all = taking_part(Effect::Allow, &sometimes);
                all.union_with(&taking_part(Effect::Deny, &sometimes));
                all
            }
        };
        Self {
            criteria,
            because,
            answer: OnceLock::new(),
            shorter: OnceLock::new(),
        }
    }

    /// What is answered for a type of resource, with conditions made shorter if they are over the budget
    /// for a user.
    pub fn answer(&self, resource_type: &str, budget: usize, claims: &Claims) -> &Answer {
        let answer = self
            .answer
            .get_or_init(|| Answer::of(&self.criteria, resource_type));
        match answer {
            Answer::Conditions(template) if template.bytes(claims) > budget => {
                self.shorter.get_or_init(|| {
                    Answer::of(&compact::compact(self.criteria.clone()), resource_type)
                })
            }
            short => short,
        }
    }
}

impl Answer {
    fn of(criteria: &Criteria, resource_type: &str) -> Self {
        match criteria {
            Criteria::True => Self::Allow,
            Criteria::False => Self::Deny,
            _ => Self::Conditions(Arc::new(Template::of(criteria, resource_type))),
        }
    }
}

/// What conditions compare with.
#[derive(Debug, Default)]
struct Terms {
    /// The sets of refs in which the user is open, and whether refs are named beside.
    sets: BTreeSet<Refs>,
    /// Backstage may need several rules in place of one, and what is in parameters is not known.
    has_special: bool,
}

/// A kind of a set of refs.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Refs {
    Ownership,
    Myself,
    Named,
}

impl Terms {
    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::EntityOwner(terms) | Condition::TaskOwner(terms) => {
                if terms.contains(&Term::Ownership) {
                    self.sets.insert(Refs::Ownership);
                } else if terms.contains(&Term::Myself) {
                    self.sets.insert(Refs::Myself);
                }
                if terms.iter().any(|term| matches!(term, Term::Ref(_))) {
                    self.sets.insert(Refs::Named);
                }
            }
            Condition::ActionOwner { .. } | Condition::Custom { .. } => self.has_special = true,
            _ => {}
        }
    }

    fn are_open(&self) -> bool {
        self.has_special || self.sets.iter().any(|set| *set != Refs::Named)
    }

    /// Whether putting a user in can give more than refs in place of terms: where two sets of refs may
    /// turn out to be the same, or one within the other.
    fn depend_on_user(&self) -> bool {
        self.has_special || self.sets.len() > 1
    }
}
