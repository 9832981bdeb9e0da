//! Values and functions of JavaScript in templates.

use goldenpath::wasm::{Renderer, prepare_context};
use js_sys::{Date, Function, Object, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::message;

#[wasm_bindgen_test]
fn values_keep_what_json_would_lose() {
    let context = object(&[
        ("nothing", JsValue::UNDEFINED),
        ("null", JsValue::NULL),
        ("nan", JsValue::from_f64(f64::NAN)),
        ("date", Date::new(&JsValue::from_f64(0.0)).into()),
    ]);
    let rendered = render(
        "${{ nothing is defined }} ${{ null is none }} ${{ nan }} ${{ date | dump }}",
        &context,
        &JsValue::UNDEFINED,
    );
    let date = r#""1970-01-01T00:00:00.000Z""#;
    assert_eq!(rendered["output"], format!("false true NaN {date}"));
}

#[wasm_bindgen_test]
fn a_filter_gets_values_and_gives_one_back() {
    let join = Function::new_with_args("value, by", "return value.reverse().join(by)");
    let filters = object(&[("backwards", join.into())]);
    let rendered = render("${{ [1, 2] | backwards('-') }}", &object(&[]), &filters);
    assert_eq!(rendered["output"], "2-1");
}

#[wasm_bindgen_test]
fn what_a_filter_throws_is_a_diagnostic_with_a_place() {
    let fail = Function::new_no_args("throw new Error('no luck')");
    let filters = object(&[("fail", fail.into())]);
    let rendered = render("\n${{ 1 | fail }}", &object(&[]), &filters);
    assert_eq!(rendered["output"], Value::Null);
    let found = &rendered["diagnostics"][0];
    assert_eq!(found["message"], "`fail` failed: no luck");
    assert_eq!(found["start"]["line"].as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
fn one_context_serves_many_renderings() {
    let none = JsValue::UNDEFINED;
    let renderer = Renderer::new("{}", &none, &none, &none).expect("options");
    let context = prepare_context(&object(&[("name", "shop".into())]));
    for _ in 0..2 {
        let text = renderer.render_text("a", b"${{ name }}", &context, None);
        assert_eq!(text.expect("an answer"), "shop");
        let path = renderer.render_path("${{ name }}/a", &context);
        assert_eq!(path.expect("an answer"), "shop/a");
    }
}

#[wasm_bindgen_test]
fn a_getter_that_throws_does_no_harm() {
    let trap = Object::new();
    let descriptor = object(&[
        ("get", Function::new_no_args("throw new Error('no')").into()),
        ("enumerable", JsValue::TRUE),
    ]);
    Object::define_property(&trap, &"x".into(), descriptor.unchecked_ref());
    let rendered = render("fine", &trap.into(), &JsValue::UNDEFINED);
    assert_eq!(rendered["output"], "fine");
}

#[wasm_bindgen_test]
fn unknown_options_are_refused() {
    let none = JsValue::UNDEFINED;
    let thrown = Renderer::new(r#"{"trimBlock":true}"#, &none, &none, &none).err();
    assert!(message(thrown.expect("an error")).contains("trimBlock"));
}

#[wasm_bindgen_test]
fn a_loader_that_throws_is_a_diagnostic_with_a_place() {
    let none = JsValue::UNDEFINED;
    let loader =
        Function::new_with_args("path", "if (path === 'a') return 'A'; throw Error('no');");
    let renderer = Renderer::new("{}", &none, &none, &loader.into()).expect("options");
    let context = prepare_context(&object(&[]));
    let render = |text: &str| -> Value {
        let answer = renderer.render_text("a.txt", text.as_bytes(), &context, None);
        rendered(answer)
    };
    assert_eq!(render("{% include 'a' %}")["output"], "A");
    let found = &render("{% include 'b' %}")["diagnostics"][0];
    assert_eq!(found["message"], "the template `b` cannot be read: no");
    assert_eq!(found["start"]["column"].as_f64(), Some(12.0));
}

fn render(template: &str, context: &JsValue, filters: &JsValue) -> Value {
    let none = JsValue::UNDEFINED;
    let renderer = Renderer::new("{}", filters, &none, &none).expect("options");
    let context = prepare_context(context);
    let answer = renderer.render_text("a.txt", template.as_bytes(), &context, None);
    rendered(answer)
}

/// An answer as an object: output of which there is nothing to say comes as a text.
fn rendered(answer: Result<JsValue, JsValue>) -> Value {
    let answer = answer.expect("an answer");
    match answer.as_string() {
        Some(output) => serde_json::json!({ "output": output }),
        None => serde_wasm_bindgen::from_value(answer).expect("the declared shape"),
    }
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value).expect("a plain object");
    }
    object.into()
}
