//! Who reads an annotation: plugins, the keys they read, and what a page loses without them.
//!
//! Backstage accepts any key, so that one that no plugin reads looks as alive as the others.

mod delivery;
mod operation;
mod portal;
mod quality;

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::suggest::{self, Known};

/// The day on which the rows were compared with the plugins.
pub const TABLE_VERSION: &str = "2026-11-24";

/// A plugin and its annotations.
#[derive(Debug)]
pub struct Plugin {
    /// As settings name it.
    pub id: &'static str,
    /// As people name it.
    pub name: &'static str,
    /// Where its keys were read.
    pub source: Source,
    /// Beginnings of keys that are its own: a key that begins so and is not read is dead.
    pub own: &'static [&'static str],
    /// Beginnings that are written by mistake.
    pub mistaken: &'static [&'static str],
    /// What it reads.
    pub keys: &'static [Key],
    /// Keys with the one that is read instead, of the same value.
    pub renamed: &'static [(&'static str, &'static str)],
    /// The entities whose pages it is on, as far as each of them should have it.
    pub audience: Audience,
    /// One of these keys is what it cannot do without; none if it is never missed.
    pub needs: &'static [&'static str],
    /// What the page of an entity does not have without.
    pub loses: &'static str,
}

/// An annotation that is read.
#[derive(Debug)]
pub struct Key {
    /// The whole key.
    pub name: &'static str,
    /// What its value is.
    pub about: &'static str,
    /// A value that could be one.
    pub example: &'static str,
    /// What its value lets its reader do, if it is a secret, and what to write instead.
    pub secret: Option<(&'static str, &'static str)>,
}

/// Where the keys of a plugin were read.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// A published package and its version.
    Package(&'static str, &'static str),
    /// The repository of a package.
    Repository(&'static str),
    /// What the documentation of a package says.
    Documentation(&'static str),
}

/// Kinds, and the `spec.type`s of a Component.
#[derive(Debug, Clone, Copy)]
pub struct Audience {
    /// The kinds.
    pub kinds: &'static [&'static str],
    /// The types; any if there is none.
    pub types: &'static [&'static str],
}

/// Keys that are written often, with one that is read and of nearly the same meaning.
const AKIN: &[(&str, &str)] = &[
    ("grafana/dashboard", "grafana/overview-dashboard"),
    ("grafana/dashboard-url", "grafana/overview-dashboard"),
    ("grafana.com/dashboard-url", "grafana/overview-dashboard"),
    ("pagerduty.com/service-key", "pagerduty.com/service-id"),
    ("sentry.io/project", "sentry.io/project-slug"),
    ("sentry.io/dsn", "sentry.io/project-slug"),
    ("argocd/application", "argocd/app-name"),
];

/// What is wrong with a key.
#[derive(Debug)]
pub struct DeadKey {
    /// Whose it would be: one or several that share a beginning.
    pub plugins: Vec<&'static Plugin>,
    /// The key that is likely meant.
    pub meant: Option<&'static Key>,
    /// Whether that is certain.
    pub is_certain: bool,
}

impl Audience {
    /// No entity in particular.
    const NOBODY: Self = Self {
        kinds: &[],
        types: &[],
    };
    /// Any component.
    const COMPONENTS: Self = Self {
        kinds: &["Component"],
        types: &[],
    };
    /// What is deployed and runs.
    const DEPLOYED: Self = Self {
        kinds: &["Component"],
        types: &["service", "website"],
    };

    /// Whether an entity belongs to it.
    pub fn includes(self, kind: &str, spec_type: &str) -> bool {
        let is_type = || self.types.is_empty() || self.types.contains(&spec_type);
        self.kinds.contains(&kind) && is_type()
    }
}

impl Source {
    /// The package, with the version if it is known.
    pub fn shown(self) -> String {
        match self {
            Self::Package(name, version) => format!("{name} {version}"),
            Self::Repository(name) | Self::Documentation(name) => name.to_owned(),
        }
    }
}

const fn key(name: &'static str, about: &'static str, example: &'static str) -> Key {
    Key {
        name,
        about,
        example,
        secret: None,
    }
}

/// All plugins of the table.
pub fn plugins() -> impl Iterator<Item = &'static Plugin> {
    [
        portal::PLUGINS,
        delivery::PLUGINS,
        operation::PLUGINS,
        quality::PLUGINS,
    ]
    .into_iter()
    .flatten()
}

/// The plugin of that id.
pub fn plugin(id: &str) -> Option<&'static Plugin> {
    plugins().find(|plugin| plugin.id == id)
}

/// The id that is likely meant.
pub fn nearest_plugin(id: &str) -> Option<&'static str> {
    suggest::nearest(id, plugins().map(|plugin| plugin.id))
}

/// The key of that name, if a plugin reads it.
pub fn key_of(name: &str) -> Option<&'static Key> {
    // A quick hash: nobody but this table puts keys into it.
    static KEYS: LazyLock<HashMap<&str, &Key, FixedState>> =
        LazyLock::new(|| keys().map(|key| (key.name, key)).collect());
    KEYS.get(name).copied()
}

/// All keys that are read, some of them by several plugins.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    plugins().flat_map(|plugin| plugin.keys)
}

