//! Runs the case files of `tests/cases` through the native core. `tests/wasm` runs the same files
//! through the built WebAssembly.
//!
//! `UPDATE_EXPECT=1 cargo test` rewrites the expected outputs; read the diff before you commit it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a helper that fails is a test that fails"
)]

mod cases;

// catalogue
mod catalog;
mod catalog_graph;
mod editor;
mod explain;
mod explain_codes;
mod fix;
mod kinds;
mod merge;
mod organisation;
mod settings;
mod yaml;

// policy
mod policy;
mod policy_analysis;
mod policy_export;
mod policy_import;

// template
mod template;
mod template_lint;

// golden paths
mod cost;
mod edit;
mod environment;
mod person;

// rendered files
mod verify;
