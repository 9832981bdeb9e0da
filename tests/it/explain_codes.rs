//! Every code that can be said has a row, every row a code, and the golden files hold most of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use goldenpath::explain;
use regex::Regex;

/// Ways in which sources name a code that they say.
const SAID: [&str; 3] = [
    r#"Diagnostic::(?:error|warning)\(\s*"([a-z]+/[a-z0-9-]+)""#,
    r"code: '([a-z]+/[a-z0-9-]+)'",
    r#"code: "([a-z]+/[a-z0-9-]+)""#,
];

#[test]
fn every_code_has_a_row_and_every_row_a_code() {
    let sources: Vec<String> = [
        ("src", "rs"),
        ("js/src", "ts"),
        ("plugin-package/src", "ts"),
    ]
    .iter()
    .flat_map(|(folder, suffix)| files(folder, &[suffix]))
    .filter(|file| !file.to_string_lossy().ends_with(".test.ts"))
    .map(|file| fs::read_to_string(file).unwrap())
    .collect();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for pattern in SAID {
        let pattern = Regex::new(pattern).unwrap();
        for text in &sources {
            said.extend(
                pattern
                    .captures_iter(text)
                    .map(|c| c.get(1).unwrap().as_str()),
            );
        }
    }
    // helpers take the code as an argument: any text that looks like one of an area
    let areas: BTreeSet<&str> = said.iter().map(|code| area(code)).collect();
    let text = Regex::new(r#"["']([a-z]+)/([a-z0-9]+(?:-[a-z0-9]+)*)["']"#).unwrap();
    for source in &sources {
        for found in text.captures_iter(source) {
            if areas.contains(found.get(1).unwrap().as_str()) {
                said.insert(found.get(0).unwrap().as_str().trim_matches(['"', '\'']));
            }
        }
    }
    let rows: BTreeSet<&str> = explain::all().iter().map(|row| &*row.code).collect();
    let is_own = |code: &&&str| area(code) != "organisation";
    let without_row: Vec<_> = said.difference(&rows).filter(is_own).collect();
    assert!(
        without_row.is_empty(),
        "add rows in src/explain: {without_row:?}"
    );
    let without_code: Vec<_> = rows.difference(&said).filter(is_own).collect();
    assert!(
        without_code.is_empty(),
        "nothing says them: {without_code:?}"
    );
    assert_eq!(rows.len(), explain::all().len(), "a code has two rows");
}

#[test]
fn golden_files_hold_most_codes() {
    let headline =
        Regex::new(r"(?m)^(?:error|warning|info)\[([a-z]+/[a-z0-9-]+)\]: .+\n +--> .+\n").unwrap();
    let texts: Vec<String> = ["tests/cases", "examples"]
        .iter()
        .flat_map(|folder| files(folder, &["txt"]))
        .map(|file| fs::read_to_string(file).unwrap_or_default())
        .collect();
    let mut golden: BTreeSet<&str> = BTreeSet::new();
    for text in &texts {
        golden.extend(
            headline
                .captures_iter(text)
                .map(|c| c.get(1).unwrap().as_str()),
        );
    }
    golden.retain(|code| explain::explain(code).is_some());
    let of_catalogue = golden
        .iter()
        .filter(|code| {
            ["catalog", "annotation", "yaml", "source", "settings"].contains(&area(code))
        })
        .count();
    assert!(golden.len() >= 150, "{}", golden.len());
    assert!(of_catalogue >= 50, "{of_catalogue}");
}

fn area(code: &str) -> &str {
    code.split('/').next().unwrap_or_default()
}

fn files(folder: &str, suffixes: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("dist") {
                    folders.push(path);
                }
            } else if suffixes
                .iter()
                .any(|s| path.extension().is_some_and(|e| e == *s))
            {
                found.push(path);
            }
        }
    }
    found
}
