//! The plan of a staging environment: which services run in it, from which images, for how long and at
//! what price, and the files that make it so.
//!
//! It fails before anything exists: every name, host and image is known when the plan is.

mod closure;
mod manifests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::cost::{self, Estimate, Resource};
use super::names::{self, LABEL};
use super::namespace::Allowance;
use super::prices::PriceSheet;
use super::values::{Form, Values};
use crate::catalog::schema::Schema;
use crate::diagnostic::Diagnostic;
use crate::platform::write;
use crate::policy::time::{DAY, Duration, Instant};

static FORM: Form = LazyLock::new(|| Schema::compile(include_str!("schemas/environment.json")));

/// How long an environment lives, if nobody says.
const USUAL: Duration = Duration(7 * DAY);
/// The longest that it may live, extensions included.
const LONGEST: Duration = Duration(30 * DAY);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    owner: String,
    requester: String,
    branch: String,
    components: Vec<String>,
    #[serde(default)]
    branches: BTreeMap<String, String>,
    lifetime: Option<String>,
    #[serde(default)]
    size: Size,
    now: String,
    domain: String,
    certificate: Option<String>,
    catalog: Vec<Known>,
    images: BTreeMap<String, Images>,
    fixtures: Option<Fixtures>,
    #[serde(default)]
    existing: Vec<Existing>,
}

/// What the catalogue knows of one entity.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Known {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    depends_on: Vec<String>,
    #[serde(default)]
    consumes_apis: Vec<String>,
    #[serde(default)]
    provides_apis: Vec<String>,
    #[serde(default)]
    shared: bool,
    port: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Images {
    main: Option<String>,
    #[serde(default)]
    branches: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixtures {
    image: String,
    // the schema takes nothing but `true`
    #[serde(rename = "sanitised")]
    _sanitised: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Existing {
    id: String,
    owner: String,
    branch: String,
}

/// How much each service gets, and the environment with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
enum Size {
    #[default]
    S,
    M,
    L,
}

/// What is to be done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The environment as it stands in the registry and in `environments/<id>.yaml`.
    pub environment: Environment,
    /// What it costs for its lifetime.
    pub estimate: Estimate,
    /// The files of the pull request, by path. Deleting them is the teardown.
    pub files: BTreeMap<String, String>,
}

/// A planned environment.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Its name, and that of its namespace: a DNS label.
    pub id: String,
    /// The group that pays for it.
    pub owner: String,
    /// Who asked for it.
    pub requester: String,
    /// Its branch.
    pub branch: String,
    /// In UTC.
    pub created_at: String,
    /// When it is torn down, in UTC.
    pub expires_at: String,
    /// The latest time that it may be extended to.
    pub max_expires_at: String,
    size: Size,
    /// What runs.
    pub services: Vec<Service>,
    /// What is used where it is, not started again.
    pub shared: Vec<String>,
}

/// A service of an environment.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    #[serde(rename = "ref")]
    reference: String,
    name: String,
    host: String,
    image: String,
    source: Source,
    port: u16,
}

/// Where an image comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Source {
    /// The branch of the environment, or the one that was named for the service.
    Branch,
    /// The main branch, since there is no other image.
    Fallback,
}

/// The plan for a file of values, or all that is in its way.
pub fn plan(name: &str, content: &[u8], prices: &PriceSheet) -> Result<Plan, Vec<Diagnostic>> {
    let (values, request): (Values, Request) = Values::read(name, content, &FORM)?;
    let mut problems = Problems {
        values: &values,
        found: Vec::new(),
    };
    let times = problems.times(&request);
    let id = problems.id(&request);
    let chosen = closure::choose(&request, &mut problems);
    let services = problems.services(&request, &id, &chosen.run);
    let (Some(times), true) = (times, problems.found.is_empty()) else {
        return Err(problems.found);
    };
    let [created_at, expires_at, max_expires_at] = times;
    let environment = Environment {
        id: id.clone(),
        owner: request.owner.clone(),
        requester: request.requester.clone(),
        branch: request.branch.clone(),
        created_at: created_at.to_string(),
        expires_at: expires_at.to_string(),
        max_expires_at: max_expires_at.to_string(),
        size: request.size,
        services,
        shared: chosen.shared,
    };
    let estimate = estimate(&environment, expires_at.0 - created_at.0, prices, &values)?;
    let mut files = manifests::files(&environment, &request);
    let spec = json!({
        "apiVersion": "goldenpath/v1alpha1",
        "kind": "Environment",
        "environment": environment,
        "estimate": { "total": format!("{:.2}", estimate.total), "currency": estimate.currency },
    });
    files.insert(format!("environments/{id}.yaml"), write::document(&spec));
    Ok(Plan {
        environment,
        estimate,
        files,
    })
}

/// What is reserved is what is paid: the quota of all services, every hour that begins.
fn estimate(
    environment: &Environment,
    seconds: i64,
    prices: &PriceSheet,
    values: &Values,
) -> Result<Estimate, Vec<Diagnostic>> {
    let hours = f64::from(i32::try_from((seconds + 3599) / 3600).unwrap_or(i32::MAX));
    let one = environment.size.of_service();
    let services = environment.services.iter();
    let resources: Vec<Resource> = services
        .map(|service| Resource::of(&service.name, one))
        .collect();
    cost::price(&resources, hours, prices, values, |_| {
        "/components".to_owned()
    })
}

