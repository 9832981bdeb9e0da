//! Output that a value cannot rewrite: the shape of a file is that which a harmless word gives it.
//!
//! The rendered text is read as a [`Page`]: in it a harmless word stands for each value. A scanner of
//! the file's language finds out what each value is written into, and writes it in a form which that
//! place takes, or refuses it. What the template's author wrote is never changed, but for the quotes
//! and the indicators around a value.

mod comment;
mod cursor;
mod dockerfile;
mod dotenv;
mod hcl;
mod hcl_json;
mod json;
mod language;
mod markdown;
mod page;
mod properties;
mod shape;
mod shell;
mod toml;
mod workflow;
mod xml;
mod yaml;

use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;

use super::eval::Rendered;
use super::eval::origin::Origin;
pub(crate) use language::Language;
pub(crate) use workflow::Roots;

/// Whether values are kept from rewriting the file they are written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Escape {
    /// Values are written as they are, as Nunjucks does.
    #[default]
    Off,
    /// Values are escaped or refused where the file's name tells its language.
    Auto,
}

/// Writes the values of a rendered text so that they cannot change what is around them.
pub(crate) fn escape(
    rendered: Rendered,
    language: Language,
    limits: &Limits,
) -> Result<String, Vec<Diagnostic>> {
    let pieces = rendered.trace.iter();
    if pieces.clone().all(|piece| piece.origin == Origin::Template) {
        return Ok(rendered.text);
    }
    let mut page = page::Page::new(&rendered.text, &rendered.trace);
    scan(&mut page, language);
    page.refuse_what_was_missed();
    if language.has_yaml_shape() {
        shape::compare(&mut page, limits);
    }
    page.finish()
}

fn scan(page: &mut page::Page, language: Language) {
    let all = page.all();
    match language {
        Language::Json => json::scan(page, all),
        Language::HclJson => {
            hcl_json::scan(page, &all);
            json::scan(page, all);
        }
        Language::Hcl => hcl::scan(page, all),
        Language::Shell => shell::scan(page, all, &[]),
        Language::Dockerfile => dockerfile::scan(page, all),
        Language::Markdown => markdown::scan(page, all),
        Language::Xml => xml::scan(page, all, false),
        Language::Html => xml::scan(page, all, true),
        Language::Toml => toml::scan(page, all),
        Language::Dotenv => dotenv::scan(page, all),
        Language::Properties => properties::scan(page, all),
        Language::Yaml => yaml::scan(page, all, false),
        Language::Workflow => yaml::scan(page, all, true),
    }
}
