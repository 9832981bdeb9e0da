//! What can be wrong with YAML, in our words.

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostic::Diagnostic;
use crate::limits::LimitExceeded;
use crate::source::{Place, SourceText, Span};
use crate::suggest;

/// All codes of this module.
pub const CODES: &[&str] = &[
    "yaml/collection-key",
    "yaml/duplicate-key",
    "yaml/indentation",
    "yaml/recursive-alias",
    "yaml/reserved-character",
    "yaml/shadowed-key",
    "yaml/syntax",
    "yaml/tab",
    "yaml/too-many-aliases",
    "yaml/unclosed",
    "yaml/unknown-anchor",
    "yaml/unknown-tag",
    "yaml/unsupported-tag",
    "yaml/unsupported-version",
];

/// Tags of values that JSON does not have, so that no descriptor can hold them.
pub(super) const NOT_JSON_TAGS: [&str; 6] =
    ["binary", "merge", "omap", "pairs", "set", "timestamp"];

/// The bytes of a parser's span.
pub(super) fn span(span: &granit_parser::Span) -> Span {
    span.byte_range()
        .map(|range| Span::new(range.start, range.end))
        .unwrap_or_default()
}

pub(super) fn duplicate_key(name: &str, first: Place, at: Place) -> Diagnostic {
    Diagnostic::error(
        "yaml/duplicate-key",
        at,
        format!("the key `{name}` is there twice"),
    )
    .why("keys of an object must be unique, or one value would silently win")
    .help("remove one of the two, or merge them")
    .related(format!("the first `{name}`"), first)
}

pub(super) fn shadowed_key(name: &str, first: Place, at: Place) -> Diagnostic {
    let message = format!("this key names the property `{name}` a second time");
    Diagnostic::warning("yaml/shadowed-key", at, message)
        .why("the keys differ in YAML, but become one property in JSON, and the last value wins")
        .help("remove one of the two")
        .related(format!("the first `{name}`"), first)
}

pub(super) fn unknown_anchor<'a>(
    at: Place,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let help = match suggest::nearest(name, known) {
        Some(near) => format!("did you mean `*{near}`?"),
        None => format!("define `&{name}` before this line, or quote the text: `\"*{name}\"`"),
    };
    Diagnostic::error(
        "yaml/unknown-anchor",
        at,
        format!("no anchor `&{name}` before this alias"),
    )
    .why("`*name` repeats a value that was marked with `&name`")
    .help(help)
}

pub(super) fn recursive_alias(source: &SourceText, span: Span) -> Diagnostic {
    let message = format!(
        "`{}` stands within the value it repeats",
        source.slice(span)
    );
    Diagnostic::error("yaml/recursive-alias", source.place(span), message)
        .why("the value would contain itself without end")
        .help("write the value out")
}

pub(super) fn too_many_aliases(at: Place, limit: usize) -> Diagnostic {
    Diagnostic::error(
        "yaml/too-many-aliases",
        at,
        "the aliases of this document copy too much",
    )
    .why(format!(
        "one anchor may be repeated {limit} times, counting the copies within it"
    ))
    .help("write the values out")
}

pub(super) fn not_of_tag(at: Place, kind: &str, text: &str) -> Diagnostic {
    Diagnostic::warning(
        "yaml/unknown-tag",
        at,
        format!("`{text}` is not what `!!{kind}` says"),
    )
    .why("the tag is ignored and the value is read as text")
    .help(format!("remove `!!{kind}`"))
}

pub(super) fn unknown_tag(at: Place, tag: &str) -> Diagnostic {
    Diagnostic::warning("yaml/unknown-tag", at, format!("unknown tag `{tag}`"))
        .why("Backstage knows no tags of its own and ignores it")
        .help("remove the tag, or quote the text if it begins with `!`")
}

pub(super) fn not_json(at: Place, name: &str) -> Diagnostic {
    Diagnostic::error(
        "yaml/unsupported-tag",
        at,
        format!("the tag `!!{name}` makes no JSON value"),
    )
    .why("descriptors hold JSON values only")
    .help("write the value as text, list or object")
}

pub(super) fn old_version(at: Place) -> Diagnostic {
    Diagnostic::error(
        "yaml/unsupported-version",
        at,
        "the document asks for an old version of YAML",
    )
    .why("under YAML 1.1 words such as `yes` and numbers such as `010` mean something else")
    .help("remove the `%YAML` line")
}

pub(super) fn anchor_without_space(at: Place) -> Diagnostic {
    Diagnostic::error("yaml/syntax", at, "an anchor runs into the value behind it")
        .why("a space ends the name of an anchor")
        .help("put a space behind it")
}

