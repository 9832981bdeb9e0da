//! The templates parsed so far: texts that were rendered, and files that they asked for by name.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::ast::Template;
use super::engine::Environment;
use super::escape::Roots;
use super::failure::Failure;
use super::lexer::Token;
use super::parser::{self, Grammar};
use crate::source::SourceText;

/// What the host gives for a file's name, relative to the skeleton and without `..`.
pub type Loader = dyn Fn(&str) -> Result<Option<Vec<u8>>, Failure>;

/// Keeps parsed templates.
#[derive(Default)]
pub(crate) struct Store {
    /// By the hash of the text.
    texts: RefCell<HashMap<u64, Rc<Template>, FixedState>>,
    /// The hashes of texts that were rendered once. Most of a skeleton's are never rendered again, so a
    /// text is kept from the second time on.
    seen: RefCell<Vec<u64>>,
    /// The name of the last text.
    name: RefCell<Arc<str>>,
    /// Room for tokens.
    room: Cell<Vec<Token>>,
    /// What the texts in `texts` weigh, in bytes of text.
    kept: Cell<usize>,
    /// By path, and as what expressions of GitHub's in them are read.
    files: RefCell<HashMap<(String, Roots), Rc<Template>>>,
}

/// Parsed texts are dropped when their sum passes this.
const MAX_KEPT: usize = 16 << 20;

/// A text weighs so much more than its bytes: the smallest template takes a kilobyte, a large one some
/// sixteen times its text.
const WEIGHT: usize = 64;

/// As many hashes are remembered at most, each where its first twelve bits say; a later one takes the place.
const MAX_SEEN: usize = 1 << 12;

impl Store {
    /// The parsed text, from the store if it is there under the same name. An expression of GitHub's begins
    /// with one of the roots.
    pub(crate) fn text(
        &self,
        name: &str,
        text: &str,
        environment: &Environment,
        roots: Roots,
    ) -> Rc<Template> {
        let hash = FixedState::default().hash_one(text);
        if let Some(known) = self.texts.borrow().get(&hash)
            && known.source.text() == text
            && **known.source.name() == *name
            && known.roots == roots
        {
            return Rc::clone(known);
        }
        let source = SourceText::shared(self.name(name), text);
        let template = self.parse(source, environment, roots);
        if !self.has_seen(hash) {
            return template;
        }
        let weight = text.len() + WEIGHT;
        let kept = self.kept.get() + weight;
        let mut texts = self.texts.borrow_mut();
        if kept > MAX_KEPT {
            texts.clear();
            self.kept.set(weight);
        } else {
            self.kept.set(kept);
        }
        texts.insert(hash, Rc::clone(&template));
        template
    }

    fn parse(&self, source: SourceText, environment: &Environment, roots: Roots) -> Rc<Template> {
        let filters = |name: &str| environment.filters.contains_key(name);
        let grammar = Grammar {
            syntax: &environment.syntax,
            roots,
            limits: &environment.limits,
            strict: environment.strict,
            filters: &filters,
            filter_names: &environment.filter_names,
            room: &self.room,
        };
        let template = Rc::new(parser::parse(Rc::new(source), &grammar));
        if let Some(answers) = &environment.answers {
            answers.read.borrow_mut().push(Rc::clone(&template));
        }
        template
    }

    /// The name that a source keeps; often it is that of the last one.
    fn name(&self, name: &str) -> Arc<str> {
        let mut last = self.name.borrow_mut();
        if **last != *name {
            *last = name.into();
        }
        Arc::clone(&last)
    }

    /// Whether this hash was asked for before.
    fn has_seen(&self, hash: u64) -> bool {
        let mut seen = self.seen.borrow_mut();
        if seen.is_empty() {
            seen.resize(MAX_SEEN, 0);
        }
        let place = usize::try_from(hash >> 52).unwrap_or_default();
        let seen = seen.get_mut(place);
        seen.is_some_and(|seen| std::mem::replace(seen, hash) == hash)
    }
}

/// The templates that a rendering may ask for.
pub(crate) struct Templates<'a> {
    pub environment: &'a Environment,
    pub store: &'a Store,
    /// As of the file that is rendered: what it includes is part of the same workflow.
    pub roots: Roots,
}

impl Templates<'_> {
    /// The file called `name` in the file `from`. The inner failure says that there is none, the outer
    /// one that it could not be read.
    pub(crate) fn load(
        &self,
        from: &str,
        name: &str,
    ) -> Result<Result<Rc<Template>, Failure>, Failure> {
        let Some(path) = resolve(from, name) else {
            return Ok(Err(missing(name)
                .why("the name leads out of the skeleton")
                .help("a template may ask for files of its own skeleton only")));
        };
        let key = (path, self.roots);
        if let Some(known) = self.store.files.borrow().get(&key) {
            return Ok(Ok(Rc::clone(known)));
        }
        let path = &key.0;
        let Some(loader) = &self.environment.loader else {
            return Ok(Err(
                missing(name).why("this renderer has no templates to load")
            ));
        };
        // no borrow is held here: the host may render within its function
        let Some(bytes) = loader(path)? else {
            return Ok(Err(
                missing(name).why(format!("the skeleton has no file `{path}`"))
            ));
        };
        let source = match SourceText::from_bytes(path, &bytes, &self.environment.limits) {
            Ok(source) => source,
            Err(diagnostic) => return Err(Failure::found(vec![*diagnostic])),
        };
        let roots = self.roots.without(source.text(), &self.environment.syntax);
        let template = self.store.parse(source, self.environment, roots);
        let mut files = self.store.files.borrow_mut();
        files.insert(key, Rc::clone(&template));
        Ok(Ok(template))
    }
}

fn missing(name: &str) -> Failure {
    Failure::new(
        "template/not-found",
        format!("there is no template `{name}`"),
    )
}

/// `./` and `../` count from the file that asks, everything else from the skeleton; none if it leads out.
fn resolve(from: &str, name: &str) -> Option<String> {
    let relative = name.starts_with("./") || name.starts_with("../");
    if name.starts_with('/') || name.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    if relative {
        parts.extend(from.split('/').filter(|part| !matches!(*part, "" | ".")));
        parts.pop();
    }
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
