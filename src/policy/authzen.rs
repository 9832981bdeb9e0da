//! What requests of the [OpenID AuthZEN Authorization API 1.0] ask here.
//!
//! | AuthZEN                     | here                                                                  |
//! | --------------------------- | --------------------------------------------------------------------- |
//! | `subject`                   | of type `user`; the id is a user's ref, or its name in `default`      |
//! | `subject.properties`        | `ownershipEntityRefs` are claims; the rest is context                 |
//! | `action.name`               | the name of a permission that the policy knows                        |
//! | `resource.type`             | the resource type of the permission, or the kind of an entity         |
//! | `resource.id`               | an entity's ref, or its name in `default` if the type is a kind       |
//! | `resource.properties`       | the resource itself; of an entity only if they have `kind` and `metadata`, else it is for the host to read |
//! | `context`, `context.now`    | the context, and the time of the request                              |
//!
//! Properties that are not used up so are `authzen.subject`, `authzen.action` and `authzen.resource` of
//! the context, for conditions. A basic permission does not look at the resource.
//!
//! The core has no catalogue, so that a question says which entity it needs. What cannot be asked here,
//! such as an action that is no permission, is refused: as a decision that is no, not as an error.
//!
//! [OpenID AuthZEN Authorization API 1.0]: https://openid.net/specs/authorization-api-1_0.html

mod fields;
mod tuple;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::fields::{Malformed, list, object, optional, optional_text};
use self::tuple::{Action, Resource, Scope, Subject, ask, context};
use super::Policy;
use super::decision::RequestSubject;
use super::permission::Permission;

/// A request of one of the APIs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthzenRequest {
    /// Which.
    pub api: Api,
    /// What was sent.
    pub body: Value,
}

/// The APIs, by their paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Api {
    /// One decision.
    #[serde(rename = "evaluation")]
    Evaluation,
    /// Several.
    #[serde(rename = "evaluations")]
    Evaluations,
    /// Who may.
    #[serde(rename = "search/subject")]
    SearchSubject,
    /// On what.
    #[serde(rename = "search/resource")]
    SearchResource,
    /// What one may do with it.
    #[serde(rename = "search/action")]
    SearchAction,
}

/// What a request asks.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Questions {
    /// In the order of the request. Of a search for actions: one for each that fits the resource.
    pub questions: Vec<Question>,
    /// Whether the answer is a list, even of one.
    pub is_list: bool,
    /// When to stop.
    pub semantic: Semantic,
    /// Which part of the results of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// Among which entities to search for resources; absent if they are no entities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub among: Option<Among>,
}

/// One decision.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Question {
    /// To be asked.
    Ask {
        /// As the engine takes it, but for the time, if it is the present.
        request: Box<Ask>,
        /// The ref of the entity to ask it for.
        #[serde(skip_serializing_if = "Option::is_none")]
        entity: Option<Arc<str>>,
    },
    /// The answer is no.
    Refused {
        /// Why.
        refused: Refusal,
    },
}

/// The part of a decision request that AuthZEN knows of.
#[derive(Debug, Serialize)]
pub struct Ask {
    /// The permission.
    pub permission: Permission,
    /// The user; absent in a search for users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<RequestSubject>,
    /// What was sent of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Value>,
    /// The time, if it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// The context with further properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Map<String, Value>>,
}

/// Why something cannot be asked.
#[derive(Debug, Serialize)]
pub struct Refusal {
    /// As HTTP would say it.
    pub status: u16,
    /// In words.
    pub message: String,
}

/// When to stop evaluating.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Semantic {
    /// Never.
    #[default]
    ExecuteAll,
    /// After the first no.
    DenyOnFirstDeny,
    /// After the first yes.
    PermitOnFirstPermit,
}

/// A part of the results of a search.
#[derive(Debug, Default, Serialize)]
pub struct Page {
    /// Where it begins; at the beginning, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// How many results it should have at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// Entities.
#[derive(Debug, Serialize)]
pub struct Among {
    /// The fields that they have, as a filter of the catalogue in lower case; none, if they are all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub filter: BTreeMap<&'static str, String>,
    /// The kind, if the type is one.
    #[serde(skip)]
    pub kind: Option<String>,
}

impl Policy {
    /// What a request asks; an error if it is none of AuthZEN's.
    pub fn authzen(&self, request: &AuthzenRequest) -> Result<Questions, Malformed> {
        let Value::Object(body) = &request.body else {
            return Err(Malformed::new("the body has to be an object in JSON"));
        };
        match request.api {
            Api::Evaluation => self.evaluation(body),
            Api::Evaluations => self.evaluations(body),
            Api::SearchSubject => self.search_subject(body),
            Api::SearchResource => self.search_resource(body),
            Api::SearchAction => self.search_action(body),
        }
    }

    fn evaluation(&self, body: &Map<String, Value>) -> Result<Questions, Malformed> {
        Ok(Questions {
            questions: vec![self.tuple(body)?],
            ..Questions::default()
        })
    }

