//! Policies for [Cedar](https://www.cedarpolicy.com): for auditors and their tools, and for a test that
//! another engine decides as this one does.
//!
//! | here | in Cedar |
//! | --- | --- |
//! | a user | `User::"user:default/ann"` with `ref` and `ownership`, a set of refs |
//! | a group, and who is in it | `Group::"group:default/shop"` as a parent; `Group::"everyone"` of all users |
//! | groups in a cycle | one more group that is the parent of each |
//! | a role and whom it inherits | `Role::"engineer"` as a parent of whom it is bound to, and its own parents |
//! | a role that may or may not be in force | `PossibleRole::"engineer"`, which only `forbid` asks for |
//! | a permission | `Action::"catalog.entity.read"` |
//! | a resource | `Resource::"component:default/shop"` |
//! | an allow rule, a deny rule | `permit`, `forbid`; one for each role and type of resource |
//! | `owner`, `kind`, `createdBy`, `actionId` | `resource.owners`, `.kind`, `.createdBy`, `.action` |
//! | `label: {tier: prod}` | `resource.hasTag("label:tier") && resource.getTag("label:tier").contains("prod")` |
//! | other keys and values | tags `annotation:…`, `metadata:…`, `spec:…`, `tag:…`, `text:…`, `anycase:…`, `number:…`, `boolean:…` |
//! | what cannot be known | `resource.unknown`, a set of names such as `owner`; false for `permit`, true for `forbid` |
//! | rules of other plugins | `false` in `permit`, `true` in `forbid` |
//!
//! Entities carry what the policy's conditions ask for, worked out here: keys and values in lower case
//! where Backstage ignores case, paths resolved, lists taken apart. Time, context and emergencies are
//! those of the snapshot. Not exported are approvals, which Cedar has no word for, tests, conditional
//! decisions, users whom the directory does not know, and which resources a permission is about: Cedar
//! answers for an entity that is no environment too.

mod entities;
mod formula;
mod literal;
mod policies;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Policy;
use super::decision::{context, instant};
use super::directory::DirectoryData;
use super::members::Members;
use super::situation::{Situation, ZoneOffsets};
use super::time::Instant;

/// The state of a Backstage that a policy is exported with.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CedarSnapshot {
    /// Its users and groups.
    pub directory: DirectoryData,
    /// Its entities, with their relations.
    pub entities: Vec<Value>,
    /// Other resources.
    pub resources: Vec<CedarResource>,
    /// The time.
    #[serde(deserialize_with = "instant")]
    pub now: Option<Instant>,
    /// How many minutes the clocks of time zones are ahead of UTC then.
    pub zone_offsets: Option<ZoneOffsets>,
    /// What the host says of requests.
    #[serde(deserialize_with = "context")]
    pub context: Option<Value>,
}

/// A resource that is no entity.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CedarResource {
    /// What to call it.
    pub id: String,
    /// As Backstage hands it to permission rules.
    pub resource: Value,
}

/// A policy and its world for Cedar.
#[derive(Debug, Serialize)]
pub struct CedarExport {
    /// The policies, as Cedar's text.
    pub policies: String,
    /// Users, groups, roles and resources, as Cedar's JSON.
    pub entities: Vec<Value>,
    /// The schema of both, as Cedar's text.
    pub schema: String,
}

impl Policy {
    /// Writes the policy for Cedar, with what a snapshot knows.
    pub fn export_cedar(&self, snapshot: &CedarSnapshot) -> CedarExport {
        let situation = Situation {
            now: snapshot.now,
            zone_offsets: snapshot.zone_offsets.as_ref(),
            context: snapshot.context.as_ref(),
        };
        let members = Members::new(&self.model, snapshot.directory.directory());
        let written = policies::write(self, &members, situation);
        CedarExport {
            entities: entities::write(self, &members, situation, &written.conditions, snapshot),
            policies: written.text,
            schema: policies::schema(&self.model.permissions),
        }
    }
}
