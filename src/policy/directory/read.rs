//! Reading users and groups from JSON straight into a [`Directory`]: a hundred thousand users pass
//! through one by one and are never held as texts.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Directory;

/// The users and groups as the host knows them:
/// `{asOf?, groups: [{ref, parent?}], users: [{ref, memberOf: [ref]}]}`.
#[derive(Debug, Clone, Default)]
pub struct DirectoryData(Arc<Directory>);

impl DirectoryData {
    /// The directory that was read.
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow<'r> {
    #[serde(borrow, rename = "ref")]
    entity_ref: Cow<'r, str>,
    #[serde(borrow, default)]
    parent: Option<Cow<'r, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserRow<'r> {
    #[serde(borrow, rename = "ref")]
    entity_ref: Cow<'r, str>,
    #[serde(borrow)]
    member_of: Vec<Cow<'r, str>>,
}

impl<'de> Deserialize<'de> for DirectoryData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let directory = deserializer.deserialize_map(DirectoryVisitor)?;
        Ok(Self(Arc::new(directory)))
    }
}

struct DirectoryVisitor;

impl<'de> Visitor<'de> for DirectoryVisitor {
    type Value = Directory;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of groups and users")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Directory, A::Error> {
        let mut directory = Directory::default();
        let (mut has_groups, mut has_users) = (false, false);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "asOf" => directory.as_of = map.next_value()?,
                "groups" => {
                    has_groups = true;
                    map.next_value_seed(Each::new(|group: GroupRow<'_>| {
                        directory.add_group(&group.entity_ref, group.parent.as_deref());
                    }))?;
                }
                "users" => {
                    has_users = true;
                    map.next_value_seed(Each::new(|user: UserRow<'_>| {
                        directory.add_user(&user.entity_ref, &user.member_of);
                    }))?;
                }
                other => return Err(A::Error::unknown_field(other, &["asOf", "groups", "users"])),
            }
        }
        if !has_groups {
            return Err(A::Error::missing_field("groups"));
        }
        if !has_users {
            return Err(A::Error::missing_field("users"));
        }
        directory.finish();
        Ok(directory)
    }
}

/// Takes the items of a list one by one.
struct Each<T, F> {
    take: F,
    item: PhantomData<T>,
}

impl<T, F> Each<T, F> {
    fn new(take: F) -> Self {
        let item = PhantomData;
        Self { take, item }
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            (self.take)(item);
        }
        Ok(())
    }
}
