//! [`Policy::check`]: a decision, and where it needs the consent of others, how far that is.
//!
//! A pure function of policy, directory, request, votes and time. Nothing is stored, so that the same
//! question can be asked again right before the deed.

mod answer;
mod electorate;
mod matching;
mod request;

pub(super) use electorate::Electorate;
pub(super) use matching::assign;

pub use answer::{ApprovalState, Check, Obligation, StageState, State};
pub use request::{Ballot, CheckRequest, Vote};

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Policy;
use super::claims::Claims;
use super::criteria::Criteria;
use super::decide::{Decided, On};
use super::decision::{Decision, Request};
use super::explain;
use super::model::{Approval, Effect};
use super::partial::Grounding;
use super::time::{Duration, Instant};

impl Policy {
    /// Decides a request with a resource, and says whose consent it needs.
    pub fn check(&self, request: CheckRequest) -> Check {
        let (mut request, ballot) = request.split();
        self.complete(&mut request.permission);
        self.check_request(&request, &ballot)
    }

    pub(super) fn check_request(&self, request: &Request, ballot: &Ballot) -> Check {
        let Some(subject) = &request.subject else {
            return Check {
                outcome: "deny",
                decision: self.decide(request),
                approval: None,
                approvals: Vec::new(),
                obligations: Vec::new(),
            };
        };
        let decided = self.decided(subject, request, usize::MAX);
        let is_allowed = matches!(decided.decision, Decision::Allow { .. });
        let (mut approvals, mut obligations) = (Vec::new(), Vec::new());
        if is_allowed {
            let claims = decided.user.claims();
            let applying = self.model.approvals.iter();
            let applying = applying.filter(|approval| applies(approval, request, &claims));
            approvals = applying
                .map(|approval| self.progress(approval, request, ballot))
                .collect();
            obligations = self.obligations(&decided, request);
        }
        let approval = approvals.iter().min_by_key(|approval| approval.state);
        let outcome = match approval.map(|approval| approval.state) {
            _ if !is_allowed => "deny",
            Some(State::Rejected) => "deny",
            None | Some(State::Approved) => "allow",
            Some(State::Void | State::Expired | State::Pending) => "needs-approval",
        };
        Check {
            outcome,
            approval: approval.cloned(),
            decision: decided.decision.abridged(),
            approvals,
            obligations,
        }
    }

    fn progress(&self, approval: &Approval, request: &Request, ballot: &Ballot) -> ApprovalState {
        let resource = request.resource.as_ref();
        let barred = ballot
            .requester
            .as_deref()
            .filter(|_| approval.distinct_from_requester);
        let electorates = approval.stages.iter().map(|stage| {
            Electorate::new(
                &self.members,
                &request.permission,
                resource,
                &stage.from,
                barred,
            )
        });
        let electorates: Vec<_> = electorates.collect();
        let said = latest(&ballot.votes, request.now);
        let expired = |vote: &Vote| !counts_at(vote, request.now, approval.expires);
        let other = |vote: &Vote| vote.digest != ballot.digest;
        let solve = |counts: &dyn Fn(&Vote) -> bool| {
            // who voted last is matched first, so that the result holds as long as it can
            let mut people: Vec<_> = said
                .iter()
                .filter(|(_, vote)| vote.approve && counts(vote))
                .collect();
            people.sort_by_key(|(who, vote)| (std::cmp::Reverse(vote.at), Arc::clone(who)));
            let people = people.into_iter().map(|(who, _)| who);
            assign(people, &approval.stages, &electorates)
        };
        let is_enough = |given: &[Vec<Arc<str>>]| {
            let mut stages = approval.stages.iter().zip(given);
            stages.all(|(stage, given)| given.len() >= stage.count)
        };
        let given = solve(&|vote| !expired(vote) && !other(vote));
        let is_refused = said.iter().any(|(who, vote)| {
            !vote.approve
                && !expired(vote)
                && !other(vote)
                && electorates
                    .iter()
                    .any(|electorate| electorate.includes(who))
        });
        let state = if is_refused {
            State::Rejected
        } else if is_enough(&given) {
            State::Approved
        } else if is_enough(&solve(&|vote| !other(vote))) {
            State::Expired
        } else if is_enough(&solve(&|_| true)) {
            State::Void
        } else {
            State::Pending
        };
        let counted = given.iter().flatten().filter_map(|who| said.get(who));
        let expires_at = approval.expires.and_then(|expires| {
            let first = counted.map(|vote| vote.at).min()?;
            Some(first.after(expires).to_string())
        });
        let all_given: Vec<Arc<str>> = given.iter().flatten().cloned().collect();
        let stages = approval.stages.iter().zip(&electorates).zip(given);
        let stages = stages.map(|((stage, electorate), given)| {
            let missing = stage.count.saturating_sub(given.len());
            let (candidates, more) = match missing {
                0 => (Vec::new(), 0),
                _ => electorate.without(&all_given),
            };
            StageState {
                count: stage.count,
                from: stage.from.iter().map(ToString::to_string).collect(),
                given,
                missing,
                candidates,
                more,
            }
        });
        ApprovalState {
            id: Arc::clone(&approval.id),
            at: approval.at.clone(),
            state,
            digest: ballot.digest.clone(),
            expires_at,
            stages: stages.collect(),
        }
    }

