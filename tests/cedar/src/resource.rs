//! Random resources: entities, tasks, actions, steps; some malformed.

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::world::{GROUPS, USERS};

/// A resource, what it is called, and its type.
pub struct Resource {
    pub id: String,
    pub about: &'static str,
    pub value: Value,
}

impl Resource {
    pub fn random(random: &mut Random, about: &'static str, number: usize) -> Self {
        let value = match about {
            "catalog-entity" => entity(random, number),
            "scaffolder-task" => match random.below(5) {
                0 => json!({ "createdBy": null }),
                _ => json!({ "createdBy": random.pick(&USERS) }),
            },
            "scaffolder-action" => action(random),
            _ => step(random),
        };
        Self {
            id: format!("{about} {number}"),
            about,
            value,
        }
    }
}

fn entity(random: &mut Random, number: usize) -> Value {
    let mut relations = Vec::new();
    for _ in 0..random.below(4) {
        let owner = match random.below(3) {
            0 => random.pick(&USERS),
            _ => random.pick(&GROUPS),
        };
        let kind = random.pick(&["ownedBy", "ownedBy", "partOf"]);
        relations.push(json!({ "type": kind, "targetRef": owner }));
    }
    let mut labels = Map::new();
    if random.percent(60) {
        // in the order in which Backstage meets them
        if random.percent(30) {
            let odd = [json!(1), json!("prod"), json!("Dev")];
            labels.insert("Tier".to_owned(), odd[random.below(3)].clone());
        }
        let tier = random.pick(&["prod", "PROD", "dev"]);
        labels.insert("tier".to_owned(), json!(tier));
    }
    let mut entity = json!({
        "kind": random.pick(&["Component", "API", "resource"]),
        "metadata": {
            "name": format!("e{number}"),
            "labels": labels,
            "annotations": if random.percent(50) { json!({ "example.com/A": "x\"\\\n" }) } else { json!(null) },
            "tags": if random.percent(50) { json!(["java", "Go"]) } else { json!([]) },
        },
        "spec": { "type": random.pick(&["service", "Library"]), "size": random.below(3) },
        "relations": relations,
    });
    match random.below(12) {
        0 => entity["relations"] = json!("owned"),
        1 => entity["kind"] = json!(null),
        2 => entity["metadata"] = json!(null),
        3 => entity["metadata"]["labels"] = json!("tier"),
        4 => entity["metadata"]["labels"] = json!({ "tier": 5 }),
        // which the catalogue refuses
        5 => entity["spec"]["Type"] = json!("x"),
        _ => {}
    }
    entity
}

fn action(random: &mut Random) -> Value {
    let owner = match random.below(4) {
        0 => json!("Acme"),
        1 => json!(random.pick(&GROUPS).to_uppercase()),
        2 => json!(random.pick(&USERS)),
        _ => json!(3),
    };
    let mut action = json!({
        "action": random.pick(&["publish:github", "fetch:plain"]),
        "input": {
            "owner": owner,
            "deep": { "list": [{ "size": random.pick(&[1.0, 0.5, 2.0]) }] },
            "private": random.percent(50),
        },
    });
    match random.below(8) {
        0 => action["action"] = json!(null),
        1 => action["input"] = json!(null),
        _ => {}
    }
    action
}

fn step(random: &mut Random) -> Value {
    let tags = match random.below(5) {
        0 => json!(null),
        1 => json!(["secret"]),
        2 => json!(["a", "secret"]),
        3 => json!("secrets"),
        _ => json!(7),
    };
    json!({ "backstage:permissions": { "tags": tags } })
}
