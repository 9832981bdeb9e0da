//! What a moment does not say, and rules and bindings ask for: what a comparison cannot know.

use serde::Serialize;

use super::super::super::Policy;
use super::super::super::model::Effect;
use super::super::super::partial::Grounding;
use super::super::super::situation::Situation;
use super::Side;
use crate::source::Place;

/// A rule or a binding that depends on what is not known of the moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    /// Which, in words.
    pub what: String,
    /// Which policy it stands in.
    pub side: Side,
    /// Where.
    pub at: Place,
}

/// All of both policies, in the order of the files.
pub fn at(old: &Policy, new: &Policy, situation: Situation<'_>) -> Vec<Undecided> {
    let mut found = Vec::new();
    for (policy, side) in [(old, Side::Old), (new, Side::New)] {
        let model = &policy.model;
        for binding in &model.bindings {
            let grant = binding.grant.and_then(|grant| model.grants.get(grant));
            if grant.is_some_and(|grant| situation.grants(grant).is_none()) {
                let role = model.roles.get(binding.role);
                let role = role.map_or("", |role| &role.name);
                found.push(Undecided {
                    what: format!("binding of role `{role}`"),
                    side,
                    at: binding.at.clone(),
                });
            }
        }
        for rule in &model.rules {
            let is_open = rule.when.as_ref().is_some_and(|when| {
                let grounding = Grounding::new(when.resource_type(), situation);
                let holds = |effect| grounding.when(when, effect);
                holds(Effect::Allow) != holds(Effect::Deny)
            });
            if is_open {
                found.push(Undecided {
                    what: format!("rule `{}`", rule.id),
                    side,
                    at: rule.at.clone(),
                });
            }
        }
    }
    found
}
