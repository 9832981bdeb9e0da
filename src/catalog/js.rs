//! A function of the host that reads files of a repository.

use js_sys::{Array, Function, JsString, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::repository::{File, Files, Unread};

/// Files that a function from a path reads: it gives `{name, content}`, or else
/// `{failure: 'missing' | 'folder' | 'outside', beside?}` or `{failure}` with the system's reason.
pub(crate) fn files(read: &Function) -> impl Files {
    FromHost(read.clone())
}

struct FromHost(Function);

impl Files for FromHost {
    fn read(&self, path: &str) -> Result<File, Unread> {
        let answer = self.0.call1(&JsValue::UNDEFINED, &path.into());
        let answer = answer.map_err(|thrown| Unread::Failed(message(&thrown)))?;
        let text = |name| field(&answer, name).as_string();
        if let Some(failure) = text("failure") {
            return Err(match &*failure {
                "missing" => Unread::Missing(texts(&field(&answer, "beside"))),
                "folder" => Unread::Folder,
                "outside" => Unread::Outside,
                _ => Unread::Failed(failure),
            });
        }
        let content = field(&answer, "content");
        let bytes = match content.dyn_ref::<Uint8Array>() {
            Some(bytes) => Some(bytes.to_vec()),
            None => content.as_string().map(String::into_bytes),
        };
        match (text("name"), bytes) {
            (Some(name), Some(content)) => Ok(File { name, content }),
            _ => Err(Unread::Failed("the host gave no content".to_owned())),
        }
    }
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}

fn texts(value: &JsValue) -> Vec<String> {
    let list = value.dyn_ref::<Array>();
    let items = list.into_iter().flat_map(Array::iter);
    items.filter_map(|item| item.as_string()).collect()
}

fn message(thrown: &JsValue) -> String {
    let text = field(thrown, "message").as_string();
    text.unwrap_or_else(|| JsString::from(thrown.clone()).into())
}
