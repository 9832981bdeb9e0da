//! The rows of `src/explain`: each example is what it says, and the documentation is made from them.

use std::path::Path;

use goldenpath::catalog::{CatalogOptions, check};
use goldenpath::explain::{self, Explanation};
use goldenpath::policy::{PolicyOptions, compile};
use goldenpath::template::{Context, Engine, Host, Options, Value};
use goldenpath::{Diagnostic, SourceText, api, settings};

use crate::cases;

#[test]
fn each_example_is_wrong_and_then_right() {
    let mut tried = 0;
    let mut failures = Vec::new();
    for row in explain::all() {
        for (part, text) in [
            ("what", &row.what),
            ("why", &row.why),
            ("wrong", &row.wrong),
            ("right", &row.right),
            ("fix", &row.fix),
        ] {
            assert!(!text.is_empty(), "{} has no `{part}`", row.code);
        }
        assert_ne!(row.wrong, row.right, "{}", row.code);
        if row.is_sketch {
            continue;
        }
        tried += 1;
        for (is_wrong, example) in [(true, &row.wrong), (false, &row.right)] {
            let said = codes(row, example);
            if said.contains(&row.code) != is_wrong {
                failures.push(format!("{} of {example}{said:?}", row.code));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(tried > 80, "{tried}");
}

#[test]
fn in_the_catalogue_only_what_needs_more_than_one_file_cannot_be_tried() {
    let sketches: Vec<&str> = explain::all()
        .iter()
        .filter(|row| row.is_sketch)
        .map(|row| &*row.code)
        .filter(|code| {
            ["catalog/", "annotation/", "reference/", "yaml/"]
                .iter()
                .any(|area| code.starts_with(area))
        })
        .filter(|code| {
            !["placeholder", "definition", "target"]
                .iter()
                .any(|word| code.contains(word))
        })
        .collect();
    assert_eq!(
        sketches,
        [
            "catalog/invalid-value",
            "catalog/no-descriptor",
            "catalog/no-entity",
            "catalog/unlisted-file",
            "catalog/missing-ref",
            "catalog/refused-update",
            "catalog/unknown-spec-type",
        ]
    );
}

#[test]
fn the_documentation_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/docs/rules.md");
    let mut failures = Vec::new();
    cases::compare(&file, &explain::documentation(), &mut failures);
    assert!(
        failures.is_empty(),
        "UPDATE_EXPECT=1 writes it anew: {}",
        failures.join("")
    );
}

#[test]
fn a_code_that_is_not_known_has_a_near_one() {
    for (code, near) in [
        ("catalog/invalid-nmae", Some("catalog/invalid-name")),
        ("invalid-name", Some("catalog/invalid-name")),
        ("catalogue/invalid-name", Some("catalog/invalid-name")),
        ("unknow-anchor", Some("yaml/unknown-anchor")),
        ("colours", None),
    ] {
        assert!(explain::explain(code).is_none());
        assert_eq!(explain::nearest(code), near, "{code}");
    }
    let own = explain::explain("organisation/on-call").unwrap();
    assert_eq!(own.code, "organisation/*");
    assert_eq!(own.documentation, "docs/rules.md#organisation");
}

/// The codes of what the example's engine finds.
fn codes(row: &Explanation, text: &str) -> Vec<String> {
    let area = row.code.split('/').next().unwrap();
    let found = match area {
        "settings" => settings::read(&SourceText::new("goldenpath.yaml", text)).diagnostics,
        "policy" => {
            let text = format!("apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n{text}");
            compile(
                &[SourceText::new("policy.yaml", text)],
                &PolicyOptions::default(),
            )
            .diagnostics
        }
        "reference" => graph(text),
        "template" => render(text),
        "verify" => {
            let checks = r#"{"checks": ["json", "hcl", "workflow", "kubernetes"]}"#;
            let answer = api::verify::file(&row.file, text.as_bytes(), checks).unwrap();
            serde_json::from_str(&answer).unwrap()
        }
        _ => entities(row, text),
    };
    found.into_iter().map(|d| d.code.into_owned()).collect()
}

fn entities(row: &Explanation, text: &str) -> Vec<Diagnostic> {
    let options: CatalogOptions = serde_json::from_value(row.options.clone()).unwrap();
    match SourceText::from_bytes("catalog-info.yaml", text.as_bytes(), &options.limits) {
        Err(diagnostic) => vec![*diagnostic],
        Ok(source) => {
            let report = check(&source, &options);
            let of_documents = report.documents.into_iter().flat_map(|d| d.diagnostics);
            report.diagnostics.into_iter().chain(of_documents).collect()
        }
    }
}

fn graph(text: &str) -> Vec<Diagnostic> {
    let mut graph = api::graph::new(r#"{"complete": true}"#).unwrap();
    api::graph::check_file(&mut graph, "catalog-info.yaml", text.as_bytes(), "{}").unwrap();
    let answer: serde_json::Value =
        serde_json::from_str(&api::graph::findings(&mut graph).unwrap()).unwrap();
    let found = answer.as_array().unwrap().iter();
    found
        .flat_map(|entity| {
            serde_json::from_value::<Vec<Diagnostic>>(entity["findings"].clone()).unwrap()
        })
        .collect()
}

fn render(text: &str) -> Vec<Diagnostic> {
    let engine = Engine::new(Options::default(), Host::default());
    let Value::Record(names) = Value::from(&serde_json::json!({ "values": { "x": "4" } })) else {
        return Vec::new();
    };
    let context = Context::new(&names);
    engine
        .render_file("template.njk", "template.njk", text.as_bytes(), &context)
        .diagnostics
}
