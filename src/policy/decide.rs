//! Deciding one request.

use std::sync::Arc;

use super::Policy;
use super::claims::Claims;
use super::conditions::Conditions;
use super::criteria::Criteria;
use super::decision::{Decision, Reason, Request, RequestSubject};
use super::evaluate::Resource;
use super::explain;
use super::members::User;
use super::model::Effect;
use super::parse;
use super::permission::Permission;
use super::situation::Situation;
use super::verdict::{Applied, Verdict};

/// A decision about a user, and what it was made of.
pub struct Decided<'p> {
    /// The user.
    pub user: User<'p>,
    /// The decision.
    pub decision: Decision,
    verdict: Arc<Verdict>,
    because: Vec<usize>,
}

impl Policy {
    /// Decides one request.
    pub fn decide(&self, request: &Request) -> Decision {
        match &request.subject {
            Some(subject) => self.decided(subject, request).decision,
            None => Decision::Deny {
                reasons: Vec::new(),
            },
        }
    }

    /// Decides one request of a user.
    pub(super) fn decided(&self, subject: &RequestSubject, request: &Request) -> Decided<'_> {
        let situation = request.situation();
        let user = self.user(subject, situation);
        let permission = &request.permission;
        let verdict = self
            .index
            .verdict(&self.model, &user, permission, situation);
        let claims = if verdict.is_open() {
            user.claims()
        } else {
            Claims::default()
        };
        let (decision, because) = match request.resource.as_ref() {
            Some(resource) if !resource.is_null() => {
                let (effect, holding) = verdict.holding(&Resource::new(resource), &claims);
                let reasons = self.reasons(&user, &verdict, &holding);
                let decision = match effect {
                    Effect::Allow if !reasons.is_empty() => Decision::Allow { reasons },
                    _ => Decision::Deny { reasons },
                };
                (decision, holding)
            }
            nothing => {
                let outcome = verdict.outcome(&claims);
                // Backstage applies no condition to what is not there, not even a negated one
                let is_open = nothing.is_none();
                let because = match *outcome.criteria {
                    Criteria::True | Criteria::False => outcome.because.as_slice(),
                    _ if is_open => outcome.because.as_slice(),
                    _ => &[],
                };
                let reasons = self.reasons(&user, &verdict, because);
                let decision = match *outcome.criteria {
                    Criteria::True => Decision::Allow { reasons },
                    Criteria::False => Decision::Deny { reasons },
                    _ => {
                        let shortest = outcome.within(self.budget_bytes, &claims);
                        let conditions = Conditions::new(shortest, claims).filter(|_| is_open);
                        self.conditional(permission, conditions, reasons)
                    }
                };
                (decision, because.to_vec())
            }
        };
        Decided {
            user,
            decision,
            verdict,
            because,
        }
    }

    fn conditional(
        &self,
        permission: &Permission,
        conditions: Option<Conditions>,
        reasons: Vec<Reason>,
    ) -> Decision {
        let resource_type = permission.resource_type.as_deref().unwrap_or_default();
        let plugin = parse::plugin_of(&self.model.permissions, resource_type);
        match (plugin, conditions) {
            (Some(plugin_id), Some(conditions)) => Decision::Conditional {
                plugin_id: plugin_id.to_owned(),
                resource_type: resource_type.to_owned(),
                conditions,
                reasons,
            },
            _ => Decision::Deny {
                reasons: Vec::new(),
            },
        }
    }

    /// A user as a request names them.
    pub(super) fn user(&self, subject: &RequestSubject, situation: Situation<'_>) -> User<'_> {
        let claims = &subject.ownership_entity_refs;
        self.members
            .user(&subject.user_entity_ref, claims, situation)
    }

    fn reasons(&self, user: &User<'_>, verdict: &Verdict, numbers: &[usize]) -> Vec<Reason> {
        let rules = numbers.iter().filter_map(|&number| {
            let applied = verdict.rules.get(number)?;
            let rule = self.model.rules.get(applied.rule)?;
            Some(explain::reason(self, rule, applied.reach, user))
        });
        rules.collect()
    }
}

impl Decided<'_> {
    /// The rules that took part.
    pub fn because(&self) -> impl Iterator<Item = &Applied> {
        self.because
            .iter()
            .filter_map(|&number| self.verdict.rules.get(number))
    }
}
