//! The language of a file, by its name.

/// A language that values are written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Yaml,
    /// YAML with GitHub's expressions, and shell in `run`.
    Workflow,
    Json,
    /// JSON in whose texts Terraform finds the sequences of HCL.
    HclJson,
    Hcl,
    Shell,
    Dockerfile,
    Markdown,
    Xml,
}

impl Language {
    /// The language of a file at a path, if it is one of those that are known.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default();
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        if matches!(stem, "dockerfile" | "containerfile") && !extension.ends_with("ignore") {
            return Some(Self::Dockerfile);
        }
        match extension.rsplit('.').next().unwrap_or_default() {
            "yaml" | "yml" => Some(if is_workflow(&path) {
                Self::Workflow
            } else {
                Self::Yaml
            }),
            "json" if extension == "tf.json" || extension.ends_with(".tf.json") => {
                Some(Self::HclJson)
            }
            "json" | "jsonc" | "json5" | "webmanifest" | "code-workspace" => Some(Self::Json),
            "tf" | "tfvars" | "hcl" | "tofu" | "nomad" => Some(Self::Hcl),
            "sh" | "bash" | "ksh" | "zsh" | "envrc" | "bashrc" | "profile" => Some(Self::Shell),
            "dockerfile" => Some(Self::Dockerfile),
            "md" | "markdown" => Some(Self::Markdown),
            "xml" | "xsd" | "xsl" | "xslt" | "svg" | "plist" | "csproj" | "props" | "targets"
            | "nuspec" | "resx" => Some(Self::Xml),
            _ => None,
        }
    }

    /// Whether the shape can be compared by reading it as YAML, which JSON is too.
    pub(super) fn has_yaml_shape(self) -> bool {
        matches!(
            self,
            Self::Yaml | Self::Workflow | Self::Json | Self::HclJson
        )
    }
}

/// `.github/workflows/NAME.yaml`, also of the forges that run the same, and `action.yaml` in any folder:
/// that is what an action is called, and most have a repository of their own.
fn is_workflow(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let is_forge = |folder| matches!(folder, ".github" | ".gitea" | ".forgejo");
    matches!(name, "action.yml" | "action.yaml")
        || (parts.next() == Some("workflows") && parts.next().is_some_and(is_forge))
}
