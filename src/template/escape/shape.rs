//! The last word: the file with the values is read and compared with the file of harmless words.
//!
//! The scanners decide by what they see; this finds what they cannot, such as a key that is there
//! already. A file that is not YAML without the values (a Helm template, say) is not compared.

use crate::limits::Limits;
use crate::source::SourceText;
use crate::yaml::{self, Kind, Node};

use super::page::{Page, Refusal};

/// Refuses the values if they give the file another shape.
pub(super) fn compare(page: &mut Page, limits: &Limits) {
    if page.is_refused() || page.has_comments {
        return;
    }
    let harmless = SourceText::new("harmless", page.harmless());
    let expected = yaml::parse(&harmless, limits);
    if !is_sound(&expected) {
        return;
    }
    let written = SourceText::new("written", page.without_json());
    let actual = yaml::parse(&written, limits);
    let same = is_sound(&actual)
        && expected.documents.len() == actual.documents.len()
        && expected
            .documents
            .iter()
            .zip(&actual.documents)
            .all(|(a, b)| is_like(a.root(), b.root()));
    if !same {
        page.refuse_texts(&Refusal {
            code: "template/unsafe-shape",
            message: "this value, or another of the file, changes the structure of the file"
                .to_owned(),
            why: "with harmless words for the values, the file has other keys, lists or documents",
            help: "see whether a value is the name of a key that is there already",
        });
    }
}

fn is_sound(stream: &yaml::Stream<'_>) -> bool {
    let mut found = stream
        .documents
        .iter()
        .flat_map(|document| &document.diagnostics);
    stream.diagnostics.is_empty() && found.all(|diagnostic| !diagnostic.is_error())
}

/// Whether both are made of the same lists and objects. The parser limits how deep they are.
fn is_like(a: Node<'_>, b: Node<'_>) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Mapping(a), Kind::Mapping(b)) => {
            a.into_iter().count() == b.into_iter().count()
                && a.into_iter().zip(b).all(|(a, b)| is_like(a.value, b.value))
        }
        (Kind::Sequence(a), Kind::Sequence(b)) => {
            a.into_iter().count() == b.into_iter().count()
                && a.into_iter().zip(b).all(|(a, b)| is_like(a, b))
        }
        (Kind::Mapping(_) | Kind::Sequence(_), _) | (_, Kind::Mapping(_) | Kind::Sequence(_)) => {
            false
        }
        _ => true,
    }
}
