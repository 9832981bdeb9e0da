//! The language of a file, by its name.

/// A language that values are written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Yaml,
    /// YAML with GitHub's expressions, and shell in `run`.
    Workflow,
    Json,
}

impl Language {
    /// The language of a file at a path, if it is one of those that are known.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        match extension? {
            "yaml" | "yml" => Some(if is_workflow(&path) {
                Self::Workflow
            } else {
                Self::Yaml
            }),
            "json" | "jsonc" | "json5" | "webmanifest" | "code-workspace" => Some(Self::Json),
            _ => None,
        }
    }

    /// Whether the shape can be compared by reading it as YAML, which JSON is too.
    pub(super) fn has_yaml_shape(self) -> bool {
        matches!(self, Self::Yaml | Self::Workflow | Self::Json)
    }
}

/// `.github/workflows/NAME.yaml`, and `action.yaml` of an action below `.github/actions/`.
fn is_workflow(path: &str) -> bool {
    let Some((_, below)) = path
        .strip_prefix(".github/")
        .map(|below| ("", below))
        .or_else(|| path.rsplit_once("/.github/"))
    else {
        return false;
    };
    let name = below.rsplit('/').next().unwrap_or_default();
    match below.split_once('/') {
        Some(("workflows", rest)) => !rest.contains('/'),
        Some(("actions", _)) => matches!(name, "action.yml" | "action.yaml"),
        _ => false,
    }
}
