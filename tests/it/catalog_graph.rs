//! Files whose entities refer to each other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use goldenpath::Diagnostic;
use goldenpath::api::graph;
use goldenpath::catalog::graph::{Graph, Judged};
use goldenpath::frame::{self, Colour};
use serde_json::{Value, json};

use crate::cases;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalog-graph");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 5, "{folders:?}");
    folders
}

/// The graph of a case's files.
fn graph_of(folder: &Path) -> Graph {
    let options = cases::read(folder, "options.json").unwrap_or("{}".to_owned());
    let mut graph = graph::new(&options).unwrap();
    if let Some(snapshot) = cases::read(folder, "snapshot.json") {
        let said = graph::read_live(&mut graph, "snapshot.json", snapshot.as_bytes());
        assert_eq!(said.unwrap(), "[]");
    }
    for source in cases::yaml_sources(folder) {
        graph::check_file(&mut graph, source.name(), source.text().as_bytes(), "{}").unwrap();
    }
    graph
}

/// A snapshot of the entities of files.
fn snapshot_of(folder: &Path) -> String {
    let mut graph = graph::new("{}").unwrap();
    for source in cases::yaml_sources(folder) {
        graph::check_file(&mut graph, source.name(), source.text().as_bytes(), "{}").unwrap();
    }
    graph::snapshot(&graph).unwrap()
}

fn flat(judged: Vec<Judged>) -> Vec<Diagnostic> {
    let all = judged.into_iter().flat_map(|judged| judged.findings);
    all.collect()
}

