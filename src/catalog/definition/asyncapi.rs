//! AsyncAPI 2 and 3.

use super::api::Api;

pub(super) fn check(api: &mut Api) {
    let root = api.root;
    if !root.is_mapping() {
        let help = "begin with `asyncapi: 3.0.0`, `info:` and `channels:`";
        return api.say(root.span(), "the definition is no object".to_owned(), help);
    }
    let Some(version) = root.get("asyncapi") else {
        if root.get("openapi").is_some() || root.get("swagger").is_some() {
            let message = "the definition is OpenAPI, but `spec.type` is `asyncapi`".to_owned();
            return api.say(api.start(), message, "write `type: openapi`");
        }
        let at = api.start();
        api.field(root, at, "asyncapi", "");
        return;
    };
    let is_known = |text: &str| text.starts_with("2.") || text.starts_with("3.");
    api.version(version, is_known, "3.0.0");
    api.info();
    // Version 3 may have components only.
    let is_2 = version
        .value
        .as_text()
        .is_some_and(|text| text.starts_with("2."));
    if is_2 || root.get("channels").is_some() {
        api.object(root, "channels", "`channels` with their messages");
    }
}
