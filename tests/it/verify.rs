//! Verifying rendered files.

use std::fs;

use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText, api};

use crate::cases;

const ALL: &str = r#"{"checks": ["yaml", "json", "hcl", "workflow", "entity", "kubernetes"]}"#;

/// Each case is a file whose path below `verify` is its name, so that folders count.
#[test]
fn cases_have_their_diagnostics() {
    let mut failures = Vec::new();
    for expected in cases::inputs("verify", ".expected.txt") {
        let input = expected.to_str().unwrap().replace(".expected.txt", "");
        let (_, name) = input.split_once("cases/verify/").unwrap();
        let content = fs::read(&input).unwrap();
        let answer = api::verify::file(name, &content, ALL).unwrap();
        let found: Vec<Diagnostic> = serde_json::from_str(&answer).unwrap();
        let source = SourceText::new(name, String::from_utf8_lossy(&content));
        let text = frame::render(&found, &[&source], Colour::Plain);
        cases::compare(&expected, &text, &mut failures);
        let none = api::verify::file(name, &content, r#"{"checks": []}"#).unwrap();
        assert_eq!(none, "[]");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
