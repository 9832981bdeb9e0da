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

/// Whatever both sides do to a small file: without a conflict, each key that only one side touched is as
/// that side has it.
#[test]
fn a_clean_merge_has_the_changes_of_both() {
    let states = ["", "1", "2"];
    let write = |choice: [usize; 3]| -> String {
        let lines = ["a", "b", "c"].iter().zip(choice);
        let lines = lines
            .filter(|(_, state)| *state > 0)
            .map(|(key, state)| format!("{key}: {}", states[state]));
        lines
            .chain(["end: x\n".to_owned()])
            .collect::<Vec<_>>()
            .join("\n")
    };
    let all: Vec<[usize; 3]> = (0..27).map(|n| [n / 9, n / 3 % 3, n % 3]).collect();
    let (mut clean, mut conflicts) = (0, 0);
    for base in &all {
        for ours in &all {
            for theirs in &all {
                let [b, o, t] = [base, ours, theirs].map(|choice| write(*choice));
                let answer = api::merge::file(
                    Some(b.as_bytes()),
                    Some(o.as_bytes()),
                    Some(t.as_bytes()),
                    r#"{"path": "a.yaml"}"#,
                );
                let answer: Value = serde_json::from_str(&answer.unwrap()).unwrap();
                let text = match answer["take"].as_str() {
                    Some("ours") => o.clone(),
                    Some("theirs") => t.clone(),
                    _ => answer["text"].as_str().unwrap().to_owned(),
                };
                // each key on its own: what both changed differently is a conflict, and else it is decided
                let merged: Option<Vec<usize>> = (0..3)
                    .map(|key| match (base[key], ours[key], theirs[key]) {
                        (_, o, t) if o == t => Some(o),
                        (b, o, t) if b == o => Some(t),
                        (b, o, t) if b == t => Some(o),
                        _ => None,
                    })
                    .collect();
                let sorted = |text: &str| {
                    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    lines.sort();
                    lines
                };
                if let Some(merged) = merged {
                    let wanted = write([merged[0], merged[1], merged[2]]);
                    assert_eq!(sorted(&text), sorted(&wanted), "{b}---\n{o}---\n{t}");
                    assert_ne!(answer["action"], "conflict", "{b}---\n{o}---\n{t}");
                    clean += 1;
                } else {
                    assert_eq!(answer["action"], "conflict", "{b}---\n{o}---\n{t}");
                    conflicts += 1;
                }
            }
        }
    }
    assert!(clean > 1000 && conflicts > 1000, "{clean} {conflicts}");
}
