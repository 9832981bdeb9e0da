//! The difference of two texts as `diff -u` shows it.

use std::fmt::Write as _;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// A unified diff, which `patch -p1` and `git apply` take; empty if the texts are equal.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let [old, new] = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut out = String::new();
    for hunk in group_diff_ops(ops, CONTEXT) {
        if hunk.iter().all(|op| op.tag() == DiffTag::Equal) {
            continue;
        }
        if out.is_empty() {
            let _ = writeln!(out, "--- a/{name}\n+++ b/{name}");
        }
        let _ = writeln!(
            out,
            "@@ -{} +{} @@",
            range(&hunk, DiffOp::old_range),
            range(&hunk, DiffOp::new_range)
        );
        for op in &hunk {
            let removed = old.get(op.old_range()).unwrap_or_default();
            let added = new.get(op.new_range()).unwrap_or_default();
            if op.tag() == DiffTag::Equal {
                lines(&mut out, ' ', removed);
            } else {
                lines(&mut out, '-', removed);
                lines(&mut out, '+', added);
            }
        }
    }
    out
}

/// `first,count` of a hunk on one side.
fn range(hunk: &[DiffOp], side: fn(&DiffOp) -> std::ops::Range<usize>) -> String {
    let start = hunk.first().map_or(0, |op| side(op).start);
    let end = hunk.last().map_or(0, |op| side(op).end);
    // An empty side is named by the line before it.
    let first = if start == end { start } else { start + 1 };
    format!("{first},{}", end - start)
}

fn lines(out: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn changes_are_shown_with_the_lines_around_them() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
        assert_eq!(unified("a", before, before), "");
        assert_eq!(
            unified("a", before, after),
            "--- a/a\n+++ b/a\n@@ -2,8 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n-9\n\\ No newline at end of file\n+9\n"
        );
    }
}
