//! Border of the three-way merge.

use super::{ApiError, answer, request};
use crate::merge::{self, MergeOptions, Versions};

/// Merges one file: its three contents, absent where there is none, and JSON `MergeOptions` in, a JSON
/// `FileMerge` out.
pub fn file(
    base: Option<&[u8]>,
    ours: Option<&[u8]>,
    theirs: Option<&[u8]>,
    options: &str,
) -> Result<String, ApiError> {
    let options: MergeOptions = request(options)?;
    let versions = Versions { base, ours, theirs };
    answer(&merge::file(versions, &options))
}
