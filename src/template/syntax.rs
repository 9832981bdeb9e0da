//! The delimiters and switches of the template language.

use serde::Deserialize;

use super::value::text::is_space;

/// Delimiters other than those of the dialect, named as Nunjucks names them; what is absent or empty is as
/// there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Tags {
    /// `{%`
    pub block_start: Option<String>,
    /// `%}`
    pub block_end: Option<String>,
    /// `${{`
    pub variable_start: Option<String>,
    /// `}}`
    pub variable_end: Option<String>,
    /// `{#`
    pub comment_start: Option<String>,
    /// `#}`
    pub comment_end: Option<String>,
}

/// Which characters mean what.
#[derive(Debug, Clone)]
pub(crate) struct Syntax {
    pub block_start: String,
    pub block_end: String,
    pub variable_start: String,
    pub variable_end: String,
    pub comment_start: String,
    pub comment_end: String,
    /// The bytes with which what means something outside of tags begins.
    pub firsts: [u8; 4],
    /// The bytes with which the end of a tag begins.
    pub ends: [u8; 3],
    /// What begins a tag, the longer before that which it begins with.
    pub starts: [Start; 3],
    /// Whether the first line break after a block is left out.
    pub trim_blocks: bool,
    /// Whether blanks before a block at the start of a line are left out.
    pub lstrip_blocks: bool,
    /// The Jinja additions of Nunjucks: `True`, `None`, Python's methods, slices.
    pub jinja: bool,
}

/// What begins outside of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Block,
    Variable,
    Comment,
}

impl Syntax {
    /// Backstage's: `${{ }}`, or `{{ }}` with the Jinja additions; with other delimiters if they are given.
    pub(crate) fn backstage(cookiecutter: bool, tags: &Tags) -> Self {
        let or = |given: &Option<String>, otherwise: &str| {
            let given = given.as_deref().filter(|given| !given.is_empty());
            given.unwrap_or(otherwise).to_owned()
        };
        let variable = if cookiecutter { "{{" } else { "${{" };
        let mut syntax = Self {
            block_start: or(&tags.block_start, "{%"),
            block_end: or(&tags.block_end, "%}"),
            variable_start: or(&tags.variable_start, variable),
            variable_end: or(&tags.variable_end, "}}"),
            comment_start: or(&tags.comment_start, "{#"),
            comment_end: or(&tags.comment_end, "#}"),
            firsts: [0; 4],
            ends: [0; 3],
            starts: [Start::Block, Start::Variable, Start::Comment],
            trim_blocks: false,
            lstrip_blocks: false,
            jinja: cookiecutter,
        };
        let first = |delimiter: &String| delimiter.bytes().next().unwrap_or_default();
        syntax.firsts = [
            &syntax.block_start,
            &syntax.variable_start,
            &syntax.comment_start,
            &syntax.comment_end,
        ]
        .map(first);
        syntax.ends = [first(&syntax.block_end), first(&syntax.variable_end), b'-'];
        let mut starts = syntax.starts;
        starts.sort_by_key(|start| std::cmp::Reverse(syntax.start(*start).len()));
        syntax.starts = starts;
        syntax
    }

    pub(crate) fn start(&self, start: Start) -> &str {
        match start {
            Start::Block => &self.block_start,
            Start::Variable => &self.variable_start,
            Start::Comment => &self.comment_start,
        }
    }

    /// What begins here.
    pub(crate) fn started(&self, rest: &str) -> Option<Start> {
        let mut starts = self.starts.into_iter();
        starts.find(|start| rest.starts_with(self.start(*start)))
    }

    /// Whether `${{` or `{{` begin an expression, as GitHub's do.
    pub(crate) fn is_github(&self) -> bool {
        matches!(self.variable_start.as_str(), "${{" | "{{") && self.variable_end == "}}"
    }
}

/// What is wrong with delimiters: what, why and help in one sentence, for whoever wrote them.
pub(crate) fn check(tags: &Tags, cookiecutter: bool) -> Result<(), String> {
    let given = [
        ("blockStart", &tags.block_start),
        ("blockEnd", &tags.block_end),
        ("variableStart", &tags.variable_start),
        ("variableEnd", &tags.variable_end),
        ("commentStart", &tags.comment_start),
        ("commentEnd", &tags.comment_end),
    ];
    for (name, text) in given {
        let Some(text) = text else { continue };
        if text.is_empty() {
            return Err(format!(
                "`tags.{name}` is empty, which would be found everywhere; leave it out for the usual one"
            ));
        }
        let first = text.chars().next().unwrap_or_default();
        let is_end = matches!(name, "blockEnd" | "variableEnd");
        if is_end && (is_space(first) || matches!(first, '"' | '\'')) {
            return Err(format!(
                "`tags.{name}` begins with a blank or a quote, as texts and blanks within tags do, so no tag would ever end; begin it with another character"
            ));
        }
    }
    let syntax = Syntax::backstage(cookiecutter, tags);
    let starts = [
        ("blockStart", &syntax.block_start),
        ("variableStart", &syntax.variable_start),
        ("commentStart", &syntax.comment_start),
    ];
    for (at, (name, start)) in starts.iter().enumerate() {
        let earlier = starts.iter().take(at).find(|(_, other)| other == start);
        if let Some((other, _)) = earlier {
            return Err(format!(
                "`tags.{other}` and `tags.{name}` are both `{start}`, so nothing tells which of the two a tag is; give one of them another text"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Tags, check};

    fn checked(tags: &str, cookiecutter: bool) -> Result<(), String> {
        let tags: Tags = serde_json::from_str(tags).map_err(|error| error.to_string())?;
        check(&tags, cookiecutter)
    }

    #[test]
    fn delimiters_that_could_not_be_told_apart_are_refused() {
        for (tags, cookiecutter, message) in [
            (r#"{"blockEnd": ""}"#, false, "`tags.blockEnd` is empty"),
            (
                r#"{"variableEnd": " >"}"#,
                false,
                "`tags.variableEnd` begins with a blank or a quote",
            ),
            (
                r#"{"blockEnd": "\">"}"#,
                false,
                "`tags.blockEnd` begins with a blank or a quote",
            ),
            (
                r#"{"variableStart": "{#"}"#,
                false,
                "`tags.variableStart` and `tags.commentStart` are both `{#`",
            ),
            (
                r#"{"blockStart": "{{"}"#,
                true,
                "`tags.blockStart` and `tags.variableStart` are both `{{`",
            ),
            (
                r#"{"variableBegin": "["}"#,
                false,
                "unknown field `variableBegin`",
            ),
        ] {
            let found = checked(tags, cookiecutter);
            let fits = found.as_ref().is_err_and(|found| found.contains(message));
            assert!(fits, "{tags}: {found:?}");
        }
    }

    #[test]
    fn delimiters_may_begin_and_end_alike() {
        let erb = r#"{"blockStart": "<%", "blockEnd": "%>", "variableStart": "<%=", "variableEnd": "%>"}"#;
        for tags in ["{}", r#"{"blockStart": "{{"}"#, erb] {
            assert_eq!(checked(tags, false), Ok(()));
        }
    }
}
