//! Random policies, directories and entities: what is said of classes and proven by formulas is what
//! asking everybody about everything gives.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on"
)]

use std::collections::BTreeSet;

use goldenpath::api::policy as api;
use goldenpath::policy::Policy;
use serde_json::{Value, json};

#[test]
fn who_can_and_what_can_agree_with_asking_everybody() {
    let mut answers = BTreeSet::new();
    for seed in 1..=150 {
        let mut random = Random(seed);
        let directory = directory(&mut random);
        let policy = compile(&policy(&mut random), &directory);
        let entity = entity(&mut random, 0);
        for permission in permissions() {
            let about_entities = permission["resourceType"] == "catalog-entity";
            for resource in [None, Some(&entity)] {
                if resource.is_some() && !about_entities {
                    continue;
                }
                let mut question = json!({ "permission": permission });
                if let Some(resource) = resource {
                    question["resource"] = resource.clone();
                }
                let found = ask(api::who_can(&policy, &question.to_string()));
                for user in USERS {
                    let expected = decide(&policy, user, &permission, resource);
                    let said = said_of(&found, user);
                    assert_eq!(said, expected, "seed {seed}: {user}\n{question}\n{found}");
                    answers.insert(expected);
                }
                let stranger = decide(&policy, "user:default/stranger", &permission, resource);
                assert_eq!(found["others"], json!(stranger), "seed {seed}: {question}");
            }
        }
        let user = random.pick(&USERS);
        let question = json!({ "subject": { "userEntityRef": user }, "resource": entity });
        let found = ask(api::what_can(&policy, &question.to_string()));
        for permission in permissions() {
            let about_entities = permission["resourceType"] == "catalog-entity";
            let resource = about_entities.then_some(&entity);
            let expected = decide(&policy, user, &permission, resource);
            let of = |one: &&Value| one["name"] == permission["name"];
            let said = found["permissions"]
                .as_array()
                .and_then(|all| all.iter().find(of));
            assert_eq!(
                said.expect("an answer")["result"],
                json!(expected),
                "seed {seed}"
            );
        }
    }
    assert_eq!(answers.len(), 3, "only {answers:?}");
}

#[test]
fn diff_names_exactly_those_whose_decisions_change() {
    let mut changes = 0;
    for seed in 1..=200 {
        let mut random = Random(seed);
        let directory = directory(&mut random);
        let (old, new) = (policy(&mut random), policy(&mut random));
        let entities: Vec<Value> = (0..6).map(|number| entity(&mut random, number)).collect();
        let moment = moment(&mut random);
        let mut snapshot = moment.clone();
        snapshot["directory"] = directory.clone();
        snapshot["entities"] = json!(entities);
        let found = ask(api::diff(
            &files(&old),
            &files(&new),
            &snapshot.to_string(),
            "{}",
        ));
        assert_eq!(found["diagnostics"], json!([]), "seed {seed}");
        let (old_policy, new_policy) = (compile(&old, &directory), compile(&new, &directory));
        for permission in permissions() {
            let about_entities = permission["resourceType"] == "catalog-entity";
            if !about_entities && !permission["resourceType"].is_null() {
                continue;
            }
            let resources: Vec<Option<&Value>> = if about_entities {
                entities.iter().map(Some).collect()
            } else {
                vec![None]
            };
            for user in USERS.into_iter().chain(["user:default/stranger"]) {
                let allowed = |policy: &Policy, resource: Option<&Value>| {
                    decide_at(&moment, policy, user, &permission, resource) == "ALLOW"
                };
                let some = |from: &Policy, to: &Policy| {
                    let mut all = resources.iter();
                    all.any(|resource| !allowed(from, *resource) && allowed(to, *resource))
                };
                let expected = (
                    some(&old_policy, &new_policy),
                    some(&new_policy, &old_policy),
                );
                let said = |way: &str| {
                    let list = found[way].as_array().expect("a list");
                    list.iter().any(|change| {
                        change["permission"] == permission["name"]
                            && if user == "user:default/stranger" {
                                change["others"] == true
                            } else {
                                change["users"]
                                    .as_array()
                                    .expect("users")
                                    .contains(&json!(user))
                            }
                    })
                };
                changes += usize::from(expected.0) + usize::from(expected.1);
                let said = (said("gained"), said("lost"));
                // what changes at some moment is shown too where no entity is at hand
                let is_all = about_entities || found["undecided"] == json!([]);
                let covers = (said.0 || !expected.0) && (said.1 || !expected.1);
                assert!(
                    if is_all { said == expected } else { covers },
                    "seed {seed}: {said:?}, not {expected:?}: {user} {permission}\n{old}\n{new}\n{snapshot}\n{found}"
                );
            }
        }
        for change in ["gained", "lost"]
            .iter()
            .filter_map(|way| found[*way].as_array())
            .flatten()
        {
            assert_ne!(change["rules"], json!([]), "seed {seed}: {change}");
        }
    }
    assert!(changes > 1000, "only {changes} changes");
}

