//! Descriptors under the settings of an organisation, with what its rules say of them.

use std::fs;
use std::path::Path;

use goldenpath::api::{catalog, settings};
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases_give_their_expected_findings() {
    let mut failures = Vec::new();
    for path in cases::inputs("organisation", "goldenpath.yaml") {
        let folder = path.parent().unwrap();
        let said = said_of(folder);
        cases::compare(&folder.join("expected.txt"), &said, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn said_of(folder: &Path) -> String {
    let settings = fs::read(folder.join("goldenpath.yaml")).unwrap();
    let settings = parsed(&settings::read("goldenpath.yaml", &settings).unwrap());
    let mut options = settings["settings"]["catalog"].clone();
    assert!(options.is_object(), "{}: {settings}", folder.display());
    let facts = cases::read(folder, "facts.json").map_or(json!({}), |text| parsed(&text));
    if let Some(now) = facts.get("now") {
        options["now"] = now.clone();
    }

    let content = cases::read(folder, "catalog-info.yaml").unwrap();
    let name = match facts["folder"].as_str() {
        Some(folder) => format!("{folder}/catalog-info.yaml"),
        None => "catalog-info.yaml".to_owned(),
    };
    let report = catalog::check_file(&name, content.as_bytes(), &options.to_string()).unwrap();
    let report = parsed(&report);
    let documents = report["documents"].as_array().unwrap();
    let found = std::iter::once(&report).chain(documents);
    let found: Vec<Diagnostic> = found
        .flat_map(|part| -> Vec<Diagnostic> {
            serde_json::from_value(part["diagnostics"].clone()).unwrap()
        })
        .collect();
    frame::render(&found, &[&SourceText::new(&name, content)], Colour::Plain)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
