//! The delimiters and switches of the template language.

/// Which characters mean what.
#[derive(Debug, Clone)]
pub(crate) struct Syntax {
    pub block_start: &'static str,
    pub block_end: &'static str,
    pub variable_start: &'static str,
    pub variable_end: &'static str,
    pub comment_start: &'static str,
    pub comment_end: &'static str,
    /// The bytes with which what means something outside of tags begins.
    pub firsts: [u8; 3],
    /// Whether the first line break after a block is left out.
    pub trim_blocks: bool,
    /// Whether blanks before a block at the start of a line are left out.
    pub lstrip_blocks: bool,
    /// The Jinja additions of Nunjucks: `True`, `None`, Python's methods, slices.
    pub jinja: bool,
}

impl Syntax {
    /// Backstage's: `${{ }}`, or `{{ }}` with the Jinja additions.
    pub(crate) fn backstage(cookiecutter: bool) -> Self {
        Self {
            block_start: "{%",
            block_end: "%}",
            variable_start: if cookiecutter { "{{" } else { "${{" },
            variable_end: "}}",
            comment_start: "{#",
            comment_end: "#}",
            firsts: [b'{', b'#', if cookiecutter { b'{' } else { b'$' }],
            trim_blocks: false,
            lstrip_blocks: false,
            jinja: cookiecutter,
        }
    }
}
