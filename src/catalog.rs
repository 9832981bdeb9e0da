//! The catalogue engine: descriptor files in, entities and everything that is wrong with them out.
//!
//! What is an error here is what Backstage refuses (catalog-model 1.10.1); what Backstage accepts but
//! ignores is a warning. Backstage stops at the first problem; this reports all of them, each where it
//! is written.

pub mod annotations;
pub(crate) mod codes;
mod definition;
mod editor;
mod entity;
mod example;
mod findings;
pub mod graph;
mod ignore;
#[cfg(target_arch = "wasm32")]
pub(crate) mod js;
pub mod kinds;
mod mend;
mod model;
mod options;
pub mod organisation;
mod outline;
mod placeholder;
pub(crate) mod pointer;
mod reference;
mod repair;
mod repository;
mod resolve;
mod rewrite;
mod rules;
pub(crate) mod schema;
pub mod settle;
mod syntax;
mod url;
pub(crate) mod weight;

pub use editor::schema as editor_schema;
pub use entity::{CheckedDocument, Report, check, check_each, check_in};
pub use ignore::{Ignore, Ignored};
pub use mend::{Mended, mend};
pub use model::reference_fields;
pub use options::{CatalogOptions, GovernedTemplates, OnNeedsApproval, Plugins};
pub use reference::{EntityRef, RefError, parse_ref};
pub use repository::{File, Files, Repository, Unread};
pub use rules::{RULES, Rule};
pub use weight::{Weight, Weights};
