//! [`Situation`]: what a request says beside who, what and on what: the time, and facts of the host.
//! All of it may be unknown.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::model::{BreakGlass, Grant, Model, When};
use super::property::property;
use super::schedule::{Schedule, Zone};
use super::time::Instant;

/// Minutes that the clocks of time zones are ahead of UTC, by name.
pub type ZoneOffsets = HashMap<String, i32>;

/// What is known of the moment of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Situation<'r> {
    /// The time.
    pub now: Option<Instant>,
    /// What the clocks say then.
    pub zone_offsets: Option<&'r ZoneOffsets>,
    /// Facts of the host, an object.
    pub context: Option<&'r Value>,
}

/// The emergency that a request declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emergency<'r> {
    /// Why.
    pub reason: &'r str,
    /// Since when.
    pub since: Instant,
}

impl<'r> Situation<'r> {
    /// Whether a condition on time or context holds; `None` if that cannot be known.
    pub fn holds(&self, when: &When) -> Option<bool> {
        match when {
            When::Time { schedules, outside } => Some(self.is_within(schedules)? != *outside),
            When::Context { key, value } => {
                let context = self.context?;
                let fact = property(context, key).filter(|fact| !fact.is_null())?;
                Some(value.as_ref().is_none_or(|value| is_or_has(&fact, value)))
            }
            _ => None,
        }
    }

    /// One window that it is in decides; else one unknown zone leaves it unknown.
    fn is_within(&self, schedules: &[Schedule]) -> Option<bool> {
        let now = self.now?;
        let mut result = Some(false);
        for schedule in schedules {
            let offset = match schedule.zone() {
                Zone::Fixed(minutes) => Some(*minutes),
                Zone::Named(name) => self
                    .zone_offsets
                    .and_then(|offsets| offsets.get(name.as_ref()))
                    .map(|&minutes| minutes.into()),
            };
            match offset.map(|offset| schedule.contains(now, offset)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => result = None,
            }
        }
        result
    }

    /// Whether a grant is in force. Without a time, what ends may have ended: unknown. An emergency that
    /// nobody declares is none.
    pub fn grants(&self, grant: &Grant) -> Option<bool> {
        let until = grant.until.as_ref().map(|(until, _)| *until);
        let in_time = until.map_or(Some(true), |until| self.now.map(|now| now < until));
        let breaks = grant
            .break_glass
            .as_ref()
            .map_or(Some(true), |glass| self.breaks(glass));
        match (in_time, breaks) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    fn breaks(&self, glass: &BreakGlass) -> Option<bool> {
        let Some(emergency) = self.emergency() else {
            return Some(false);
        };
        let now = self.now?;
        Some(emergency.since <= now && now <= emergency.since.after(glass.max_duration))
    }

    /// `context.breakGlass`, if it has a reason and a beginning.
    pub fn emergency(&self) -> Option<Emergency<'r>> {
        let declared = self.context?.get("breakGlass")?;
        let reason = declared.get("reason")?.as_str()?.trim();
        let since = Instant::parse(declared.get("since")?.as_str()?)?;
        (!reason.is_empty()).then_some(Emergency { reason, since })
    }
}

/// Numbers are equal by value; of a list one item is enough.
fn is_or_has(fact: &Value, wanted: &Value) -> bool {
    match (fact, wanted) {
        (Value::Array(items), _) => items.iter().any(|item| is_or_has(item, wanted)),
        (Value::Number(fact), Value::Number(wanted)) => fact.as_f64() == wanted.as_f64(),
        _ => fact == wanted,
    }
}

/// The time zones that a policy names, sorted.
pub fn time_zones(model: &Model) -> Vec<Arc<str>> {
    let mut zones = BTreeSet::new();
    let of_rules = model.rules.iter().filter_map(|rule| rule.when.as_ref());
    let of_approvals = model.approvals.iter().filter_map(|a| a.when.as_ref());
    for when in of_rules.chain(of_approvals) {
        when.visit(&mut |part| {
            if let When::Time { schedules, .. } = part {
                zones.extend(schedules.iter().filter_map(|s| match s.zone() {
                    Zone::Named(name) => Some(Arc::clone(name)),
                    Zone::Fixed(_) => None,
                }));
            }
        });
    }
    zones.into_iter().collect()
}
