//! Runs `tests/cases/template`; the format is described in `tests/cases/README.md`.
//!
//! The outputs in the expected files are Nunjucks' own, written by `tests/oracle`. This test rewrites
//! only what Nunjucks cannot say: diagnostics, and cases that name why Nunjucks was not asked.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use goldenpath::SourceText;
use goldenpath::frame::{self, Colour};
use goldenpath::template::{
    Context, Engine, Failure, Host, Options, Record, Rendering, Typing, Value,
};
use serde_json::{Map, Value as Json};

use crate::cases;

/// One case of a file.
struct Case {
    name: String,
    header: Map<String, Json>,
    template: String,
    /// The other files of the skeleton.
    files: Vec<(String, String)>,
}

/// What a case gives: output, diagnostics, or both.
#[derive(Default, PartialEq, Clone)]
struct Answer {
    output: Option<String>,
    diagnostics: Option<String>,
    /// Secret texts that were used, one in a line.
    secrets: Option<String>,
}

#[test]
fn cases_render_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in cases::inputs("template", ".txt") {
        if path.to_string_lossy().ends_with(".expected.txt") {
            continue;
        }
        let expected_path = path.with_extension("expected.txt");
        let mut expected = read_expected(&expected_path);
        let mut written = String::new();
        for case in read_cases(&path) {
            count += 1;
            let actual = run(&case);
            let at = expected.iter().position(|(name, _)| *name == case.name);
            let mut wanted = at.map(|at| expected.remove(at).1).unwrap_or_default();
            if update {
                wanted.diagnostics.clone_from(&actual.diagnostics);
                wanted.secrets.clone_from(&actual.secrets);
                if case.header.contains_key("oracle") || case.header.contains_key("differs") {
                    wanted.output.clone_from(&actual.output);
                }
            }
            if wanted != actual {
                failures.push(format!(
                    "{}: {}\n{}\n--- expected ---\n{}--- actual ---\n{}",
                    path.display(),
                    case.name,
                    case.template,
                    show(&wanted),
                    show(&actual)
                ));
            }
            let _ = write!(written, "=== {}\n{}", case.name, show(&wanted));
        }
        if update {
            fs::write(&expected_path, written).expect("expected file is writable");
        } else {
            let stale = expected.into_iter().map(|(name, _)| name);
            failures.extend(stale.map(|name| format!("{}: no such case: {name}", path.display())));
        }
    }
    let shown = failures.join("\n\n");
    assert!(
        failures.is_empty(),
        "{} of {count} cases:\n{shown}",
        failures.len()
    );
}

#[test]
fn every_word_of_the_language_has_a_case() {
    let files = cases::inputs("template", ".txt");
    let text: String = files
        .iter()
        .filter(|path| !path.to_string_lossy().ends_with(".expected.txt"))
        .map(|path| fs::read_to_string(path).expect("case file is readable"))
        .collect();
    let used = |kind: &str, name: &str| {
        let forms = match kind {
            "filter" => [format!("| {name}"), format!("{{% filter {name}")],
            "test" => [format!("is {name}"), format!("is not {name}")],
            "global" => [format!("{name}("), format!("${{{{ {name}")],
            _ => [format!(".{name}("), format!("[\"{name}\"](")],
        };
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        forms.iter().any(|form| {
            text.match_indices(form.as_str())
                .any(|(at, _)| form.ends_with('(') || text.get(at + form.len()..).is_some_and(ends))
        })
    };
    let words = goldenpath::template::vocabulary();
    let missing: Vec<String> = words
        .iter()
        .flat_map(|(kind, names)| names.iter().map(move |name| (kind, name)))
        .filter(|(kind, name)| !used(kind, name))
        .map(|(kind, name)| format!("{kind} {name}"))
        .collect();
    assert!(missing.is_empty(), "without a case: {}", missing.join(", "));
}

#[test]
fn every_advisory_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/cases/template/advisories.md"))
        .expect("the table is readable");
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.contains("---"))
        .skip(1)
        .collect();
    assert!(rows.len() > 14);
    for row in rows {
        let cell = row.trim_end_matches(" |").rsplit("| ").next();
        let (file, name) = cell
            .and_then(|cell| cell.split_once(": "))
            .unwrap_or_else(|| panic!("no test in {row}"));
        let (path, needle) = if file.contains('.') {
            (file.to_owned(), format!("('{name}'"))
        } else {
            (
                format!("tests/cases/template/{file}.txt"),
                format!("\n=== {name}\n"),
            )
        };
        let text = fs::read_to_string(root.join(&path)).expect("the file is readable");
        assert!(text.contains(&needle), "{path} has no `{name}`");
    }
}

#[test]
fn nesting_is_a_limit_and_never_a_crash() {
    // code that is not optimised takes several times the stack; `tests/wasm` runs the same in the
    // stack that matters
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    let done = thread.spawn(nest).expect("a thread starts").join();
    assert!(done.is_ok());
}

