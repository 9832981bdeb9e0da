//! What each code of a diagnostic means: what is wrong, why that matters, an example of it, the same put
//! right, and what to do. One row for each code; the documentation is made from them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;

use crate::catalog::organisation::AREA;
use crate::limits::Limits;
use crate::source::SourceText;
use crate::suggest;
use crate::yaml::{self, Node};

/// The rows, by their areas in the order of the documentation.
const FILES: [&str; 8] = [
    include_str!("explain/catalog.yaml"),
    include_str!("explain/annotation.yaml"),
    include_str!("explain/reference.yaml"),
    include_str!("explain/settings.yaml"),
    include_str!("explain/yaml.yaml"),
    include_str!("explain/policy.yaml"),
    include_str!("explain/template.yaml"),
    include_str!("explain/platform.yaml"),
];

/// What there is to know of a code.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The code, `area/kebab-name`.
    pub code: String,
    /// What is wrong, in a sentence.
    pub what: String,
    /// Why that matters.
    pub why: String,
    /// An example.
    pub wrong: String,
    /// The example put right.
    pub right: String,
    /// What to do.
    pub fix: String,
    /// The place in the documentation, relative to the package.
    pub documentation: String,
    /// Whether the example cannot be tried as it stands.
    #[serde(skip)]
    pub is_sketch: bool,
    /// The options that the example is tried with.
    #[serde(skip)]
    pub options: Value,
    /// The file that the example is, where the name matters.
    #[serde(skip)]
    pub file: String,
}

static ROWS: LazyLock<Vec<Explanation>> = LazyLock::new(|| FILES.iter().flat_map(read).collect());

/// All codes with what is known of them, area by area.
pub fn all() -> &'static [Explanation] {
    &ROWS
}

/// What is known of a code. The codes of an organisation's own rules share one row.
pub fn explain(code: &str) -> Option<&'static Explanation> {
    let own = format!("{AREA}*");
    let code = if code.starts_with(AREA) { &own } else { code };
    ROWS.iter().find(|row| row.code == code)
}

/// The code that is likely meant: by a slip of the pen, or by its name alone.
pub fn nearest(code: &str) -> Option<&'static str> {
    let codes = || ROWS.iter().map(|row| &*row.code);
    let name = |code: &'static str| code.rsplit_once('/').map_or(code, |(_, name)| name);
    suggest::nearest(code, codes())
        .or_else(|| codes().find(|known| name(known) == code))
        .or_else(|| {
            let near = suggest::nearest(code, codes().map(name))?;
            codes().find(|known| name(known) == near)
        })
}

impl Explanation {
    /// As text for a terminal.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n\n{}\n{}\n", self.code, self.what, self.why);
        for (title, example) in [("Wrong", &self.wrong), ("Right", &self.right)] {
            let _ = writeln!(out, "\n{title}:\n");
            for line in example.lines() {
                out.push_str(&indented(line));
            }
        }
        let _ = write!(out, "\n{}\n\nSee {}\n", self.fix, self.documentation);
        out
    }

    fn markdown(&self, out: &mut String) {
        let language = match self.code.split_once('/') {
            _ if self.is_sketch => "text",
            Some(("template", _)) => "jinja",
            Some(("verify", _)) => "text",
            _ => "yaml",
        };
        let _ = write!(
            out,
            "\n### {}\n\n{} {}\n\nWrong:\n\n```{language}\n{}```\n\nRight:\n\n```{language}\n{}```\n\n{}\n",
            self.code, self.what, self.why, self.wrong, self.right, self.fix
        );
    }
}

/// The documentation of all codes.
pub fn documentation() -> String {
    let mut out = String::from(
        "# Rules\n\nEverything that goldenpath finds has a code, which stands in brackets before it: \
         `error[catalog/invalid-name]`.\n`npx goldenpath explain CODE` prints what stands here of it. This file is \
         generated from the same rows.\n",
    );
    let mut area = "";
    for row in all() {
        let of_row = row.code.split('/').next().unwrap_or_default();
        if of_row != area {
            let _ = write!(out, "\n## {of_row}\n");
            area = of_row;
        }
        row.markdown(&mut out);
    }
    out
}

/// A line of an example, with no space at the end of an empty one.
fn indented(line: &str) -> String {
    if line.is_empty() {
        "\n".to_owned()
    } else {
        format!("    {line}\n")
    }
}

/// The place of a code in the documentation, as the headings of Markdown are named.
fn anchor(code: &str) -> String {
    let kept = code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-');
    format!("docs/rules.md#{}", kept.collect::<String>())
}

fn read(text: &&'static str) -> Vec<Explanation> {
    let source = SourceText::new("rules", *text);
    let stream = yaml::parse(&source, &Limits::default());
    let rows = stream.documents.iter().flat_map(|document| {
        let root = document.root();
        let rows: Vec<Explanation> = root
            .entries()
            .into_iter()
            .map(|e| row(e.name, e.value))
            .collect();
        rows
    });
    rows.collect()
}

fn row(code: &str, value: Node) -> Explanation {
    let text = |name: &str| {
        let entry = value.get(name);
        let text = entry.and_then(|entry| entry.value.as_text());
        text.unwrap_or_default().to_owned()
    };
    Explanation {
        code: code.to_owned(),
        what: text("what"),
        why: text("why"),
        wrong: text("wrong"),
        right: text("right"),
        fix: text("fix"),
        documentation: anchor(code),
        is_sketch: text("by") == "shown",
        options: value.get("options").map_or_else(
            || Value::Object(serde_json::Map::new()),
            |e| e.value.to_value(),
        ),
        file: text("file"),
    }
}
