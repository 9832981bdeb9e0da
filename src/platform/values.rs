//! What a plan is made from: a file of values, checked by a schema before anything is read from it.

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use crate::catalog::schema::Schema;
use crate::diagnostic::{self, Diagnostic};
use crate::form::{self, Codes};
use crate::limits::Limits;
use crate::source::{Place, SourceText};
use crate::yaml;

const CODES: Codes = Codes {
    wrong_type: "plan/wrong-type",
    wrong_value: "plan/wrong-value",
    missing_key: "plan/missing-key",
    unknown_key: "plan/unknown-key",
};

/// A schema of this crate, compiled when it is first needed.
pub(super) type Form = LazyLock<Option<Schema>>;

/// A file of values.
#[derive(Debug)]
pub(super) struct Values {
    source: SourceText,
}

impl Values {
    /// The file, and what it says; or all that is wrong with it.
    pub fn read<T: DeserializeOwned>(
        name: &str,
        content: &[u8],
        form: &Form,
    ) -> Result<(Self, T), Vec<Diagnostic>> {
        let source = SourceText::from_bytes(name, content, &Limits::default())
            .map_err(|diagnostic| vec![*diagnostic])?;
        let mut stream = yaml::parse(&source, &Limits::default());
        let mut found = std::mem::take(&mut stream.diagnostics);
        for document in &mut stream.documents {
            found.append(&mut document.diagnostics);
        }
        let whole = source.place(crate::Span::new(0, 0));
        let json = match stream.documents.as_slice() {
            [document] => {
                let root = document.root();
                if let Some(schema) = form.as_ref() {
                    form::check(&source, schema, &CODES, root, &mut found);
                }
                root.to_json()
            }
            [] => {
                let message = "the file says nothing";
                found.push(
                    Diagnostic::error(CODES.missing_key, whole, message)
                        .help("write the values into it"),
                );
                String::new()
            }
            [_, ..] => {
                let message = "the file has more than one document";
                found.push(
                    Diagnostic::error(CODES.wrong_value, whole, message)
                        .help("write all values into one"),
                );
                String::new()
            }
        };
        if found.iter().any(Diagnostic::is_error) {
            diagnostic::sort(&mut found);
            return Err(found);
        }
        match serde_json::from_str(&json) {
            Ok(value) => Ok((Self { source }, value)),
            Err(error) => Err(vec![Diagnostic::error(
                CODES.wrong_value,
                source.place(crate::Span::new(0, 0)),
                error.to_string(),
            )]),
        }
    }

    /// Where a value is, or the file if it is not there.
    pub fn place(&self, pointer: &str) -> Place {
        let stream = yaml::parse(&self.source, &Limits::default());
        let span = stream
            .documents
            .first()
            .and_then(|document| document.root().at(pointer))
            .map(|(_, value)| value.span())
            .unwrap_or_default();
        self.source.place(span)
    }
}