#[test]
fn without_a_rule_that_lint_calls_without_effect_decisions_are_the_same() {
    let mut reported = BTreeSet::new();
    for seed in 1..=300 {
        let mut random = Random(seed);
        let directory = directory(&mut random);
        let text = policy(&mut random);
        let before = compile(&text, &directory);
        let entities: Vec<Value> = (0..5).map(|number| entity(&mut random, number)).collect();
        let found = ask(api::lint(&before, "{}"));
        for diagnostic in found.as_array().expect("diagnostics") {
            let code = diagnostic["code"].as_str().expect("a code");
            if !code.starts_with("policy/rule-") {
                continue;
            }
            reported.insert(code.to_owned());
            let message = diagnostic["message"].as_str().expect("a message");
            let id = message
                .split_once("rule `")
                .and_then(|(_, rest)| rest.split('`').next())
                .expect("the rule's name");
            let mut without = text.clone();
            without["rules"]
                .as_array_mut()
                .expect("rules")
                .retain(|rule| rule["id"] != id);
            let after = compile(&without, &directory);
            for permission in permissions() {
                let about_entities = permission["resourceType"] == "catalog-entity";
                for user in USERS {
                    for resource in entities
                        .iter()
                        .filter(|_| about_entities)
                        .map(Some)
                        .chain((!about_entities).then_some(None))
                    {
                        assert_eq!(
                            decide(&before, user, &permission, resource),
                            decide(&after, user, &permission, resource),
                            "seed {seed}: {user} {permission} without {id}\n{text}\n{resource:?}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(reported.len(), 3, "only {reported:?}");
}

const USERS: [&str; 6] = [
    "user:default/a",
    "user:default/b",
    "user:default/c",
    "user:default/d",
    "user:default/e",
    // bound, but not in the directory
    "user:default/ghost",
];
const GROUPS: [&str; 5] = ["one", "two", "three", "four", "five"];
const KINDS: [&str; 3] = ["Component", "API", "Resource"];
const ROLES: [&str; 3] = ["x", "y", "z"];

fn permissions() -> Vec<Value> {
    vec![
        json!({ "name": "catalog.entity.read", "action": "read", "resourceType": "catalog-entity" }),
        json!({ "name": "catalog.entity.delete", "action": "delete", "resourceType": "catalog-entity" }),
        json!({ "name": "catalog.entity.create", "action": "create" }),
        json!({ "name": "scaffolder.task.read", "action": "read", "resourceType": "scaffolder-task" }),
    ]
}

fn directory(random: &mut Random) -> Value {
    let group = |name: &str| format!("group:default/{name}");
    let groups: Vec<Value> = GROUPS
        .iter()
        .map(|name| {
            let mut entry = json!({ "ref": group(name) });
            if random.below(3) > 0 {
                // cycles included
                entry["parent"] = json!(group(random.pick(&GROUPS)));
            }
            entry
        })
        .collect();
    let users: Vec<Value> = USERS[..5]
        .iter()
        .map(|user| {
            let count = random.below(3);
            let groups: Vec<_> = (0..count).map(|_| group(random.pick(&GROUPS))).collect();
            json!({ "ref": user, "memberOf": groups })
        })
        .collect();
    json!({ "groups": groups, "users": users })
}

fn policy(random: &mut Random) -> Value {
    let mut bindings = vec![json!({ "role": "x", "to": "user:ghost" })];
    for _ in 0..random.below(5) {
        let to = match random.below(5) {
            0 => "everyone".to_owned(),
            1 => "owners-of-resource".to_owned(),
            2 => random.pick(&USERS).to_owned(),
            _ => format!("group:{}", random.pick(&GROUPS)),
        };
        let mut binding = json!({ "role": random.pick(&ROLES), "to": to });
        if random.below(4) == 0 {
            binding["until"] = json!("2026-12-01T00:00:00Z");
        }
        bindings.push(binding);
    }
    let rules: Vec<Value> = (0..=random.below(6))
        .map(|number| {
            let permissions = random.pick(&[
                &["catalog.entity.read"][..],
                &["catalog.entity.delete"],
                &["catalog.entity.read", "catalog.entity.delete"],
                &["catalog.entity.create"],
                &["*"],
            ]);
            let mut rule = json!({
                "id": format!("rule-{number}"),
                "effect": random.pick(&["allow", "allow", "deny"]),
                "permissions": permissions,
            });
            if random.below(3) > 0 {
                rule["role"] = json!(random.pick(&ROLES));
            }
            if permissions[0].starts_with("catalog.entity")
                && permissions[0] != "catalog.entity.create"
                && random.below(4) > 0
            {
                rule["when"] = when(random, 2);
            } else if random.below(4) == 0 {
                rule["when"] = momentary(random);
            }
            rule
        })
        .collect();
    json!({
        "apiVersion": "goldenpath/v1alpha1",
        "kind": "AccessPolicy",
        "defaults": { "ownership": random.pick(&["direct", "ancestors", "descendants"]) },
        "roles": { "x": {}, "y": { "inherits": ["x"] }, "z": {} },
        "bindings": bindings,
        "rules": rules,
    })
}

fn when(random: &mut Random, depth: usize) -> Value {
    let group = |random: &mut Random| format!("group:{}", random.pick(&GROUPS));
    match random.below(if depth == 0 { 6 } else { 11 }) {
        0 => json!({ "owner": "$ownership" }),
        1 => json!({ "owner": [group(random), "$self"] }),
        2 => json!({ "owner": group(random) }),
        3 => json!({ "kind": random.pick(&KINDS) }),
        4 => json!({ "label": { "tier": random.pick(&["prod", "beta"]) } }),
        5 => json!({ "label": "tier" }),
        6 => json!({ "not": when(random, depth - 1) }),
        7 => momentary(random),
        // may hold of nothing
        10 => {
            json!({ "allOf": [{ "kind": random.pick(&KINDS) }, { "kind": random.pick(&KINDS) }] })
        }
        8 => json!({ "allOf": [when(random, depth - 1), when(random, depth - 1)] }),
        _ => json!({ "anyOf": [when(random, depth - 1), when(random, depth - 1)] }),
    }
}

fn momentary(random: &mut Random) -> Value {
    match random.below(3) {
        0 => json!({ "time": { "within": "Mon-Fri 08:00-18:00 Europe/Berlin" } }),
        1 => json!({ "time": { "outside": "Mon-Fri 08:00-18:00 Z" } }),
        _ => json!({ "context": { "tier": "prod" } }),
    }
}

/// Of which everything, or something, or nothing is known.
fn moment(random: &mut Random) -> Value {
    let mut moment = json!({});
    if random.below(3) > 0 {
        let times = ["2026-11-24T12:00:00Z", "2026-12-05T12:00:00Z"];
        moment["now"] = json!(random.pick(&times));
    }
    if random.below(3) > 0 {
        moment["zoneOffsets"] = json!({ "Europe/Berlin": 60 });
    }
    if random.below(3) > 0 {
        moment["context"] = json!({ "tier": random.pick(&["prod", "dev"]) });
    }
    moment
}

fn entity(random: &mut Random, number: usize) -> Value {
    let mut entity = json!({
        "kind": random.pick(&KINDS),
        "metadata": { "name": format!("thing-{number}") },
    });
    if random.below(2) == 0 {
        entity["metadata"]["labels"] = json!({ "tier": random.pick(&["prod", "Beta", "dev"]) });
    }
    let relation = |target: String| json!({ "type": "ownedBy", "targetRef": target });
    let owners: Vec<Value> = (0..random.below(3))
        .map(|_| match random.below(3) {
            0 => relation(random.pick(&USERS).to_owned()),
            _ => relation(format!("group:default/{}", random.pick(&GROUPS))),
        })
        .collect();
    entity["relations"] = match random.below(8) {
        // Backstage fails on it
        0 => json!({ "not": "a list" }),
        _ => json!(owners),
    };
    entity
}

/// What `who_can` says of a user.
fn said_of(found: &Value, user: &str) -> String {
    let mut answers = found["answers"].as_array().expect("answers").iter();
    let answer = answers.find(|answer| {
        answer["users"]
            .as_array()
            .expect("users")
            .contains(&json!(user))
    });
    let result = answer.map_or("DENY", |answer| {
        answer["result"].as_str().expect("a result")
    });
    result.to_owned()
}

fn decide(policy: &Policy, user: &str, permission: &Value, resource: Option<&Value>) -> String {
    decide_at(&json!({}), policy, user, permission, resource)
}

fn decide_at(
    moment: &Value,
    policy: &Policy,
    user: &str,
    permission: &Value,
    resource: Option<&Value>,
) -> String {
    let mut request = moment.clone();
    request["permission"] = permission.clone();
    request["subject"] = json!({ "userEntityRef": user });
    if let Some(resource) = resource {
        request["resource"] = resource.clone();
    }
    let decision = ask(api::decide(policy, &request.to_string()));
    decision["result"].as_str().expect("a result").to_owned()
}

fn files(policy: &Value) -> String {
    json!([{ "name": "policy.yaml", "content": policy.to_string() }]).to_string()
}

fn compile(policy: &Value, directory: &Value) -> Policy {
    let compilation = api::compile(&files(policy), "{}").expect("a valid request");
    let diagnostics = compilation.diagnostics;
    let Some(mut compiled) = compilation.policy else {
        panic!("{diagnostics:#?}\n{policy}");
    };
    api::set_directory(&mut compiled, &directory.to_string()).expect("a valid directory");
    compiled
}

fn ask(answer: Result<String, impl std::fmt::Debug>) -> Value {
    serde_json::from_str(&answer.expect("a valid request")).expect("JSON")
}

/// xorshift64: the same policies on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(mixed).unwrap_or(0) % end
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
