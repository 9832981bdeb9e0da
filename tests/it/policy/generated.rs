//! Random policies and entities, decided in three ways that must agree: by the rules' plain meaning
//! (written out here), by full evaluation, and by partial evaluation whose conditions are then applied.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on"
)]

use std::fmt::Write as _;

use goldenpath::api::policy as api;
use goldenpath::policy::Policy;
use serde_json::{Value, json};

use super::moment::{Moment, MomentWhen, Term};

#[test]
fn partial_and_full_evaluation_agree_with_the_plain_meaning() {
    let mut conditional = 0;
    for seed in 1..=600 {
        let mut random = Random(seed);
        let world = World::new(&mut random);
        let policy = world.compile();
        let mut request = json!({
            "permission": READ.clone(),
            "subject": { "userEntityRef": "user:default/ann" },
        });
        world.moment.put(&mut request);
        let partial = decide(&policy, &request);
        let applied = match partial["result"].as_str() {
            Some("CONDITIONAL") => {
                conditional += 1;
                Some(compile(&conditions_as_policy(&partial["conditions"])))
            }
            _ => None,
        };
        for _ in 0..12 {
            let entity = random_entity(&mut random);
            let mut on_entity = request.clone();
            on_entity["resource"] = entity.clone();
            let full = decide(&policy, &on_entity)["result"] == "ALLOW";
            let by_partial = match &applied {
                Some(conditions) => decide(conditions, &on_entity)["result"] == "ALLOW",
                None => partial["result"] == "ALLOW",
            };
            let plain = world.allows(&entity);
            assert_eq!(
                (full, by_partial),
                (plain, plain),
                "seed {seed}: (full, partial) differ from the plain meaning\n{}\n{on_entity}\n{partial}",
                world.yaml(),
            );
        }
    }
    // else the generator has lost its point
    assert!(
        conditional > 100,
        "only {conditional} conditional decisions"
    );
}

static READ: std::sync::LazyLock<Value> = std::sync::LazyLock::new(
    || json!({ "name": "catalog.entity.read", "action": "read", "resourceType": "catalog-entity" }),
);

const GROUPS: [&str; 4] = ["company", "shop", "checkout", "search"];
const KINDS: [&str; 3] = ["Component", "API", "Resource"];
const VALUES: [&str; 3] = ["prod", "Beta", "dev"];

/// A policy, kept as data, and the groups of its one user.
struct World {
    ownership: &'static str,
    /// `company` is above `shop`, which is above the two others.
    member_of: usize,
    rules: Vec<Rule>,
    /// How the role `guest` is given.
    term: Term,
    moment: Moment,
}

struct Rule {
    effect: &'static str,
    role: Option<Role>,
    when: Option<When>,
}

#[derive(Clone, Copy)]
enum Role {
    /// Bound to `company`, so that every member below has it.
    Member,
    /// Bound to `search` only.
    Searcher,
    /// Bound to owners.
    Owner,
    /// Bound to the user for some time, or in an emergency.
    Guest,
    /// Likewise to owners.
    GuestOwner,
}

