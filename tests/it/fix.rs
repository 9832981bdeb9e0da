//! Descriptors before and after their fixes.

use std::fmt::Write as _;
use std::fs;

use goldenpath::SourceText;
use goldenpath::api::catalog::fix_file_in;
use goldenpath::catalog::{CatalogOptions, Repository, check_in};
use serde_json::{Value, json};

use crate::cases;
use crate::catalog::Folder;

const REPOSITORY: &str = r#"{"path":"service/catalog-info.yaml"}"#;

#[test]
fn cases_become_what_is_expected() {
    let mut failures = Vec::new();
    for before in cases::inputs("fix", "before.yaml") {
        let folder = before.parent().unwrap();
        let files = Folder(folder.join("files"));
        let content = fs::read(&before).unwrap();
        let answer = fix_file_in("catalog-info.yaml", &content, "{}", REPOSITORY, &files).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let mut said = String::new();
        for one in answer["fixed"].as_array().unwrap() {
            let (code, title) = (one["code"].as_str().unwrap(), &one["fix"]["title"]);
            let line = &one["start"]["line"];
            writeln!(said, "{line} {code}: {}", title.as_str().unwrap()).unwrap();
        }
        let after = answer["content"].as_str().unwrap_or_default();
        cases::compare(&folder.join("after.yaml"), after, &mut failures);
        cases::compare(&folder.join("fixed.txt"), &said, &mut failures);
        if !after.is_empty() {
            let again = fix_file_in(
                "catalog-info.yaml",
                after.as_bytes(),
                "{}",
                REPOSITORY,
                &files,
            );
            assert_eq!(again.unwrap(), r#"{"fixed":[]}"#, "{}", before.display());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_byte_order_mark_and_line_breaks_stay() {
    let text = "\u{feff}kind: System\r\n# c\r\nmetadata: {name: a.} \r\nspec: {onwer: b}";
    let files = Folder("nowhere".into());
    let answer = fix_file_in("a", text.as_bytes(), "{}", REPOSITORY, &files).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let expected = "\u{feff}apiVersion: backstage.io/v1alpha1\r\nkind: System\r\n# c\r\n\
                    metadata: {name: a} \r\nspec: {owner: b}";
    assert_eq!(answer["content"], json!(expected));
}

/// Every fix that any case of the catalogue offers makes the file better, or it is not offered.
#[test]
fn every_offered_fix_is_progress() {
    let files = Folder("nowhere".into());
    let repository = Repository {
        path: "catalog-info.yaml",
        url: None,
        files: &files,
    };
    let options = CatalogOptions::default();
    let problems = |source: &SourceText| {
        let report = check_in(source, &options, repository);
        let of_documents = report.documents.into_iter().flat_map(|d| d.diagnostics);
        let all = report.diagnostics.into_iter().chain(of_documents);
        all.collect::<Vec<_>>()
    };
    let mut count = 0;
    let area = cases::inputs("catalog", ".yaml");
    for input in area.into_iter().chain(cases::inputs("yaml", ".yaml")) {
        let Ok(text) = fs::read_to_string(&input) else {
            continue;
        };
        let source = SourceText::new("a", text);
        let found = problems(&source);
        for diagnostic in found.iter().filter(|one| one.fix.is_some()) {
            let fix = diagnostic.fix.as_ref().unwrap();
            let (fixed, applied) = goldenpath::fix::apply(source.text(), [fix]);
            assert_eq!(applied.len(), 1);
            let left = problems(&SourceText::new("a", fixed));
            let same = |one: &&goldenpath::Diagnostic| {
                one.code == diagnostic.code && one.message == diagnostic.message
            };
            let before = found.iter().filter(same).count();
            assert!(
                left.iter().filter(same).count() < before,
                "{}: `{}` does not solve {}",
                input.display(),
                fix.title,
                diagnostic.message
            );
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}
