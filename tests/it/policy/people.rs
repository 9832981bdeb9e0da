//! Users and groups as no host should give them: each is decided, and in time.

use std::time::{Duration, Instant};

use goldenpath::api::policy as api;
use serde_json::{Value, json};

const DEEP: usize = 1_000;

const POLICY: &str = "apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
defaults: { ownership: ancestors }
roles: { top: {}, named: {} }
bindings:
  - { role: top, to: group:default/g0 }
  - { role: named, to: ['user:default/ghost', 'group:default/gone'] }
rules:
  - { id: create, effect: allow, role: top, permissions: goldenpath.service.create }
  - { id: location, effect: allow, role: named, permissions: catalog.location.read }
  - id: own
    effect: allow
    permissions: catalog.entity.read
    when: { owner: $ownership }
";

fn group(number: usize) -> String {
    format!("group:default/g{number}")
}

/// Decides a permission for a user.
fn decide(directory: &Value, user: &str, permission: &Value) -> Value {
    let files = json!([{ "name": "policy.yaml", "content": POLICY }]);
    let compiled = api::compile(&files.to_string(), "{}").expect("a valid request");
    let mut policy = compiled.policy.expect("a valid policy");
    api::set_directory(&mut policy, &directory.to_string()).expect("a valid directory");
    let request = json!({ "permission": permission, "subject": { "userEntityRef": user } });
    let decision = api::decide(&policy, &request.to_string()).expect("a valid request");
    serde_json::from_str(&decision).expect("JSON")
}

fn create() -> Value {
    json!({ "name": "goldenpath.service.create", "action": "create" })
}

fn read() -> Value {
    json!({ "name": "catalog.entity.read", "action": "read", "resourceType": "catalog-entity" })
}

/// A chain of groups, and a user of the last. If it is closed, the first is below the last.
fn chain(is_closed: bool) -> Value {
    let groups = (0..DEEP).map(|number| match number.checked_sub(1) {
        Some(above) => json!({ "ref": group(number), "parent": group(above) }),
        None if is_closed => json!({ "ref": group(0), "parent": group(DEEP / 2) }),
        None => json!({ "ref": group(0) }),
    });
    json!({
        "groups": groups.collect::<Vec<_>>(),
        "users": [{ "ref": "user:default/ann", "memberOf": [group(DEEP - 1)] }],
    })
}

#[test]
fn a_hierarchy_a_thousand_deep_is_walked_to_its_top_and_so_is_one_that_ends_in_a_circle() {
    let start = Instant::now();
    for directory in [chain(false), chain(true)] {
        let decision = decide(&directory, "user:default/ann", &create());
        assert_eq!(decision["result"], "ALLOW");
        assert_eq!(
            decision["reasons"][0]["message"],
            "`user:default/ann` has role `top` through `group:default/g0`"
        );
        let decision = decide(&directory, "user:default/ann", &read());
        let claims = &decision["conditions"]["params"]["claims"];
        assert_eq!(claims.as_array().map(Vec::len), Some(DEEP + 1));
    }
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn groups_that_are_only_mentioned_give_what_is_bound_to_them() {
    let directory = json!({
        "groups": [{ "ref": "group:default/team", "parent": "group:default/gone" }],
        "users": [
            { "ref": "user:default/ann", "memberOf": ["group:default/team"] },
            { "ref": "user:default/bob", "memberOf": ["group:default/g0"] },
        ],
    });
    let location = json!({ "name": "catalog.location.read", "action": "read" });
    for (user, permission, expected) in [
        ("user:default/ann", &location, "ALLOW"),
        ("user:default/ann", &create(), "DENY"),
        ("user:default/bob", &create(), "ALLOW"),
        ("user:default/bob", &location, "DENY"),
    ] {
        let decision = decide(&directory, user, permission);
        assert_eq!(decision["result"], expected, "{user} {permission}");
    }
}

#[test]
fn refs_are_compared_in_lower_case_wherever_they_come_from() {
    let directory = json!({
        "groups": [{ "ref": "Group:Default/Team", "parent": "group:default/G0" }],
        "users": [{ "ref": "User:default/Ann", "memberOf": ["group:Default/team"] }],
    });
    let decision = decide(&directory, "USER:default/ann", &create());
    assert_eq!(decision["result"], "ALLOW");
    let decision = decide(&directory, "USER:default/ann", &read());
    assert_eq!(
        decision["conditions"]["params"]["claims"],
        json!(["group:default/g0", "group:default/team", "user:default/ann"])
    );
}

#[test]
fn users_without_an_entity_have_what_is_for_them_by_name_and_for_everybody() {
    let directory = json!({ "groups": [], "users": [] });
    let location = json!({ "name": "catalog.location.read", "action": "read" });
    for (user, permission, expected) in [
        ("user:default/ghost", &location, "ALLOW"),
        ("user:default/stranger", &location, "DENY"),
        ("user:default/stranger", &read(), "CONDITIONAL"),
        // no ref at all
        ("", &location, "DENY"),
        ("🦀", &create(), "DENY"),
    ] {
        let decision = decide(&directory, user, permission);
        assert_eq!(decision["result"], expected, "`{user}` {permission}");
    }
}