#[test]
fn problems_beyond_a_thousand_are_not_told() {
    let text = "${{ 1 | unknwon }}".repeat(3_000);
    for strict in [true, false] {
        let options = Options {
            strict,
            ..Options::default()
        };
        let engine = Engine::new(options, Host::default());
        let context = Context::new(&Record::default());
        let found = engine.render_text("t", text.as_bytes(), &context);
        let told = |code: &str| found.diagnostics.iter().filter(|d| d.code == code).count();
        assert_eq!(told("template/unknown-filter"), 1_000, "{strict}");
        assert_eq!(told("source/limit-exceeded"), 1, "{strict}");
    }
}

fn nest() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        open.repeat(times) + inner + &close.repeat(times)
    };
    let engine = Engine::new(Options::default(), Host::default());
    let context = Context::new(&Record::default());
    let render = |template: &str| engine.render_text("t", template.as_bytes(), &context);
    let expression = |inner: String| format!("${{{{ {inner} }}}}");
    let deep = |times: usize| {
        [
            expression(nested("(", "1", ")", times)),
            expression(nested("[", "", "]", times)),
            expression(nested("{a: ", "1", " }", times)),
            expression(nested("not ", "1", "", times)),
            expression(nested("- (", "1", ")", times)),
            expression(nested("", "x", ".a", times)),
            expression(nested("", "x", "[0]", times)),
            expression(nested("", "'x'", " | string", times)),
            expression(nested("(1 in [", "0", "])", times)),
            expression(nested("(1 if ", "1", " else 2)", times)),
            expression(nested("range(", "1", ")", times)),
            nested("{% if true %}", "x", "{% endif %}", times),
            nested("{% for i in [1] %}", "x", "{% endfor %}", times),
            nested("{% filter upper %}", "x", "{% endfilter %}", times),
            nested("{% macro m() %}", "x", "{% endmacro %}", times),
            nested("{% set a %}", "x", "{% endset %}", times),
            expression(format!("r/{}/", nested("(", "a", ")", times))),
        ]
    };
    for template in deep(10_000) {
        let rendering = render(&template);
        assert!(rendering.output.is_none(), "{template:.40}");
        assert!(!rendering.diagnostics.is_empty());
    }
    // a person may nest so deep, and then it must run
    for template in deep(20) {
        assert!(render(&template).diagnostics.is_empty(), "{template:.200}");
    }
    // what is long but not deep is no matter
    let sum = render(&expression("1 + ".repeat(20_000) + "1"));
    assert_eq!(sum.output.as_deref(), Some("20001"));
    let branches = format!(
        "{{% if 0 %}}{}{{% endif %}}",
        "{% elif 0 %}x".repeat(20_000)
    );
    assert_eq!(render(&branches).output.as_deref(), Some(""));
}

fn run(case: &Case) -> Answer {
    let options: Options = match field(case, "options") {
        Json::Null => Options::default(),
        options => serde_json::from_value(options).expect("options are valid"),
    };
    let Value::Record(names) = Value::from(&field(case, "context")) else {
        return run_with(case, options, &Record::default());
    };
    run_with(case, options, &names)
}

fn field(case: &Case, name: &str) -> Json {
    case.header.get(name).cloned().unwrap_or_default()
}

fn run_with(case: &Case, options: Options, names: &Record) -> Answer {
    let mut host = host();
    let files = case.files.clone();
    host.loader = Some(Rc::new(move |path: &str| {
        let file = files.iter().find(|(name, _)| name == path);
        Ok(file.map(|(_, text)| text.clone().into_bytes()))
    }));
    let engine = Engine::new(options, host);
    let context = Context::new(names);
    if let Some(value) = case.header.get("value") {
        return run_value(case, &engine, &context, value);
    }
    let is_path = case.header.get("path") == Some(&Json::Bool(true));
    let name = if is_path {
        case.template.as_str()
    } else {
        "template.njk"
    };
    let render = || {
        if is_path {
            engine.render_path(name, &context)
        } else {
            let file = field(case, "file");
            let target = file.as_str().unwrap_or(name);
            engine.render_file(name, target, case.template.as_bytes(), &context)
        }
    };
    let first = render();
    // what one rendering does to the context, the next must not see
    let second = render();
    assert_eq!(first.output, second.output, "{}: not repeatable", case.name);
    let Rendering {
        output,
        diagnostics,
        secrets,
    } = first;
    let mut sources = vec![SourceText::new(name, case.template.as_str())];
    let files = case.files.iter();
    sources.extend(files.map(|(name, text)| SourceText::new(name, text.as_str())));
    let sources: Vec<&SourceText> = sources.iter().collect();
    let diagnostics =
        (!diagnostics.is_empty()).then(|| frame::render(&diagnostics, &sources, Colour::Plain));
    Answer {
        output,
        diagnostics,
        secrets: lines(&secrets),
    }
}

fn run_value(case: &Case, engine: &Engine, context: &Context, value: &Json) -> Answer {
    let typing = match case.header.get("typing") {
        Some(typing) => serde_json::from_value(typing.clone()).expect("a typing"),
        None => Typing::default(),
    };
    let typed = engine.render_value("value", value, context, typing);
    let sources: Vec<&SourceText> = typed.sources.iter().collect();
    let diagnostics = (!typed.diagnostics.is_empty())
        .then(|| frame::render(&typed.diagnostics, &sources, Colour::Plain));
    let pretty = |value| serde_json::to_string_pretty(&value).expect("a value is JSON");
    Answer {
        output: typed.value.map(pretty),
        diagnostics,
        secrets: lines(&typed.secrets),
    }
}

