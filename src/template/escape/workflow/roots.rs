//! Which tags of a workflow are GitHub's own expressions.

use crate::template::syntax::Syntax;

/// The contexts of GitHub's expressions.
const CONTEXTS: [&str; 12] = [
    "github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix",
    "needs", "inputs",
];

/// Its functions.
const FUNCTIONS: [&str; 12] = [
    "contains",
    "startsWith",
    "endsWith",
    "format",
    "join",
    "toJSON",
    "fromJSON",
    "hashFiles",
    "success",
    "always",
    "cancelled",
    "failure",
];

/// The names with which an expression of GitHub's begins, each a bit.
///
/// A tag in a workflow file is GitHub's if its first name, behind any `!`, `(` and blanks, is one of
/// GitHub's contexts, or one of its functions with `(` behind it, and the template has no such name:
/// not in its context or among the globals, and no `set`, `for`, `macro`, `call` or `import` of the file
/// makes one. A filter behind the name (`${{ env | dump }}`) makes it a tag of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Roots(u32);

impl Roots {
    /// The names that neither the template's context has nor its text makes.
    pub(crate) fn of(text: &str, syntax: &Syntax, has: impl Fn(&str) -> bool) -> Self {
        let all = CONTEXTS.iter().chain(&FUNCTIONS);
        let bits = all.enumerate().map(|(index, name)| {
            let own = has(name) || is_made(text, syntax, name);
            u32::from(!own) << index
        });
        Self(bits.fold(0, |all, bit| all | bit))
    }

    /// Those that a text which is included does not make either.
    pub(crate) fn without(self, text: &str, syntax: &Syntax) -> Self {
        if self == Self::default() {
            return self;
        }
        Self(self.0 & Self::of(text, syntax, |_| false).0)
    }

    /// Whether a name is that of a context of GitHub's.
    pub(crate) fn is_context(name: &str) -> bool {
        CONTEXTS.contains(&name)
    }

    /// How long the expression is, with its `}}`, whose text after `${{` this is; none if the tag is the
    /// template's.
    pub(crate) fn expression_length(self, text: &str) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let inner = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '!' | '('));
        let length = inner
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
            .unwrap_or(inner.len());
        let (name, rest) = inner.split_at_checked(length)?;
        let rest = rest.trim_start();
        let is_filter = rest.starts_with('|') && !rest.starts_with("||");
        let is_foreign = self.has(&CONTEXTS, 0, name) && !rest.starts_with('(')
            || self.has(&FUNCTIONS, CONTEXTS.len(), name) && rest.starts_with('(');
        (is_foreign && !is_filter).then(|| expression_length(text))?
    }

    fn has(self, names: &[&str], offset: usize, name: &str) -> bool {
        let index = names.iter().position(|known| *known == name);
        index.is_some_and(|index| self.0 & (1 << (offset + index)) != 0)
    }
}

/// The length of an expression whose text after `${{` this is, with its `}}`, which counts only outside
/// of quotes.
pub(super) fn expression_length(text: &str) -> Option<usize> {
    let mut in_text = false;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        if c == '\'' {
            in_text = !in_text;
        } else if c == '}' && previous == '}' && !in_text {
            return Some(at + 1);
        }
        previous = c;
    }
    None
}

/// Whether a tag of the text gives something this name.
fn is_made(text: &str, syntax: &Syntax, name: &str) -> bool {
    text.split(&syntax.block_start).skip(1).any(|rest| {
        let tag = rest.split(&syntax.block_end).next().unwrap_or_default();
        let tag = tag.trim_start_matches('-').trim_start();
        let (word, head) = tag
            .split_once(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or((tag, ""));
        let names = match word {
            "for" => head.split(" in ").next().unwrap_or_default(),
            "set" => head.split('=').next().unwrap_or_default(),
            "macro" | "call" | "import" | "from" => head,
            _ => return false,
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        names.split(|c| !is_name(c)).any(|found| found == name)
    })
}
