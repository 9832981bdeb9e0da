//! What people may use: values beside the plan, or beside what is in its way.

use std::collections::BTreeSet;
use std::fs;

use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText, api};
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases_give_their_plan_or_diagnostics() {
    let mut failures = Vec::new();
    for input in cases::inputs("person", ".yaml") {
        let content = fs::read_to_string(&input).unwrap();
        let name = input.file_name().unwrap().to_string_lossy();
        let mut plan = plan(&name, content.as_bytes());
        let found = plan
            .as_object_mut()
            .unwrap()
            .shift_remove("diagnostics")
            .unwrap();
        let found: Vec<Diagnostic> = serde_json::from_value(found).unwrap();
        let text = if found.is_empty() {
            format!("{plan:#}\n")
        } else {
            frame::render(&found, &[&SourceText::new(&name, content)], Colour::Plain)
        };
        cases::compare(&input.with_extension("expected.txt"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Every person of a small world, moved to every other: what is granted and revoked there and back again
/// is nothing, a repeated move changes nothing, and who has left has nothing.
#[test]
fn grants_then_revokes_are_identity() {
    let people = people();
    for before in &people {
        for after in &people {
            let there = plan_between(Some(before), after);
            let back = plan_between(Some(after), before);
            let held = held(before);
            let moved = apply(&held, &there);
            assert_eq!(moved, self::held(after), "{before} -> {after}");
            assert_eq!(apply(&moved, &back), held);
            assert_eq!(
                apply(&moved, &there),
                moved,
                "a repeated plan changes nothing"
            );
            assert_eq!(there["grants"], back["revokes"]);
        }
        let again = plan_between(Some(before), before);
        assert_eq!(
            (&again["grants"], &again["revokes"]),
            (&json!([]), &json!([]))
        );
        if before["active"] == json!(false) {
            assert_eq!(held(before), BTreeSet::new());
        }
    }
}

fn people() -> Vec<Value> {
    let mut all = Vec::new();
    for role in ["engineer", "lead", "guest"] {
        for team in ["payments", "orders", "unlisted"] {
            for active in [true, false] {
                all.push(json!({
                    "upn": "ada@example.org", "name": "Ada", "github": "ada",
                    "team": format!("group:default/{team}"), "role": role, "active": active,
                }));
            }
        }
    }
    all
}

fn plan_between(previous: Option<&Value>, person: &Value) -> Value {
    let mut request = json!({
        "person": person,
        "roles": {
            "engineer": { "githubTeams": ["engineering"], "entraGroups": ["dev"], "sandbox": true },
            "lead": { "githubTeams": ["engineering", "leads"], "onCall": ["primary"] },
            "guest": {},
        },
        "teams": {
            "group:default/payments": { "githubTeams": ["payments"], "slackChannels": ["#payments"] },
            "group:default/orders": { "githubTeams": ["orders", "engineering"], "slackUserGroups": ["orders"] },
        },
    });
    if let Some(previous) = previous {
        request["previous"] = previous.clone();
    }
    let plan = plan("values.json", request.to_string().as_bytes());
    assert_eq!(plan["diagnostics"], json!([]));
    plan
}

fn held(person: &Value) -> BTreeSet<String> {
    apply(&BTreeSet::new(), &plan_between(None, person))
}

fn apply(held: &BTreeSet<String>, plan: &Value) -> BTreeSet<String> {
    let of = |key: &str| -> BTreeSet<String> {
        plan[key]
            .as_array()
            .unwrap()
            .iter()
            .map(Value::to_string)
            .collect()
    };
    let left: BTreeSet<String> = held.difference(&of("revokes")).cloned().collect();
    left.union(&of("grants")).cloned().collect()
}

fn plan(name: &str, content: &[u8]) -> Value {
    serde_json::from_str(&api::platform::person(name, content).unwrap()).unwrap()
}