enum When {
    All(Vec<When>),
    Any(Vec<When>),
    Not(Box<When>),
    Mine,
    OwnedBy(&'static str),
    Kind(Vec<&'static str>),
    Label(Option<&'static str>),
    Spec(&'static str),
    Moment(MomentWhen),
}

impl World {
    fn new(random: &mut Random) -> Self {
        let rules = (0..=random.below(6)).map(|_| Rule {
            effect: random.pick(&["allow", "allow", "deny"]),
            role: random.pick(&[
                None,
                Some(Role::Member),
                Some(Role::Searcher),
                Some(Role::Owner),
                Some(Role::Guest),
                Some(Role::GuestOwner),
            ]),
            when: (random.below(4) > 0).then(|| When::new(random, 3)),
        });
        let rules = rules.collect();
        Self {
            ownership: random.pick(&["direct", "ancestors", "descendants"]),
            member_of: random.below(GROUPS.len()),
            rules,
            term: random.pick(&[Term::Until, Term::BreakGlass, Term::Both]),
            moment: Moment::new(random),
        }
    }

    fn yaml(&self) -> String {
        let mut text = format!(
            "apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n\
             defaults: {{ ownership: {} }}\n\
             roles: {{ member: {{}}, searcher: {{}}, owner: {{}}, guest: {{}}, guest-owner: {{}} }}\n\
             bindings:\n\
             - {{ role: member, to: group:company }}\n\
             - {{ role: searcher, to: group:default/search }}\n\
             - {{ role: owner, to: owners-of-resource }}\n\
             - {{ role: guest, to: 'user:ann', {term} }}\n\
             - {{ role: guest-owner, to: owners-of-resource, {term} }}\n\
             rules:\n",
            self.ownership,
            term = self.term.yaml(),
        );
        for (index, rule) in self.rules.iter().enumerate() {
            let role = match rule.role {
                None => "",
                Some(Role::Member) => ", role: member",
                Some(Role::Searcher) => ", role: searcher",
                Some(Role::Owner) => ", role: owner",
                Some(Role::Guest) => ", role: guest",
                Some(Role::GuestOwner) => ", role: guest-owner",
            };
            let when = match &rule.when {
                Some(when) => format!(", when: {}", when.json()),
                None => String::new(),
            };
            let effect = rule.effect;
            let _ = writeln!(
                text,
                "- {{ id: rule-{index}, effect: {effect}{role}, permissions: catalog.entity.read{when} }}"
            );
        }
        text
    }

    fn compile(&self) -> Policy {
        let mut policy = compile(&self.yaml());
        let group = |name: &str| format!("group:default/{name}");
        let directory = json!({
            "groups": [
                { "ref": group("company") },
                { "ref": group("shop"), "parent": group("company") },
                { "ref": group("checkout"), "parent": group("shop") },
                { "ref": group("search"), "parent": group("shop") },
            ],
            "users": [{ "ref": "user:default/ann", "memberOf": [group(GROUPS[self.member_of])] }],
        });
        api::set_directory(&mut policy, &directory.to_string()).expect("a valid directory");
        policy
    }

    /// The semantics of the language, read aloud.
    fn allows(&self, entity: &Value) -> bool {
        let some = |effect| {
            self.rules.iter().any(|rule| {
                let reached = match rule.role {
                    None | Some(Role::Member) => Some(true),
                    Some(Role::Searcher) => Some(GROUPS[self.member_of] == "search"),
                    Some(Role::Owner) => Some(self.is_mine(entity)),
                    Some(Role::Guest) => self.moment.gives(self.term),
                    Some(Role::GuestOwner) => {
                        all([self.moment.gives(self.term), Some(self.is_mine(entity))])
                    }
                };
                let when = rule.when.as_ref();
                let met = when.map_or(Some(true), |when| self.holds(when, entity));
                let holds = all([reached, met]).unwrap_or(effect == "deny");
                rule.effect == effect && holds
            })
        };
        some("allow") && !some("deny")
    }

    fn holds(&self, when: &When, entity: &Value) -> Option<bool> {
        let has = |pointer: &str, value: &str| {
            let found = entity.pointer(pointer).and_then(Value::as_str);
            found.is_some_and(|found| found.eq_ignore_ascii_case(value))
        };
        Some(match when {
            When::All(children) => return all(children.iter().map(|c| self.holds(c, entity))),
            When::Any(children) => {
                let none = children.iter().map(|c| Some(!self.holds(c, entity)?));
                return Some(!all(none)?);
            }
            When::Not(child) => !self.holds(child, entity)?,
            When::Moment(when) => return self.moment.holds(when),
            When::Mine => self.is_mine(entity),
            When::OwnedBy(group) => owner(entity) == Some(&format!("group:default/{group}")),
            When::Kind(kinds) => kinds.iter().any(|kind| has("/kind", kind)),
            When::Label(None) => entity.pointer("/metadata/labels/tier").is_some(),
            When::Label(Some(value)) => has("/metadata/labels/tier", value),
            When::Spec(value) => has("/spec/lifecycle", value),
        })
    }

    fn is_mine(&self, entity: &Value) -> bool {
        let Some(owner) = owner(entity) else {
            return false;
        };
        let name = owner.rsplit('/').next().unwrap_or_default();
        // each chain from the top down to one group
        let chains: [&[&str]; 2] = [
            &["company", "shop", "checkout"],
            &["company", "shop", "search"],
        ];
        let mine = GROUPS[self.member_of];
        name == "ann"
            || name == mine
            || chains.iter().any(|chain| {
                let at = |name| chain.iter().position(|group| *group == name);
                match (self.ownership, at(name), at(mine)) {
                    ("ancestors", Some(owner), Some(mine)) => owner < mine,
                    ("descendants", Some(owner), Some(mine)) => owner > mine,
                    _ => false,
                }
            })
    }
}

impl When {
    fn new(random: &mut Random, depth: usize) -> Self {
        let choices = if depth == 0 { 7 } else { 10 };
        let some = |random: &mut Random| {
            (0..=random.below(3))
                .map(|_| Self::new(random, depth - 1))
                .collect()
        };
        match random.below(choices) {
            0 => Self::Mine,
            1 => Self::OwnedBy(random.pick(&GROUPS)),
            2 => Self::Kind((0..=random.below(2)).map(|_| random.pick(&KINDS)).collect()),
            3 => Self::Label(random.pick(&[None, Some("prod"), Some("beta")])),
            4 => Self::Spec(random.pick(&VALUES)),
            5 | 6 => Self::Moment(MomentWhen::new(random)),
            7 => Self::All(some(random)),
            8 => Self::Any(some(random)),
            _ => Self::Not(Box::new(Self::new(random, depth - 1))),
        }
    }

    fn json(&self) -> Value {
        let list = |children: &[Self]| children.iter().map(Self::json).collect::<Value>();
        match self {
            Self::All(children) => json!({ "allOf": list(children) }),
            Self::Any(children) => json!({ "anyOf": list(children) }),
            Self::Not(child) => json!({ "not": child.json() }),
            Self::Mine => json!({ "owner": "$ownership" }),
            Self::OwnedBy(group) => json!({ "owner": format!("group:{group}") }),
            Self::Kind(kinds) => json!({ "kind": kinds }),
            Self::Label(None) => json!({ "label": "tier" }),
            Self::Label(Some(value)) => json!({ "label": { "tier": value } }),
            Self::Spec(value) => json!({ "spec": { "lifecycle": value } }),
            Self::Moment(when) => when.json(),
        }
    }
}

fn random_entity(random: &mut Random) -> Value {
    let mut entity = json!({
        "kind": random.pick(&KINDS),
        "metadata": { "name": "thing" },
        "spec": { "lifecycle": random.pick(&VALUES) },
    });
    if random.below(2) == 0 {
        entity["metadata"]["labels"] = json!({ "tier": random.pick(&VALUES) });
    }
    if random.below(5) > 0 {
        let owners = ["company", "shop", "checkout", "search", "others"];
        let owner = match random.below(6) {
            0 => "user:default/ann".to_owned(),
            _ => format!("group:default/{}", random.pick(&owners)),
        };
        entity["relations"] = json!([
            { "type": "partOf", "targetRef": "group:default/company" },
            { "type": "ownedBy", "targetRef": owner },
        ]);
    }
    entity
}

fn owner(entity: &Value) -> Option<&str> {
    entity.pointer("/relations/1/targetRef")?.as_str()
}

/// Conditions as a policy of one rule: Backstage's criteria tree is YAML of our language, but for the
/// resource types that it repeats.
fn conditions_as_policy(conditions: &Value) -> String {
    fn when(criteria: &Value) -> Value {
        let list = |children: &Value| {
            children
                .as_array()
                .into_iter()
                .flatten()
                .map(when)
                .collect()
        };
        if let Some(children) = criteria.get("allOf") {
            json!({ "allOf": Value::Array(list(children)) })
        } else if let Some(children) = criteria.get("anyOf") {
            json!({ "anyOf": Value::Array(list(children)) })
        } else if let Some(child) = criteria.get("not") {
            json!({ "not": when(child) })
        } else {
            json!({ "rule": criteria["rule"], "params": criteria["params"] })
        }
    }
    let rule = json!({
        "id": "conditions",
        "effect": "allow",
        "permissions": ["catalog.entity.read"],
        "when": when(conditions),
    });
    format!("apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\nrules: [{rule}]\n")
}

fn compile(yaml: &str) -> Policy {
    let files = json!([{ "name": "policy.yaml", "content": yaml }]);
    // half of them with a budget that all conditions exceed
    let options = if yaml.len().is_multiple_of(2) {
        r#"{ "budgetBytes": 0 }"#
    } else {
        "{}"
    };
    let compilation = api::compile(&files.to_string(), options).expect("a valid request");
    let diagnostics = compilation.diagnostics;
    let policy = compilation.policy;
    policy.unwrap_or_else(|| panic!("{diagnostics:#?}\n{yaml}"))
}

fn decide(policy: &Policy, request: &Value) -> Value {
    let decision = api::decide(policy, &request.to_string()).expect("a valid request");
    serde_json::from_str(&decision).expect("JSON")
}

/// Kleene's conjunction: one that is false decides, else one that is unknown leaves it unknown.
pub fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// xorshift64: the same policies on every machine.
pub struct Random(u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(mixed).unwrap_or(0) % end
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
