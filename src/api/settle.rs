//! Border of the last step of a check.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ApiError, answer};
use crate::catalog::CatalogOptions;
use crate::catalog::settle::{self, Baseline, Facts, FileFindings, Settled};
use crate::diagnostic::Diagnostic;
use crate::source::SourceText;

/// The last step of a check of many files: a JSON `SettleRequest` in, a JSON `SettledFindings` out.
pub fn findings(request: &str) -> Result<String, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Request {
        files: Vec<FileFindings>,
        #[serde(default)]
        options: CatalogOptions,
        #[serde(default)]
        known: Option<BTreeSet<String>>,
        #[serde(default)]
        present: Option<BTreeSet<String>>,
        #[serde(default)]
        baseline: Option<BaselineFile>,
        #[serde(default)]
        update_baseline: bool,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct BaselineFile {
        name: String,
        content: String,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        files: Vec<FileFindings>,
        diagnostics: Vec<Diagnostic>,
        hidden: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        baseline: Option<String>,
    }

    let mut request: Request = super::request(request)?;
    let facts = Facts {
        known: request.known.as_ref(),
        present: request.present.as_ref(),
    };
    settle::settle(&mut request.files, &request.options, facts);
    let baseline = if request.update_baseline {
        Some(settle::write_baseline(&mut request.files)?)
    } else {
        None
    };
    let file = match (&baseline, request.baseline) {
        (Some(text), _) => Some(SourceText::new("", text.as_str())),
        (None, file) => file.map(|file| SourceText::new(&file.name, file.content)),
    };
    let hidden = file.map(|file| match Baseline::read(&file) {
        Ok(baseline) => baseline.hide(&mut request.files),
        Err(diagnostics) => Settled {
            hidden: 0,
            diagnostics,
        },
    });
    let Settled {
        hidden,
        diagnostics,
    } = hidden.unwrap_or_default();
    answer(&Answer {
        files: request.files,
        diagnostics,
        hidden,
        baseline,
    })
}
