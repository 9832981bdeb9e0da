//! Edits of shared files: files and edits beside the diff, or beside what is in the way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use goldenpath::frame::{self, Colour};
use goldenpath::platform::edit::{self, Edit, Edited};
use goldenpath::{SourceText, api};
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases_give_their_diff_and_nothing_when_repeated() {
    let mut failures = Vec::new();
    for input in cases::inputs("edit", "edits.json") {
        let folder = input.parent().unwrap();
        let edits: Vec<Edit> = serde_json::from_str(&fs::read_to_string(&input).unwrap()).unwrap();
        let files = texts(&folder.join("before"));
        let edited = edit::all(&files, &edits);
        let sources: Vec<SourceText> = files
            .iter()
            .map(|(name, text)| SourceText::new(name, text.as_str()))
            .collect();
        let text = if edited.diagnostics.is_empty() {
            edited.diff.clone()
        } else {
            let sources: Vec<&SourceText> = sources.iter().collect();
            frame::render(&edited.diagnostics, &sources, Colour::Plain)
        };
        cases::compare(&folder.join("expected.txt"), &text, &mut failures);

        let mut after = files.clone();
        after.extend(edited.files);
        let again = edit::all(&after, &edits);
        assert_eq!(again.diff, "", "{}", folder.display());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn two_services_added_at_once_keep_both_in_either_order() {
    let base = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/cases/edit/atlantis/before/atlantis.yaml"),
    )
    .unwrap();
    let add = |text: &str, name: &str| {
        let request = json!({
            "files": { "atlantis.yaml": text },
            "edits": [{
                "file": "atlantis.yaml", "op": "appendUnique", "path": "/projects", "key": "name",
                "value": { "name": name, "dir": format!("services/{name}") }
            }]
        });
        let answer = api::platform::edit(&request.to_string()).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["files"]["atlantis.yaml"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let one = add(&add(&base, "orders"), "billing");
    let other = add(&add(&base, "billing"), "orders");
    assert_eq!(one, other);
    assert!(one.contains("services/orders") && one.contains("services/billing"));
}

#[test]
fn one_edit_that_is_refused_stops_all() {
    let files = BTreeMap::from([("a.yaml".to_owned(), "a: 1\n".to_owned())]);
    let edits: Vec<Edit> = serde_json::from_value(json!([
        { "file": "a.yaml", "op": "set", "path": "/b", "value": 1 },
        { "file": "a.yaml", "op": "set", "path": "/a/b", "value": 1 }
    ]))
    .unwrap();
    let edited = edit::all(&files, &edits);
    assert_eq!(edited.diagnostics.len(), 1);
    assert_eq!(
        Edited {
            diagnostics: Vec::new(),
            ..edited
        },
        Edited::default()
    );
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            Some((entry.file_name().to_string_lossy().into_owned(), text))
        })
        .collect()
}

/// The new text of a file, or the codes of what is in the way.
fn edited(file: &str, text: &str, path: &str) -> String {
    let files = BTreeMap::from([(file.to_owned(), text.to_owned())]);
    let edit = json!({ "file": file, "op": "set", "path": path, "value": ["@z"] });
    let edited = edit::all(&files, &[serde_json::from_value(edit).unwrap()]);
    let codes = edited.diagnostics.iter().map(|found| found.code.as_ref());
    let codes: Vec<&str> = codes.collect();
    edited.files.get(file).cloned().unwrap_or(codes.join(" "))
}

#[test]
fn lines_of_owners_end_as_they_did() {
    assert_eq!(
        edited("CODEOWNERS", "# us\r\n/a @a\r\n", "/~1b"),
        "# us\r\n/a @a\r\n/b @z\r\n"
    );
}

#[test]
fn a_path_leads_no_deeper_than_a_file_may_be() {
    for file in ["a.yaml", "a.json", "a.tf"] {
        let path = "/x".repeat(50_000);
        assert_eq!(edited(file, "", &path), "edit/bad-path");
    }
}