fn lines(secrets: &[String]) -> Option<String> {
    (!secrets.is_empty()).then(|| secrets.join("\n"))
}

/// The functions that cases may use; `tests/oracle/host.mjs` has the same.
fn host() -> Host {
    let mut host = Host::default();
    host.filters.insert(
        "shout".into(),
        Rc::new(|arguments: &[Value]| match arguments.first() {
            Some(Value::Str(text)) => Ok(Value::text(format!("{}!", text.to_uppercase()))),
            _ => Ok(Value::Undefined),
        }),
    );
    let fail = |_: &[Value]| {
        Err(
            Failure::new("template/host-function", "`fail` failed: no luck")
                .why("the host's function threw an error"),
        )
    };
    host.filters.insert("fail".into(), Rc::new(fail));
    let pair = |arguments: &[Value]| {
        let first = arguments.first().cloned().unwrap_or_default();
        Ok(Value::array(vec![first.clone(), first]))
    };
    host.globals.push(("twice".into(), Value::function(pair)));
    host.globals.push(("fail".into(), Value::function(fail)));
    host.globals.push(("answer".into(), Value::Number(42.0)));
    host
}

fn read_cases(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).expect("case file is readable");
    let (defaults, cases) = blocks(&text);
    let defaults = header(path, defaults);
    let read = |(name, body): (String, String)| {
        let (head, template) = if body == "---" {
            ("", "")
        } else if let Some(rest) = body.strip_prefix("---\n") {
            ("", rest)
        } else {
            body.split_once("\n---\n")
                .or_else(|| body.strip_suffix("\n---").map(|head| (head, "")))
                .unwrap_or_else(|| panic!("{}: {name}: no line `---`", path.display()))
        };
        let mut all = defaults.clone();
        all.extend(header(path, head));
        let template = match all.get("template") {
            Some(Json::String(template)) => template.clone(),
            _ => template.to_owned(),
        };
        let (template, files) = split_files(&template);
        Case {
            name,
            header: all,
            template,
            files,
        }
    };
    cases.into_iter().map(read).collect()
}

/// A template, and the files behind it, each below a line `--- name`.
fn split_files(text: &str) -> (String, Vec<(String, String)>) {
    let text = format!("\n{text}");
    let mut parts = text.split("\n--- ");
    let template = parts.next().unwrap_or_default();
    let template = template.strip_prefix('\n').unwrap_or_default();
    let file = |part: &str| {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        (name.to_owned(), text.to_owned())
    };
    (template.to_owned(), parts.map(file).collect())
}

fn header(path: &Path, text: &str) -> Map<String, Json> {
    let json: String = text.lines().filter(|line| !line.starts_with('#')).collect();
    if json.trim().is_empty() {
        return Map::new();
    }
    serde_json::from_str(&json)
        .unwrap_or_else(|error| panic!("{}: {error}: {json}", path.display()))
}

/// What stands before the first `=== name`, and the named blocks.
fn blocks(text: &str) -> (&str, Vec<(String, String)>) {
    let (before, rest) = if let Some(rest) = text.strip_prefix("=== ") {
        ("", rest)
    } else {
        text.split_once("\n=== ").unwrap_or((text, ""))
    };
    let rest = rest.strip_suffix('\n').unwrap_or(rest);
    let block = |block: &str| {
        let (name, body) = block.split_once('\n').unwrap_or((block, ""));
        (name.to_owned(), body.to_owned())
    };
    (
        before,
        rest.split("\n=== ")
            .filter(|b| !b.is_empty())
            .map(block)
            .collect(),
    )
}

fn read_expected(path: &Path) -> Vec<(String, Answer)> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let (_, blocks) = blocks(&text);
    let read = |(name, body): (String, String)| {
        let body = format!("\n{body}");
        let (body, secrets) = match body.split_once("\n--- secrets\n") {
            Some((body, secrets)) => (body.to_owned(), Some(secrets.to_owned())),
            None => (body, None),
        };
        let (body, diagnostics) = match body.split_once("\n--- diagnostics\n") {
            Some((body, diagnostics)) => (body.to_owned(), Some(format!("{diagnostics}\n"))),
            None => (body, None),
        };
        let output = body.strip_prefix("\n--- output\n").map(str::to_owned);
        (
            name,
            Answer {
                output,
                diagnostics,
                secrets,
            },
        )
    };
    blocks.into_iter().map(read).collect()
}

fn show(answer: &Answer) -> String {
    let mut out = String::new();
    if let Some(output) = &answer.output {
        let _ = write!(out, "--- output\n{output}\n");
    }
    if let Some(diagnostics) = &answer.diagnostics {
        let _ = write!(out, "--- diagnostics\n{diagnostics}");
    }
    if let Some(secrets) = &answer.secrets {
        let _ = write!(out, "--- secrets\n{secrets}\n");
    }
    out
}
