//! Subject, action, resource and context of a request, and the question that they make.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::fields::{Malformed, list, object, optional, optional_text, required, text};
use super::{Among, Ask, Question};
use crate::catalog::parse_ref;
use crate::policy::Policy;
use crate::policy::decision::RequestSubject;
use crate::policy::parse::canonical;
use crate::policy::permission::{
    CATALOG_ENTITY, ENVIRONMENT, ENVIRONMENT_FIELDS, Permission, is_a,
};
use crate::policy::time::Instant;

const USER: &str = "user";

/// Whether something is named, or searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    One,
    All,
}

/// Who.
#[derive(Debug)]
pub struct Subject {
    kind: String,
    /// Absent if subjects are searched for.
    id: Option<String>,
    claims: Vec<String>,
    properties: Map<String, Value>,
}

impl Subject {
    pub fn read(body: &Map<String, Value>, scope: Scope) -> Result<Self, Malformed> {
        const CLAIMS: &str = "ownershipEntityRefs";
        let subject = required(body, "subject", object)?;
        let mut properties = properties(subject, "subject.properties")?;
        let claims = match properties.remove(CLAIMS) {
            None => Vec::new(),
            Some(claims) => {
                let path = format!("subject.properties.{CLAIMS}");
                let claims = list(&claims, &path)?.iter();
                let claims = claims.map(|claim| claim.as_str().map(str::to_owned));
                let claims: Option<_> = claims.collect();
                claims.ok_or_else(|| Malformed::new(format!("`{path}` have to be texts")))?
            }
        };
        Ok(Self {
            kind: required(subject, "subject.type", text)?.to_owned(),
            id: id(subject, "subject.id", scope)?,
            claims,
            properties,
        })
    }

    /// The user; nobody in particular, if users are searched for.
    fn user(&self) -> Result<Option<RequestSubject>, String> {
        if self.kind != USER {
            let kind = &self.kind;
            return Err(format!("subjects are of type `{USER}` here, not `{kind}`"));
        }
        let Some(id) = &self.id else {
            return Ok(None);
        };
        Ok(Some(RequestSubject {
            user_entity_ref: entity_ref(id, Some(USER))?.to_string(),
            ownership_entity_refs: self.claims.clone(),
        }))
    }
}

/// What is done.
#[derive(Debug, Default)]
pub struct Action {
    pub name: String,
    properties: Map<String, Value>,
}

impl Action {
    pub fn read(body: &Map<String, Value>) -> Result<Self, Malformed> {
        let action = required(body, "action", object)?;
        Ok(Self {
            name: required(action, "action.name", text)?.to_owned(),
            properties: properties(action, "action.properties")?,
        })
    }
}

/// What it is done to.
#[derive(Debug)]
pub struct Resource {
    kind: String,
    /// Absent if resources are searched for.
    id: Option<String>,
    properties: Map<String, Value>,
}

impl Resource {
    pub fn read(body: &Map<String, Value>, scope: Scope) -> Result<Self, Malformed> {
        let resource = required(body, "resource", object)?;
        Ok(Self {
            kind: required(resource, "resource.type", text)?.to_owned(),
            id: id(resource, "resource.id", scope)?,
            properties: properties(resource, "resource.properties")?,
        })
    }

    /// The entities that are of its type, unless it is a type of other resources.
    pub fn among(&self, permissions: &[Permission]) -> Option<Among> {
        if is_a(&self.kind, CATALOG_ENTITY) {
            let fields: &[_] = match self.kind.as_str() {
                ENVIRONMENT => &ENVIRONMENT_FIELDS,
                _ => &[],
            };
            let filter = fields.iter().map(|&(path, value)| (path, value.to_owned()));
            return Some(Among {
                filter: filter.collect(),
                kind: None,
            });
        }
        let mut types = permissions.iter().filter_map(|p| p.resource_type.as_ref());
        let is_kind = types.all(|known| *known != self.kind);
        is_kind.then(|| {
            let kind = self.kind.to_lowercase();
            Among {
                filter: [("kind", kind.clone())].into(),
                kind: Some(kind),
            }
        })
    }

    /// Whether its properties are a whole entity, as the catalogue has it.
    fn is_whole_entity(&self) -> bool {
        ["kind", "metadata"]
            .iter()
            .all(|&key| self.properties.contains_key(key))
    }
}

/// The context, and the time if it says so.
#[derive(Debug, Clone, Default)]
pub struct Context {
    now: Option<String>,
    fields: Option<Map<String, Value>>,
}

