//! What a person may use, by their role and team. Joining, moving and leaving are one difference: what is
//! to be granted and revoked between the person as they were and as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::namespace::{Allowance, Namespace};
use super::values::{Form, Values};
use super::{names, write};
use crate::catalog::schema::Schema;
use crate::diagnostic::Diagnostic;
use crate::suggest;

static FORM: Form = LazyLock::new(|| Schema::compile(include_str!("schemas/person.json")));

/// A small namespace to try things in.
const SANDBOX: Allowance = Allowance {
    millicores: 500,
    mebibytes: 1024,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    person: Person,
    previous: Option<Person>,
    roles: BTreeMap<String, Entitlements>,
    #[serde(default)]
    teams: BTreeMap<String, Entitlements>,
}

/// The person, as in `people/<upn>.yaml`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Person {
    upn: String,
    name: String,
    team: String,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    github: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buddy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(default = "yes", skip_serializing)]
    active: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entitlements {
    #[serde(default)]
    github_teams: Vec<String>,
    #[serde(default)]
    entra_groups: Vec<String>,
    #[serde(default)]
    slack_channels: Vec<String>,
    #[serde(default)]
    slack_user_groups: Vec<String>,
    #[serde(default)]
    on_call: Vec<String>,
    #[serde(default)]
    sandbox: bool,
}

/// One thing that a person may use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Grant {
    /// Where.
    pub system: System,
    /// What there: a team, a group, a channel, a schedule, a namespace.
    pub target: String,
    /// Who, as that system knows them.
    pub account: String,
}

/// Where something is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// A team at GitHub, by their login there.
    GithubTeam,
    /// A group of Entra, from which roles in the cloud follow.
    EntraGroup,
    /// A channel of Slack.
    SlackChannel,
    /// A user group of Slack.
    SlackUserGroup,
    /// A schedule of who is called.
    OnCall,
    /// A namespace of their own.
    Sandbox,
}

/// What is to be done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What happens to the person.
    pub change: Change,
    /// What they may use from now on, and could not before.
    pub grants: Vec<Grant>,
    /// What they may not use any more.
    pub revokes: Vec<Grant>,
    /// The files of the pull request, by path; null of those to delete.
    pub files: BTreeMap<String, Option<String>>,
    /// What no file does: calls that may be repeated, each with a key that is the same when it is.
    pub intents: Vec<Intent>,
}

/// What happens to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// They are new, or back.
    Joins,
    /// They stay, elsewhere or otherwise.
    Moves,
    /// They are gone.
    Leaves,
    /// Nothing that matters here changed.
    None,
}

/// A call to a system that has no file.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// The same for the same call.
    pub key: String,
    /// `add` or `remove`.
    pub action: &'static str,
    /// What is added or removed.
    #[serde(flatten)]
    pub grant: Grant,
}

/// The plan for a file of values, or all that is in its way.
pub fn plan(name: &str, content: &[u8]) -> Result<Plan, Vec<Diagnostic>> {
    let (values, request): (Values, Request) = Values::read(name, content, &FORM)?;
    let mut found = Vec::new();
    let after = request.entitlements("/person", &request.person, &values, &mut found);
    let before = match &request.previous {
        Some(previous) => request.entitlements("/previous", previous, &values, &mut found),
        None => BTreeSet::new(),
    };
    if let Some(previous) = request
        .previous
        .as_ref()
        .filter(|p| p.upn != request.person.upn)
    {
        let message = format!("`{}` is not `{}`", request.person.upn, previous.upn);
        found.push(
            Diagnostic::error("person/another", values.place("/person/upn"), message)
                .why("the rights of one person would be taken from another")
                .help("plan a leaver and a joiner, if the name they sign in with changed"),
        );
    }
    if !found.is_empty() {
        return Err(found);
    }
    let grants: Vec<Grant> = after.difference(&before).cloned().collect();
    let revokes: Vec<Grant> = before.difference(&after).cloned().collect();
    let was = request
        .previous
        .as_ref()
        .is_some_and(|previous| previous.active);
    Ok(Plan {
        change: match (was, request.person.active) {
            (false, true) => Change::Joins,
            (true, false) => Change::Leaves,
            _ if grants.is_empty() && revokes.is_empty() => Change::None,
            _ => Change::Moves,
        },
        files: files(&request.person, &after, &revokes),
        intents: intents(&grants, &revokes),
        grants,
        revokes,
    })
}

