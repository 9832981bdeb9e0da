//! The real plugin's decisions: `recorded.json` of the cases, and `recorded/worlds.json` of random
//! files. See `tests/oracle/rhdh/record.mjs`.

use std::collections::{BTreeMap, BTreeSet};

use goldenpath::policy::Policy;
use goldenpath::policy::import::Rhdh;

use goldenpath::api::{exchange, policy};
use serde_json::{Map, Value, json};

use super::{decision, read};
use crate::cases;

#[test]
fn the_cases_are_decided_as_the_plugin_does() {
    for file in cases::inputs("policy-import", "recorded.json") {
        let folder = file.parent().expect("a folder");
        let text = |name| read(folder, name);
        let expected = text("expected.json").expect("decisions");
        let expected: Map<String, Value> = serde_json::from_str(&expected).expect("JSON");
        let recorded = text("recorded.json").expect("decisions");
        let recorded: Map<String, Value> = serde_json::from_str(&recorded).expect("JSON");
        assert!(!recorded.is_empty());
        for (sentence, plugin) in recorded {
            let ours = expected.get(&sentence).and_then(|both| both.get("rhdh"));
            let ours = ours.expect("a decision").clone();
            assert_eq!(bare(ours), plugin, "{}: {sentence}", folder.display());
        }
    }
}

#[test]
fn random_files_are_decided_as_the_plugin_does() {
    let mut results: BTreeMap<String, usize> = BTreeMap::new();
    let Recorded {
        permissions,
        worlds,
    } = recorded();
    for (number, world) in worlds.iter().enumerate() {
        let policy = world.rhdh();
        for (user, decisions) in &world.decisions {
            for permission in &permissions {
                let name = permission
                    .get("name")
                    .and_then(Value::as_str)
                    .expect("a name");
                let ours = exchange::decide(&policy, &request(user, permission, None));
                let plugin = decisions.get(name).expect("a decision");
                let csv = &world.csv;
                assert_eq!(
                    bare(decision(ours)),
                    *plugin,
                    "world {number}: {user}, {name}\n{csv}"
                );
                let result = plugin.get("result").map(Value::to_string);
                *results.entry(result.expect("a result")).or_default() += 1;
            }
        }
    }
    // else the generator has lost its point
    assert!(results.values().all(|&count| count > 100), "{results:?}");
}

#[test]
fn the_report_lists_what_differs_on_some_resource_and_nothing_else() {
    let mut listed = 0;
    let Recorded {
        permissions,
        worlds,
    } = recorded();
    for (number, world) in worlds.iter().enumerate() {
        let (rhdh, strict) = (world.rhdh(), world.strict());
        let report = world.report();
        for user in world.decisions.keys() {
            for permission in &permissions {
                let name = permission
                    .get("name")
                    .and_then(Value::as_str)
                    .expect("a name");
                // goldenpath does not know the plugin's own permissions
                if name.starts_with("policy.") {
                    continue;
                }
                let both = |resource: Option<&Value>| {
                    let request = request(user, permission, resource);
                    let result = |answer| decision(answer).get("result").cloned();
                    (
                        result(exchange::decide(&rhdh, &request)),
                        result(policy::decide(&strict, &request)),
                    )
                };
                let (before, after) = both(None);
                let conditional = Some(json!("CONDITIONAL"));
                let differs = if before == conditional || after == conditional {
                    resources(permission).iter().any(|resource| {
                        let (before, after) = both(Some(resource));
                        before != after
                    })
                } else {
                    before != after
                };
                let is_listed = report.contains(&(name.to_owned(), user.clone()));
                assert_eq!(
                    is_listed, differs,
                    "world {number}: {user}, {name}\n{}",
                    world.csv
                );
                listed += usize::from(is_listed);
            }
        }
    }
    assert!(listed > 100, "only {listed} changes");
}

fn recorded() -> Recorded {
    let worlds = include_str!("../../cases/policy-import/recorded/worlds.json");
    serde_json::from_str(worlds).expect("worlds")
}

fn request(user: &str, permission: &Value, resource: Option<&Value>) -> String {
    let subject = json!({ "userEntityRef": user });
    let mut request = json!({ "permission": permission, "subject": subject });
    if let (Some(resource), Some(fields)) = (resource, request.as_object_mut()) {
        fields.insert("resource".to_owned(), resource.clone());
    }
    request.to_string()
}

