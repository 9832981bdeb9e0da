//! Secrets: which texts came from a secret value, whatever was done to them.
//!
//! A text counts as secret if it stands at a secret path of the context, or if a filter, a method, a
//! function, `+`, `~`, an index, a slice, a loop over its letters, a macro or a block made it out of one.
//! What is only decided by a secret (`"a" if secrets.x else "b"`) is none, nor are numbers and truth
//! values computed from it, nor the keys of objects, nor a single letter.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::{Machine, Outcome};
use crate::diagnostic::Diagnostic;
use crate::template::value::{Record, Value};

/// The secret texts of one rendering.
#[derive(Default)]
pub(super) struct Taint {
    /// Whether there is any secret; else nothing is looked at.
    active: bool,
    /// By address, which tells a secret from a text that happens to be equal. Keeps them alive, so that
    /// no address is used twice.
    marked: HashMap<usize, Rc<str>, FixedState>,
    /// Those that were written or that something was made of.
    used: HashMap<usize, Rc<str>, FixedState>,
    /// The output since the last capture began has a secret.
    written: bool,
}

/// Deeper values are not searched.
const MAX_DEPTH: usize = 64;

impl Taint {
    /// The texts at paths of the context, names joined by dots.
    pub(super) fn new(context: &Record, paths: &[String]) -> Self {
        let mut taint = Self::default();
        for path in paths {
            let mut value = Value::Record(context.clone());
            for name in path.split('.') {
                value = match &value {
                    Value::Record(record) => record.get(name).unwrap_or_default(),
                    _ => Value::Undefined,
                };
            }
            texts(&value, 0, &mut |text| {
                if !text.is_empty() {
                    taint.marked.insert(address(text), Rc::clone(text));
                }
            });
        }
        taint.active = !taint.marked.is_empty();
        taint
    }

    /// The secret texts that were used, the longest first, so that none is masked in part.
    pub(super) fn used(&self) -> Vec<String> {
        sorted(self.used.values())
    }

    /// All secret texts.
    pub(super) fn all(&self) -> Vec<String> {
        sorted(self.marked.values())
    }

    fn finds(&self, value: &Value, found: &mut Vec<Rc<str>>) {
        texts(value, 0, &mut |text| {
            if self.marked.contains_key(&address(text)) {
                found.push(Rc::clone(text));
            }
        });
    }

    fn uses(&mut self, value: &Value) -> bool {
        let mut found = Vec::new();
        self.finds(value, &mut found);
        let any = !found.is_empty();
        let found = found.into_iter().map(|text| (address(&text), text));
        self.used.extend(found);
        any
    }

    fn mark(&mut self, text: &str) -> Rc<str> {
        // a copy: the text may be shared with what is no secret, such as a literal
        let text: Rc<str> = text.into();
        if !text.is_empty() {
            self.marked.insert(address(&text), Rc::clone(&text));
        }
        text
    }
}

impl Machine<'_> {
    /// `result` was made out of `from`.
    pub(super) fn derive<'v>(
        &mut self,
        result: Value,
        from: impl IntoIterator<Item = &'v Value> + Clone,
    ) -> Value {
        if !self.taint.active {
            return result;
        }
        let mut secret = false;
        for value in from.clone() {
            secret |= self.taint.uses(value);
        }
        if !secret {
            return result;
        }
        let mut known = Vec::new();
        for value in from {
            texts(value, 0, &mut |text| known.push(address(text)));
        }
        self.mark(result, &known, 0)
    }

    /// The letters of a text are as secret as the text.
    pub(super) fn derive_each(&mut self, results: Vec<Value>, from: &Value) -> Vec<Value> {
        if !self.taint.active {
            return results;
        }
        let each = results.into_iter();
        each.map(|result| self.derive(result, [from])).collect()
    }

    /// A value is written to the output.
    pub(super) fn note_written(&mut self, value: &Value) {
        if self.taint.active && self.taint.uses(value) {
            self.taint.written = true;
        }
    }

    /// Runs something; what it writes is the result.
    pub(super) fn captured(
        &mut self,
        run: impl FnOnce(&mut Self) -> Outcome<()>,
    ) -> Outcome<Rc<str>> {
        let out = std::mem::take(&mut self.out);
        let inner = self.origins.is_some().then(Vec::new);
        let trace = std::mem::replace(&mut self.trace, inner);
        let written = std::mem::take(&mut self.taint.written);
        let result = run(self);
        let pieces = std::mem::replace(&mut self.trace, trace);
        let captured = std::mem::replace(&mut self.out, out);
        let is_secret = std::mem::replace(&mut self.taint.written, written);
        result?;
        let text = if is_secret {
            self.taint.mark(&captured)
        } else {
            captured.into()
        };
        self.note_capture(&text, pieces);
        Ok(text)
    }

    /// Marks what is new in a result; what it has from `known` texts is as it was.
    fn mark(&mut self, value: Value, known: &[usize], depth: usize) -> Value {
        let is_known = |text: &Rc<str>| known.contains(&address(text));
        match value {
            Value::Str(text) if !is_known(&text) => Value::Str(self.taint.mark(&text)),
            Value::Safe(text) if !is_known(&text) => Value::Safe(self.taint.mark(&text)),
            Value::Array(array) if depth < MAX_DEPTH && !array.prepared().get() => {
                let items = array.to_vec().into_iter();
                let items = items.map(|item| self.mark(item, known, depth + 1));
                let items = items.collect();
                drop(array.replace(items));
                Value::Array(array)
            }
            Value::Record(record) if depth < MAX_DEPTH && !record.prepared().get() => {
                for (key, field) in record.entries() {
                    let field = self.mark(field, known, depth + 1);
                    record.set(key, field);
                }
                Value::Record(record)
            }
            other => other,
        }
    }
}

/// Replaces secret texts in what a diagnostic says.
pub(crate) fn mask(diagnostic: &mut Diagnostic, secrets: &[String]) {
    let rest = [&mut diagnostic.why, &mut diagnostic.help];
    let texts = rest.into_iter().flatten();
    for text in texts.chain([&mut diagnostic.message]) {
        for secret in secrets {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), MASK);
            }
        }
    }
}

const MASK: &str = "***";

fn texts(value: &Value, depth: usize, found: &mut dyn FnMut(&Rc<str>)) {
    match value {
        Value::Str(text) | Value::Safe(text) => found(text),
        Value::Array(array) if depth < MAX_DEPTH => {
            for item in array.to_vec() {
                texts(&item, depth + 1, found);
            }
        }
        Value::Record(record) if depth < MAX_DEPTH => {
            for (_, field) in record.entries() {
                texts(&field, depth + 1, found);
            }
        }
        _ => {}
    }
}

fn address(text: &Rc<str>) -> usize {
    Rc::as_ptr(text).cast::<u8>().addr()
}

fn sorted<'a>(texts: impl Iterator<Item = &'a Rc<str>>) -> Vec<String> {
    // one letter says nothing and stands everywhere
    let texts = texts.filter(|text| text.chars().nth(1).is_some());
    let mut texts: Vec<String> = texts.map(ToString::to_string).collect();
    texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    texts.dedup();
    texts
}