impl Request {
    /// All that a person may use; nothing of who has left.
    fn entitlements(
        &self,
        pointer: &str,
        person: &Person,
        values: &Values,
        found: &mut Vec<Diagnostic>,
    ) -> BTreeSet<Grant> {
        let mut all = BTreeSet::new();
        if !person.active {
            return all;
        }
        if let Some(role) = self.roles.get(&person.role) {
            all.extend(role.grants(person));
        } else {
            let place = values.place(&format!("{pointer}/role"));
            let message = format!("there is no role `{}`", person.role);
            let known = self.roles.keys().map(String::as_str);
            let help = match suggest::nearest(&person.role, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "say in `roles` what it brings".to_owned(),
            };
            found.push(Diagnostic::error("person/unknown-role", place, message).help(help));
        }
        // a team need not bring anything
        if let Some(team) = self.teams.get(&person.team) {
            all.extend(team.grants(person));
        }
        if person.github.is_none() && all.iter().any(|grant| grant.system == System::GithubTeam) {
            let message = "their login at GitHub is not known";
            found.push(
                Diagnostic::error("person/no-login", values.place(pointer), message)
                    .why("their role or team brings a team at GitHub")
                    .help("add `github:`"),
            );
        }
        all
    }
}

impl Entitlements {
    fn grants<'p>(&'p self, person: &'p Person) -> impl Iterator<Item = Grant> + 'p {
        let of = |system, targets: &'p [String]| {
            targets.iter().map(move |target| Grant {
                system,
                target: target.clone(),
                account: match system {
                    System::GithubTeam => person.github.clone().unwrap_or_default(),
                    _ => person.upn.clone(),
                },
            })
        };
        let sandbox = self.sandbox.then(|| Grant {
            system: System::Sandbox,
            target: sandbox_name(person),
            account: person.upn.clone(),
        });
        of(System::GithubTeam, &self.github_teams)
            .chain(of(System::EntraGroup, &self.entra_groups))
            .chain(of(System::SlackChannel, &self.slack_channels))
            .chain(of(System::SlackUserGroup, &self.slack_user_groups))
            .chain(of(System::OnCall, &self.on_call))
            .chain(sandbox)
    }
}

/// People of two domains may share the name before the `@`.
fn sandbox_name(person: &Person) -> String {
    let local = person.upn.split('@').next().unwrap_or_default();
    let upn = person.upn.to_lowercase();
    format!(
        "sandbox-{}-{}",
        names::slug(local, 40),
        names::mark(&[&upn])
    )
}

/// What is reviewed: the person, the memberships that Terraform manages, the sandbox.
fn files(
    person: &Person,
    grants: &BTreeSet<Grant>,
    revokes: &[Grant],
) -> BTreeMap<String, Option<String>> {
    let upn = person.upn.to_lowercase();
    let mut files = BTreeMap::new();
    let of = |system| -> Vec<&str> {
        let grants = grants.iter().filter(|grant| grant.system == system);
        grants.map(|grant| grant.target.as_str()).collect()
    };
    let memberships = json!({
        "upn": upn,
        "github": { "login": person.github, "teams": of(System::GithubTeam) },
        "entra_groups": of(System::EntraGroup),
    });
    let text = |value: &Value| Some(format!("{value:#}\n"));
    let (data, terraform) = if person.active {
        (Some(write::document(&json!(person))), text(&memberships))
    } else {
        (None, None)
    };
    files.insert(format!("people/{upn}.yaml"), data);
    files.insert(format!("people/{upn}.tfvars.json"), terraform);
    for grant in revokes
        .iter()
        .filter(|grant| grant.system == System::Sandbox)
    {
        files.insert(format!("sandboxes/{}.yaml", grant.target), None);
    }
    for grant in grants
        .iter()
        .filter(|grant| grant.system == System::Sandbox)
    {
        let namespace = Namespace {
            name: &grant.target,
            subject: json!({ "kind": "User", "name": upn }),
            annotations: json!({ "goldenpath/owner": upn }),
            label: ("goldenpath/sandbox", &grant.target),
            each: SANDBOX,
            count: 1,
        };
        let manifests = namespace.manifests();
        let documents: Vec<String> = manifests.iter().map(write::document).collect();
        files.insert(
            format!("sandboxes/{}.yaml", grant.target),
            Some(documents.join("---\n")),
        );
    }
    files
}

/// What has no file: Slack and the schedules.
fn intents(grants: &[Grant], revokes: &[Grant]) -> Vec<Intent> {
    let by_call = |grant: &&Grant| {
        matches!(
            grant.system,
            System::SlackChannel | System::SlackUserGroup | System::OnCall
        )
    };
    let intent = |action: &'static str| {
        move |grant: &Grant| Intent {
            key: names::mark(&[
                action,
                &json!(grant.system).to_string(),
                &grant.target,
                &grant.account,
            ]),
            action,
            grant: grant.clone(),
        }
    };
    // rights go before others come
    let removed = revokes.iter().filter(by_call).map(intent("remove"));
    let added = grants.iter().filter(by_call).map(intent("add"));
    removed.chain(added).collect()
}
