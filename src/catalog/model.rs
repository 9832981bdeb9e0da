//! The kinds that Backstage has built in.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::schema::Schema;

/// A schema file, compiled when it is first needed.
macro_rules! schema {
    ($file:literal) => {
        LazyLock::new(|| Schema::compile(include_str!(concat!("schemas/", $file, ".json"))))
    };
}

/// One kind, or one of its spec types that has its own shape.
#[derive(Debug)]
pub struct KindModel {
    /// As written in descriptors.
    pub kind: Cow<'static, str>,
    /// The versions that have this shape.
    pub api_versions: Cow<'static, [Cow<'static, str>]>,
    /// The `spec.type` it is for; any other if absent.
    pub spec_type: Option<Cow<'static, str>>,
    /// The shape of the entity below its envelope.
    pub schema: KindSchema,
    /// Fields of `spec` that refer to entities, with the kind that is meant if none is written.
    pub refs: &'static [(&'static str, Option<&'static str>)],
    /// The same of a kind that is not built in.
    pub own_refs: Vec<Arc<OwnRef>>,
}

/// A field that refers to entities, of a kind that is not built in.
#[derive(Debug)]
pub struct OwnRef {
    /// Its path below `spec`, with dots.
    pub path: String,
    /// The kind that is meant if none is written.
    pub default_kind: Option<String>,
}

/// The shape of a kind.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "fifteen statics are not worth a pointer to each"
)]
pub enum KindSchema {
    /// One of this crate, compiled when it is first needed.
    BuiltIn(LazyLock<Option<Schema>>),
    /// One that somebody brought.
    Own(Box<Schema>),
}

impl KindSchema {
    /// The compiled schema.
    pub fn as_ref(&self) -> Option<&Schema> {
        match self {
            Self::BuiltIn(schema) => schema.as_ref(),
            Self::Own(schema) => Some(schema),
        }
    }
}

impl KindModel {
    /// All fields that refer to entities, by their path below `spec`.
    pub fn ref_fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let own = self.own_refs.iter();
        self.refs
            .iter()
            .copied()
            .chain(own.map(|field| (field.path.as_str(), field.default_kind.as_deref())))
    }

    /// Whether it has that version.
    pub fn has_version(&self, version: &str) -> bool {
        self.api_versions.iter().any(|known| known == version)
    }
}

/// The shape of the envelope, for all kinds.
pub static ENVELOPE: LazyLock<Option<Schema>> = schema!("entity");

/// The kind of that name, in the shape for that `spec.type`.
pub fn find(kind: &str, spec_type: Option<&str>) -> Option<&'static KindModel> {
    let mut of_kind = KINDS.iter().filter(|model| model.kind == kind);
    let mut general = of_kind.clone().filter(|model| model.spec_type.is_none());
    of_kind
        .find(|model| model.spec_type.is_some() && model.spec_type.as_deref() == spec_type)
        .or_else(|| general.next())
}

/// All of them.
pub fn built_in() -> &'static [KindModel] {
    &KINDS
}

/// A field that refers to entities, of whatever `spec.type` of a kind.
pub fn reference_field(
    kind: &str,
    field: &str,
) -> Option<&'static (&'static str, Option<&'static str>)> {
    let mut of_kind = KINDS.iter().filter(|model| model.kind == kind);
    of_kind.find_map(|model| model.refs.iter().find(|known| known.0 == field))
}

/// The fields that refer to entities, of any kind, sorted.
pub fn reference_fields() -> BTreeSet<&'static str> {
    let fields = KINDS.iter().flat_map(|model| model.refs);
    fields.map(|field| field.0).collect()
}

type Versions = Cow<'static, [Cow<'static, str>]>;

const V1: Versions = Cow::Borrowed(&[
    Cow::Borrowed("backstage.io/v1alpha1"),
    Cow::Borrowed("backstage.io/v1beta1"),
]);
const V1_ALPHA: Versions = Cow::Borrowed(&[Cow::Borrowed("backstage.io/v1alpha1")]);
const V1_BETA3: Versions = Cow::Borrowed(&[Cow::Borrowed("scaffolder.backstage.io/v1beta3")]);

