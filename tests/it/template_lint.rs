//! Runs `tests/cases/template-lint`; the format is described in `tests/cases/README.md`.

#![expect(clippy::expect_used, reason = "a test that cannot go on")]

use std::fs;
use std::path::Path;

use goldenpath::api::template;
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cases::{compare, inputs, read};

#[test]
fn templates_are_found_as_expected() {
    let mut failures = Vec::new();
    for path in inputs("template-lint", "template.yaml") {
        let folder = path.parent().expect("a folder");
        compare(&folder.join("expected.txt"), &lint(folder), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[derive(Deserialize)]
struct Answer {
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    content: String,
}

fn lint(folder: &Path) -> String {
    let mut names = Vec::new();
    collect(folder, "", &mut names);
    names.sort();
    names.retain(|name| !matches!(&**name, "template.yaml" | "expected.txt" | "lock.json"));
    names.insert(0, "template.yaml".to_owned());
    let files: Vec<Value> = names
        .iter()
        .map(|name| json!({ "name": name, "content": read(folder, name) }))
        .collect();
    let lock: Option<Value> =
        read(folder, "lock.json").map(|text| serde_json::from_str(&text).expect("a lock"));
    let options = lock.map_or_else(|| json!({}), |lock| json!({ "lock": lock }));
    let answer = template::lint(&json!(files).to_string(), &options.to_string());
    let answer: Answer = serde_json::from_str(&answer.expect("a request")).expect("an answer");
    let mut sources: Vec<SourceText> = names
        .iter()
        .filter_map(|name| Some(SourceText::new(name, read(folder, name)?)))
        .collect();
    let texts = answer.sources.into_iter();
    sources.extend(texts.map(|named| SourceText::new(&named.name, named.content)));
    let sources: Vec<&SourceText> = sources.iter().collect();
    frame::render(&answer.diagnostics, &sources, Colour::Plain)
}

/// The files below a folder, with `/`.
fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), names);
        } else {
            names.push(name);
        }
    }
}

#[test]
fn the_examples_are_fine() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/templates");
    for name in ["new-service", "preview-environment"] {
        assert_eq!(lint(&templates.join(name)), "", "{name}");
    }
}

#[test]
fn a_template_that_is_being_written_is_no_surprise() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/template-lint/broken");
    let whole = read(&path, "template.yaml").expect("a template");
    let readme = read(&path, "skeleton/README.md").expect("a skeleton");
    let ends = whole.char_indices().map(|(index, _)| index);
    for (round, end) in ends.step_by(7).enumerate() {
        let cut = whole.get(..end).expect("a boundary");
        let part = readme.get(..round % readme.len()).unwrap_or(&readme);
        let files = json!([
            { "name": "a/template.yaml", "content": cut },
            { "name": "a/skeleton/README.md", "content": part },
            { "name": "a/skeleton/logo.png" },
        ]);
        template::lint(&files.to_string(), "{}").expect("an answer");
    }
}
