//! What the time makes of a policy: bindings that have ended, and time zones that the host does not know.

use super::super::super::Policy;
use super::super::super::model::When;
use super::super::super::schedule::Zone;
use super::super::super::time::Instant;
use crate::diagnostic::Diagnostic;

/// Bindings that have ended.
pub fn expired(policy: &Policy, now: Instant, diagnostics: &mut Vec<Diagnostic>) {
    for grant in &policy.model.grants {
        if let Some((until, at)) = &grant.until
            && *until <= now
        {
            let role = policy.model.roles.get(grant.role);
            let role = role.map_or("", |role| &role.name);
            let message = format!("this binding of role `{role}` has ended");
            diagnostics.push(
                Diagnostic::warning("policy/expired-binding", at.clone(), message)
                    .why("it reaches nobody any more")
                    .help("remove it, or give it a later time"),
            );
        }
    }
}

/// Rules and approvals in whose conditions the host knows no clock.
pub fn unknown_zones(policy: &Policy, unknown: &[String], diagnostics: &mut Vec<Diagnostic>) {
    let model = &policy.model;
    let rules = model.rules.iter();
    let rules = rules.filter_map(|rule| Some(("rule", &rule.id, &rule.at, rule.when.as_ref()?)));
    let approvals = model.approvals.iter();
    let approvals = approvals.filter_map(|a| Some(("approval", &a.id, &a.at, a.when.as_ref()?)));
    for (what, id, at, when) in rules.chain(approvals) {
        let mut zones: Vec<&str> = Vec::new();
        when.visit(&mut |part| {
            if let When::Time { schedules, .. } = part {
                for schedule in schedules {
                    if let Zone::Named(name) = schedule.zone()
                        && let Some(zone) = unknown.iter().find(|zone| **zone == **name)
                        && !zones.contains(&zone.as_str())
                    {
                        zones.push(zone);
                    }
                }
            }
        });
        for zone in zones {
            let message = format!("{what} `{id}` names a time zone `{zone}` that is not known");
            diagnostics.push(
                Diagnostic::warning("policy/unknown-time-zone", at.clone(), message)
                    .why("whether its time has come is then unknown, which never allows and always denies")
                    .help("write a name of the IANA time zone database, such as `Europe/Berlin`, or an offset"),
            );
        }
    }
}
