//! Merging lines: the stretches between what all three have in common, as `diff3` does.

use similar::{Algorithm, DiffOp};

use super::Conflict;

/// A stretch of the merged text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hunk {
    /// Decided.
    Text(String),
    /// Changed by both; whole lines each.
    Conflict {
        base: String,
        ours: String,
        theirs: String,
    },
}

/// Merges by lines.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Vec<Hunk> {
    let [base, ours, theirs] =
        [base, ours, theirs].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let in_ours = matches(&base, &ours);
    let in_theirs = matches(&base, &theirs);
    let mut hunks = Hunks::default();
    let (mut b, mut o, mut t) = (0, 0, 0);
    loop {
        let common = (b..base.len()).find_map(|line| {
            let (ours, theirs) = (at(&in_ours, line)?, at(&in_theirs, line)?);
            Some((line, ours, theirs))
        });
        let (next_b, next_o, next_t) = common.unwrap_or((base.len(), ours.len(), theirs.len()));
        hunks.changed(
            slice(&base, b, next_b),
            slice(&ours, o, next_o),
            slice(&theirs, t, next_t),
        );
        if common.is_none() {
            return hunks.0;
        }
        hunks.decided(slice(&base, next_b, next_b + 1));
        (b, o, t) = (next_b + 1, next_o + 1, next_t + 1);
    }
}

/// Whether there is no conflict.
pub(super) fn is_clean(hunks: &[Hunk]) -> bool {
    hunks.iter().all(|hunk| matches!(hunk, Hunk::Text(_)))
}

/// The merged text; ours where there is a conflict, or all three between markers.
pub(super) fn text(hunks: &[Hunk], markers: bool) -> String {
    hunks.iter().map(|hunk| hunk.text(markers)).collect()
}

/// The conflicts with their lines in the text.
pub(super) fn conflicts(hunks: &[Hunk], markers: bool) -> Vec<Conflict> {
    let mut line = 1;
    let mut found = Vec::new();
    for hunk in hunks {
        if let Hunk::Conflict { ours, theirs, .. } = hunk {
            let message = if ours.is_empty() {
                "deleted here, changed by the template"
            } else if theirs.is_empty() {
                "changed here, deleted by the template"
            } else {
                "changed here and by the template"
            };
            found.push(Conflict {
                message: message.to_owned(),
                line: Some(line),
            });
        }
        line += hunk.text(markers).matches('\n').count();
    }
    found
}

impl Hunk {
    fn text(&self, markers: bool) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Conflict { ours, .. } if !markers => ours.clone(),
            Self::Conflict { base, ours, theirs } => {
                let newline = if ours.contains("\r\n") { "\r\n" } else { "\n" };
                let mut out = String::new();
                for (marker, lines) in [
                    ("<<<<<<< repository", ours.as_str()),
                    ("||||||| old template", base),
                    ("=======", theirs),
                    (">>>>>>> new template", ""),
                ] {
                    out.push_str(marker);
                    out.push_str(newline);
                    out.push_str(lines);
                    if !lines.is_empty() && !lines.ends_with('\n') {
                        out.push_str(newline);
                    }
                }
                out
            }
        }
    }
}

#[derive(Default)]
struct Hunks(Vec<Hunk>);

impl Hunks {
    fn decided(&mut self, lines: &[&str]) {
        let text = lines.concat();
        if let Some(Hunk::Text(last)) = self.0.last_mut() {
            last.push_str(&text);
        } else if !text.is_empty() {
            self.0.push(Hunk::Text(text));
        }
    }

    fn changed(&mut self, base: &[&str], ours: &[&str], theirs: &[&str]) {
        if ours == theirs || theirs == base {
            return self.decided(ours);
        }
        if ours == base {
            return self.decided(theirs);
        }
        // what both did alike at the edges is no conflict
        let alike = |(one, other): &(&&str, &&str)| one == other;
        let head = ours.iter().zip(theirs).take_while(alike).count();
        let (start, ours) = ours.split_at(head);
        let (_, theirs) = theirs.split_at(head);
        let pairs = ours.iter().rev().zip(theirs.iter().rev());
        let tail = pairs.take_while(alike).count();
        let (ours, end) = ours.split_at(ours.len() - tail);
        let (theirs, _) = theirs.split_at(theirs.len() - tail);
        self.decided(start);
        self.0.push(Hunk::Conflict {
            base: base.concat(),
            ours: ours.concat(),
            theirs: theirs.concat(),
        });
        self.decided(end);
    }
}

/// For each line of `from` its index in `to`, if it is there still.
fn matches(from: &[&str], to: &[&str]) -> Vec<Option<usize>> {
    let mut found = vec![None; from.len()];
    for op in similar::capture_diff_slices(Algorithm::Histogram, from, to) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = op
        {
            let slots = found.iter_mut().skip(old_index).take(len);
            for (slot, index) in slots.zip(new_index..) {
                *slot = Some(index);
            }
        }
    }
    found
}

fn at(found: &[Option<usize>], line: usize) -> Option<usize> {
    found.get(line).copied().flatten()
}

fn slice<'l, 't>(lines: &'l [&'t str], start: usize, end: usize) -> &'l [&'t str] {
    lines.get(start..end).unwrap_or_default()
}
