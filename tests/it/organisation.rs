//! Descriptors under the settings of an organisation, with what its rules say of them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use goldenpath::api::{catalog, settings, settle};
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
    let mut file = parsed(&report);
    file["file"] = json!(name);
    for document in file["documents"].as_array_mut().unwrap() {
        let document = document.as_object_mut().unwrap();
        document.remove("start");
        let kind = document.remove("entity").unwrap()["kind"].clone();
        document.insert("kind".to_owned(), kind);
    }
    let mut request = json!({ "files": [file], "options": options });
    for fact in ["known", "present"] {
        if let Some(value) = facts.get(fact) {
            request[fact] = value.clone();
        }
    }
    let baseline = cases::read(folder, "baseline.json");
    if let Some(content) = &baseline {
        request["baseline"] = json!({ "name": "baseline.json", "content": content });
    }
    request["updateBaseline"] = json!(facts["updateBaseline"] == true);
    let settled = parsed(&settle::findings(&request.to_string()).unwrap());
    let sources = [
        SourceText::new(&name, content),
        SourceText::new("baseline.json", baseline.unwrap_or_default()),
    ];
    rendered(&settled, &sources.each_ref())
}

/// The findings, and behind them what was ignored and how far each entity is.
fn rendered(settled: &Value, sources: &[&SourceText]) -> String {
    let file = &settled["files"][0];
    let documents = file["documents"].as_array().unwrap();
    let mut found = Vec::new();
    let mut behind = String::new();
    for part in std::iter::once(file).chain(documents) {
        found.extend(diagnostics(part));
        for ignored in part["ignored"].as_array().into_iter().flatten() {
            let (code, line) = (&ignored["code"], &ignored["start"]["line"]);
            let (code, reason) = (code.as_str().unwrap(), ignored["reason"].as_str().unwrap());
            writeln!(behind, "ignored[{code}] on line {line}: {reason}").unwrap();
        }
        if let Some(score) = part.get("score") {
            let entity = part["entityRef"].as_str().unwrap();
            writeln!(behind, "score of {entity}: {score}").unwrap();
        }
    }
    found.extend(diagnostics(settled));
    let hidden = settled["hidden"].as_u64().unwrap();
    if hidden > 0 {
        writeln!(behind, "hidden: {hidden}").unwrap();
    }
    if let Some(baseline) = settled["baseline"].as_str() {
        behind += baseline;
    }
    let text = frame::render(&found, sources, Colour::Plain);
    match (text.is_empty(), behind.is_empty()) {
        (false, false) => format!("{text}\n---\n{behind}"),
        _ => text + &behind,
    }
}

fn diagnostics(part: &Value) -> Vec<Diagnostic> {
    serde_json::from_value(part["diagnostics"].clone()).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
