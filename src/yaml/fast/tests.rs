//! The full parser as the judge of the fast reader.

use std::fs;
use std::path::Path;

use crate::limits::Limits;
use crate::source::SourceText;
use crate::yaml::build::parse_fully;

/// Whether the fast reader reads a text. If it does, it has to find what the full parser finds.
fn agrees(text: &str, limits: &Limits) -> bool {
    let source = SourceText::new("a.yaml", text);
    let Some(fast) = super::parse(&source, limits, limits.depth) else {
        return false;
    };
    let full = parse_fully(&source, limits);
    assert_eq!(full.diagnostics, [], "{text:?}");
    assert_eq!(
        format!("{fast:#?}"),
        format!("{:#?}", full.documents),
        "{text:?}"
    );
    true
}

/// All YAML files of the project's tests and examples.
pub(crate) fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("tests/cases"), root.join("examples")];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if entry.file_type().unwrap().is_dir() {
                if name != "node_modules" && name != "dist" {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|end| end == "yaml" || end == "yml")
            {
                texts.extend(fs::read_to_string(path));
            }
        }
    }
    assert!(texts.len() > 100, "{}", texts.len());
    texts.sort();
    texts
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

#[test]
fn the_project_s_files_read_the_same() {
    let limits = Limits::default();
    let texts = corpus();
    let fast = texts.iter().filter(|text| agrees(text, &limits)).count();
    // Many cases are there because something is wrong with them.
    assert!(fast * 10 > texts.len() * 7, "{fast} of {}", texts.len());
}

#[test]
fn files_with_slips_of_the_pen_read_the_same() {
    const SIGNS: &[&str] = &[
        " ", "  ", "\n", "\n\n", "-", "- ", ":", ": ", "#", " #", "'", "\"", "[", "]", "{", "}",
        ",", "|", ">", "|\n", "&a", "*a", "!", "?", "\t", "\r", "---\n", "...\n", "~", "0", "ä",
        "\u{85}", "\u{2028}", "\u{feff}", "\0", "\\",
    ];
    let limits = Limits::default();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let texts = corpus();
    let mut fast = 0;
    for _ in 0..ROUNDS {
        let text = &texts[random.below(texts.len())];
        let mut text: Vec<char> = text.chars().take(1500).collect();
        for _ in 0..=random.below(3) {
            let at = random.below(text.len() + 1);
            let end = (at + random.below(4)).min(text.len());
            let sign = random.one_of(SIGNS);
            let replaced = if random.below(2) == 0 { end } else { at };
            text.splice(at..replaced, sign.chars());
        }
        let text: String = text.into_iter().collect();
        fast += usize::from(agrees(&text, &limits));
    }
    assert!(fast > ROUNDS / 5, "{fast}");
}

const BEGINNINGS: &[&str] = &[
    "", "- ", "-   ", "- - ", "a: ", "b: ", "c:", "- a: ", "- b:", "'k': ", "\"k\": ", "k : ",
    "1: ", "true: ", "~: ", "- 'k' : ", "? ", "-", "<<: ",
];
const VALUES: &[&str] = &[
    "",
    "x",
    "x y",
    "1",
    "1.10",
    "true",
    "null",
    "~",
    "'q'",
    "'it''s'",
    "\"a\\n\\\"b\"",
    "''",
    "|",
    ">",
    "|-",
    ">-",
    "|+",
    ">+",
    "|2",
    "[]",
    "[a, b ]",
    "[a, 'b', [c], {d: e}]",
    "{}",
    "{a: b}",
    "{a: 1, b: }",
    "{{ x }}",
    "${{ x }}",
    "[a,",
    "b]",
    "# c",
    "x # c",
    "x #c",
    "x#c",
    "x: y",
    "http://x:80/a?b=c",
    "-1",
    "--flag",
    "- x",
    "*a",
    "&a x",
    "!t x",
    "@a",
    "x:",
    ":x",
    "text, and [more] {of} it",
    "'a' b",
    "\"a",
    "a: b: c",
    "%x",
    "`x`",
    "ä🦀",
    "x  ",
    "  ",
];
const SPACE: &[&str] = &[
    "", "", "", " ", "  ", "  ", "  ", "    ", "    ", "      ", "   ",
];
const LINES: &[&str] = &[
    "",
    "---",
    "...",
    "--- x",
    "--- # c",
    "# c",
    "   ",
    "%YAML 1.2",
    "---x",
];

#[test]
fn random_lines_read_the_same() {
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    let mut fast = 0;
    for round in 0..ROUNDS {
        // The limits now and then, small enough to matter.
        let limits = match round % 8 {
            0 => Limits {
                nodes: 6,
                depth: 3,
                ..Limits::default()
            },
            _ => Limits::default(),
        };
        let mut text = String::new();
        for _ in 0..=random.below(7) {
            if random.below(12) == 0 {
                text += random.one_of(LINES);
            } else {
                text += random.one_of(SPACE);
                text += random.one_of(BEGINNINGS);
                text += random.one_of(VALUES);
            }
            text += "\n";
        }
        if random.below(5) == 0 {
            text.pop();
        }
        fast += usize::from(agrees(&text, &limits));
    }
    assert!(fast > ROUNDS / 20, "{fast}");
}

const ROUNDS: usize = 20_000;
