//! Reading case files and comparing with the expected output beside them.

use std::fs;
use std::path::{Path, PathBuf};

use goldenpath::SourceText;

/// The files below `tests/cases/<area>` whose name ends with `suffix`, sorted. Fails on none, so that
/// a renamed folder cannot turn a suite into nothing.
pub fn inputs(area: &str, suffix: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(area);
    let mut found = Vec::new();
    collect(&root, suffix, &mut found);
    assert!(
        !found.is_empty(),
        "no case `*{suffix}` below {}",
        root.display()
    );
    found.sort();
    found
}

/// Compares with the expected file, all at the end: collect the failures of a whole area first.
pub fn compare(expected: &Path, actual: &str, failures: &mut Vec<String>) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let written = fs::write(expected, actual);
        assert!(written.is_ok(), "{}: {written:?}", expected.display());
        return;
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    if wanted != actual {
        failures.push(format!(
            "{}\n--- expected\n{wanted}\n--- actual\n{actual}",
            expected.display()
        ));
    }
}

/// A file of a case, if the case has it.
pub fn read(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(name)).ok()
}

/// The YAML files of a case, sorted by name; none of a folder that is not there.
pub fn yaml_sources(folder: &Path) -> Vec<SourceText> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "yaml"))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
        .iter()
        .filter_map(|name| Some(SourceText::new(name, read(folder, name)?)))
        .collect()
}

fn collect(folder: &Path, suffix: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, suffix, found);
        } else if path.to_string_lossy().ends_with(suffix) {
            found.push(path);
        }
    }
}
