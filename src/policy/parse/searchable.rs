//! Warning of what the catalogue's search leaves out, as it is too long.

use super::reader::Reader;
use crate::diagnostic::Diagnostic;
use crate::policy::condition::Field;
use crate::policy::permission::ENVIRONMENT;
use crate::policy::search::{MAX_LENGTH, is_searchable};
use crate::yaml::Node;

/// What conditions on a part of an entity are about.
#[derive(Debug, Clone, Copy)]
pub struct Searched<'c> {
    /// The part.
    pub field: Field,
    /// The type of the resources that the rule is about, if that is clear.
    pub resource_type: Option<&'c str>,
}

impl Searched<'_> {
    /// Warns of a key that no list is filtered by.
    pub fn key(self, reader: &mut Reader<'_>, key: &str, node: Node<'_>) {
        let path = match self.field {
            Field::Annotation => "metadata.annotations",
            Field::Label => "metadata.labels",
            Field::Metadata => "metadata",
            Field::Spec => "spec",
        };
        self.check(reader, "key", &format!("{path}.{key}"), node);
    }

    /// Warns of a value that no list is filtered by.
    pub fn value(self, reader: &mut Reader<'_>, value: &str, node: Node<'_>) {
        self.check(reader, "value", value, node);
    }

    fn check(self, reader: &mut Reader<'_>, what: &str, text: &str, node: Node<'_>) {
        // asked of one entity, these two look at the entity itself
        let is_looked_up = matches!(self.field, Field::Metadata | Field::Spec);
        let is_listed = self.resource_type != Some(ENVIRONMENT);
        if is_searchable(text) || !(is_looked_up || is_listed) {
            return;
        }
        let why = if is_looked_up {
            "the condition holds of no entity"
        } else {
            "the condition may hold of an entity, but never of one in a list: a denial by it does not hide the entity there"
        };
        let place = reader.place(node.span());
        reader.report(
            Diagnostic::warning(
                "policy/not-searchable",
                place,
                format!("the catalogue's search leaves out a {what} of more than {MAX_LENGTH} characters"),
            )
            .why(why)
            .help("ask for something shorter, such as a label"),
        );
    }
}
