//! Files of the repository, each read once, and all within one budget.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::repository::{Repository, Unread};
use crate::limits::Limits;
use crate::source::SourceText;

/// Texts of this many times the limit of one source may be put into the documents of one file.
const BUDGET: usize = 8;

/// Reads for the placeholders of one descriptor.
pub struct Reader<'r> {
    /// Where it reads.
    pub repository: Repository<'r>,
    /// Bounds on each file.
    pub limits: Limits,
    files: BTreeMap<String, Result<Loaded, Refusal>>,
    left: usize,
}

/// A file's text.
#[derive(Clone)]
pub struct Loaded {
    /// Without a byte order mark.
    pub source: Rc<SourceText>,
    /// Whether there was one.
    pub has_mark: bool,
    /// Whether it is UTF-8; else what is not was replaced, as Backstage does.
    pub is_utf_8: bool,
}

/// Why there is no text.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The host has none.
    Unread(Unread),
    /// It is too large.
    TooLarge(usize),
}

impl<'r> Reader<'r> {
    /// Has read nothing.
    pub fn new(repository: Repository<'r>, limits: &Limits) -> Self {
        Self {
            repository,
            limits: limits.clone(),
            files: BTreeMap::new(),
            left: limits.source_bytes.saturating_mul(BUDGET),
        }
    }

    /// The file at a path from the root of the repository.
    pub fn load(&mut self, path: &str) -> Result<Loaded, Refusal> {
        let loaded = if let Some(known) = self.files.get(path) {
            known.clone()
        } else {
            let loaded = self.open(path);
            self.files.insert(path.to_owned(), loaded.clone());
            loaded
        }?;
        // A file that is put in place a thousand times takes a thousand times its size.
        match self.left.checked_sub(loaded.source.text().len()) {
            Some(left) => self.left = left,
            None => return Err(Refusal::TooLarge(self.limits.source_bytes * BUDGET)),
        }
        Ok(loaded)
    }

    fn open(&self, path: &str) -> Result<Loaded, Refusal> {
        let file = self.repository.files.read(path).map_err(Refusal::Unread)?;
        if file.content.len() > self.limits.source_bytes {
            return Err(Refusal::TooLarge(self.limits.source_bytes));
        }
        let bytes = file.content.strip_prefix(b"\xEF\xBB\xBF");
        let has_mark = bytes.is_some();
        let text = String::from_utf8_lossy(bytes.unwrap_or(&file.content));
        Ok(Loaded {
            has_mark,
            is_utf_8: matches!(text, std::borrow::Cow::Borrowed(_)),
            source: Rc::new(SourceText::new(&file.name, text)),
        })
    }
}