pub(super) fn collection_key(at: Place) -> Diagnostic {
    Diagnostic::error(
        "yaml/collection-key",
        at,
        "a list or an object cannot be a key here",
    )
    .why("the parser of Backstage does not read it, and JSON has texts as keys only")
    .help("put the key in quotes, all of it if it contains `{{ }}`")
}

pub(super) fn under_indented(source: &SourceText, span: Span) -> Diagnostic {
    let message = "the line is not indented enough for what it continues";
    Diagnostic::error("yaml/indentation", source.place(span), message)
        .why("all lines of a text in quotes or a list in brackets belong to the key they begin at")
        .help("indent the line more than that key")
}

pub(super) fn tab(source: &SourceText, span: Span) -> Diagnostic {
    unreadable(source.place(span), wording(&ErrorKind::TabInIndentation))
}

/// A syntax error of the parser.
pub(super) fn syntax(source: &SourceText, error: &ScanError, depth: usize) -> Diagnostic {
    let text = source.text();
    let offset = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    if let Some(quote) = unclosed_quote(text, offset, error.kind()) {
        let place = source.place(Span::new(quote, quote + 1));
        let kind = &ErrorKind::UnclosedQuotedScalar;
        return unreadable(place, wording(kind));
    }
    let width = text
        .get(offset..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    let place = source.place(Span::new(offset, offset + width));
    if let ErrorKind::RecursionLimitExceeded = error.kind() {
        let limit = u64::try_from(depth).unwrap_or(u64::MAX);
        let what = "levels of nesting";
        return LimitExceeded { what, limit }.diagnostic(place);
    }
    unreadable(place, wording(error.kind()))
}

/// At the end of the text an indentation error within quotes only means that they are not closed.
fn unclosed_quote(text: &str, offset: usize, kind: &ErrorKind) -> Option<usize> {
    let at_end = text.get(offset..)?.trim().is_empty();
    let in_quotes = matches!(kind, ErrorKind::InvalidQuotedScalarIndent);
    (at_end && in_quotes)
        .then(|| text.get(..offset)?.rfind(['\'', '"']))
        .flatten()
}

fn unreadable(at: Place, (code, message, help): Wording) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, at, message)
        .why("the document cannot be read, so nothing in it is checked or registered");
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Code, message and help.
type Wording = (&'static str, String, Option<String>);

fn wording(kind: &ErrorKind) -> Wording {
    use ErrorKind as E;
    let (code, message, help) = match kind {
        E::UnclosedQuotedScalar => (
            "yaml/unclosed",
            "a quoted text is not closed",
            "add the closing quote",
        ),
        E::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { ']' } else { '}' };
            return (
                "yaml/unclosed",
                format!("`{open}` is not closed"),
                Some(format!("add `{close}`")),
            );
        }
        E::MismatchedFlowCollectionEnd { open, close } => {
            return (
                "yaml/unclosed",
                format!("`{open}` is closed by `{close}`"),
                Some("use a pair of brackets that match".to_owned()),
            );
        }
        E::UnexpectedCharacter { character } => {
            return (
                "yaml/reserved-character",
                match character {
                    '`' => "a backtick cannot begin a text".to_owned(),
                    other => format!("`{}` cannot begin a text", other.escape_default()),
                },
                Some("put the text in quotes".to_owned()),
            );
        }
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => ("yaml/tab", "a tab is used for indentation", "use spaces"),
        E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::InvalidIndentation
        | E::InvalidBlockScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidFlowScalarIndent => (
            "yaml/indentation",
            "the line does not fit the indentation around it",
            "indent it like the lines it belongs to; quote a text that goes over several lines",
        ),
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "yaml/syntax",
            "a `:` starts a value where none can be",
            "put the text in quotes if the colon belongs to it",
        ),
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "yaml/syntax",
            "a key without `:`",
            "add `:` and a space after the key, or indent the line if it continues the text above",
        ),
        E::UnknownQuotedScalarEscape => (
            "yaml/syntax",
            "an unknown escape in a double-quoted text",
            "double the backslash, or use single quotes",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "yaml/syntax",
            "text goes on behind the closing quote",
            "put all of the text in the quotes",
        ),
        E::ExpectedFlowMappingSeparator => (
            "yaml/syntax",
            "expected `,` or `}`",
            "separate properties by commas; quote a text that contains `{{ }}`",
        ),
        E::ExpectedFlowSequenceSeparator => (
            "yaml/syntax",
            "expected `,` or `]`",
            "separate items by commas",
        ),
        other => return ("yaml/syntax", other.to_string(), None),
    };
    (code, message.to_owned(), Some(help.to_owned()))
}
