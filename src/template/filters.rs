//! The filters: one row for each.

mod backstage;
mod html;
mod list;
mod numeric;
mod sort;
mod text;

use std::rc::Rc;

use crate::suggest;

use super::eval::{Machine, Outcome};
use super::failure::Failure;
use super::value::Value;

pub(crate) use sort::sort_by;

/// A filter.
pub(crate) struct Filter {
    pub name: &'static str,
    /// Gets the filtered value first, then the arguments.
    pub run: fn(&mut Machine<'_>, &[Value]) -> Outcome,
}

const fn row(name: &'static str, run: fn(&mut Machine<'_>, &[Value]) -> Outcome) -> Filter {
    Filter { name, run }
}

/// Nunjucks' filters by name, then Backstage's.
const TABLE: &[Filter] = &[
    row("abs", numeric::abs),
    row("batch", list::batch),
    row("capitalize", text::capitalize),
    row("center", text::center),
    row("d", list::default),
    row("default", list::default),
    row("dictsort", list::dictsort),
    row("dump", text::dump),
    row("e", html::escape),
    row("escape", html::escape),
    row("first", list::first),
    row("float", numeric::float),
    row("forceescape", html::force_escape),
    row("groupby", list::groupby),
    row("indent", text::indent),
    row("int", numeric::int),
    row("join", list::join),
    row("jsonify", text::dump),
    row("last", list::last),
    row("length", list::length),
    row("list", list::list),
    row("lower", text::lower),
    row("nl2br", html::nl2br),
    row("random", list::random),
    row("reject", list::reject),
    row("rejectattr", list::rejectattr),
    row("replace", text::replace),
    row("reverse", list::reverse),
    row("round", numeric::round),
    row("safe", html::safe),
    row("select", list::select),
    row("selectattr", list::selectattr),
    row("slice", list::slice),
    row("sort", list::sort),
    row("string", text::string),
    row("striptags", html::striptags),
    row("sum", numeric::sum),
    row("title", text::title),
    row("trim", text::trim),
    row("truncate", text::truncate),
    row("upper", text::upper),
    row("urlencode", html::urlencode),
    row("urlize", html::urlize),
    row("wordcount", text::wordcount),
    row("parseEntityRef", backstage::parse_entity_ref),
    row("parseRepoUrl", backstage::parse_repo_url),
    row("pick", backstage::pick),
    row("projectSlug", backstage::project_slug),
];

/// The filter of a name.
pub(crate) fn find(name: &str) -> Option<&'static Filter> {
    // most differ in the first letter already
    let first = name.as_bytes().first();
    let mut near = TABLE
        .iter()
        .filter(|filter| filter.name.as_bytes().first() == first);
    near.find(|filter| filter.name == name)
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|filter| filter.name)
}

/// The failure for a name that is no filter.
pub(crate) fn unknown(name: &str, host: &[Rc<str>]) -> Failure {
    let failure = Failure::new(
        "template/unknown-filter",
        format!("unknown filter `{name}`"),
    );
    let known = TABLE.iter().map(|filter| filter.name);
    match suggest::nearest(name, known.chain(host.iter().map(|name| &**name))) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("register it with the renderer, or use one of Nunjucks' filters"),
    }
}

/// An argument, undefined if it was not given.
fn argument(values: &[Value], index: usize) -> &Value {
    values.get(index).unwrap_or(&Value::Undefined)
}

/// The text of the filtered value. `normalize` of Nunjucks: null, undefined and false are empty.
fn input(values: &[Value]) -> Outcome<Rc<str>> {
    match argument(values, 0) {
        Value::Undefined | Value::Null | Value::Bool(false) => Ok("".into()),
        value => text_of(value),
    }
}

/// The text of a value that must be a string.
fn text_of(value: &Value) -> Outcome<Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(Rc::clone(text)),
        None => Err(needs("a string", value)),
    }
}

/// The failure for a value of the wrong kind.
fn needs(what: &str, value: &Value) -> Failure {
    let failure = Failure::type_error(format!("the filter needs {what}, got {}", value.kind()));
    match value {
        Value::Undefined | Value::Null => {
            failure.help("check the value's name, or put `default(…)` before this filter")
        }
        Value::Number(_) | Value::Bool(_) if what == "a string" => {
            failure.help("put the filter `string` before this filter")
        }
        _ => failure,
    }
}

/// Text that is as safe as the value it was made from.
fn as_safe_as(origin: &Value, text: impl Into<Rc<str>>) -> Value {
    match origin {
        Value::Safe(_) => Value::Safe(text.into()),
        _ => Value::Str(text.into()),
    }
}

/// Arguments of a filter that Nunjucks defines as a macro: positional or by keyword.
fn named<const N: usize>(values: &[Value], names: [&str; N]) -> [Value; N] {
    let keywords = super::eval::macros::keyword_arguments(values);
    let count = values.len() - usize::from(keywords.is_some());
    let mut index = 0;
    names.map(|name| {
        let given = values.get(index).filter(|_| index < count);
        index += 1;
        let by_name = || keywords.and_then(|keywords| keywords.get(name));
        given.cloned().or_else(by_name).unwrap_or_default()
    })
}
