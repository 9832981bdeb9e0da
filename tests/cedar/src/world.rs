//! A random policy with users, groups, resources and a moment.

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::resource::Resource;

pub const USERS: [&str; 4] = [
    "user:default/ann",
    "user:default/ben",
    "user:default/cay",
    "user:default/dan",
];
pub const GROUPS: [&str; 5] = [
    "group:default/a",
    "group:default/b",
    "group:default/c",
    "group:default/d",
    "group:default/e",
];
const ROLES: [&str; 4] = ["dev", "ops", "all \"few\"", "one\nmore"];
const TYPES: [&str; 4] = [
    "catalog-entity",
    "scaffolder-task",
    "scaffolder-action",
    "scaffolder-template",
];
/// Before and after what bindings and schedules speak of, a Monday.
const NOW: [&str; 2] = ["2026-11-23T09:00:00Z", "2026-11-23T21:00:00Z"];

pub struct World {
    pub policy: String,
    pub directory: Value,
    resources: Vec<Resource>,
    moment: Map<String, Value>,
}

/// The permissions that are asked for.
pub fn permissions() -> [Value; 8] {
    let resource = |name: &str, action: Value, about: &str| {
        let mut permission = json!({ "name": name, "resourceType": about });
        if !action.is_null() {
            permission["action"] = action;
        }
        permission
    };
    [
        resource("catalog.entity.read", json!("read"), TYPES[0]),
        resource("catalog.entity.delete", json!("delete"), TYPES[0]),
        resource("scaffolder.task.read", json!("read"), TYPES[1]),
        resource("scaffolder.task.cancel", json!(null), TYPES[1]),
        resource("scaffolder.action.execute", json!(null), TYPES[2]),
        resource("scaffolder.template.step.read", json!("read"), TYPES[3]),
        json!({ "name": "catalog.location.read", "action": "read" }),
        json!({ "name": "acme.use" }),
    ]
}

impl World {
    pub fn new(random: &mut Random) -> Self {
        let parent = |random: &mut Random, group: &str| match random.below(10) {
            0..5 => json!({ "ref": group, "parent": random.pick(&GROUPS) }),
            _ => json!({ "ref": group }),
        };
        let groups: Vec<Value> = GROUPS.iter().map(|group| parent(random, group)).collect();
        let users = USERS.map(|user| {
            let member_of: Vec<&str> = (0..random.below(3)).map(|_| random.pick(&GROUPS)).collect();
            json!({ "ref": user, "memberOf": member_of })
        });
        let mut resources = Vec::new();
        for about in TYPES {
            resources.extend((0..7).map(|number| Resource::random(random, about, number)));
        }
        let mut moment = Map::new();
        if random.percent(70) {
            moment.insert("now".to_owned(), json!(random.pick(&NOW)));
        }
        if random.percent(50) {
            moment.insert("zoneOffsets".to_owned(), json!({ "Europe/Berlin": 60 }));
        }
        if random.percent(50) {
            let declared = json!({ "reason": "fire", "since": "2026-11-23T08:00:00Z" });
            let context = match random.below(3) {
                0 => json!({ "breakGlass": declared }),
                1 => json!({ "env": "prod" }),
                _ => json!({ "env": "prod", "breakGlass": declared }),
            };
            moment.insert("context".to_owned(), context);
        }
        Self {
            policy: policy(random),
            directory: json!({ "groups": groups, "users": users }),
            resources,
            moment,
        }
    }

    /// What a permission may be asked for; nothing, for a basic one.
    pub fn resources(&self, permission: &Value) -> Vec<Option<&Resource>> {
        match permission["resourceType"].as_str() {
            Some(about) => {
                let of_type = self.resources.iter().filter(|r| r.about == about);
                of_type.map(Some).collect()
            }
            None => vec![None],
        }
    }

    pub fn request(&self, user: &str, permission: &Value, resource: Option<&Resource>) -> Value {
        let mut request = json!({ "permission": permission, "subject": { "userEntityRef": user } });
        if let Some(resource) = resource {
            request["resource"] = resource.value.clone();
        }
        self.at_the_moment(request)
    }

    pub fn snapshot(&self) -> Value {
        let resource = |r: &Resource| json!({ "id": r.id, "resource": r.value });
        let resources: Vec<Value> = self.resources.iter().map(resource).collect();
        self.at_the_moment(json!({ "directory": self.directory, "resources": resources }))
    }

    fn at_the_moment(&self, mut value: Value) -> Value {
        let fields = value.as_object_mut().unwrap();
        fields.extend(self.moment.clone());
        value
    }
}

