//! What resources cost: files of resources beside the price, or beside what is wrong with them.

use std::fs;

use goldenpath::api;
use goldenpath::frame::{self, Colour};
use goldenpath::{Diagnostic, SourceText};
use serde_json::Value;

use crate::cases;

#[test]
fn cases_give_their_price_or_diagnostics() {
    let mut failures = Vec::new();
    for input in cases::inputs("cost", ".yaml") {
        let content = fs::read_to_string(&input).unwrap();
        let name = input.file_name().unwrap().to_string_lossy();
        let sheet = fs::read_to_string(input.with_extension("prices.json")).ok();
        let sheet_bytes = sheet.as_deref().map(str::as_bytes);
        let answer =
            api::platform::cost(&name, content.as_bytes(), "prices.json", sheet_bytes).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let found: Vec<Diagnostic> = serde_json::from_value(answer["diagnostics"].clone()).unwrap();
        let text = match answer.get("estimate") {
            Some(estimate) => format!("{}\n", serde_json::to_string_pretty(estimate).unwrap()),
            None => frame::render(
                &found,
                &[
                    &SourceText::new(&name, content),
                    &SourceText::new("prices.json", sheet.unwrap_or_default()),
                ],
                Colour::Plain,
            ),
        };
        cases::compare(&input.with_extension("expected.txt"), &text, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