/// Enough to tell any two of the generator's conditions apart.
fn resources(permission: &Value) -> Vec<Value> {
    let users = ["ann", "ben", "cay", "dan", "eve"].map(|name| format!("user:default/{name}"));
    let groups = ["a", "b", "c", "d"].map(|name| format!("group:default/{name}"));
    let refs: Vec<String> = users.into_iter().chain(groups).collect();
    let mut found = Vec::new();
    match permission.get("resourceType").and_then(Value::as_str) {
        Some("catalog-entity") => {
            let mut owners: Vec<Vec<&String>> = vec![vec![]];
            for (index, one) in refs.iter().enumerate() {
                owners.push(vec![one]);
                owners.extend(refs.iter().take(index).map(|other| vec![one, other]));
            }
            for owners in owners {
                let relation = |owner| json!({ "type": "ownedBy", "targetRef": owner });
                let relations: Vec<Value> = owners.into_iter().map(relation).collect();
                for kind in ["API", "Component", "Group"] {
                    for labels in [json!({}), json!({ "tier": "prod" })] {
                        found.push(json!({
                            "kind": kind,
                            "metadata": { "name": "x", "labels": labels },
                            "relations": relations,
                        }));
                    }
                }
            }
        }
        Some("scaffolder-action") => {
            for action in ["publish:github", "fetch:plain"] {
                let actions = refs
                    .iter()
                    .map(|owner| json!({ "action": action, "input": { "owner": owner } }));
                found.extend(actions);
            }
        }
        _ => found.extend(refs.iter().map(|creator| json!({ "createdBy": creator }))),
    }
    found
}

#[derive(serde::Deserialize)]
struct Recorded {
    permissions: Vec<Value>,
    worlds: Vec<World>,
}

#[derive(serde::Deserialize)]
struct World {
    csv: String,
    conditions: Option<String>,
    precedence: String,
    directory: Value,
    decisions: BTreeMap<String, BTreeMap<String, Value>>,
}

impl World {
    fn files(&self) -> String {
        let mut files = json!({ "csv": { "name": "p", "content": self.csv } });
        if let (Some(text), Some(files)) = (&self.conditions, files.as_object_mut()) {
            let file = json!({ "name": "c", "content": text });
            files.insert("conditions".to_owned(), file);
        }
        files.to_string()
    }

    fn options(&self) -> String {
        json!({ "precedence": self.precedence }).to_string()
    }

    fn rhdh(&self) -> Rhdh {
        let compiled = exchange::compile_rhdh(&self.files(), &self.options());
        let compiled = compiled.expect("a request");
        let report = exchange::diagnostics(&compiled).expect("JSON");
        let mut policy = compiled.policy.expect(&report);
        exchange::set_directory(&mut policy, &self.directory.to_string()).expect("valid");
        policy
    }

    fn strict(&self) -> Policy {
        let imported = exchange::import_rhdh(&self.files(), &self.options());
        let imported: Value = decision(imported);
        let files = imported.get("files").expect("files").to_string();
        let compiled = policy::compile(&files, "{}").expect("a request");
        let mut policy = compiled.policy.expect("what was imported compiles");
        policy::set_directory(&mut policy, &self.directory.to_string()).expect("valid");
        policy
    }

    /// Permissions and users whose decisions change.
    fn report(&self) -> BTreeSet<(String, String)> {
        let directory = self.directory.to_string();
        let report = exchange::compare_rhdh(&self.files(), &self.options(), &directory);
        let report: Value = decision(report);
        let changes = report
            .get("changes")
            .and_then(Value::as_array)
            .expect("changes");
        let mut found = BTreeSet::new();
        for change in changes {
            let change: Change = serde_json::from_value(change.clone()).expect("a change");
            assert!(!change.causes.is_empty(), "{change:?} without a cause");
            assert!(!change.lines.is_empty(), "{change:?} without a line");
            for user in change.users {
                found.insert((change.permission.clone(), user));
            }
        }
        found
    }
}

#[derive(Debug, serde::Deserialize)]
struct Change {
    permission: String,
    users: Vec<String>,
    causes: Vec<String>,
    lines: Vec<Value>,
}

/// Without what the plugin does not say.
fn bare(mut decision: Value) -> Value {
    let fields = decision.as_object_mut().expect("a decision");
    fields.retain(|name, _| ["result", "pluginId", "conditions"].contains(&name.as_str()));
    decision
}