/// JSON is YAML.
fn policy(random: &mut Random) -> String {
    let mut roles = Map::new();
    for (index, role) in ROLES.iter().enumerate() {
        // only later ones, so that roles are in no cycle
        let later = &ROLES[index + 1..];
        let inherits = (!later.is_empty() && random.percent(40)).then(|| random.pick(later));
        roles.insert(
            (*role).to_owned(),
            inherits.map_or(json!({}), |role| json!({ "inherits": role })),
        );
    }
    let bindings = random.list(6, |random| {
        let to = match random.below(10) {
            0 => "everyone",
            1..3 => "owners-of-resource",
            3..6 => random.pick(&USERS),
            _ => random.pick(&GROUPS),
        };
        let mut binding = json!({ "role": random.pick(&ROLES), "to": to });
        if random.percent(20) {
            binding["until"] = json!("2026-11-23T12:00:00Z");
        }
        if random.percent(15) {
            binding["breakGlass"] = json!({ "maxDuration": "2h" });
        }
        binding
    });
    let mut number = 0;
    let rules = random.list(9, |random| {
        number += 1;
        rule(random, number)
    });
    json!({
        "apiVersion": "goldenpath/v1alpha1",
        "kind": "AccessPolicy",
        "defaults": { "ownership": random.pick(&["direct", "ancestors", "descendants"]) },
        "roles": roles,
        "bindings": bindings,
        "rules": rules,
    })
    .to_string()
}

fn rule(random: &mut Random, number: usize) -> Value {
    let effect = random.pick(&["allow", "allow", "deny"]);
    let mut rule = json!({ "id": format!("rule {number}"), "effect": effect });
    if random.percent(70) {
        rule["roles"] = json!(random.list(2, |random| random.pick(&ROLES)));
    }
    let (permissions, about) = match random.below(9) {
        0 => (json!(["*"]), None),
        1 => (json!([{ "action": "read" }]), None),
        2 => (json!(["catalog.location.read", "acme.use"]), None),
        3 => (
            json!(["scaffolder.task.read", "scaffolder.t*k.cancel"]),
            Some(TYPES[1]),
        ),
        4 => (json!([{ "resourceType": TYPES[2] }]), Some(TYPES[2])),
        5 => (json!(["scaffolder.template.step.read"]), Some(TYPES[3])),
        6 => (
            json!([{ "resourceType": TYPES[0], "action": "delete" }]),
            Some(TYPES[0]),
        ),
        _ => (
            json!(["catalog.entity.read", "catalog.entity.delete"]),
            Some(TYPES[0]),
        ),
    };
    rule["permissions"] = permissions;
    match about {
        Some(about) if random.percent(85) => rule["when"] = when(random, about, 3),
        _ => {}
    }
    rule
}

fn when(random: &mut Random, about: &str, depth: usize) -> Value {
    if depth > 0 && random.percent(50) {
        let children = |random: &mut Random| random.list(3, |r| when(r, about, depth - 1));
        return match random.below(3) {
            0 => json!({ "allOf": children(random) }),
            1 => json!({ "anyOf": children(random) }),
            _ => json!({ "not": when(random, about, depth - 1) }),
        };
    }
    match random.below(12) {
        0 => return json!({ "time": { "within": "Mon-Fri 08:00-18:00 Europe/Berlin" } }),
        1 => return json!({ "time": { "outside": "Mon-Fri 08:00-18:00 Z" } }),
        2 => return json!({ "context": { "env": random.pick(&["prod", "dev"]) } }),
        3 => return json!({ "rule": "IS_SPECIAL", "params": { "of": ["$ownership"] } }),
        _ => {}
    }
    match about {
        "catalog-entity" => match random.below(9) {
            0..3 => json!({ "owner": refs(random) }),
            3 => json!({ "kind": random.list(2, |r| r.pick(&["component", "API", "Resource"])) }),
            4 => json!({ "label": { "tier": random.list(2, |r| r.pick(&["prod", "Dev"])) } }),
            5 => json!({ "label": "Tier" }),
            6 => json!({ "annotation": { "example.com/a": "X\"\\\n" } }),
            7 => json!({ "metadata": random.pick(&["tags.java", "namespace", "none"]) }),
            _ => {
                json!({ "spec": random.pick(&[json!({ "type": "Service" }), json!({ "size": 1 }), json!("type")].each_ref()) })
            }
        },
        "scaffolder-task" => json!({ "createdBy": refs(random) }),
        "scaffolder-action" => match random.below(7) {
            0 => json!({ "actionId": "publish:github" }),
            1 => json!({ "stringProperty": "owner" }),
            2 => json!({ "stringProperty": { "owner": random.pick(&["$ownership", "$self"]) } }),
            3 => json!({ "stringProperty": { "owner": random.pick(&["Acme", "acme"]) } }),
            4 => json!({ "numberProperty": { "deep.list[0].size": random.pick(&[1.0, 0.5]) } }),
            5 => json!({ "booleanProperty": { "private": true } }),
            _ => json!({ "booleanProperty": random.pick(&["private", "owner"]) }),
        },
        _ => json!({ "tag": random.pick(&["secret", "a"]) }),
    }
}

fn refs(random: &mut Random) -> Vec<&'static str> {
    random.list(2, |random| match random.below(4) {
        0 => "$self",
        1 => "$ownership",
        2 => random.pick(&USERS),
        _ => random.pick(&GROUPS),
    })
}
