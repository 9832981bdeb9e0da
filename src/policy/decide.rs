//! Deciding one request.

use std::sync::Arc;

use super::Policy;
use super::claims::Claims;
use super::conditions::Conditions;
use super::decision::{Decision, MAX_REASONS, Reason, Request, RequestSubject};
use super::evaluate::Resource;
use super::explain::Narrator;
use super::index::{Reach, RuleId};
use super::members::User;
use super::model::Effect;
use super::parse;
use super::permission::Permission;
use super::selection::Selection;
use super::set::IdSet;
use super::situation::Situation;
use super::verdict::Answer;

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
        let verdict = selection.verdict(&user, request.situation());
        let claims = if verdict.is_open() {
            user.claims()
        } else {
            Claims::default()
        };
        let reasons = |forms: &IdSet| self.reasons(selection, &user, forms, max_reasons);
        let (decision, because) = if let Some(resource) = request.existing_resource() {
            let (effect, holding) = verdict.holding(&Resource::new(resource), &claims);
            let (reasons, because, more) = reasons(&holding);
            let decision = match effect {
                Effect::Allow if !reasons.is_empty() => Decision::Allow { reasons, more },
                _ => Decision::Deny { reasons, more },
            };
            (decision, because)
        } else {
            let outcome = verdict.outcome(&claims);
            let because = &outcome.because;
            let about = request.permission.resource_type.as_deref();
            match outcome.answer(about.unwrap_or_default(), self.budget_bytes, &claims) {
                Answer::Allow => {
                    let allowing = because.without(selection.denying());
                    let (reasons, because, more) = reasons(&allowing);
                    (Decision::Allow { reasons, more }, because)
                }
                Answer::Deny => {
                    let denying = because.within(selection.denying());
                    let (reasons, because, more) = reasons(&denying);
                    (Decision::Deny { reasons, more }, because)
                }
                // Backstage applies no condition to what is not there, not even a negated one
                Answer::Conditions(_) if request.resource.is_some() => {
                    (Decision::NOTHING, Vec::new())
                }
                Answer::Conditions(template) => {
                    let (reasons, because, more) = reasons(because);
                    let conditions = Conditions::new(Arc::clone(template), claims);
                    let permission = &request.permission;
                    let decision = self.conditional(permission, conditions, reasons, more);
                    (decision, because)
                }
            }
        };
        Decided {
            user,
            decision,
            because,
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
        let denying = forms.within(selection.denying());
        let allowing = forms.without(&denying);
        let (mut rules, mut more) = (Vec::new(), false);
        for forms in [allowing, denying] {
            if !forms.is_empty() {
                let (found, are_more) = selection.rules(user, &forms, limit);
                rules.extend(found);
                more |= are_more;
            }
        }
        let mut narrator = Narrator::new(self, user);
        let reasons = rules.iter().filter_map(|&(id, reach)| {
            let rule = self.model.rules.get(id)?;
            Some(narrator.reason(rule, reach))
        });
        (reasons.collect(), rules, more)
    }
}
