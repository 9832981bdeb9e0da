//! The actions of an instance, as its scaffolder describes them.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::template::globals;

/// What `/api/scaffolder/v2/actions` and `/v2/templating-extensions` say at one time, kept in a file.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Lock {
    /// The actions.
    pub actions: Vec<Action>,
    /// The filters beside Nunjucks' own, if the instance says.
    #[serde(default)]
    pub filters: Option<Vec<String>>,
    /// The globals beside Nunjucks' own, if the instance says.
    #[serde(default)]
    pub globals: Option<Vec<String>>,
}

/// An action as the scaffolder describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Action {
    /// Its id.
    pub id: String,
    /// JSON schemas of what goes in and comes out.
    #[serde(default)]
    pub schema: Option<Schemas>,
}

/// JSON schemas of an action.
#[derive(Debug, Clone, Deserialize)]
pub struct Schemas {
    /// Of its input.
    #[serde(default)]
    pub input: Option<Json>,
    /// Of its output.
    #[serde(default)]
    pub output: Option<Json>,
}

/// goldenpath's own actions; a test of the plugin keeps the file as the actions are.
static OWN: LazyLock<Lock> = LazyLock::new(|| {
    serde_json::from_str(include_str!("lock/goldenpath.json")).unwrap_or_default()
});

/// The actions that are known.
pub(super) struct Actions<'a> {
    lock: Option<&'a Lock>,
}

impl<'a> Actions<'a> {
    pub fn new(lock: Option<&'a Lock>) -> Self {
        Self { lock }
    }

    /// An action by its id: what the instance says of it comes first.
    pub fn find(&self, id: &str) -> Option<&'a Action> {
        let locked = self.lock.into_iter().flat_map(|lock| &lock.actions);
        locked.chain(&OWN.actions).find(|action| action.id == id)
    }

    /// Whether an action that is not known is not there.
    pub fn is_complete(&self) -> bool {
        self.lock.is_some()
    }

    /// The ids of all that are known.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> {
        let locked = self.lock.into_iter().flat_map(|lock| &lock.actions);
        locked.chain(&OWN.actions).map(|action| action.id.as_str())
    }

    /// Whether a name is a global, of Nunjucks or of the instance.
    pub fn has_global(&self, name: &str) -> bool {
        let mut own = self
            .lock
            .and_then(|lock| lock.globals.as_ref())
            .into_iter()
            .flatten();
        globals::names().any(|global| global == name) || own.any(|global| global == name)
    }

    /// Whether other globals than these may be there.
    pub fn has_other_globals(&self) -> bool {
        self.lock.is_none_or(|lock| lock.globals.is_none())
    }
}

impl Action {
    /// The schema of the input, if there is one.
    pub fn input(&self) -> Option<&Json> {
        self.schema.as_ref()?.input.as_ref()
    }

    /// The names of the outputs, if no others can be there.
    pub fn outputs(&self) -> Option<Vec<&str>> {
        let schema = self.schema.as_ref()?.output.as_ref()?;
        let is_open = match schema.get("additionalProperties") {
            None => false,
            Some(Json::Bool(is_open)) => *is_open,
            Some(_) => true,
        };
        let fields = schema.get("properties")?.as_object()?;
        (!is_open && !fields.is_empty()).then(|| fields.keys().map(String::as_str).collect())
    }
}