    fn obligations(&self, decided: &Decided<'_>, request: &Request) -> Vec<Obligation> {
        let Some(emergency) = request.situation().emergency() else {
            return Vec::new();
        };
        let model = &self.model;
        let mut told = Vec::new();
        let mut obligations = Vec::new();
        for (_, reach) in &decided.because {
            let binding = explain::binding(self, Effect::Allow, *reach, &decided.user);
            let Some((binding, id)) = binding.and_then(|b| Some((b, b.grant?))) else {
                continue;
            };
            let glass = model.grants.get(id).and_then(|g| g.break_glass.as_ref());
            let role = model.roles.get(binding.role);
            if let (Some(glass), Some(role), false) = (glass, role, told.contains(&id)) {
                told.push(id);
                obligations.push(Obligation::Notify {
                    to: glass.notify.clone(),
                    user: Arc::clone(&decided.user.entity_ref),
                    role: Arc::clone(&role.name),
                    reason: emergency.reason.to_owned(),
                    since: emergency.since.to_string(),
                    until: emergency.since.after(glass.max_duration).to_string(),
                    at: binding.at.clone(),
                });
            }
        }
        obligations
    }
}

/// Whether an approval is needed; where that cannot be known, it is.
fn applies(approval: &Approval, request: &Request, claims: &Claims) -> bool {
    let permission = &request.permission;
    if !approval.permissions.iter().any(|s| s.selects(permission)) {
        return false;
    }
    let Some(when) = &approval.when else {
        return true;
    };
    let grounding = Grounding::new(permission.resource_type.as_deref(), request.situation());
    let criteria = grounding.when(when, Effect::Deny);
    match On::new(permission, request.resource.as_ref()).this() {
        Some(resource) => resource.satisfies(&criteria, claims).unwrap_or(true),
        None => criteria != Criteria::False,
    }
}

/// The last word of each, up to a time.
fn latest(votes: &[Vote], now: Option<Instant>) -> BTreeMap<Arc<str>, &Vote> {
    let mut latest: BTreeMap<Arc<str>, &Vote> = BTreeMap::new();
    let is_past = |vote: &&Vote| now.is_none_or(|now| vote.at <= now);
    for vote in votes.iter().filter(is_past) {
        let who: Arc<str> = vote.by.to_lowercase().into();
        let known = latest.entry(who).or_insert(vote);
        // of two words at the same time the refusal counts
        if (vote.at, !vote.approve) > (known.at, !known.approve) {
            *known = vote;
        }
    }
    latest
}

/// Whether a vote counts at a time. Without one, what expires may have: it does not.
fn counts_at(vote: &Vote, now: Option<Instant>, expires: Option<Duration>) -> bool {
    expires.is_none_or(|expires| now.is_some_and(|now| now < vote.at.after(expires)))
}
