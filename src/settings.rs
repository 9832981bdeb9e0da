//! `goldenpath.yaml`: what an organisation decides for all its repositories, for programs that have no
//! Backstage to ask.

mod organisation;
mod plugins;
mod weights;

use std::sync::LazyLock;

use crate::catalog::schema::Schema;
use crate::diagnostic::{self, Diagnostic};
use crate::form::{self, Codes};
use crate::limits::Limits;
use crate::source::SourceText;
use crate::yaml::{self, Node};

static SCHEMA: LazyLock<Option<Schema>> =
    LazyLock::new(|| Schema::compile(include_str!("settings/schema.json")));

const CODES: Codes = Codes {
    wrong_type: "settings/wrong-type",
    wrong_value: "settings/wrong-value",
    missing_key: "settings/missing-key",
    unknown_key: "settings/unknown-key",
};

/// The settings in a file, or all that is wrong with it.
#[derive(Debug)]
pub struct Reading {
    /// Problems, in order of position.
    pub diagnostics: Vec<Diagnostic>,
    /// The settings as JSON text, if there is no problem.
    pub json: Option<String>,
}

/// Reads a file of settings. One that says nothing is fine.
pub fn read(source: &SourceText) -> Reading {
    let stream = yaml::parse(source, &Limits::default());
    let mut diagnostics = stream.diagnostics;
    let mut documents = stream.documents;
    for document in &mut documents {
        diagnostics.append(&mut document.diagnostics);
    }
    let mut roots = documents.iter().map(|document| document.root());
    let root = roots.next().filter(|root| !root.is_null());
    if let Some(second) = roots.next() {
        let place = source.place(second.span());
        let message = "the file has more than one document";
        diagnostics.push(
            Diagnostic::error("settings/several-documents", place, message)
                .help("write all settings into one"),
        );
    }
    if let Some((schema, root)) = SCHEMA.as_ref().zip(root) {
        form::check(source, schema, &CODES, root, &mut diagnostics);
        weights::check(source, root, &mut diagnostics);
        plugins::check(source, root, &mut diagnostics);
        organisation::check(source, root, &mut diagnostics);
    }
    diagnostic::sort(&mut diagnostics);
    let is_refused = diagnostics.iter().any(Diagnostic::is_error);
    let json = || root.map_or_else(|| "{}".to_owned(), Node::to_json);
    Reading {
        json: (!is_refused).then(json),
        diagnostics,
    }
}
