//! OpenAPI 3, and 2 under its old name Swagger.

use super::api::Api;
use crate::suggest;
use crate::yaml::{Entry, Node};

/// What a path may have besides `x-…`.
const PATH_FIELDS: [&str; 15] = [
    "$ref",
    "additionalOperations",
    "delete",
    "description",
    "get",
    "head",
    "options",
    "parameters",
    "patch",
    "post",
    "put",
    "query",
    "servers",
    "summary",
    "trace",
];
const METHODS: [&str; 9] = [
    "delete", "get", "head", "options", "patch", "post", "put", "query", "trace",
];

pub(super) fn check(api: &mut Api) {
    let root = api.root;
    if !root.is_mapping() {
        let help = "begin with `openapi: 3.1.0`, `info:` and `paths:`";
        return api.say(root.span(), "the definition is no object".to_owned(), help);
    }
    let is_3_1 = match (root.get("openapi"), root.get("swagger")) {
        (Some(field), _) => {
            api.version(field, |text| text.starts_with("3."), "3.1.0");
            let text = field.value.as_text().unwrap_or_default();
            text.starts_with("3.") && !text.starts_with("3.0")
        }
        (None, Some(field)) => {
            api.version(field, |text| text == "2.0", "2.0");
            false
        }
        (None, None) => return no_version(api),
    };
    api.info();
    let may_lack_paths =
        is_3_1 && (root.get("components").is_some() || root.get("webhooks").is_some());
    if may_lack_paths && root.get("paths").is_none() {
        return;
    }
    let Some(paths) = api.object(root, "paths", "`paths` with the operations of each path") else {
        return;
    };
    for path in paths.value.entries() {
        check_path(api, path, !is_3_1);
    }
}

fn no_version(api: &mut Api) {
    if api.root.get("asyncapi").is_some() {
        let message = "the definition is AsyncAPI, but `spec.type` is `openapi`".to_owned();
        return api.say(api.start(), message, "write `type: asyncapi`");
    }
    let at = api.start();
    api.field(api.root, at, "openapi", "");
}

fn check_path<'a>(api: &mut Api<'a>, path: Entry<'a>, needs_responses: bool) {
    if path.name.starts_with("x-") {
        return;
    }
    if !path.name.starts_with('/') {
        let message = format!("the path `{}` does not begin with `/`", path.name);
        api.say(path.key.span(), message, format!("write `/{}`", path.name));
    }
    for field in path.value.entries() {
        let name = field.name;
        if METHODS.contains(&name) {
            if needs_responses {
                check_operation(api, path, name, field.value);
            }
        } else if !PATH_FIELDS.contains(&name) && !name.starts_with("x-") {
            let message = format!("the path `{}` has an unknown field `{name}`", path.name);
            let help = match suggest::nearest(name, PATH_FIELDS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the operations are `{}`", METHODS.join("`, `")),
            };
            api.say(field.key.span(), message, help);
        }
    }
}

fn check_operation<'a>(api: &mut Api<'a>, path: Entry<'a>, method: &str, operation: Node<'a>) {
    if operation.get("responses").is_none() && operation.get("$ref").is_none() {
        let at = path.value.get(method).map(|entry| entry.key.span());
        let message = format!("`{method} {}` has no `responses`", path.name);
        let help = "say what it answers: `responses: { \"200\": { description: … } }`";
        api.say(at.unwrap_or_default(), message, help);
    }
}
