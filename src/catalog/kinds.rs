//! The kinds that a check knows: those that Backstage has built in, and those that somebody brought, as
//! JSON Schemas or as the compiled model of a Backstage.

mod definition;
mod file;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

pub use definition::{KindDefinition, RelationField};
pub use file::{CODES, KindsReading, read};

use super::model::{self, KindModel};
use crate::suggest;

/// Kinds that somebody brought, compiled.
#[derive(Debug, Clone, Default)]
pub struct OwnKinds(Arc<Vec<KindModel>>);

impl OwnKinds {
    /// Compiles definitions; else what is wrong with the first bad one.
    pub fn compile(definitions: Vec<KindDefinition>) -> Result<Self, String> {
        let models: Result<Vec<_>, _> = definitions
            .into_iter()
            .map(KindDefinition::compile)
            .collect();
        Ok(Self(Arc::new(models?)))
    }
}

/// How many lists are remembered: a program has one or two.
const REMEMBERED: usize = 4;

thread_local! {
    /// A program checks many files with the same kinds, and compiling them takes longer than a check.
    static COMPILED: RefCell<Vec<(Box<str>, OwnKinds)>> = const { RefCell::new(Vec::new()) };
}

impl<'de> Deserialize<'de> for OwnKinds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let known = COMPILED.with_borrow(|all| {
            let mut all = all.iter();
            let found = all.find(|(known, _)| **known == *text.get());
            found.map(|(_, kinds)| kinds.clone())
        });
        if let Some(kinds) = known {
            return Ok(kinds);
        }
        let definitions = serde_json::from_str(text.get()).map_err(D::Error::custom)?;
        let kinds = Self::compile(definitions).map_err(D::Error::custom)?;
        COMPILED.with_borrow_mut(|all| {
            if all.len() >= REMEMBERED {
                all.remove(0);
            }
            all.push((text.get().into(), kinds.clone()));
        });
        Ok(kinds)
    }
}

/// All kinds of a check.
#[derive(Debug, Clone, Copy)]
pub struct Kinds<'o> {
    /// Those that are added.
    pub own: &'o OwnKinds,
    /// The model of a Backstage, which stands for the built-in kinds.
    pub model: Option<&'o OwnKinds>,
}

impl<'o> Kinds<'o> {
    /// The kind of that name, in the shape for that version and `spec.type`. If there is no such
    /// version or type, one that is near.
    pub fn find(
        self,
        kind: &str,
        version: Option<&str>,
        spec_type: Option<&str>,
    ) -> Option<&'o KindModel> {
        if self.own.0.is_empty() && self.model.is_none() {
            return model::find(kind, spec_type);
        }
        let of_kind = || self.all().filter(|model| model.kind == kind);
        let version = version.filter(|version| of_kind().any(|model| model.has_version(version)));
        let fit = || {
            let has_version =
                |model: &KindModel| version.is_none_or(|version| model.has_version(version));
            of_kind().filter(move |model| has_version(model))
        };
        let is_of_type = |model: &&KindModel| {
            model.spec_type.is_some() && model.spec_type.as_deref() == spec_type
        };
        fit()
            .find(is_of_type)
            .or_else(|| fit().find(|model| model.spec_type.is_none()))
            .or_else(|| fit().next())
    }

    /// The kind whose name is nearest.
    pub fn nearest(self, kind: &str) -> Option<&'o str> {
        suggest::nearest(kind, self.names())
    }

    /// The names of all kinds, sorted.
    pub fn names(self) -> BTreeSet<&'o str> {
        self.all().map(|model| &*model.kind).collect()
    }

    /// The versions of a kind.
    pub fn versions(self, kind: &str) -> Vec<&'o str> {
        let mut versions = Vec::new();
        for model in self.all().filter(|model| model.kind == kind) {
            for version in model.api_versions.iter() {
                if !versions.contains(&&**version) {
                    versions.push(version);
                }
            }
        }
        versions
    }

    /// The `spec.type`s of a kind that have a shape of their own.
    pub fn spec_types(self, kind: &str) -> BTreeSet<&'o str> {
        let of_kind = self.all().filter(|model| model.kind == kind);
        of_kind
            .filter_map(|model| model.spec_type.as_deref())
            .collect()
    }

    /// All of them, and those of their types that have their own shape.
    pub fn all(self) -> impl Iterator<Item = &'o KindModel> {
        let of_model = self.model.map_or(&[][..], |model| &model.0);
        // The scaffolder brings its kind with it, beside any model.
        let has_template = of_model.iter().any(|model| model.kind == "Template");
        let is_there = move |known: &&KindModel| match self.model {
            Some(_) => known.kind == "Template" && !has_template,
            None => true,
        };
        let built_in = model::built_in().iter().filter(is_there);
        self.own.0.iter().chain(of_model).chain(built_in)
    }
}
