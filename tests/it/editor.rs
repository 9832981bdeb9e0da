//! The schema for editors: it never complains about what the check accepts, and sees what it refuses, as
//! far as a schema can.

use std::fs;
use std::path::Path;

use goldenpath::api::catalog::editor_schema;
use goldenpath::catalog::{CatalogOptions, check};
use goldenpath::{SourceText, settings};
use serde_json::{Value, json};

use crate::cases;

/// What a schema sees, too.
const SEEN: [&str; 12] = [
    "catalog/empty-value",
    "catalog/invalid-kind",
    "catalog/invalid-label-value",
    "catalog/invalid-name",
    "catalog/invalid-namespace",
    "catalog/invalid-tag",
    "catalog/missing-field",
    "catalog/not-allowed-value",
    "catalog/not-an-object",
    "catalog/unknown-api-version",
    "catalog/unknown-kind",
    "catalog/wrong-type",
];

#[test]
fn it_agrees_with_the_check() {
    let mut failures = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for path in cases::inputs("catalog", ".yaml") {
        let options = fs::read_to_string(path.with_extension("options.json"));
        let options = options.unwrap_or_else(|_| "{}".to_owned());
        if options.contains(r#""rules""#) {
            continue; // an error that weighs less is still one in an editor
        }
        let validator = validator(&options, None);
        let options: CatalogOptions = serde_json::from_str(&options).unwrap();
        let source = SourceText::new("a.yaml", fs::read_to_string(&path).unwrap());
        for document in check(&source, &options).documents {
            let entity: Value = serde_json::from_str(&document.json).unwrap();
            let is_valid = validator.is_valid(&entity);
            let errors: Vec<&str> = document
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.is_error())
                .map(|diagnostic| &*diagnostic.code)
                .collect();
            let is_missed = errors.iter().any(|code| SEEN.contains(code)) && is_valid;
            // in an editor what a plugin lacks is no less than what is wrong
            let lacks = document
                .diagnostics
                .iter()
                .any(|d| d.code == "annotation/missing");
            let is_alarm = errors.is_empty() && !lacks && !is_valid;
            if is_missed || is_alarm {
                let said: Vec<String> = validator
                    .iter_errors(&entity)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                failures.push(format!("{}: {errors:?} {said:?} {entity}", path.display()));
            }
            accepted += usize::from(is_valid);
            refused += usize::from(!is_valid);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(accepted > 40 && refused > 40, "{accepted} {refused}");
}

#[test]
fn it_says_what_the_organisation_asks() {
    let options = json!({
        "plugins": ["sentry", "argocd"],
        "organisation": [
            {
                "name": "tiered",
                "for": { "kind": "component", "type": ["service", "worker-*"], "not": { "tags": "legacy" } },
                "require": {
                    "labels": { "acme.com/tier": ["gold", "silver"] },
                    "tags": ["/^lang-/"],
                    "fields": { "spec.system": true },
                },
                "allow": { "spec.lifecycle": ["experimental", "production"] },
            },
            { "name": "no-uid", "require": { "fields": { "metadata.uid": false } } },
        ],
    });
    let validator = validator(&options.to_string(), None);
    let good = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": "shop",
            "labels": { "acme.com/tier": "gold" },
            "tags": ["lang-go"],
            "annotations": { "sentry.io/project-slug": "shop", "argocd/app-selector": "a=b" },
        },
        "spec": { "type": "Worker-Night", "lifecycle": "production", "owner": "team-a", "system": "shop" },
    });
    assert!(validator.is_valid(&good));
    let with = |pointer: &str, value: Value| {
        let mut entity = good.clone();
        *entity.pointer_mut(pointer).unwrap() = value;
        validator.is_valid(&entity)
    };
    assert!(!with("/metadata/labels/acme.com~1tier", json!("bronze")));
    assert!(!with("/metadata/labels", json!({})));
    assert!(!with("/metadata/tags", json!(["go"])));
    assert!(!with("/spec/lifecycle", json!("prod")));
    assert!(
        with("/metadata/tags", json!(["legacy"])),
        "not for what is legacy"
    );
    assert!(with("/spec/type", json!("library")));
    assert!(!with("/metadata", json!({ "name": "a", "uid": "b" })));
    let mut service = good.clone();
    service["spec"]["type"] = json!("service");
    assert!(validator.is_valid(&service));
    service["metadata"]["annotations"] = json!({ "sentry.io/project-slug": "shop" });
    assert!(!validator.is_valid(&service), "Argo CD needs an annotation");
}

#[test]
fn it_can_be_of_one_kind() {
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "System",
        "metadata": { "name": "shop" },
        "spec": { "owner": "team-a" },
    });
    assert!(validator("{}", Some("System")).is_valid(&entity));
    assert!(!validator("{}", Some("Component")).is_valid(&entity));
    let answer = editor_schema("{}", Some("Componnent")).unwrap();
    assert_eq!(answer, r#"{"meant":"Component"}"#);
    assert_eq!(editor_schema("{}", Some("Widget")).unwrap(), "{}");
}

/// The file that editors are tried with (`tests/schema`).
#[test]
fn it_is_written_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/editor");
    let settings = cases::read(&folder, "goldenpath.yaml").unwrap();
    let settings = settings::read(&SourceText::new("goldenpath.yaml", settings))
        .json
        .unwrap();
    let settings: Value = serde_json::from_str(&settings).unwrap();
    let answer = editor_schema(&settings["catalog"].to_string(), None).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let text = serde_json::to_string_pretty(&answer["schema"]).unwrap();
    let mut failures = Vec::new();
    cases::compare(
        &folder.join("expected.schema.json"),
        &format!("{text}\n"),
        &mut failures,
    );
    assert!(failures.is_empty(), "UPDATE_EXPECT=1 writes it anew");
}

fn validator(options: &str, kind: Option<&str>) -> jsonschema::Validator {
    let answer: Value = serde_json::from_str(&editor_schema(options, kind).unwrap()).unwrap();
    jsonschema::validator_for(&answer["schema"]).unwrap()
}