impl Size {
    fn of_service(self) -> Allowance {
        let (millicores, mebibytes) = match self {
            Self::S => (250, 512),
            Self::M => (500, 1024),
            Self::L => (1000, 2048),
        };
        Allowance {
            millicores,
            mebibytes,
        }
    }
}

/// What is in the way of a plan, told all at once.
struct Problems<'v> {
    values: &'v Values,
    found: Vec<Diagnostic>,
}

impl Problems<'_> {
    fn add(&mut self, code: &'static str, pointer: &str, message: String, why: &str, help: &str) {
        let place = self.values.place(pointer);
        let diagnostic = Diagnostic::error(code, place, message)
            .help(help)
            .pointer(pointer);
        self.found.push(if why.is_empty() {
            diagnostic
        } else {
            diagnostic.why(why)
        });
    }

    /// When it begins, ends, and must have ended.
    fn times(&mut self, request: &Request) -> Option<[Instant; 3]> {
        let Some(now) = Instant::parse(&request.now) else {
            let message = format!("`{}` is no time", request.now);
            self.add(
                "plan/wrong-value",
                "/now",
                message,
                "",
                "write RFC 3339, such as `2026-11-24T10:00:00Z`",
            );
            return None;
        };
        let lifetime = match &request.lifetime {
            None => USUAL,
            Some(text) => {
                if let Some(lifetime) = Duration::parse(text) {
                    lifetime
                } else {
                    let message = format!("`{text}` is no duration");
                    self.add(
                        "plan/wrong-value",
                        "/lifetime",
                        message,
                        "",
                        "write it like `7d`",
                    );
                    return None;
                }
            }
        };
        if lifetime > LONGEST {
            let message = format!("`{lifetime}` is longer than an environment may live");
            let why = "what lives longer is forgotten, and paid for";
            self.add(
                "environment/lifetime",
                "/lifetime",
                message,
                why,
                &format!("the longest is {LONGEST}"),
            );
            return None;
        }
        Some([now, now.after(lifetime), now.after(LONGEST)])
    }

    /// The same owner and branch always give the same id, so that asking twice is asking once.
    fn id(&mut self, request: &Request) -> String {
        let team = request.owner.rsplit('/').next().unwrap_or_default();
        let mark = names::mark(&[&request.owner, &request.branch]);
        // `env-`, two hyphens and the mark
        let team = names::slug(team, 16);
        let room = LABEL - "env---".len() - team.len() - mark.len();
        let branch = names::slug(&request.branch, room.min(30));
        let parts = ["env", &team, &branch, &mark];
        let id = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        let taken = request.existing.iter().position(|existing| {
            existing.id == id
                && (existing.owner != request.owner || existing.branch != request.branch)
        });
        if let Some(index) = taken {
            let message = format!("the name `{id}` belongs to another environment");
            let why = "two environments of one name would overwrite each other";
            self.add(
                "environment/name-taken",
                &format!("/existing/{index}/id"),
                message,
                why,
                "use a branch of another name",
            );
        }
        id
    }

    fn services(&mut self, request: &Request, id: &str, run: &[&Known]) -> Vec<Service> {
        let mut services: Vec<Service> = Vec::new();
        let mark = id.rsplit('-').next().unwrap_or_default();
        for known in run {
            let short = known.reference.rsplit('/').next().unwrap_or_default();
            let name = names::slug(short, 40);
            if let Some(other) = services.iter().find(|service| service.name == name) {
                let message = format!(
                    "`{}` and `{}` would have one host",
                    other.reference, known.reference
                );
                let why = "a host is made from the name of a service, and labels know no case, dots or namespaces";
                self.add(
                    "environment/host-conflict",
                    "/components",
                    message,
                    why,
                    "leave one out, or mark it as shared",
                );
                continue;
            }
            let branch = request
                .branches
                .get(&known.reference)
                .unwrap_or(&request.branch);
            let images = request.images.get(&known.reference);
            let of_branch = images.and_then(|images| images.branches.get(branch));
            let image = match (of_branch, images.and_then(|images| images.main.as_ref())) {
                (Some(image), _) => (image, Source::Branch),
                (None, Some(image)) => (image, Source::Fallback),
                (None, None) => {
                    let message = format!("`{}` has no image", known.reference);
                    let why = format!("neither of `{branch}` nor of the main branch one was built");
                    self.add(
                        "environment/no-image",
                        "/images",
                        message,
                        &why,
                        "build it once, or mark it as shared",
                    );
                    continue;
                }
            };
            let branch = names::slug(&request.branch, LABEL - name.len() - mark.len() - 2);
            let label = [name.as_str(), &branch, mark];
            let label = label
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("-");
            services.push(Service {
                reference: known.reference.clone(),
                host: format!("{label}.{}", request.domain),
                name,
                image: image.0.clone(),
                source: image.1,
                port: known.port.unwrap_or(8080),
            });
        }
        let unknown = request
            .branches
            .keys()
            .filter(|key| !run.iter().any(|known| known.reference == **key));
        for key in unknown {
            let message = format!("`{key}` does not run in this environment");
            let pointer = crate::catalog::pointer::join("/branches", key);
            self.add(
                "environment/not-a-service",
                &pointer,
                message,
                "",
                "name a service that runs, by its full reference",
            );
        }
        services
    }
}
