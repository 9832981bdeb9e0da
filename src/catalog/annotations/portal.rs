//! What Backstage itself reads, TechDocs among it.

use super::{Audience, Key, Plugin, Source, key};

pub(super) const PLUGINS: &[Plugin] = &[
    Plugin {
        id: "catalog",
        name: "the catalogue",
        source: Source::Package("@backstage/catalog-model", "1.10.3"),
        own: &["graph.microsoft.com/"],
        mistaken: &[],
        keys: CATALOG,
        renamed: &[],
        audience: Audience::NOBODY,
        needs: &[],
        loses: "what the catalogue shows of its source",
    },
    Plugin {
        id: "techdocs",
        name: "TechDocs",
        source: Source::Package("@backstage/plugin-techdocs-common", "0.1.3"),
        own: &["backstage.io/techdocs-"],
        mistaken: &["techdocs/", "techdocs.io/", "techdocs.backstage.io/"],
        keys: &[
            key(
                "backstage.io/techdocs-ref",
                "where the folder with `mkdocs.yml` is",
                "dir:.",
            ),
            key(
                "backstage.io/techdocs-entity",
                "the entity whose documentation is shown instead",
                "component:default/handbook",
            ),
            key(
                "backstage.io/techdocs-entity-path",
                "the page of that documentation to begin with",
                "/services/payments",
            ),
        ],
        renamed: &[("backstage.io/techdocs", "backstage.io/techdocs-ref")],
        audience: Audience::COMPONENTS,
        needs: &["backstage.io/techdocs-ref", "backstage.io/techdocs-entity"],
        loses: "its documentation",
    },
    Plugin {
        id: "adr",
        name: "Architecture decision records",
        source: Source::Documentation("@backstage-community/plugin-adr"),
        own: &["backstage.io/adr-"],
        mistaken: &[],
        keys: &[key(
            "backstage.io/adr-location",
            "the folder with the records",
            "docs/adrs",
        )],
        renamed: &[],
        audience: Audience::COMPONENTS,
        needs: &["backstage.io/adr-location"],
        loses: "the list of its architecture decisions",
    },
];

const CATALOG: &[Key] = &[
    key(
        "backstage.io/managed-by-location",
        "the file that the entity is read from; the catalogue writes it",
        "url:https://github.com/acme/shop/blob/main/catalog-info.yaml",
    ),
    key(
        "backstage.io/managed-by-origin-location",
        "the location that led to the entity; the catalogue writes it",
        "url:https://github.com/acme/shop/blob/main/catalog-info.yaml",
    ),
    key(
        "backstage.io/orphan",
        "that no location leads to the entity any more; the catalogue writes it",
        "true",
    ),
    key(
        "backstage.io/source-location",
        "where the source is, with a `/` at the end of a folder",
        "url:https://github.com/acme/shop/",
    ),
    key(
        "backstage.io/view-url",
        "where the descriptor is shown",
        "https://example.com/catalog-info.yaml",
    ),
    key(
        "backstage.io/edit-url",
        "where the descriptor is edited",
        "https://github.com/acme/catalog/edit/main/shop.jsonnet",
    ),
    key(
        "backstage.io/ldap-rdn",
        "the name in LDAP; the provider writes it",
        "team-a",
    ),
    key(
        "backstage.io/ldap-uuid",
        "the id in LDAP; the provider writes it",
        "c57e8ba2-6cc4-1039-9ebc-d5f241a7ca21",
    ),
    key(
        "backstage.io/ldap-dn",
        "the path in LDAP; the provider writes it",
        "cn=team-a,ou=groups,dc=acme,dc=net",
    ),
    key(
        "backstage.io/code-coverage",
        "which files the coverage is of: `enabled` or `scm-only`",
        "scm-only",
    ),
    key(
        "backstage.io/linguist",
        "the repository whose languages are shown",
        "https://github.com/acme/shop",
    ),
    key(
        "graph.microsoft.com/tenant-id",
        "the tenant in Entra; the provider writes it",
        "6902611b-ffc1-463f-8af3-4d5285dc057b",
    ),
    key(
        "graph.microsoft.com/group-id",
        "the group in Entra; the provider writes it",
        "c57e8ba2-6cc4-1039-9ebc-d5f241a7ca21",
    ),
    key(
        "graph.microsoft.com/user-id",
        "the user in Entra; the provider writes it",
        "2de244b5-104b-4e8f-a3b8-dce3c31e54b6",
    ),
    key(
        "microsoft.com/email",
        "the address by which Entra knows the user",
        "ann@example.com",
    ),
    key(
        "google.com/email",
        "the address by which Google knows the user",
        "ann@example.com",
    ),
];