/// Why nothing reads the key of that name, if it is known that nothing does.
pub fn dead(name: &str) -> Option<DeadKey> {
    if key_of(name).is_some() {
        return None;
    }
    if let Some((plugin, meant)) = renamed(name) {
        return Some(DeadKey {
            plugins: vec![plugin],
            meant: key_of(meant),
            is_certain: true,
        });
    }
    let owners = owners(name);
    if owners.is_empty() {
        return slip(name);
    }
    let last = last_part(name);
    let known = || owners.iter().flat_map(|plugin| plugin.keys);
    if let Some((_, meant)) = AKIN.iter().find(|(old, _)| *old == name) {
        return Some(DeadKey {
            plugins: owners,
            meant: key_of(meant),
            is_certain: false,
        });
    }
    let near = suggest::nearest(last, known().map(|key| last_part(key.name))).or_else(|| {
        known()
            .map(|key| last_part(key.name))
            .find(|key| *key == last)
    });
    let meant = near.and_then(|near| known().find(|key| last_part(key.name) == near));
    Some(DeadKey {
        is_certain: near.is_some_and(|near| near == last || suggest::is_slip(last, near)),
        meant,
        plugins: owners,
    })
}

/// A key that is nobody's, but nearly one that is read.
fn slip(name: &str) -> Option<DeadKey> {
    static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of(keys().map(|key| key.name)));
    let meant = key_of(KNOWN.slip(name)?)?;
    let reads = |plugin: &&Plugin| plugin.keys.iter().any(|key| key.name == meant.name);
    Some(DeadKey {
        plugins: plugins().filter(reads).collect(),
        meant: Some(meant),
        is_certain: true,
    })
}

fn renamed(name: &str) -> Option<(&'static Plugin, &'static str)> {
    type Renamed = HashMap<&'static str, (&'static Plugin, &'static str), FixedState>;
    static RENAMED: LazyLock<Renamed> = LazyLock::new(|| {
        let mut all = Renamed::default();
        for plugin in plugins() {
            for (old, meant) in plugin.renamed {
                all.entry(old).or_insert((plugin, meant));
            }
        }
        all
    });
    RENAMED.get(name).copied()
}

/// The plugins one of whose beginnings, be it mistaken, a key has.
fn owners(name: &str) -> Vec<&'static Plugin> {
    type Beginnings = HashMap<u8, Vec<(&'static str, &'static Plugin)>, FixedState>;
    static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
        let mut all = Beginnings::default();
        for plugin in plugins() {
            for prefix in plugin.own.iter().chain(plugin.mistaken) {
                let first = prefix.bytes().next().unwrap_or_default();
                all.entry(first).or_default().push((*prefix, plugin));
            }
        }
        all
    });
    let first = name.bytes().next().unwrap_or_default();
    let of_first = BEGINNINGS.get(&first).map_or(&[][..], Vec::as_slice);
    let begun = of_first
        .iter()
        .filter(|(prefix, _)| name.starts_with(prefix));
    let mut owners: Vec<&Plugin> = begun.map(|(_, plugin)| *plugin).collect();
    owners.dedup_by_key(|plugin| plugin.id);
    owners
}

fn last_part(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::syntax::is_qualified_name;
    use super::*;

    #[test]
    fn the_rows_agree_with_themselves() {
        let mut ids = BTreeSet::new();
        for plugin in plugins() {
            assert!(ids.insert(plugin.id), "two rows for {}", plugin.id);
            for need in plugin.needs {
                let mut names = plugin.keys.iter().map(|key| key.name);
                assert!(names.any(|name| name == *need), "{need}");
            }
            for (old, new) in plugin.renamed {
                assert!(key_of(old).is_none(), "{old} is read");
                assert!(key_of(new).is_some(), "{new} is not read");
            }
            for (old, new) in AKIN {
                assert!(key_of(old).is_none(), "{old} is read");
                assert!(key_of(new).is_some(), "{new} is not read");
            }
            for key in plugin.keys {
                assert!(is_qualified_name(key.name), "{}", key.name);
                let is_foreign = |prefix: &&str| key.name.starts_with(*prefix);
                assert!(!plugin.mistaken.iter().any(is_foreign), "{}", key.name);
            }
            for prefix in plugin.mistaken {
                let is_own = keys().find(|key| key.name.starts_with(prefix));
                assert!(is_own.is_none(), "{prefix}: {is_own:?}");
            }
        }
    }

    #[test]
    fn no_key_is_a_slip_of_another() {
        for key in keys() {
            assert!(dead(key.name).is_none());
            let slip = keys().find(|other| suggest::is_slip(key.name, other.name));
            let slip =
                slip.filter(|other| key.name.split('/').next() != other.name.split('/').next());
            assert!(slip.is_none(), "{} and {slip:?}", key.name);
        }
    }

    #[test]
    fn strangers_are_left_alone() {
        for name in [
            "example.com/dashboard-url",
            "backstage.io/my-plugin",
            "acme.io/project-slug",
            "gitea.com/project-slug",
            "plain",
        ] {
            assert!(dead(name).is_none(), "{name}");
        }
    }
}
