//! Answers as plain text, as a terminal shows them.

use std::fmt::Write as _;

use super::super::decision::Request;
use super::super::model::Effect;
use super::RuleAt;
use super::diff::{Diff, Example, Side};
use super::explain::{Explanation, Holds, Matched};
use super::{what_can, who_can};
use crate::source::Place;

/// A list that is longer is cut, and says so.
const SHOWN: usize = 20;

/// `file:line`
pub fn place(at: &Place) -> String {
    format!("{}:{}", at.file, at.start.line)
}

/// What a rule does, as wide as the other.
pub fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny ",
    }
}

pub fn explanation(explanation: &Explanation, request: &Request) -> String {
    let mut text = String::new();
    let user = match &request.subject {
        Some(subject) => subject.user_entity_ref.as_str(),
        None => "nobody (not signed in)",
    };
    let result = explanation.decision.result();
    let _ = writeln!(text, "{result}  {user}  {}", request.permission.name);
    for rule in &explanation.matched {
        text.push('\n');
        matched(&mut text, rule);
    }
    if let Some(miss) = &explanation.nearest_miss {
        let _ = writeln!(text, "\n  nearest miss: {}  {}", miss.rule, place(&miss.at));
        for missing in &miss.missing {
            let _ = writeln!(text, "    - {missing}");
        }
    } else if result == "DENY" && explanation.matched.is_empty() {
        let why = match request.subject {
            Some(_) => "no rule allows it to anybody",
            None => "who is not signed in may do nothing",
        };
        let _ = writeln!(text, "\n  {why}");
    }
    let directory = &explanation.directory;
    let _ = write!(
        text,
        "\n  directory: {}, {}",
        count(directory.users, "user"),
        count(directory.groups, "group")
    );
    if let Some(as_of) = &directory.as_of {
        let _ = write!(text, ", as of {as_of}");
    }
    text.push('\n');
    text
}

fn matched(text: &mut String, rule: &Matched) {
    let _ = writeln!(
        text,
        "  {}  {}  {}",
        effect(rule.effect),
        rule.rule,
        place(&rule.at)
    );
    let _ = writeln!(text, "         {}", rule.path.join(" → "));
    for condition in &rule.conditions {
        let holds = match condition.holds {
            Holds::Yes => "holds  ",
            Holds::No => "fails  ",
            Holds::Unknown => "unknown",
        };
        let _ = writeln!(text, "         {holds}  {}", condition.text);
    }
}

pub fn who_can(answer: &who_can::WhoCan, permission: &str) -> String {
    let mut text = String::new();
    let total: usize = answer.answers.iter().map(|a| a.users.len()).sum();
    let _ = writeln!(
        text,
        "{permission}: {} can, {} cannot; any other user: {}",
        count(total, "user"),
        answer.denied,
        answer.others
    );
    for one in &answer.answers {
        let _ = writeln!(text, "\n{}  {}", one.result, count(one.users.len(), "user"));
        rules(&mut text, &one.rules);
        if !one.groups.is_empty() {
            text.push_str("  every member of\n");
            names(&mut text, &one.groups);
        }
        text.push_str("  users\n");
        names(&mut text, &one.users);
    }
    text
}

pub fn what_can(permissions: &[what_can::Answer], user: &str) -> String {
    let mut text = format!("{user}\n");
    let width = permissions.iter().map(|p| p.name.len()).max().unwrap_or(0);
    for result in ["ALLOW", "CONDITIONAL", "DENY"] {
        for answer in permissions.iter().filter(|p| p.result == result) {
            let by: Vec<_> = answer
                .rules
                .iter()
                .map(|rule| format!("{} {}", rule.rule, place(&rule.at)))
                .collect();
            let line = format!("  {result:<11}  {:width$}  {}", answer.name, by.join(", "));
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

pub fn diff(diff: &Diff) -> String {
    let mut text = String::new();
    if diff.gained.is_empty() && diff.lost.is_empty() {
        text.push_str("nobody gains or loses anything\n");
    }
    for (what, changes) in [("gained", &diff.gained), ("lost", &diff.lost)] {
        for change in changes {
            let others = if change.others {
                " and any other user"
            } else {
                ""
            };
            let _ = writeln!(
                text,
                "{what}  {}  {}{others}",
                change.permission,
                count(change.users.len(), "user")
            );
            for cause in &change.rules {
                let _ = writeln!(
                    text,
                    "  {}  {}  {}  ({})",
                    effect(cause.effect),
                    cause.rule,
                    place(&cause.at),
                    side(cause.side)
                );
            }
            match &change.example {
                Some(Example::Entity(entity_ref)) => {
                    let _ = writeln!(text, "  for example {entity_ref}");
                }
                Some(Example::Where(facts)) => {
                    let _ = writeln!(text, "  where {}", facts.join(" and "));
                }
                None => {}
            }
            names(&mut text, &change.users);
            text.push('\n');
        }
    }
    if !diff.undecided.is_empty() {
        text.push_str("not known at this moment, so that more may change:\n");
    }
    for undecided in &diff.undecided {
        let _ = writeln!(
            text,
            "  {}  {}  ({})",
            undecided.what,
            place(&undecided.at),
            side(undecided.side)
        );
    }
    text
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Rules, one a line.
pub fn rules(text: &mut String, rules: &[RuleAt]) {
    for rule in rules {
        let _ = write!(
            text,
            "  {}  {}  {}",
            effect(rule.effect),
            rule.rule,
            place(&rule.at)
        );
        match &rule.when {
            Some(when) => {
                let _ = writeln!(text, "  where {when}");
            }
            None => text.push('\n'),
        }
    }
}

/// Names, one a line, the first of many.
pub fn names(text: &mut String, names: &[impl std::fmt::Display]) {
    for name in names.iter().take(SHOWN) {
        let _ = writeln!(text, "    {name}");
    }
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|&more| more > 0) {
        let _ = writeln!(text, "    … and {more} more");
    }
}
