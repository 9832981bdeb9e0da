//! Three-way merges of files.

use std::fs;

use goldenpath::api;
use serde_json::{Value, json};

use crate::cases;

#[test]
fn cases_merge_as_expected() {
    let mut failures = Vec::new();
    for report in cases::inputs("merge", "expected.json") {
        let folder = report.parent().unwrap();
        let extension = fs::read_dir(folder)
            .unwrap()
            .flatten()
            .find_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let (side, extension) = name.split_once('.')?;
                let is_side = ["base", "ours", "theirs"].contains(&side);
                is_side.then(|| extension.to_owned())
            })
            .unwrap();
        let read = |side: &str| fs::read(folder.join(format!("{side}.{extension}"))).ok();
        let (base, ours, theirs) = (read("base"), read("ours"), read("theirs"));
        let options = json!({"path": format!("file.{extension}"), "markers": true}).to_string();
        let answer = api::merge::file(
            base.as_deref(),
            ours.as_deref(),
            theirs.as_deref(),
            &options,
        );
        let mut answer: Value = serde_json::from_str(&answer.unwrap()).unwrap();
        if let Some(text) = answer.as_object_mut().unwrap().remove("text") {
            let expected = folder.join(format!("expected.{extension}.txt"));
            cases::compare(&expected, text.as_str().unwrap(), &mut failures);
        }
        let answer = serde_json::to_string_pretty(&answer).unwrap() + "\n";
        cases::compare(&report, &answer, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
