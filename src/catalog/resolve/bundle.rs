//! `$openapi` and `$asyncapi`: Backstage puts all files that the definition refers to together, and
//! refuses the entity if one cannot be read or lacks what is referred to.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::definition::{Reference, references};
use super::super::repository::Target;
use super::Need;
use super::reader::Reader;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, SourceText};
use crate::yaml::{self, Stream};

/// More problems of one bundle are not worth reading.
const ENOUGH: usize = 20;

/// Follows the references from file to file.
pub(super) fn check(
    need: &Need,
    path: &str,
    source: &Rc<SourceText>,
    reader: &mut Reader<'_>,
) -> Vec<Diagnostic> {
    let mut bundle = Bundle {
        need,
        reader,
        found: Vec::new(),
        known: BTreeSet::from([path.to_owned()]),
    };
    let mut left = vec![(path.to_owned(), Rc::clone(source))];
    while let Some((path, source)) = left.pop() {
        if bundle.found.len() >= ENOUGH {
            break;
        }
        let more = bundle.file(&path, &source);
        left.extend(more);
    }
    bundle.found
}

struct Bundle<'b, 'r> {
    need: &'b Need,
    reader: &'b mut Reader<'r>,
    found: Vec<Diagnostic>,
    /// Files that were read, or will be.
    known: BTreeSet<String>,
}

impl Bundle<'_, '_> {
    /// The files that a file refers to and that were not met before.
    fn file(&mut self, path: &str, source: &Rc<SourceText>) -> Vec<(String, Rc<SourceText>)> {
        let limits = self.reader.limits.clone();
        let stream = yaml::parse(source, &limits);
        let Some(document) = stream.documents.first() else {
            return Vec::new();
        };
        let mut more = Vec::new();
        for reference in references(document.root()) {
            let at = source.place(reference.entry.span());
            if reference.file.is_empty() {
                if !leads(&stream, &reference) {
                    self.say(&reference, "leads to nothing in its file", at);
                }
                continue;
            }
            let target = match self.reader.repository.target(reference.file, path) {
                Target::File(target) => target,
                Target::Outside => {
                    self.say(&reference, "leads out of the repository", at);
                    continue;
                }
                // Read over the network, where it may be.
                Target::OtherRepository | Target::Address => continue,
            };
            let Ok(loaded) = self.reader.load(&target) else {
                self.say(&reference, "is no file that can be read", at);
                continue;
            };
            if !leads(&yaml::parse(&loaded.source, &limits), &reference) {
                self.say(&reference, "leads to nothing in that file", at);
            }
            if self.known.insert(target.clone()) {
                more.push((target, loaded.source));
            }
        }
        more
    }

    fn say(&mut self, reference: &Reference, what: &str, at: Place) {
        if self.found.len() >= ENOUGH {
            return;
        }
        let message = format!("`{}` {what}", reference.text);
        let problem = Diagnostic::error("catalog/missing-ref", self.need.at.clone(), message)
            .why(format!(
                "`{}` puts the files of a definition together, and Backstage refuses the entity if one is missing",
                self.need.name
            ))
            .help("correct the path, which begins at the file that it stands in")
            .pointer(&self.need.pointer)
            .related("it is written here", at);
        self.found.push(problem);
    }
}

/// Whether what is behind `#` is there. A file that cannot be read is for others to report.
fn leads(stream: &Stream, reference: &Reference) -> bool {
    let pointer = &reference.pointer;
    if !pointer.starts_with('/') {
        return true;
    }
    let document = stream.documents.first();
    document.is_none_or(|document| document.root().at(pointer).is_some())
}
