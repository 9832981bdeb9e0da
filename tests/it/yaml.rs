//! YAML files with the values they stand for, and YAML that was made to hurt.

use std::fs;

use goldenpath::frame::{self, Colour};
use goldenpath::yaml::{CODES, parse};
use goldenpath::{Diagnostic, Limits, SourceText};

use crate::cases;

#[test]
fn cases_give_their_expected_values() {
    let mut failures = Vec::new();
    for input in cases::inputs("yaml", ".yaml") {
        let content = fs::read(&input).unwrap();
        let name = input.file_name().unwrap().to_string_lossy();
        let source = SourceText::from_bytes(&name, &content, &Limits::default()).unwrap();
        let stream = parse(&source, &Limits::default());
        let mut out = String::new();
        let mut found = stream.diagnostics;
        for document in stream.documents {
            if !document.root().is_null() {
                out.push_str(&document.root().to_json());
                out.push('\n');
            }
            found.extend(document.diagnostics);
        }
        out.push_str(&frame::render(&found, &[&source], Colour::Plain));
        cases::compare(&input.with_extension("expected.txt"), &out, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_code_has_a_case() {
    let expected = cases::inputs("yaml", ".expected.txt");
    let all: String = expected
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for code in CODES {
        assert!(all.contains(&format!("[{code}]")), "no case gives {code}");
    }
    for line in all.lines().filter(|line| line.contains("[yaml/")) {
        let known = CODES.iter().any(|code| line.contains(&format!("[{code}]")));
        assert!(known, "not in the table: {line}");
    }
}

/// The diagnostics of a text as `code line:column`.
fn problems(text: &str) -> Vec<String> {
    let source = SourceText::new("a.yaml", text);
    let stream = parse(&source, &Limits::default());
    let of_documents = stream
        .documents
        .into_iter()
        .flat_map(|document| document.diagnostics);
    let all = stream.diagnostics.into_iter().chain(of_documents);
    all.map(|found: Diagnostic| {
        format!(
            "{} {}:{}",
            found.code, found.at.start.line, found.at.start.column
        )
    })
    .collect()
}

#[test]
fn deep_nesting_is_refused_where_it_gets_too_deep() {
    assert_eq!(
        problems(&"[".repeat(10_000)),
        ["source/limit-exceeded 1:129"]
    );
    assert_eq!(
        problems(&"{".repeat(10_000)),
        ["source/limit-exceeded 1:129"]
    );
    assert_eq!(
        problems(&"- ".repeat(10_000)),
        ["source/limit-exceeded 1:257"]
    );
    let indented: Vec<String> = (0..1_000).map(|level| " ".repeat(level) + "a:\n").collect();
    let indented = indented.concat();
    assert_eq!(problems(&indented), ["source/limit-exceeded 129:129"]);
}

#[test]
fn deep_nesting_is_safe_whatever_the_limit() {
    let limits = Limits {
        depth: usize::MAX,
        ..Limits::default()
    };
    let source = SourceText::new("a.yaml", "[".repeat(100_000));
    assert_eq!(parse(&source, &limits).diagnostics.len(), 1);
    let source = SourceText::new("a.yaml", format!("{}{}", "[".repeat(512), "]".repeat(512)));
    let stream = parse(&source, &limits);
    let document = stream.documents.first().unwrap();
    assert_eq!(document.root().to_json().len(), 1024);
    assert!(document.root().to_value().is_array());
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, last) in ('b'..='i').zip('a'..) {
        let aliases = vec![format!("*{last}"); 9].join(", ");
        bomb.extend([
            name.to_string(),
            ": &".to_owned(),
            name.to_string(),
            format!(" [{aliases}]\n"),
        ]);
    }
    assert_eq!(problems(&bomb), ["yaml/too-many-aliases 4:12"]);
}

#[test]
fn aliases_count_as_npm_yaml_counts_them() {
    let repeated = |times| format!("a: &a 1\nb: [{}]\n", vec!["*a"; times].join(", "));
    assert_eq!(problems(&repeated(100)), [""; 0]);
    assert_eq!(problems(&repeated(101)), ["yaml/too-many-aliases 2:405"]);
    let empty = format!("a: &a []\nb: [{}]\n", vec!["*a"; 500].join(", "));
    assert_eq!(problems(&empty), [""; 0]);
}

#[test]
fn copies_of_empty_collections_are_bounded_by_the_limit_of_nodes() {
    let many = vec!["[]"; 10_000].join(",");
    let text = format!("a: &a [{many}]\nb: [{}]\n", vec!["*a"; 200].join(","));
    let found = problems(&text);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("source/limit-exceeded 2:"),
        "{found:?}"
    );
}

#[test]
fn a_document_after_a_limit_of_its_own_is_still_read() {
    let text = format!("{}\n---\na: 1\na: 2\n", "[".repeat(200));
    assert_eq!(
        problems(&text),
        ["source/limit-exceeded 1:129", "yaml/duplicate-key 4:1"]
    );
}

#[test]
fn a_file_over_the_size_limit_is_refused() {
    let big = vec![b'a'; 5 << 20];
    let error = SourceText::from_bytes("a.yaml", &big, &Limits::default()).unwrap_err();
    assert_eq!(error.code, "source/limit-exceeded");
    assert_eq!((error.at.start.line, error.at.start.column), (1, 1));
}

#[test]
fn many_keys_are_read_and_a_duplicate_is_found_among_them() {
    let lines: Vec<String> = (0..100_000).map(|n| format!("key{n}: {n}\n")).collect();
    let text = lines.concat() + "key5: again\n";
    assert_eq!(problems(&text), ["yaml/duplicate-key 100001:1"]);
}

#[test]
fn nested_keys_do_not_copy_each_other_without_bound() {
    let text = format!("{}{}{}", "{".repeat(100), "x".repeat(900), "}".repeat(100));
    let source = SourceText::new("a.yaml", text);
    let stream = parse(&source, &Limits::default());
    assert!(stream.diagnostics.is_empty());
    assert!(stream.documents[0].root().to_json().len() < 4_000);
}

#[test]
fn unterminated_things_are_placed() {
    let table = [
        ("a: [1, 2", "yaml/unclosed 1:4"),
        ("a: {b: 1", "yaml/unclosed 1:4"),
        ("a: \"b", "yaml/unclosed 1:4"),
        ("a: 'b\n\n", "yaml/unclosed 1:4"),
        ("a: [1, 2}", "yaml/unclosed 1:4"),
        ("a: @b", "yaml/reserved-character 1:4"),
        ("a: *b", "yaml/unknown-anchor 1:4"),
        ("a: &a [*a]", "yaml/recursive-alias 1:8"),
        ("a:\n\tb: 1", "yaml/tab 2:2"),
    ];
    for (text, problem) in table {
        assert_eq!(problems(text), [problem], "{text}");
    }
}

#[test]
fn every_prefix_of_a_file_is_answered() {
    let text = "a: &x [1, \"b\\n\", {c: 'd'}]\nb: |-\n  t\n? [k]\n: *x\n--- !!str\n# c\n- %\n...\n%YAML 1.2\n---\n@";
    for (end, _) in text.char_indices() {
        let source = SourceText::new("a.yaml", text.get(..end).unwrap());
        for document in parse(&source, &Limits::default()).documents {
            document.root().to_json();
        }
    }
}