#[test]
fn cases_give_their_expected_findings() {
    let mut failures = Vec::new();
    for folder in folders() {
        let found = flat(graph_of(&folder).findings());
        let sources = cases::yaml_sources(&folder);
        let sources: Vec<_> = sources.iter().collect();
        let text = frame::render(&found, &sources, Colour::Plain);
        cases::compare(&folder.join("expected.txt"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn fields_of_kinds_of_ones_own_refer_to_entities() {
    let kinds = json!([{
        "apiVersion": "acme.com/v1",
        "kind": "Robot",
        "schema": {},
        "relationFields": [
            { "path": "spec.home.site", "defaultKind": "Resource" },
            { "path": "spec.builtFrom", "defaultKind": "Component" },
        ],
    }]);
    let text = "\
apiVersion: acme.com/v1
kind: Robot
metadata: { name: marvin }
spec: { home: { site: heart-of-gold }, builtFrom: [brain, 'API:planet', marvin-software] }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: marvin-software }
spec: { type: service, lifecycle: production, owner: group:sirius }
";
    let mut graph = graph::new(r#"{"complete":true}"#).unwrap();
    let options = json!({ "kinds": kinds }).to_string();
    graph::check_file(&mut graph, "robots.yaml", text.as_bytes(), &options).unwrap();
    let shown = |found: Vec<Diagnostic>| {
        let shown = found.iter().map(|found| {
            let pointer = found.pointer.as_deref().unwrap_or_default();
            format!("{} {pointer}", found.at.start.line)
        });
        shown.collect::<Vec<_>>()
    };
    let found = flat(graph.findings());
    assert!(found.iter().all(|found| found.code == "reference/dangling"));
    assert_eq!(
        shown(found),
        [
            "9 /spec/owner",
            "4 /spec/home/site",
            "4 /spec/builtFrom/0",
            "4 /spec/builtFrom/1",
        ]
    );

    // the same without a file, and from a snapshot
    let mut live = graph::new(&json!({ "complete": true, "kinds": kinds }).to_string()).unwrap();
    let robot = json!([{
        "apiVersion": "acme.com/v1",
        "kind": "Robot",
        "metadata": { "name": "marvin" },
        "spec": { "home": { "site": "heart-of-gold" }, "builtFrom": ["brain"] },
    }]);
    graph::set(&mut live, &robot.to_string()).unwrap();
    assert_eq!(
        shown(flat(live.findings())),
        ["1 /spec/home/site", "1 /spec/builtFrom/0"]
    );
    let snapshot = graph::snapshot(&live).unwrap();
    assert!(snapshot.contains(r#""home.site":["resource:default/heart-of-gold"]"#));
    let mut again = graph::new("{}").unwrap();
    let said = graph::read_live(&mut again, "snapshot.json", snapshot.as_bytes());
    assert_eq!(said.unwrap(), "[]");
}

/// Takes minutes if each of them looks at all others.
#[test]
fn one_entity_twenty_thousand_times_is_told_in_linear_time() {
    let document = "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: a }\nspec: { type: team, children: [b] }\n";
    let mut graph = graph::new("{}").unwrap();
    let text = document.repeat(20_000);
    graph::check_file(&mut graph, "a.yaml", text.as_bytes(), "{}").unwrap();
    let found = flat(graph.findings());
    let duplicates = found
        .iter()
        .filter(|found| found.code == "reference/duplicate");
    assert_eq!(duplicates.count(), 19_999);
}

#[test]
fn every_code_has_a_case() {
    let all: String = folders()
        .iter()
        .filter_map(|folder| cases::read(folder, "expected.txt"))
        .collect();
    for code in goldenpath::catalog::graph::CODES {
        assert!(all.contains(&format!("[{code}]")), "no case gives {code}");
    }
}

#[test]
fn a_snapshot_reads_back_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalog-graph/wrong-kind");
    let snapshot = snapshot_of(&folder);
    let lines: Vec<&str> = snapshot.lines().collect();
    assert_eq!(
        lines.first(),
        Some(&r#"{"format":"goldenpath-catalog","version":1,"entities":["#)
    );
    assert_eq!(
        lines.get(1),
        Some(
            &r#"{"ref":"component:default/shop","kind":"Component","refs":{"consumesApis":["api:default/orders"],"owner":["component:default/shop-web"],"providesApis":["api:default/orders","component:default/shop-web"],"subcomponentOf":["system:default/checkout"],"system":["domain:default/commerce"]}},"#
        )
    );
    let mut graph = graph::new("{}").unwrap();
    let said = graph::read_live(&mut graph, "s.json", snapshot.as_bytes()).unwrap();
    assert_eq!(said, "[]");
    // nothing is said of the live catalogue itself, and it is not what was inserted
    assert!(graph.judge().is_empty() && graph.is_empty());
    assert_eq!(graph::snapshot(&graph).unwrap().lines().count(), 2);
}

#[test]
fn a_snapshot_that_cannot_be_read_changes_nothing() {
    let mut graph = graph::new("{}").unwrap();
    let entity = component("a", &json!(["component:b"]));
    graph::set(&mut graph, &json!([entity]).to_string()).unwrap();
    let line = r#"{"ref":"component:default/b","kind":"Component"}"#;
    let good = format!(r#"{{"format":"goldenpath-catalog","version":1,"entities":[{line}]}}"#);
    graph::read_live(&mut graph, "s.json", good.as_bytes()).unwrap();
    assert!(flat(graph.findings()).is_empty());
    let table = [
        ("", "snapshot/unreadable", 1),
        ("\u{feff}nope", "snapshot/unreadable", 1),
        ("[]", "snapshot/unreadable", 1),
        ("{}", "snapshot/not-a-snapshot", 1),
        (
            r#"{"format":"other","version":1}"#,
            "snapshot/not-a-snapshot",
            1,
        ),
        (
            "{\"format\":\"goldenpath-catalog\",\n \"version\":2,\"new\":[]}",
            "snapshot/other-version",
            2,
        ),
        (
            r#"{"format":"goldenpath-catalog","entities":[]}"#,
            "snapshot/other-version",
            1,
        ),
        (
            "{\"format\":\"goldenpath-catalog\",\"version\":1,\"entities\":[\n{\"ref\":1}]}",
            "snapshot/unreadable",
            2,
        ),
    ];
    for (text, code, line) in table {
        let said = graph::read_live(&mut graph, "s.json", text.as_bytes()).unwrap();
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said[0]["code"], code, "{text}: {said}");
        assert_eq!(said[0]["start"]["line"], line, "{text}: {said}");
        assert!(said[0]["help"].is_string());
    }
    let said = graph::read_live(&mut graph, "s.json", b"\xff").unwrap();
    assert!(said.contains("source/not-utf-8"), "{said}");
    assert!(flat(graph.findings()).is_empty());
}

#[test]
fn differences_are_as_expected() {
    let mut failures = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalog-diff");
    let mut names: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for folder in names {
        let side = |name: &str| {
            let sources = cases::yaml_sources(&folder.join(name));
            let files = sources.iter();
            let files: Vec<Value> = files
                .map(|source| json!({"name": source.name(), "content": source.text()}))
                .collect();
            json!(files).to_string()
        };
        let snapshot = cases::read(&folder, "snapshot.json");
        let live = snapshot
            .as_deref()
            .map(|text| ("snapshot.json", text.as_bytes()));
        let answer = graph::diff(&side("base"), &side("head"), live).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let text = serde_json::to_string_pretty(&answer).unwrap() + "\n";
        cases::compare(&folder.join("expected.json"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_change_is_judged_as_if_all_were_new() {
    let mut random = Random(7);
    for _ in 0..30 {
        let mut graph = graph::new(r#"{"complete": true}"#).unwrap();
        let mut entities = BTreeMap::new();
        let mut told: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        for _ in 0..60 {
            let name = format!("group:default/g{}", random.below(8));
            if random.below(4) == 0 {
                graph::remove(&mut graph, &json!([name]).to_string()).unwrap();
                entities.remove(&name);
            } else {
                let entity = random.group(&name);
                graph::set(&mut graph, &json!([entity]).to_string()).unwrap();
                entities.insert(name, entity);
            }
            for Judged {
                entity_ref,
                findings,
            } in graph.judge()
            {
                told.insert(entity_ref, findings);
            }
            let mut fresh = graph::new(r#"{"complete": true}"#).unwrap();
            let list: Vec<&Value> = entities.values().collect();
            graph::set(&mut fresh, &json!(list).to_string()).unwrap();
            let fresh: BTreeMap<String, Vec<String>> = fresh
                .judge()
                .into_iter()
                .map(|judged| (judged.entity_ref, messages(&judged.findings)))
                .filter(|(_, findings)| !findings.is_empty())
                .collect();
            let told: BTreeMap<String, Vec<String>> = told
                .iter()
                .map(|(name, findings)| (name.clone(), messages(findings)))
                .filter(|(_, findings)| !findings.is_empty())
                .collect();
            assert_eq!(told, fresh, "{entities:#?}");
        }
    }
}

#[test]
fn a_change_touches_its_neighbours_only() {
    let mut graph = graph::new(r#"{"complete": true}"#).unwrap();
    let entities: Vec<Value> = (0..2_000)
        .map(|n| component(&format!("c{n}"), &json!([format!("component:c{}", n / 2)])))
        .collect();
    graph::set(&mut graph, &json!(entities).to_string()).unwrap();
    assert_eq!(graph.judge().len(), 2_000);
    assert!(graph.judge().is_empty());
    let names = |graph: &mut Graph| -> Vec<String> {
        let judged = graph.judge().into_iter();
        judged.map(|judged| judged.entity_ref).collect()
    };
    // others refer to it still: only its own references are others
    let changed = json!([component("c700", &json!(["component:gone"]))]);
    graph::set(&mut graph, &changed.to_string()).unwrap();
    assert_eq!(names(&mut graph), ["component:default/c700"]);
    graph::remove(&mut graph, r#"["Component:default/C700"]"#).unwrap();
    let touched = [
        "component:default/c1400",
        "component:default/c1401",
        "component:default/c700",
    ];
    assert_eq!(names(&mut graph), touched);
}

#[test]
fn an_entity_without_a_file_is_its_own_place() {
    let mut graph = graph::new(r#"{"complete": true}"#).unwrap();
    let entity = component("a", &json!(["component:b", "component:a"]));
    graph::set(&mut graph, &json!([entity, {"kind": "x"}, 1]).to_string()).unwrap();
    let answer: Value = serde_json::from_str(&graph::judge(&mut graph).unwrap()).unwrap();
    assert_eq!(answer.as_array().unwrap().len(), 1);
    assert_eq!(answer[0]["entityRef"], "component:default/a");
    let [itself, dangling] = [&answer[0]["findings"][1], &answer[0]["findings"][0]];
    assert_eq!(dangling["code"], "reference/dangling");
    assert_eq!(dangling["file"], "component:default/a");
    assert_eq!(dangling["pointer"], "/spec/dependsOn/0");
    assert_eq!(
        dangling["start"],
        json!({"line": 1, "column": 1, "offset": 0})
    );
    assert_eq!(itself["pointer"], "/spec/dependsOn/1");
}

#[test]
fn a_deep_hierarchy_is_no_matter() {
    let mut graph = graph::new("{}").unwrap();
    let group = |n: usize| {
        json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": n.to_string()},
            "spec": {"type": "t", "children": [], "parent": ((n + 1) % 20_000).to_string()}})
    };
    let groups: Vec<Value> = (0..20_000).map(group).collect();
    graph::set(&mut graph, &json!(groups).to_string()).unwrap();
    let found = flat(graph.judge());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "reference/cycle");
    assert!(found[0].related.len() < 100 && found[0].message.len() < 5_000);
}

fn component(name: &str, depends_on: &Value) -> Value {
    json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": name},
        "spec": {"type": "service", "lifecycle": "production", "dependsOn": depends_on}})
}

fn messages(findings: &[Diagnostic]) -> Vec<String> {
    let mut all: Vec<String> = findings.iter().map(|found| found.message.clone()).collect();
    all.sort();
    all
}

/// A small generator, the same each time (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn group(&mut self, name: &str) -> Value {
        let name = name.rsplit('/').next().unwrap();
        let mut spec = json!({"type": "team", "children": []});
        if self.below(2) == 0 {
            spec["parent"] = json!(format!("g{}", self.below(8)));
        }
        if self.below(3) == 0 {
            spec["children"] =
                json!([format!("g{}", self.below(8)), format!("g{}", self.below(8))]);
        }
        json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": name}, "spec": spec})
    }
}