pub fn context(body: &Map<String, Value>) -> Result<Context, Malformed> {
    let Some(context) = optional(body, "context", object)? else {
        return Ok(Context::default());
    };
    let now = optional_text(context, "context.now")?;
    if now.is_some_and(|now| Instant::parse(now).is_none()) {
        return Err(Malformed::new("`context.now` has to be a time in RFC 3339"));
    }
    Ok(Context {
        now: now.map(str::to_owned),
        fields: Some(context.clone()),
    })
}

/// The question whether somebody may do something; an error if it makes no sense here.
pub fn ask(
    policy: &Policy,
    permission: &Permission,
    subject: &Subject,
    action: &Action,
    resource: &Resource,
    context: Context,
) -> Result<Question, String> {
    let (mut entity, mut whole) = (None, None);
    match permission.resource_type.as_deref() {
        None => {}
        Some(wanted) if is_a(wanted, CATALOG_ENTITY) => {
            let among = resource
                .among(policy.permissions())
                .ok_or_else(|| mismatch(permission, resource))?;
            let id = resource.id.as_ref();
            let named = id
                .map(|id| entity_ref(id, among.kind.as_deref()))
                .transpose()?;
            if named.is_some() && resource.is_whole_entity() {
                whole = Some(&resource.properties);
            } else {
                entity = named;
            }
        }
        Some(wanted) if wanted == resource.kind => {
            whole = Some(&resource.properties).filter(|fields| !fields.is_empty());
        }
        Some(_) => return Err(mismatch(permission, resource)),
    }
    let further = [
        ("subject", Some(&subject.properties)),
        ("action", Some(&action.properties)),
        (
            "resource",
            Some(&resource.properties).filter(|_| whole.is_none()),
        ),
    ];
    let whole = whole.map(|fields| Value::Object(fields.clone()));
    Ok(Question::Ask {
        request: Box::new(Ask {
            permission: permission.clone(),
            subject: subject.user()?,
            resource: whole,
            now: context.now,
            context: with_further(context.fields, &further),
        }),
        entity,
    })
}

fn mismatch(permission: &Permission, resource: &Resource) -> String {
    let wanted = permission.resource_type.as_deref().unwrap_or_default();
    let (name, kind) = (&permission.name, &resource.kind);
    format!("`{name}` is about a `{wanted}`, not a `{kind}`")
}

/// The context with the properties that nothing else takes, so that conditions can look at them.
fn with_further(
    context: Option<Map<String, Value>>,
    further: &[(&str, Option<&Map<String, Value>>)],
) -> Option<Map<String, Value>> {
    let further: Map<String, Value> = further
        .iter()
        .filter_map(|&(name, fields)| Some((name, fields.filter(|fields| !fields.is_empty())?)))
        .map(|(name, fields)| (name.to_owned(), Value::Object(fields.clone())))
        .collect();
    let mut context = context.unwrap_or_default();
    context.remove("authzen");
    if !further.is_empty() {
        context.insert("authzen".to_owned(), Value::Object(further));
    }
    (!context.is_empty()).then_some(context)
}

/// An entity's ref in lower case, of which only the name may be given if the kind is known.
fn entity_ref(id: &str, kind: Option<&str>) -> Result<Arc<str>, String> {
    let bad = |reason: &str| format!("`{id}` is no ref of an entity: {reason}");
    let parsed = parse_ref(id).map_err(|_| bad("a part of it is empty"))?;
    let whole = match (parsed.kind, kind) {
        (None, Some(kind)) => canonical(&format!("{kind}:{id}")),
        _ => canonical(id),
    };
    let whole = whole.map_err(bad)?;
    match (parsed.kind, kind) {
        (Some(own), Some(kind)) if own.to_lowercase() != kind.to_lowercase() => {
            Err(format!("`{id}` is not of type `{kind}`"))
        }
        _ => Ok(whole),
    }
}

/// The id, which a search ignores.
fn id(of: &Map<String, Value>, path: &str, scope: Scope) -> Result<Option<String>, Malformed> {
    match scope {
        Scope::All => Ok(None),
        Scope::One => Ok(Some(required(of, path, text)?.to_owned())),
    }
}

fn properties(of: &Map<String, Value>, path: &str) -> Result<Map<String, Value>, Malformed> {
    Ok(optional(of, path, object)?.cloned().unwrap_or_default())
}
