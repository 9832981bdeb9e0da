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
    /// As XML, and what browsers run.
    Html,
    Toml,
    /// `.env` files.
    Dotenv,
    /// Of Java.
    Properties,
}

impl Language {
    /// The language of a file at a path; of one that has no extension, by the program that its first line
    /// names.
    pub(crate) fn of_file(path: &str, text: &str) -> Option<Self> {
        Self::of(path).or_else(|| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_bare = !name.trim_start_matches('.').contains('.');
            (is_bare && is_shell(text.lines().next()?)).then_some(Self::Shell)
        })
    }

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
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "toml" => Some(Self::Toml),
            "properties" => Some(Self::Properties),
            "env" => Some(Self::Dotenv),
            // `.env.production`
            _ if stem.is_empty() && extension.starts_with("env.") => Some(Self::Dotenv),
            _ if name == "pipfile" => Some(Self::Toml),
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

/// Whether a first line says that a shell runs the file, or a value that may be one.
fn is_shell(line: &str) -> bool {
    let Some(command) = line.strip_prefix("#!") else {
        return false;
    };
    let mut words = command.split_whitespace();
    let program = words.find(|word| !word.ends_with("/env") && !word.starts_with('-'));
    let name = program.map(|program| program.rsplit('/').next().unwrap_or_default());
    let shells = ["sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"];
    name.is_some_and(|name| shells.contains(&name)) || command.contains("{{")
}
