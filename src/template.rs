//! Templates in the dialect of Nunjucks 3.2.4, as Backstage's scaffolder writes them.
//!
//! A text is cut into tokens ([`lexer`]), parsed into a spanned tree ([`parser`]) and run ([`eval`])
//! over values that behave as JavaScript's do ([`value`]). [`Engine`] keeps what is parsed.

mod ast;
mod coverage;
mod engine;
mod escape;
mod eval;
mod failure;
mod filters;
mod globals;
#[cfg(target_arch = "wasm32")]
pub(crate) mod js;
mod lexer;
pub mod lint;
mod methods;
mod parser;
mod path;
mod regex;
mod store;
mod syntax;
mod tests;
mod typed;
mod value;

pub use coverage::Branch;
pub use engine::{Context, Engine, Host, Options, Rendering};
pub use escape::Escape;
pub use failure::Failure;
pub use store::Loader;
pub use typed::{Typed, Typing};
pub use value::{Array, Function, Native, Record, Value};

/// The names of the language: filters, tests, globals, and methods by the kind of value.
pub fn vocabulary() -> Vec<(&'static str, Vec<&'static str>)> {
    let methods = methods::vocabulary();
    let own = [
        ("filter", filters::names().collect()),
        ("test", tests::names().collect()),
        ("global", globals::names().collect()),
    ];
    own.into_iter().chain(methods).collect()
}
