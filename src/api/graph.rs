//! Border of the graph of entities.

use serde::Serialize;
use serde_json::value::RawValue;

use super::policy::File as InputFile;
use super::{ApiError, answer, catalog, request};
use crate::catalog::graph::{self, Described, Diff, File, Judged};
use crate::catalog::{Files, reference_fields};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;

pub use crate::catalog::graph::Graph;

/// `JudgedEntity` of the JavaScript side.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    entity_ref: &'a str,
    findings: &'a [Diagnostic],
}

/// A graph without entities; the options are JSON.
pub fn new(options: &str) -> Result<Graph, ApiError> {
    Ok(Graph::new(request(options)?))
}

/// Adds entities, a JSON list, in place of those with the same references. What has no kind or no name
/// is no entity and is passed over.
pub fn set(graph: &mut Graph, entities: &str) -> Result<(), ApiError> {
    let entities: Vec<&RawValue> = serde_json::from_str(entities)?;
    for entity in entities {
        if let Ok(described) = Described::from_json(entity.get(), graph.known_kinds()) {
            graph.insert(described);
        }
    }
    Ok(())
}

/// Removes entities, a JSON list of `kind:namespace/name`, whatever their case.
pub fn remove(graph: &mut Graph, entity_refs: &str) -> Result<(), ApiError> {
    for entity_ref in request::<Vec<String>>(entity_refs)? {
        graph.remove(&entity_ref.to_lowercase());
    }
    Ok(())
}

/// As [`catalog::check_file`], and adds the entities of the file with their places.
pub fn check_file(
    graph: &mut Graph,
    name: &str,
    content: &[u8],
    options: &str,
) -> Result<String, ApiError> {
    catalog::check_each(name, content, options, |source, root, kinds| {
        if let Some(described) = Described::from_yaml(source, root, kinds) {
            graph.insert(described);
        }
    })
}

/// As [`check_file`], of a file of a repository; see [`catalog::check_file_in`].
pub fn check_file_in(
    graph: &mut Graph,
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    files: &dyn Files,
) -> Result<String, ApiError> {
    catalog::check_each_in(
        name,
        content,
        options,
        repository,
        files,
        |source, root, kinds| {
            if let Some(described) = Described::from_yaml(source, root, kinds) {
                graph.insert(described);
            }
        },
    )
}

/// Says what the live catalogue has, by a snapshot; a JSON list of diagnostics, of which any is an error
/// and leaves all as it was.
pub fn read_live(graph: &mut Graph, name: &str, content: &[u8]) -> Result<String, ApiError> {
    let found: Vec<Diagnostic> = match graph.read_live(name, content) {
        Ok(()) => Vec::new(),
        Err(found) => vec![*found],
    };
    answer(&found)
}

/// The entities that were added, as a snapshot.
pub fn snapshot(graph: &Graph) -> Result<String, ApiError> {
    Ok(graph.snapshot()?)
}

/// A JSON list of what a change since the last call may have touched, well or not.
pub fn judge(graph: &mut Graph) -> Result<String, ApiError> {
    write(&graph.judge())
}

/// A JSON list of all entities with findings.
pub fn findings(graph: &mut Graph) -> Result<String, ApiError> {
    write(&graph.findings())
}

fn write(judged: &[Judged]) -> Result<String, ApiError> {
    let answers: Vec<Answer> = judged
        .iter()
        .map(|judged| Answer {
            entity_ref: &judged.entity_ref,
            findings: &judged.findings,
        })
        .collect();
    answer(&answers)
}

/// `CatalogDiffAnswer` of the JavaScript side.
#[derive(Serialize)]
#[serde(untagged)]
enum DiffAnswer {
    Diff(Diff),
    Refused { refused: Vec<Diagnostic> },
}

/// Compares two sides, JSON lists of `{name, content}`, with what the live catalogue refers to, in a
/// snapshot. A JSON `CatalogDiff` out, or why the snapshot is refused.
pub fn diff(base: &str, head: &str, live: Option<(&str, &[u8])>) -> Result<String, ApiError> {
    let (base, head): (Vec<InputFile>, Vec<InputFile>) = (request(base)?, request(head)?);
    let live = live.map(|(name, content)| File { name, content });
    let diff = graph::diff(&files(&base), &files(&head), live, &Limits::default());
    answer(&match diff {
        Ok(diff) => DiffAnswer::Diff(diff),
        Err(found) => DiffAnswer::Refused {
            refused: vec![*found],
        },
    })
}

/// A JSON list of what a graph reads of entities, as paths with dots: all that a catalogue must be asked
/// for.
pub fn fields() -> Result<String, ApiError> {
    let envelope = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];
    let refs = reference_fields().into_iter().chain(["type"]);
    let refs = refs.map(|field| format!("spec.{field}"));
    let fields: Vec<String> = envelope
        .map(str::to_owned)
        .into_iter()
        .chain(refs)
        .collect();
    answer(&fields)
}

fn files(files: &[InputFile]) -> Vec<File<'_>> {
    let files = files.iter().map(|file| File {
        name: &file.name,
        content: file.content.bytes(),
    });
    files.collect()
}
