//! Files of settings: what they say, or what is wrong with them.

use std::fs;

use goldenpath::api;
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde_json::Value;

use crate::cases;

#[test]
fn cases_give_their_settings_or_diagnostics() {
    let mut failures = Vec::new();
    for input in cases::inputs("settings", ".yaml") {
        let content = fs::read_to_string(&input).unwrap();
        let name = input.file_name().unwrap().to_string_lossy();
        let answer = api::settings::read(&name, content.as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let found: Vec<Diagnostic> = serde_json::from_value(answer["diagnostics"].clone()).unwrap();
        let source = SourceText::new(&name, content);
        let text = match answer.get("settings") {
            Some(settings) => format!("{settings}\n"),
            None => frame::render(&found, &[&source], Colour::Plain),
        };
        assert_eq!(answer.get("settings").is_some(), found.is_empty(), "{name}");
        cases::compare(&input.with_extension("expected.txt"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn the_check_takes_all_that_settings_can_say_of_it() {
    let options_of = |name: &str| {
        let path = format!(
            "{}/tests/cases/settings/{name}.yaml",
            env!("CARGO_MANIFEST_DIR")
        );
        let answer = api::settings::read(name, &fs::read(path).unwrap()).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["settings"]["catalog"].to_string()
    };
    let organisation = options_of("organisation");
    api::catalog::check_file("a.yaml", b"", &organisation).unwrap();
    let options = options_of("good");
    let template = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n\
        metadata: {name: a}\nspec: {type: service, steps: [{action: a}]}\n";
    let report = api::catalog::check_file("a.yaml", template.as_bytes(), &options).unwrap();
    assert!(report.contains("catalog/missing-policy-check"), "{report}");
}
