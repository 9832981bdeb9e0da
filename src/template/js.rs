//! JavaScript values to template values and back, by copying; functions stay where they are.
//!
//! Done by hand with js-sys rather than by serde: undefined must stay apart from null, and functions
//! must stay callable.

use std::rc::Rc;

use js_sys::{Array, Function, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::engine::{Context, Host};
use super::failure::Failure;
use super::store::Loader;
use super::value::{Function as Callable, Native, Record, Value};
use crate::api::template::Answer;

/// Deeper values, cyclic ones above all, are cut off as undefined.
const MAX_DEPTH: usize = 200;

/// What a host adds: filters are an object of functions, globals one of anything, and `templates` is a
/// function from a path to the file's content.
pub(crate) fn host(filters: &JsValue, globals: &JsValue, templates: &JsValue) -> Host {
    let function = |(name, value): (Rc<str>, JsValue)| {
        let filter = native(&name, value.dyn_into::<Function>().ok()?);
        Some((name, filter))
    };
    let global = |(name, value): (Rc<str>, JsValue)| (name, from_js(&value));
    Host {
        filters: fields(filters).into_iter().filter_map(function).collect(),
        globals: fields(globals).into_iter().map(global).collect(),
        loader: templates.dyn_ref::<Function>().map(loader),
    }
}

/// A function that gives texts or bytes. A throw becomes a failure.
fn loader(function: &Function) -> Rc<Loader> {
    let function = function.clone();
    Rc::new(
        move |path: &str| match function.call1(&JsValue::UNDEFINED, &path.into()) {
            Ok(content) => Ok(match content.dyn_ref::<Uint8Array>() {
                Some(bytes) => Some(bytes.to_vec()),
                None => content.as_string().map(String::into_bytes),
            }),
            Err(thrown) => Err(Failure::new(
                "template/unreadable",
                format!("the template `{path}` cannot be read: {}", message(&thrown)),
            )
            .why("the host's function threw an error")),
        },
    )
}

/// The output as a text, or the object that the JSON stands for.
pub(crate) fn answer(answer: Answer) -> Result<JsValue, JsValue> {
    match answer {
        Answer::Plain(output) => Ok(output.into()),
        Answer::Json(json) => js_sys::JSON::parse(&json),
    }
}

/// The names of an object as a context.
pub(crate) fn context(names: &JsValue) -> Context {
    match from_js(names) {
        Value::Record(names) => Context::new(&names),
        _ => Context::new(&Record::default()),
    }
}

/// A copy of a JavaScript value. Dates become ISO texts, maps objects, sets lists; functions are called
/// where they are; symbols and what else JSON does not know is undefined.
fn from_js(value: &JsValue) -> Value {
    read(value, 0)
}

/// A copy of a template's value as a plain JavaScript value.
fn to_js(value: &Value) -> JsValue {
    write(value, 0)
}

/// A function of the host as a native one. A throw becomes a failure.
fn native(name: &str, function: Function) -> Rc<Native> {
    let name = name.to_owned();
    Rc::new(move |arguments: &[Value]| {
        let arguments: Array = arguments.iter().map(to_js).collect();
        // no borrow of the engine is held here, so the host may render within its function
        match function.apply(&JsValue::UNDEFINED, &arguments) {
            Ok(result) => Ok(from_js(&result)),
            Err(thrown) => Err(Failure::new(
                "template/host-function",
                format!("`{name}` failed: {}", message(&thrown)),
            )
            .why("the host's function threw an error")),
        }
    })
}

/// The enumerable fields of an object.
fn fields(object: &JsValue) -> Vec<(Rc<str>, JsValue)> {
    let Some(object) = object.dyn_ref::<Object>() else {
        return Vec::new();
    };
    let entries = Object::keys(object).into_iter().filter_map(|key| {
        let value = Reflect::get(object, &key).ok()?;
        Some((Rc::from(key.as_string()?), value))
    });
    entries.collect()
}

fn read(value: &JsValue, depth: usize) -> Value {
    if depth > MAX_DEPTH || value.is_undefined() {
        return Value::Undefined;
    }
    if value.is_null() {
        return Value::Null;
    }
    if let Some(truth) = value.as_bool() {
        return Value::Bool(truth);
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(text) = value.dyn_ref::<JsString>() {
        return Value::text(String::from(text));
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        return Value::array(array.iter().map(|item| read(&item, depth + 1)).collect());
    }
    if let Some(function) = value.dyn_ref::<Function>() {
        let name = String::from(function.name());
        return Value::Function(Callable::Native(native(&name, function.clone())));
    }
    if let Some(date) = value.dyn_ref::<js_sys::Date>() {
        // an invalid date has no ISO text and would throw
        if date.get_time().is_nan() {
            return Value::Null;
        }
        return Value::text(String::from(date.to_iso_string()));
    }
    if let Some(map) = value.dyn_ref::<js_sys::Map>() {
        let record = Record::default();
        map.for_each(&mut |value, key| {
            if let Some(key) = key.as_string() {
                record.set(key.into(), read(&value, depth + 1));
            }
        });
        return Value::Record(record);
    }
    if let Some(set) = value.dyn_ref::<js_sys::Set>() {
        let items = Array::from(set);
        return Value::array(items.iter().map(|item| read(&item, depth + 1)).collect());
    }
    if !value.is_object() {
        // bigint as its digits, symbols not at all
        let text = value.dyn_ref::<js_sys::BigInt>();
        let text = text.and_then(|big| big.to_string(10).ok());
        return text.map_or(Value::Undefined, |text| Value::text(String::from(text)));
    }
    let own = fields(value).into_iter();
    Value::Record(Record::new(
        own.map(|(key, value)| (key, read(&value, depth + 1))),
    ))
}

fn write(value: &Value, depth: usize) -> JsValue {
    match value {
        _ if depth > MAX_DEPTH => JsValue::UNDEFINED,
        Value::Undefined | Value::Function(_) => JsValue::UNDEFINED,
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => JsValue::from_bool(*truth),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Str(text) | Value::Safe(text) => JsValue::from_str(text),
        Value::Regex(regex) => JsValue::from_str(&regex.to_string()),
        Value::Array(array) => {
            let items = array.to_vec();
            let items: Array = items.iter().map(|item| write(item, depth + 1)).collect();
            items.into()
        }
        Value::Record(record) => {
            let object = Object::new();
            for (key, value) in record.entries() {
                // never `__proto__`: records do not have it
                let _ = Reflect::set(&object, &JsValue::from_str(&key), &write(&value, depth + 1));
            }
            object.into()
        }
    }
}

fn message(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown
            .as_string()
            .unwrap_or_else(|| "unknown error".to_owned()),
    }
}
