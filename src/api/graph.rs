//! Border of the graph of entities.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{ApiError, answer, catalog, request};
use crate::catalog::graph::{Described, Judged};
use crate::diagnostic::Diagnostic;

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
        if let Ok(described) = Described::from_json(entity.get()) {
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
    catalog::check_each(name, content, options, |source, root| {
        if let Some(described) = Described::from_yaml(source, root) {
            graph.insert(described);
        }
    })
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
