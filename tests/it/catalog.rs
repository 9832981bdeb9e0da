//! Descriptor files with the diagnostics they give.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use goldenpath::api::catalog::{check_entity, check_file, entity_yaml};
use goldenpath::catalog::{
    CatalogOptions, File, Files, RULES, Repository, Unread, check, check_in,
};
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde_json::Value;

use crate::cases;

/// The files of a repository are in a folder.
pub struct Folder(pub PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<File, Unread> {
        let file = self.0.join(path);
        if file.is_dir() {
            return Err(Unread::Folder);
        }
        if let Ok(content) = fs::read(&file) {
            Ok(File {
                name: path.to_owned(),
                content,
            })
        } else {
            let beside = fs::read_dir(file.parent().unwrap());
            let names = beside.into_iter().flatten().flatten();
            let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
            Err(Unread::Missing(names.collect()))
        }
    }
}

#[test]
fn cases_give_their_expected_diagnostics() {
    let mut failures = Vec::new();
    for input in cases::inputs("catalog", ".yaml") {
        let content = fs::read(&input).unwrap();
        let options = fs::read_to_string(input.with_extension("options.json"));
        let options: CatalogOptions = options.map_or_else(
            |_| CatalogOptions::default(),
            |json| serde_json::from_str(&json).unwrap(),
        );
        let name = input.file_name().unwrap().to_string_lossy();
        let source = SourceText::from_bytes(&name, &content, &options.limits).unwrap();
        let files = input.parent().unwrap().join("files");
        let report = if files.is_dir() {
            let path = &format!("service/{name}");
            let url = Some("https://github.com/acme/shop");
            let files = &Folder(files);
            check_in(&source, &options, Repository { path, url, files })
        } else {
            check(&source, &options)
        };
        let of_documents = report.documents.into_iter().flat_map(|d| d.diagnostics);
        let all: Vec<Diagnostic> = report.diagnostics.into_iter().chain(of_documents).collect();
        let rendered = frame::render(&all, &[&source], Colour::Plain);
        cases::compare(
            &input.with_extension("expected.txt"),
            &rendered,
            &mut failures,
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_code_of_every_rule_has_a_case() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalog");
    let mut names = BTreeSet::new();
    for rule in RULES {
        assert!(names.insert(rule.name), "`{}` has two rows", rule.name);
        let expected: String = fs::read_dir(cases.join(rule.name))
            .unwrap_or_else(|_| panic!("no folder of cases for the rule `{}`", rule.name))
            .flatten()
            .filter(|entry| entry.path().to_string_lossy().ends_with(".expected.txt"))
            .map(|entry| fs::read_to_string(entry.path()).unwrap())
            .collect();
        for code in rule.codes {
            assert!(
                expected.contains(&format!("[{code}]")),
                "no case below `{}` gives {code}",
                rule.name
            );
        }
    }
}

#[test]
fn the_answer_has_the_shape_of_the_contract() {
    let text = "kind: Component\nmetadata:\n  name: Shop\n  namespace: a\nspec: {x: 1.10}\n";
    let answer = check_file("a.yaml", text.as_bytes(), "{}").unwrap();
    assert!(answer.contains(r#""entity":{"kind":"Component","metadata":{"name":"Shop""#));
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let document = &answer["documents"][0];
    assert_eq!(document["entityRef"], "component:a/shop");
    assert_eq!(document["hasEnvelope"], false);
    assert_eq!(document["start"]["line"], 1);
    assert_eq!(document["diagnostics"][0]["file"], "a.yaml");
    assert!(document["diagnostics"][0]["start"]["offset"].is_u64());
}

#[test]
fn annotations_that_are_no_object_are_held_against_the_whole_file() {
    for (annotations, has_envelope) in [("{a: b}", true), ("~", true), ("[a]", false), ("5", false)]
    {
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: User\n\
             metadata: {{name: a, annotations: {annotations}}}\nspec: {{memberOf: []}}\n"
        );
        let answer = check_file("a.yaml", text.as_bytes(), "{}").unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            answer["documents"][0]["hasEnvelope"], has_envelope,
            "{text}"
        );
    }
}

#[test]
fn unknown_options_are_refused() {
    let error = check_file("a.yaml", b"", r#"{"unknownFeilds":"off"}"#).unwrap_err();
    assert!(error.to_string().contains("unknownFeilds"), "{error}");
    let rules = r#"{"rules":{"catalog/invalid-tga":"off"}}"#;
    let error = check_file("a.yaml", b"", rules).unwrap_err().to_string();
    assert!(
        error.contains("did you mean `catalog/invalid-tag`?"),
        "{error}"
    );
}

#[test]
fn an_entity_without_a_file_is_placed_in_its_yaml() {
    let entity = r#"{"apiVersion":"backstage.io/v1alpha1","kind":"System","metadata":{"name":"a"},"spec":{"onwer":"team-a"}}"#;
    let yaml = entity_yaml(entity).unwrap();
    let answer: Value =
        serde_json::from_str(&check_entity("system:a", entity, "{}").unwrap()).unwrap();
    let found = &answer["documents"][0]["diagnostics"][0];
    assert_eq!(found["code"], "catalog/missing-field");
    let offset = usize::try_from(found["start"]["offset"].as_u64().unwrap()).unwrap();
    assert!(yaml.get(offset..).unwrap().starts_with("onwer:"), "{yaml}");
}

#[test]
fn what_is_written_as_yaml_reads_back_the_same() {
    let texts = [
        "",
        " ",
        "a",
        "a: b",
        "# a",
        "- a",
        "null",
        "~",
        "true",
        "0o7",
        "0x1F",
        "1.",
        ".5",
        "1e3",
        ".inf",
        "-.INF",
        "1_000",
        "2024-01-01",
        "yes",
        "@a",
        "`a",
        "%a",
        "{{ x }}",
        "a\nb",
        "a\n",
        "\n",
        "\n\na",
        "  a\nb",
        " a\n  b\n",
        "a\n\n",
        "a\tb",
        "\u{7f}\u{85}\u{2028}",
        "'\"\\",
        "🦀",
        "---",
        "...",
        "a #b",
        "<<",
        "=",
        "!a",
        "&a",
        "*a",
        "|",
        "> a",
        "a\r\nb",
    ];
    for text in texts {
        for entity in [
            serde_json::json!({ "value": text }),
            serde_json::json!({ text: [text, {"a": text}] }),
        ] {
            let entity = entity.to_string();
            let answer = check_entity("a", &entity, "{}").unwrap();
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let back = answer["documents"][0]["entity"].to_string();
            assert_eq!(back, entity, "{}", entity_yaml(&entity).unwrap());
        }
    }
}

#[test]
fn a_flood_of_problems_is_cut() {
    let tags = vec!["1"; 100_000].join(",");
    let labels: Vec<String> = (0..50_000).map(|n| format!("{n}!: {{}}")).collect();
    let of_one_document = [
        format!("metadata: {{tags: [{tags}]}}"),
        format!("metadata: {{labels: {{{}}}}}", labels.join(",")),
        format!("kind: System\nspec: {{{}}}", labels.join(",")),
    ];
    let of_many = [
        "{}\n---\n".repeat(100_000),
        "[\n---\n".repeat(100_000),
        "*a\n---\n".repeat(100_000),
    ];
    for text in of_one_document.iter().chain(&of_many) {
        let answer = check_file("a.yaml", text.as_bytes(), "{}").unwrap();
        assert!(answer.len() < 2_500_000, "{}", answer.len());
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let mut codes = answer["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| &found["code"]);
        assert!(codes.any(|code| code == "source/limit-exceeded"));
    }
}