const OWNER: (&str, Option<&str>) = ("owner", Some("Group"));
const SYSTEM: (&str, Option<&str>) = ("system", Some("System"));
const DEPENDS_ON: (&str, Option<&str>) = ("dependsOn", None);
const DEPENDENCY_OF: (&str, Option<&str>) = ("dependencyOf", None);

static KINDS: [KindModel; 15] = [
    KindModel {
        kind: Cow::Borrowed("API"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("api")),
        refs: &[OWNER, SYSTEM],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("API"),
        api_versions: V1,
        spec_type: Some(Cow::Borrowed("mcp-server")),
        schema: KindSchema::BuiltIn(schema!("api.mcp-server")),
        refs: &[OWNER, SYSTEM],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("AiResource"),
        api_versions: V1_ALPHA,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("ai-resource")),
        refs: &[OWNER, SYSTEM],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("AiResource"),
        api_versions: V1_ALPHA,
        spec_type: Some(Cow::Borrowed("skill")),
        schema: KindSchema::BuiltIn(schema!("ai-resource.skill")),
        refs: &[OWNER, SYSTEM, ("dependsOn", Some("AiResource"))],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("AiResource"),
        api_versions: V1_ALPHA,
        spec_type: Some(Cow::Borrowed("rule")),
        schema: KindSchema::BuiltIn(schema!("ai-resource.rule")),
        refs: &[OWNER, SYSTEM],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("AiResource"),
        api_versions: V1_ALPHA,
        spec_type: Some(Cow::Borrowed("plugin")),
        schema: KindSchema::BuiltIn(schema!("ai-resource.plugin")),
        refs: &[OWNER, SYSTEM, ("skills", Some("AiResource"))],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("AiResource"),
        api_versions: V1_ALPHA,
        spec_type: Some(Cow::Borrowed("marketplace")),
        schema: KindSchema::BuiltIn(schema!("ai-resource.marketplace")),
        refs: &[OWNER, SYSTEM, ("plugins", Some("AiResource"))],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("Component"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("component")),
        refs: &[
            OWNER,
            SYSTEM,
            ("subcomponentOf", Some("Component")),
            ("providesApis", Some("API")),
            ("consumesApis", Some("API")),
            DEPENDS_ON,
            DEPENDENCY_OF,
        ],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("Domain"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("domain")),
        refs: &[OWNER, ("subdomainOf", Some("Domain"))],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("Group"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("group")),
        refs: &[
            ("parent", Some("Group")),
            ("children", Some("Group")),
            ("members", Some("User")),
        ],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("Location"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("location")),
        refs: &[],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("Resource"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("resource")),
        refs: &[OWNER, SYSTEM, DEPENDS_ON, DEPENDENCY_OF],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("System"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("system")),
        refs: &[OWNER, ("domain", Some("Domain"))],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("Template"),
        api_versions: V1_BETA3,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("template")),
        refs: &[OWNER],
        own_refs: Vec::new(),
    },
    KindModel {
        kind: Cow::Borrowed("User"),
        api_versions: V1,
        spec_type: None,
        schema: KindSchema::BuiltIn(schema!("user")),
        refs: &[("memberOf", Some("Group"))],
        own_refs: Vec::new(),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles() {
        let compiles =
            |schema: Option<&Schema>| schema.is_some_and(|schema| schema.validator().is_some());
        assert!(compiles(ENVELOPE.as_ref()));
        for model in &KINDS {
            assert!(
                compiles(model.schema.as_ref()),
                "{} {:?}",
                model.kind,
                model.spec_type
            );
        }
    }

    #[test]
    fn a_spec_type_has_its_own_shape_only_if_it_is_one_of_its_kind() {
        let spec_type =
            |kind, spec_type| find(kind, spec_type).and_then(|model| model.spec_type.as_deref());
        assert_eq!(spec_type("API", Some("mcp-server")), Some("mcp-server"));
        assert_eq!(spec_type("API", Some("openapi")), None);
        assert_eq!(spec_type("Component", Some("mcp-server")), None);
        assert!(find("Componnent", None).is_none());
    }
}
