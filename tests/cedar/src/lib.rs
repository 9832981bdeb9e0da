//! Random policies, decided by goldenpath and by Cedar: both must say the same, without exception.
//!
//! `npm run test:cedar`; a run takes ten seconds, but compiling Cedar a minute or more.

#![cfg(test)]

mod random;
mod resource;
mod world;

use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, Schema, ValidationMode,
    Validator,
};
use goldenpath::api;
use goldenpath::policy::Policy;
use serde_json::{Value, json};

use random::Random;
use world::World;

const WORLDS: u64 = 150;

#[test]
fn cedar_decides_the_same() {
    let mut tally = Tally::default();
    for seed in 1..=WORLDS {
        let world = World::new(&mut Random::new(seed));
        compare(seed, &world, &mut tally);
    }
    let Tally { allowed, denied } = tally;
    println!("{allowed} allowed and {denied} denied by both");
    // else the generator has lost its point
    assert!(allowed > 2_000 && denied > 2_000, "{allowed} {denied}");
}

#[derive(Default)]
struct Tally {
    allowed: usize,
    denied: usize,
}

fn compare(seed: u64, world: &World, tally: &mut Tally) {
    let policy = compile(world);
    let cedar = Cedar::new(&policy, world);
    for user in world::USERS {
        for permission in world::permissions() {
            for resource in world.resources(&permission) {
                let request = world.request(user, &permission, resource);
                let answer = api::policy::decide(&policy, &request.to_string()).unwrap();
                let answer: Value = serde_json::from_str(&answer).unwrap();
                let ours = answer["result"] == "ALLOW";
                let name = permission["name"].as_str().unwrap();
                let id = resource.map_or("nothing", |resource| &resource.id);
                let theirs = cedar.allows(user, name, id);
                assert_eq!(
                    ours, theirs,
                    "seed {seed}: {user} {name}: goldenpath, Cedar\n{}\n{request}\n{}",
                    world.policy, cedar.policies,
                );
                let count = if ours {
                    &mut tally.allowed
                } else {
                    &mut tally.denied
                };
                *count += 1;
            }
        }
    }
}

fn compile(world: &World) -> Policy {
    let files = json!([{ "name": "policy.yaml", "content": world.policy }]).to_string();
    let options = json!({ "permissions": [{ "name": "acme.use" }] }).to_string();
    let compilation = api::policy::compile(&files, &options).unwrap();
    let report = api::policy::diagnostics(&compilation).unwrap();
    let mut policy = compilation
        .policy
        .unwrap_or_else(|| panic!("{report}\n{}", world.policy));
    api::policy::set_directory(&mut policy, &world.directory.to_string()).unwrap();
    policy
}

/// An exported policy.
struct Cedar {
    policies: String,
    set: PolicySet,
    entities: Entities,
    schema: Schema,
}

impl Cedar {
    /// Exports a policy and its world; the export must be valid by its own schema.
    fn new(policy: &Policy, world: &World) -> Self {
        let export = api::exchange::export_cedar(policy, &world.snapshot().to_string()).unwrap();
        let export: Value = serde_json::from_str(&export).unwrap();
        let text = |name: &str| export[name].as_str().unwrap().to_owned();
        let policies = text("policies");
        let (schema, _) = Schema::from_cedarschema_str(&text("schema"))
            .unwrap_or_else(|error| panic!("{error}\n{}", text("schema")));
        let set =
            PolicySet::from_str(&policies).unwrap_or_else(|error| panic!("{error}\n{policies}"));
        let validated = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        let errors: Vec<_> = validated
            .validation_errors()
            .map(ToString::to_string)
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{policies}");
        let entities = Entities::from_json_value(export["entities"].clone(), Some(&schema))
            .unwrap_or_else(|error| panic!("{error}\n{:#}", export["entities"]));
        Self {
            policies,
            set,
            entities,
            schema,
        }
    }

    fn allows(&self, user: &str, permission: &str, resource: &str) -> bool {
        let uid =
            |kind: &str, id: &str| EntityUid::from_json(json!({ "type": kind, "id": id })).unwrap();
        let request = Request::new(
            uid("User", user),
            uid("Action", permission),
            uid("Resource", resource),
            Context::empty(),
            Some(&self.schema),
        )
        .unwrap();
        let response = Authorizer::new().is_authorized(&request, &self.set, &self.entities);
        let errors: Vec<_> = response
            .diagnostics()
            .errors()
            .map(ToString::to_string)
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        response.decision() == Decision::Allow
    }
}
