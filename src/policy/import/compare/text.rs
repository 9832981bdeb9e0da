//! The report for people.

use std::fmt::Write as _;

use super::{Cause, Report};
use crate::policy::model::Effect;

/// More users than these are counted.
const MAX_USERS: usize = 5;

/// All changes, each with its lines.
pub fn report(report: &Report) -> String {
    if report.changes.is_empty() {
        return "no decision changes\n".to_owned();
    }
    let mut text = String::new();
    for change in &report.changes {
        let (permission, before, after) = (&change.permission, change.before, change.after);
        let users: Vec<_> = change
            .users
            .iter()
            .take(MAX_USERS)
            .map(AsRef::as_ref)
            .collect();
        let mut users = users.join(", ");
        if change.users.len() > MAX_USERS {
            // memory does not refuse a write
            let _ = write!(users, " and {} more", change.users.len() - MAX_USERS);
        }
        let _ = writeln!(text, "{permission}: {before} -> {after} for {users}");
        for cause in &change.causes {
            let _ = writeln!(text, "  {}", sentence(*cause));
        }
        for line in &change.lines {
            let effect = match line.effect {
                Effect::Allow => "allow",
                Effect::Deny => "deny",
            };
            let _ = writeln!(text, "  {}: {effect} {}", line.rule, line.message);
        }
        text.push('\n');
    }
    let users: std::collections::HashSet<_> =
        report.changes.iter().flat_map(|c| &c.users).collect();
    let (decisions, users) = (report.changes.len(), users.len());
    let _ = writeln!(text, "{decisions} decisions change, for {users} users");
    text
}

/// What the plugin does and deny-overrides does not.
fn sentence(cause: Cause) -> &'static str {
    match cause {
        Cause::NameBeatsType => {
            "in Red Hat's plugin a line that names the permission hides those about its type"
        }
        Cause::ConditionsFirst => "in Red Hat's plugin a conditional policy hides all lines",
        Cause::LinesFirst => "with precedence `basic` lines hide all conditional policies",
        Cause::DirectLinesIgnored => {
            "in Red Hat's plugin lines about a user or group are not asked beside a role"
        }
        Cause::DirectLinesByType => {
            "in Red Hat's plugin a line about a user or group is not asked by the permission's name"
        }
        Cause::GroupsInCycle => "in Red Hat's plugin groups in a cycle take all roles of the user",
        Cause::ConditionsCollide => "in Red Hat's plugin two conditions of one role deny",
        Cause::CaseMatters => "in Red Hat's plugin a ref in upper case is nobody's",
    }
}
