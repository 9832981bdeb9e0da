//! Fields that refer to entities: those of the built-in kinds, and those of kinds that somebody brought.

use std::sync::Arc;

use crate::catalog::kinds::Kinds;
use crate::catalog::model::{self, KindModel, OwnRef};

/// A field of `spec` that refers to entities.
#[derive(Debug, Clone)]
pub enum RefField {
    /// Of a built-in kind, with the kind that is meant if none is written.
    BuiltIn(&'static (&'static str, Option<&'static str>)),
    /// Of another kind.
    Own(Arc<OwnRef>),
}

impl RefField {
    /// Its path below `spec`, with dots.
    pub fn path(&self) -> &str {
        match self {
            Self::BuiltIn((path, _)) => path,
            Self::Own(field) => &field.path,
        }
    }

    /// The kind that is meant if none is written.
    pub fn default_kind(&self) -> Option<&str> {
        match self {
            Self::BuiltIn((_, kind)) => *kind,
            Self::Own(field) => field.default_kind.as_deref(),
        }
    }

    /// The kinds that it takes; any if there are none. A kind that somebody brought says which one is
    /// meant, not which ones there may be.
    pub fn allowed_kinds(&self) -> Vec<&'static str> {
        match *self {
            Self::BuiltIn(("owner", _)) => vec!["Group", "User"],
            Self::BuiltIn((_, Some(kind))) => vec![kind],
            Self::BuiltIn((_, None)) | Self::Own(_) => Vec::new(),
        }
    }

    /// It as a JSON pointer below `spec`.
    pub fn pointer(&self) -> String {
        format!("/{}", self.path().replace('.', "/"))
    }
}

/// The fields of a kind. What is known of a built-in kind is more than a model of it says, so that comes
/// first.
pub fn of(
    kinds: Kinds,
    version: Option<&str>,
    kind: &str,
    spec_type: Option<&str>,
) -> Vec<RefField> {
    let built_in = model::find(kind, spec_type);
    let built_in = built_in.filter(|model| is_of_group(model, version));
    let built_in = built_in.map_or(&[][..], |model| model.refs);
    let own = kinds.find(kind, version, spec_type);
    let own = own.filter(|model| is_of_group(model, version));
    let own = own.map_or(&[][..], |model| &model.own_refs);
    let is_new = |field: &&Arc<OwnRef>| built_in.iter().all(|known| known.0 != field.path);
    let own = own.iter().filter(is_new).cloned().map(RefField::Own);
    built_in.iter().map(RefField::BuiltIn).chain(own).collect()
}

/// Whether a kind is not one of somebody else who uses the same name.
fn is_of_group(model: &KindModel, version: Option<&str>) -> bool {
    let group = |version: &str| version.rsplit_once('/').map(|(group, _)| group.to_owned());
    version.is_some_and(|version| {
        let own = group(version);
        model.api_versions.iter().any(|known| group(known) == own)
    })
}
