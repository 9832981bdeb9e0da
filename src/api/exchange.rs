//! Border of what policies are exchanged with: files of Red Hat's plugin, and Cedar.

use serde::Deserialize;

use super::policy::File;
use super::{ApiError, answer, request};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::Limits;
use crate::policy::export::CedarSnapshot;
use crate::policy::import::{self, Compilation, Files, ImportOptions, Imported, Report, Rhdh};
use crate::policy::{DirectoryData, Policy, Request};
use crate::source::SourceText;

/// Writes files of Red Hat's plugin, JSON `{csv, conditions?}`, as an access policy; a JSON
/// `ImportedPolicy` out.
pub fn import_rhdh(files: &str, options: &str) -> Result<String, ApiError> {
    let options: ImportOptions = request(options)?;
    answer(&match read(files, &options.limits)? {
        Ok(files) => import::import(&files, &options),
        Err(diagnostics) => Imported {
            files: Vec::new(),
            diagnostics,
        },
    })
}

/// Reads files of Red Hat's plugin, to decide as it does.
pub fn compile_rhdh(files: &str, options: &str) -> Result<Compilation, ApiError> {
    let options: ImportOptions = request(options)?;
    Ok(match read(files, &options.limits)? {
        Ok(files) => Rhdh::compile(&files, &options),
        Err(diagnostics) => Compilation {
            policy: None,
            diagnostics,
        },
    })
}

/// The diagnostics of a compilation as JSON.
pub fn diagnostics(compilation: &Compilation) -> Result<String, ApiError> {
    answer(&compilation.diagnostics)
}

/// Replaces the users and groups by a JSON `Directory`.
pub fn set_directory(policy: &mut Rhdh, directory: &str) -> Result<(), ApiError> {
    let directory: DirectoryData = request(directory)?;
    policy.set_directory(&directory);
    Ok(())
}

/// Decides: a JSON `DecisionRequest` in, a JSON `Decision` out.
pub fn decide(policy: &Rhdh, json: &str) -> Result<String, ApiError> {
    let request: Request = request(json)?;
    answer(&policy.decide(&request))
}

/// What changes when the files move: files, options and a JSON `Directory` in, a JSON
/// `MigrationReport` out.
pub fn compare_rhdh(files: &str, options: &str, directory: &str) -> Result<String, ApiError> {
    let options: ImportOptions = request(options)?;
    let directory: DirectoryData = request(directory)?;
    answer(&match read(files, &options.limits)? {
        Ok(files) => import::compare(&files, &options, &directory),
        Err(diagnostics) => Report {
            diagnostics,
            ..Report::default()
        },
    })
}

/// Writes a policy for Cedar: a JSON `CedarSnapshot` in, a JSON `CedarExport` out.
pub fn export_cedar(policy: &Policy, snapshot: &str) -> Result<String, ApiError> {
    let snapshot: CedarSnapshot = request(snapshot)?;
    answer(&policy.export_cedar(&snapshot))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RhdhFiles {
    csv: File,
    #[serde(default)]
    conditions: Option<File>,
}

/// The files as texts, or why they are none.
fn read(json: &str, limits: &Limits) -> Result<Result<Files, Vec<Diagnostic>>, ApiError> {
    let files: RhdhFiles = request(json)?;
    let mut diagnostics = Vec::new();
    let mut text = |file: &File| {
        SourceText::from_bytes(&file.name, file.content.bytes(), limits)
            .map_err(|diagnostic| diagnostics.push(*diagnostic))
            .ok()
    };
    let csv = text(&files.csv);
    let conditions = files.conditions.as_ref().map(&mut text);
    Ok(match (csv, conditions) {
        (Some(csv), None) => Ok(Files {
            csv,
            conditions: None,
        }),
        (Some(csv), Some(Some(conditions))) => Ok(Files {
            csv,
            conditions: Some(conditions),
        }),
        _ => {
            diagnostic::sort(&mut diagnostics);
            Err(diagnostics)
        }
    })
}
