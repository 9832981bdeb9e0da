//! The kinds that Backstage has built in.

use std::sync::LazyLock;

use super::schema::Schema;
use crate::suggest;

/// A schema file, compiled when it is first needed.
macro_rules! schema {
    ($file:literal) => {
        LazyLock::new(|| Schema::compile(include_str!(concat!("schemas/", $file, ".json"))))
    };
}

/// One kind, or one of its spec types that has its own shape.
pub struct KindModel {
    /// As written in descriptors.
    pub kind: &'static str,
    /// The versions that have this shape.
    pub api_versions: &'static [&'static str],
    /// The `spec.type` it is for; any other if absent.
    pub spec_type: Option<&'static str>,
    /// The shape of the entity below its envelope.
    pub schema: LazyLock<Option<Schema>>,
    /// Fields of `spec` that refer to entities, with the kind that is meant if none is written.
    pub refs: &'static [(&'static str, Option<&'static str>)],
}

/// The shape of the envelope, for all kinds.
pub static ENVELOPE: LazyLock<Option<Schema>> = schema!("entity");

/// The kind of that name, in the shape for that `spec.type`.
pub fn find(kind: &str, spec_type: Option<&str>) -> Option<&'static KindModel> {
    let mut of_kind = KINDS.iter().filter(|model| model.kind == kind);
    let mut general = of_kind.clone().filter(|model| model.spec_type.is_none());
    of_kind
        .find(|model| model.spec_type.is_some() && model.spec_type == spec_type)
        .or_else(|| general.next())
}

/// The kind whose name is nearest.
pub fn nearest(kind: &str) -> Option<&'static str> {
    suggest::nearest(kind, names())
}

/// The names of all kinds, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    let of_any_type = KINDS.iter().filter(|model| model.spec_type.is_none());
    of_any_type.map(|model| model.kind)
}

/// All kinds, and those of their types that have their own shape.
pub fn all() -> impl Iterator<Item = &'static KindModel> {
    KINDS.iter()
}

const V1: &[&str] = &["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const V1_ALPHA: &[&str] = &["backstage.io/v1alpha1"];

const OWNER: (&str, Option<&str>) = ("owner", Some("Group"));
const SYSTEM: (&str, Option<&str>) = ("system", Some("System"));
const DEPENDS_ON: (&str, Option<&str>) = ("dependsOn", None);
const DEPENDENCY_OF: (&str, Option<&str>) = ("dependencyOf", None);

static KINDS: [KindModel; 15] = [
    KindModel {
        kind: "API",
        api_versions: V1,
        spec_type: None,
        schema: schema!("api"),
        refs: &[OWNER, SYSTEM],
    },
    KindModel {
        kind: "API",
        api_versions: V1,
        spec_type: Some("mcp-server"),
        schema: schema!("api.mcp-server"),
        refs: &[OWNER, SYSTEM],
    },
    KindModel {
        kind: "AiResource",
        api_versions: V1_ALPHA,
        spec_type: None,
        schema: schema!("ai-resource"),
        refs: &[OWNER, SYSTEM],
    },
    KindModel {
        kind: "AiResource",
        api_versions: V1_ALPHA,
        spec_type: Some("skill"),
        schema: schema!("ai-resource.skill"),
        refs: &[OWNER, SYSTEM, ("dependsOn", Some("AiResource"))],
    },
    KindModel {
        kind: "AiResource",
        api_versions: V1_ALPHA,
        spec_type: Some("rule"),
        schema: schema!("ai-resource.rule"),
        refs: &[OWNER, SYSTEM],
    },
    KindModel {
        kind: "AiResource",
        api_versions: V1_ALPHA,
        spec_type: Some("plugin"),
        schema: schema!("ai-resource.plugin"),
        refs: &[OWNER, SYSTEM, ("skills", Some("AiResource"))],
    },
    KindModel {
        kind: "AiResource",
        api_versions: V1_ALPHA,
        spec_type: Some("marketplace"),
        schema: schema!("ai-resource.marketplace"),
        refs: &[OWNER, SYSTEM, ("plugins", Some("AiResource"))],
    },
    KindModel {
        kind: "Component",
        api_versions: V1,
        spec_type: None,
        schema: schema!("component"),
        refs: &[
            OWNER,
            SYSTEM,
            ("subcomponentOf", Some("Component")),
            ("providesApis", Some("API")),
            ("consumesApis", Some("API")),
            DEPENDS_ON,
            DEPENDENCY_OF,
        ],
    },
    KindModel {
        kind: "Domain",
        api_versions: V1,
        spec_type: None,
        schema: schema!("domain"),
        refs: &[OWNER, ("subdomainOf", Some("Domain"))],
    },
    KindModel {
        kind: "Group",
        api_versions: V1,
        spec_type: None,
        schema: schema!("group"),
        refs: &[
            ("parent", Some("Group")),
            ("children", Some("Group")),
            ("members", Some("User")),
        ],
    },
    KindModel {
        kind: "Location",
        api_versions: V1,
        spec_type: None,
        schema: schema!("location"),
        refs: &[],
    },
    KindModel {
        kind: "Resource",
        api_versions: V1,
        spec_type: None,
        schema: schema!("resource"),
        refs: &[OWNER, SYSTEM, DEPENDS_ON, DEPENDENCY_OF],
    },
    KindModel {
        kind: "System",
        api_versions: V1,
        spec_type: None,
        schema: schema!("system"),
        refs: &[OWNER, ("domain", Some("Domain"))],
    },
    KindModel {
        kind: "Template",
        api_versions: &["scaffolder.backstage.io/v1beta3"],
        spec_type: None,
        schema: schema!("template"),
        refs: &[OWNER],
    },
    KindModel {
        kind: "User",
        api_versions: V1,
        spec_type: None,
        schema: schema!("user"),
        refs: &[("memberOf", Some("Group"))],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles() {
        assert!(ENVELOPE.is_some());
        for model in &KINDS {
            assert!(
                model.schema.is_some(),
                "{} {:?}",
                model.kind,
                model.spec_type
            );
        }
    }

    #[test]
    fn a_spec_type_has_its_own_shape_only_if_it_is_one_of_its_kind() {
        let spec_type = |kind, spec_type| find(kind, spec_type).and_then(|model| model.spec_type);
        assert_eq!(spec_type("API", Some("mcp-server")), Some("mcp-server"));
        assert_eq!(spec_type("API", Some("openapi")), None);
        assert_eq!(spec_type("Component", Some("mcp-server")), None);
        assert!(find("Componnent", None).is_none());
    }
}
