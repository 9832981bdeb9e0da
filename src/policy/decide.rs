//! Deciding one request.

use std::sync::Arc;

use serde_json::Value;

use super::Policy;
use super::claims::Claims;
use super::conditions::{Conditions, Template};
use super::decision::{Decision, MAX_REASONS, Reason, Request, RequestSubject};
use super::evaluate::Resource;
use super::explain::Narrator;
use super::index::{Reach, RuleId};
use super::members::{Held, User};
use super::model::Effect;
use super::parse;
use super::permission::{ENVIRONMENT, Permission, is_environment};
use super::selection::Selection;
use super::set::IdSet;
use super::situation::Situation;
use super::verdict::{Answer, Verdict};

/// A decision about a user, and what it was made of.
pub struct Decided<'p> {
    /// The user.
    pub user: User<'p>,
    /// The decision.
    pub decision: Decision,
    /// The rules that took part, and how they reach the user.
    pub because: Vec<(RuleId, Reach)>,
}

impl Policy {
    /// Decides one request. Of many reasons of one kind the first are given; [`Policy::explain`] has all.
    pub fn decide(&self, request: &Request) -> Decision {
        self.decide_with(request, MAX_REASONS)
    }

    /// Decides one request, with so many reasons of each kind.
    pub(super) fn decide_with(&self, request: &Request, max_reasons: usize) -> Decision {
        match &request.subject {
            Some(subject) => self.decided(subject, request, max_reasons).decision,
            None => Decision::NOTHING,
        }
    }

    /// Decides one request of a user.
    pub(super) fn decided(
        &self,
        subject: &RequestSubject,
        request: &Request,
        max_reasons: usize,
    ) -> Decided<'_> {
        let user = self.user(subject, request.situation());
        self.index
            .ask(&self.model, &request.permission, |selection| {
                self.decided_by(selection, user, request, max_reasons)
            })
    }

    fn decided_by<'p>(
        &'p self,
        selection: &Selection,
        user: User<'p>,
        request: &Request,
        max_reasons: usize,
    ) -> Decided<'p> {
        let verdict = selection.verdict(user.held(), request.situation());
        let claims = if verdict.is_open() {
            user.claims()
        } else {
            Claims::default()
        };
        let on = On::new(&request.permission, request.resource.as_ref());
        let (found, forms) = self.find(selection, &verdict, &on, &claims);
        let (reasons, because, more) = self.reasons(selection, &user, &forms, max_reasons);
        let decision = match found {
            Found::Allow => Decision::Allow { reasons, more },
            Found::Deny => Decision::Deny { reasons, more },
            Found::Conditions(template) => {
                let conditions = Conditions::new(template, claims);
                self.conditional(&request.permission, conditions, reasons, more)
            }
        };
        Decided {
            user,
            decision,
            because,
        }
    }

    /// What a verdict says to a user, and the forms of the rules that count.
    pub(super) fn find(
        &self,
        selection: &Selection,
        verdict: &Verdict,
        on: &On<'_>,
        claims: &Claims,
    ) -> (Found, IdSet) {
        if let On::This(resource) = on {
            let (effect, holding) = verdict.holding(resource, claims);
            let found = match effect {
                Effect::Allow if !holding.is_empty() => Found::Allow,
                _ => Found::Deny,
            };
            return (found, holding);
        }
        let outcome = verdict.outcome(claims);
        let because = &outcome.because;
        let about = selection.resource_type();
        match outcome.answer(about, self.budget_bytes, claims) {
            Answer::Allow => (Found::Allow, because.without(selection.denying())),
            Answer::Deny => (Found::Deny, because.within(selection.denying())),
            // Backstage applies no condition to what is not there, not even a negated one
            Answer::Conditions(_) if matches!(on, On::Nothing) => (Found::Deny, IdSet::NONE),
            Answer::Conditions(template) => {
                (Found::Conditions(Arc::clone(template)), because.clone())
            }
        }
    }

    fn conditional(
        &self,
        permission: &Permission,
        conditions: Conditions,
        reasons: Vec<Reason>,
        more: bool,
    ) -> Decision {
        let resource_type = permission.resource_type.as_deref().unwrap_or_default();
        match parse::plugin_of(&self.model.permissions, resource_type) {
            Some(plugin_id) => Decision::Conditional {
                plugin_id: plugin_id.to_owned(),
                resource_type: resource_type.to_owned(),
                conditions,
                reasons,
                more,
            },
            None => Decision::NOTHING,
        }
    }

    /// A user as a request names them.
    pub(super) fn user(&self, subject: &RequestSubject, situation: Situation<'_>) -> User<'_> {
        let claims = &subject.ownership_entity_refs;
        self.members
            .user(&subject.user_entity_ref, claims, situation)
    }

    /// The rules of some forms that reach a user, those that allow first, and whether there are more.
    fn reasons(
        &self,
        selection: &Selection,
        user: &User<'_>,
        forms: &IdSet,
        limit: usize,
    ) -> (Vec<Reason>, Vec<(RuleId, Reach)>, bool) {
        let (rules, more) = taking_part(selection, user.held(), forms, limit);
        let mut narrator = Narrator::new(self, user);
        let reasons = rules.iter().filter_map(|&(id, reach)| {
            let rule = self.model.rules.get(id)?;
            Some(narrator.reason(rule, reach))
        });
        (reasons.collect(), rules, more)
    }
}

/// What is asked about.
#[derive(Debug)]
pub enum On<'r> {
    /// Whatever it may be.
    Anything,
    /// There is no such resource.
    Nothing,
    /// This.
    This(Resource<'r>),
}

impl<'r> On<'r> {
    /// Tells a resource that is not known yet from one that is not there. What is no environment is not
    /// there for a permission on environments, as the plugin that applies the conditions has it.
    pub fn new(permission: &Permission, resource: Option<&'r Value>) -> Self {
        let is_of_type = |resource| {
            permission.resource_type.as_deref() != Some(ENVIRONMENT) || is_environment(resource)
        };
        match resource {
            None => Self::Anything,
            Some(resource) if !resource.is_null() && is_of_type(resource) => {
                Self::This(Resource::new(resource))
            }
            Some(_) => Self::Nothing,
        }
    }

    /// The resource, if there is one.
    pub fn this(self) -> Option<Resource<'r>> {
        match self {
            Self::This(resource) => Some(resource),
            Self::Anything | Self::Nothing => None,
        }
    }
}

/// What is decided.
#[derive(Debug)]
pub enum Found {
    /// Yes.
    Allow,
    /// No.
    Deny,
    /// It depends on the resource.
    Conditions(Arc<Template>),
}

/// The first rules of some forms that reach whoever has some roles, those that allow before the others,
/// and whether there are more.
pub fn taking_part(
    selection: &Selection,
    held: Held<'_>,
    forms: &IdSet,
    limit: usize,
) -> (Vec<(RuleId, Reach)>, bool) {
    let denying = forms.within(selection.denying());
    let allowing = forms.without(&denying);
    let (mut rules, mut more) = (Vec::new(), false);
    for forms in [allowing, denying] {
        if !forms.is_empty() {
            let (found, are_more) = selection.rules(held, &forms, limit);
            rules.extend(found);
            more |= are_more;
        }
    }
    (rules, more)
}