    fn evaluations(&self, body: &Map<String, Value>) -> Result<Questions, Malformed> {
        let semantic = semantic(body)?;
        let evaluations = optional(body, "evaluations", list)?.unwrap_or_default();
        if evaluations.is_empty() {
            return self.evaluation(body);
        }
        let questions = evaluations.iter().map(|evaluation| {
            let evaluation = evaluation
                .as_object()
                .ok_or_else(|| Malformed::new("an evaluation has to be an object"));
            evaluation
                .and_then(|evaluation| self.tuple(&with_defaults(evaluation, body)))
                .unwrap_or_else(|malformed| Question::refused(400, malformed.to_string()))
        });
        Ok(Questions {
            questions: questions.collect(),
            is_list: true,
            semantic,
            ..Questions::default()
        })
    }

    /// One evaluation.
    fn tuple(&self, body: &Map<String, Value>) -> Result<Question, Malformed> {
        let subject = Subject::read(body, Scope::One)?;
        let action = Action::read(body)?;
        let resource = Resource::read(body, Scope::One)?;
        let context = context(body)?;
        Ok(self
            .permission(&action)
            .and_then(|permission| ask(self, permission, &subject, &action, &resource, context))
            .unwrap_or_else(|message| Question::refused(404, message)))
    }

    fn search_subject(&self, body: &Map<String, Value>) -> Result<Questions, Malformed> {
        let subject = Subject::read(body, Scope::All)?;
        let action = Action::read(body)?;
        let resource = Resource::read(body, Scope::One)?;
        let context = context(body)?;
        let question = self
            .permission(&action)
            .and_then(|permission| ask(self, permission, &subject, &action, &resource, context));
        search(body, question.into_iter().collect())
    }

    fn search_resource(&self, body: &Map<String, Value>) -> Result<Questions, Malformed> {
        let subject = Subject::read(body, Scope::One)?;
        let action = Action::read(body)?;
        let resource = Resource::read(body, Scope::All)?;
        let context = context(body)?;
        let question = self
            .permission(&action)
            .and_then(|permission| ask(self, permission, &subject, &action, &resource, context));
        let mut questions = search(body, question.into_iter().collect())?;
        questions.among = resource.among(self.permissions());
        Ok(questions)
    }

    fn search_action(&self, body: &Map<String, Value>) -> Result<Questions, Malformed> {
        let subject = Subject::read(body, Scope::One)?;
        let resource = Resource::read(body, Scope::One)?;
        let context = context(body)?;
        let action = Action::default();
        let fitting = self.permissions().iter().filter_map(|permission| {
            ask(
                self,
                permission,
                &subject,
                &action,
                &resource,
                context.clone(),
            )
            .ok()
        });
        search(body, fitting.collect())
    }

    fn permission(&self, action: &Action) -> Result<&Permission, String> {
        let mut permissions = self.permissions().iter();
        permissions
            .find(|permission| permission.name == action.name)
            .ok_or_else(|| format!("the policy knows no permission `{}`", action.name))
    }
}

impl Question {
    fn refused(status: u16, message: String) -> Self {
        Self::Refused {
            refused: Refusal { status, message },
        }
    }
}

fn search(body: &Map<String, Value>, questions: Vec<Question>) -> Result<Questions, Malformed> {
    Ok(Questions {
        questions,
        is_list: true,
        page: Some(page(body)?),
        ..Questions::default()
    })
}

fn page(body: &Map<String, Value>) -> Result<Page, Malformed> {
    let Some(page) = optional(body, "page", object)? else {
        return Ok(Page::default());
    };
    let limit = match page.get("limit") {
        None => None,
        Some(limit) => Some(limit.as_u64().filter(|&limit| limit > 0).ok_or_else(|| {
            Malformed::new("`page.limit` has to be a whole number of at least 1")
        })?),
    };
    let token = optional_text(page, "page.token")?.map(str::to_owned);
    let token = token.filter(|token| !token.is_empty());
    Ok(Page { token, limit })
}

fn semantic(body: &Map<String, Value>) -> Result<Semantic, Malformed> {
    const NAME: &str = "evaluations_semantic";
    let options = optional(body, "options", object)?;
    let Some(semantic) = options.and_then(|options| options.get(NAME)) else {
        return Ok(Semantic::default());
    };
    Semantic::deserialize(semantic).map_err(|_| {
        Malformed::new(
            "`options.evaluations_semantic` has to be `execute_all`, `deny_on_first_deny` or \
             `permit_on_first_permit`",
        )
    })
}

/// An evaluation with what it leaves to the request as a whole. Objects take the place of others, but
/// need not repeat what identifies them.
fn with_defaults(evaluation: &Map<String, Value>, body: &Map<String, Value>) -> Map<String, Value> {
    const KEYS: [(&str, &[&str]); 4] = [
        ("subject", &["type", "id"]),
        ("action", &["name"]),
        ("resource", &["type", "id"]),
        ("context", &[]),
    ];
    let mut whole = evaluation.clone();
    for (key, fields) in KEYS {
        let Some(default) = body.get(key) else {
            continue;
        };
        match whole.get_mut(key) {
            None => {
                whole.insert(key.to_owned(), default.clone());
            }
            Some(Value::Object(own)) => {
                for &field in fields {
                    if let Some(value) = default.get(field)
                        && !own.contains_key(field)
                    {
                        own.insert(field.to_owned(), value.clone());
                    }
                }
            }
            Some(_) => {}
        }
    }
    whole
}
