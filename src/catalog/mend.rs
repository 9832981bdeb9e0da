//! A descriptor with its fixes applied, as long as that makes it better.

use super::entity::Report;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix;
use crate::source::SourceText;

/// Fixes may make way for further ones, but not without end.
const ROUNDS: usize = 10;

/// Fixes tried one by one, if all at once are no progress.
const TRIES: usize = 50;

/// A descriptor that was fixed.
#[derive(Debug)]
pub struct Mended {
    /// Its text.
    pub text: String,
    /// The problems that were fixed, each in the text of its round.
    pub fixed: Vec<Diagnostic>,
}

/// Applies the fixes of a text in rounds; nothing if the result would not have fewer problems.
pub fn mend(source: &SourceText, check: impl Fn(&SourceText) -> Report) -> Option<Mended> {
    let name = source.name();
    let first = problems(check(source));
    let count = Count::of(&first);
    let mut mended = Mended {
        text: source.text().to_owned(),
        fixed: Vec::new(),
    };
    let mut left = first.clone();
    for _ in 0..ROUNDS {
        let (text, fixed) = round(name, &mended.text, &left);
        if fixed.is_empty() || text == mended.text {
            break;
        }
        mended.text = text;
        mended.fixed.extend(fixed);
        left = problems(check(&SourceText::new(name, &*mended.text)));
    }
    if Count::of(&left).is_better_than(count) {
        return Some(mended);
    }
    one_by_one(source, &first, count, check)
}

fn round(name: &str, text: &str, found: &[Diagnostic]) -> (String, Vec<Diagnostic>) {
    let (text, applied) = fix::apply(text, found.iter().filter_map(|one| own_fix(name, one)));
    let is_applied = |one: &&Diagnostic| {
        own_fix(name, one).is_some_and(|fix| applied.iter().any(|other| std::ptr::eq(*other, fix)))
    };
    let fixed = found.iter().filter(is_applied).cloned().collect();
    (text, fixed)
}

/// Keeps those fixes of the first round that are progress by themselves.
fn one_by_one(
    source: &SourceText,
    first: &[Diagnostic],
    mut count: Count,
    check: impl Fn(&SourceText) -> Report,
) -> Option<Mended> {
    let name = source.name();
    let fixable = first.iter().filter(|one| own_fix(name, one).is_some());
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut text = None;
    for one in fixable.take(TRIES) {
        let mut tried = kept.clone();
        tried.push(one.clone());
        let (candidate, fixed) = round(name, source.text(), &tried);
        let then = Count::of(&problems(check(&SourceText::new(name, &*candidate))));
        if fixed.len() == tried.len() && then.is_better_than(count) {
            (count, kept, text) = (then, tried, Some(candidate));
        }
    }
    text.map(|text| Mended { text, fixed: kept })
}

/// A fix of this text, not of a file that it reads.
fn own_fix<'d>(name: &str, diagnostic: &'d Diagnostic) -> Option<&'d Fix> {
    let fix = diagnostic.fix.as_ref();
    fix.filter(|fix| &*fix.at.file == name)
}

fn problems(report: Report) -> Vec<Diagnostic> {
    let of_documents = report.documents.into_iter().flat_map(|d| d.diagnostics);
    report.diagnostics.into_iter().chain(of_documents).collect()
}

#[derive(Debug, Clone, Copy)]
struct Count {
    errors: usize,
    all: usize,
}

impl Count {
    fn of(found: &[Diagnostic]) -> Self {
        Self {
            errors: found.iter().filter(|one| one.is_error()).count(),
            all: found.len(),
        }
    }

    fn is_better_than(self, other: Self) -> bool {
        self.all < other.all && self.errors <= other.errors
    }
}
