//! The CSV file: `p, subject, permission, action, effect` and `g, member, role`.

use std::collections::HashMap;

use super::Rbac;
use crate::diagnostic::Diagnostic;
use crate::limits::{MAX_PROBLEMS, too_many_problems};
use crate::policy::model::Effect;
use crate::source::{Place, SourceText, Span};
use crate::suggest;

/// What a role, user or group may do.
#[derive(Debug, Clone)]
pub struct Line {
    /// The role, user or group, as written.
    pub subject: String,
    /// The name of a permission, or a type of resource.
    pub object: String,
    /// The action; `use` if the permission has none.
    pub action: String,
    /// What it does.
    pub effect: Effect,
    /// The whole line.
    pub at: Place,
}

/// Who has a role.
#[derive(Debug, Clone)]
pub struct Grant {
    /// A user or group, in lower case.
    pub member: String,
    /// The role, as written.
    pub role: String,
    /// The whole line.
    pub at: Place,
}

/// The actions of permissions; `use` stands for none.
pub const ACTIONS: [&str; 5] = ["create", "read", "update", "delete", "use"];

/// Reads the lines of a file, and reports all that are none.
pub fn read(source: &SourceText, rbac: &mut Rbac, diagnostics: &mut Vec<Diagnostic>) {
    let mut reader = Reader {
        source,
        diagnostics,
        seen: HashMap::new(),
    };
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        let span = Span::new(start + indent, start + indent + text.len());
        start += line.len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if reader.diagnostics.len() >= MAX_PROBLEMS {
            let place = source.place(span);
            reader.diagnostics.push(too_many_problems(place));
            return;
        }
        reader.line(text, span, rbac);
    }
}

struct Reader<'r> {
    source: &'r SourceText,
    diagnostics: &'r mut Vec<Diagnostic>,
    /// What was said already, without its effect.
    seen: HashMap<(String, String, String), Place>,
}

struct Field {
    text: String,
    span: Span,
}

impl Reader<'_> {
    fn line(&mut self, text: &str, span: Span, rbac: &mut Rbac) {
        let at = self.source.place(span);
        let Some(fields) = fields(text, span.start) else {
            let message = "a quote in the wrong place";
            let help = "put quotes around whole fields only, and double those within";
            self.refuse(at, "policy/csv-line", message.to_owned(), help);
            return;
        };
        match fields.as_slice() {
            [kind, subject, object, action, effect] if kind.text == "p" => {
                rbac.lines
                    .extend(self.policy(subject, object, action, effect, at));
            }
            [kind, member, role] if kind.text == "g" => {
                rbac.grants.extend(self.grant(member, role, at));
            }
            [kind, ..] => {
                let message = match kind.text.as_str() {
                    "p" | "g" => format!("`{}` with {} fields", kind.text, fields.len() - 1),
                    other => format!("a line that begins with `{other}`"),
                };
                let help = "write `p, subject, permission, action, effect` or `g, member, role`";
                self.refuse(at, "policy/csv-line", message, help);
            }
            [] => {}
        }
    }

    fn policy(
        &mut self,
        subject: &Field,
        object: &Field,
        action: &Field,
        effect: &Field,
        at: Place,
    ) -> Option<Line> {
        let is_subject = self.entity_ref(subject, &["role", "user", "group"]);
        let has_object = !object.text.is_empty() && !object.text.contains('"');
        if !has_object {
            let place = self.source.place(object.span);
            let help = "write the name of a permission or a type of resource, without quotes";
            let message = format!("`{}` is no permission", object.text);
            self.refuse(place, "policy/csv-line", message, help);
        }
        let is_action = self.word("an action", action, &ACTIONS);
        let is_effect = self.word("an effect", effect, &["allow", "deny"]);
        if !(is_subject && has_object && is_action && is_effect) {
            return None;
        }
        self.once(subject, object, action, &at);
        Some(Line {
            subject: subject.text.clone(),
            object: object.text.clone(),
            action: action.text.clone(),
            effect: match effect.text.as_str() {
                "deny" => Effect::Deny,
                _ => Effect::Allow,
            },
            at,
        })
    }

    fn grant(&mut self, member: &Field, role: &Field, at: Place) -> Option<Grant> {
        let member = Field {
            text: member.text.to_lowercase(),
            span: member.span,
        };
        let is_member = self.entity_ref(&member, &["user", "group"]);
        let is_role = self.entity_ref(role, &["role"]);
        if !(is_member && is_role) {
            return None;
        }
        let nothing = Field {
            text: String::new(),
            span: role.span,
        };
        self.once(&member, role, &nothing, &at);
        Some(Grant {
            member: member.text,
            role: role.text.clone(),
            at,
        })
    }

    /// The plugin drops both of two lines that say the same, or the opposite.
    fn once(&mut self, first: &Field, second: &Field, third: &Field, at: &Place) {
        let key = [first, second, third].map(|field| field.text.clone());
        let [a, b, c] = key;
        if let Some(before) = self.seen.get(&(a.clone(), b.clone(), c.clone())) {
            let message = "a second line about the same";
            let diagnostic = Diagnostic::error("policy/csv-duplicate", at.clone(), message)
                .why("Red Hat's plugin skips both, the first one too")
                .help("remove one of the two")
                .related("the first", before.clone());
            self.diagnostics.push(diagnostic);
            return;
        }
        self.seen.insert((a, b, c), at.clone());
    }

    fn entity_ref(&mut self, field: &Field, kinds: &[&str]) -> bool {
        let Err(reason) = check_ref(&field.text, kinds) else {
            return true;
        };
        let place = self.source.place(field.span);
        let message = format!("`{}` is no {}", field.text, kinds.join(" or "));
        let kind = kinds.first().copied().unwrap_or_default();
        let help = format!("write a full ref such as `{kind}:default/name`");
        let diagnostic = Diagnostic::error("policy/csv-ref", place, message).why(reason);
        self.diagnostics.push(diagnostic.help(help));
        false
    }

    fn word(&mut self, what: &str, field: &Field, words: &[&str]) -> bool {
        if words.contains(&field.text.as_str()) {
            return true;
        }
        let place = self.source.place(field.span);
        let help = match suggest::nearest(&field.text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of `{}`", words.join("`, `")),
        };
        let message = format!("`{}` is not {what}", field.text);
        self.refuse(place, "policy/csv-line", message, &help);
        false
    }

    fn refuse(&mut self, at: Place, code: &'static str, message: String, help: &str) {
        let why = "Red Hat's plugin would skip the line with a warning";
        let diagnostic = Diagnostic::error(code, at, message).why(why).help(help);
        self.diagnostics.push(diagnostic);
    }
}

/// Splits a line at its commas; `None` if quotes do not match.
fn fields(line: &str, start: usize) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    let mut rest = line;
    let mut offset = start;
    loop {
        let blank = rest.len() - rest.trim_start().len();
        let (text, length) = if rest.trim_start().starts_with('"') {
            let (text, length) = quoted(rest.trim_start())?;
            (text, blank + length)
        } else {
            let raw = rest.split_once(',').map_or(rest, |(raw, _)| raw);
            if raw.contains('"') {
                return None;
            }
            (raw.trim().to_owned(), raw.len())
        };
        let written = rest.get(..length)?;
        let end = offset + written.trim_end().len();
        let span = Span::new((offset + blank).min(end), end);
        fields.push(Field { text, span });
        let after = rest.get(length..)?;
        let Some(next) = after.trim_start().strip_prefix(',') else {
            return after.trim().is_empty().then_some(fields);
        };
        offset += rest.len() - next.len();
        rest = next;
    }
}

/// The text between quotes, and how much of the line it takes.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut found = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((index, c)) = chars.next() {
        if c != '"' {
            found.push(c);
        } else if chars.next_if(|&(_, next)| next == '"').is_some() {
            found.push('"');
        } else {
            return Some((found.trim().to_owned(), index + 1));
        }
    }
    None
}

/// What the plugin demands of a ref.
pub fn check_ref(text: &str, kinds: &[&str]) -> Result<(), &'static str> {
    let (kind, rest) = text.split_once(':').ok_or("it has no kind")?;
    let (namespace, name) = rest.split_once('/').ok_or("it has no namespace")?;
    if !kinds.contains(&kind) {
        return Err("it is of another kind");
    }
    let word = |part: &str, upper: bool| {
        !part.is_empty()
            && part.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || (upper && b.is_ascii_uppercase())
            })
    };
    if namespace.len() > 63 || !namespace.split('-').all(|part| word(part, false)) {
        return Err("a namespace is at most 63 small letters and digits, in parts joined by `-`");
    }
    if name.len() > 63 || !name.split(['-', '_', '.']).all(|part| word(part, true)) {
        return Err("a name is at most 63 letters and digits, in parts joined by `-`, `_` or `.`");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_trimmed_and_keep_their_places() {
        let read = |line| {
            fields(line, 10).map(|fields| {
                let field = |f: Field| (f.text, f.span.start - 10, f.span.end - 10);
                fields.into_iter().map(field).collect::<Vec<_>>()
            })
        };
        let field = |text: &str, start, end| (text.to_owned(), start, end);
        assert_eq!(
            read("g,  user:a ,b"),
            Some(vec![
                field("g", 0, 1),
                field("user:a", 4, 10),
                field("b", 12, 13)
            ])
        );
        assert_eq!(
            read(r#"p, "a ""b"",c" , d"#),
            Some(vec![
                field("p", 0, 1),
                field(r#"a "b",c"#, 3, 14),
                field("d", 17, 18)
            ])
        );
        assert_eq!(
            read("p,,"),
            Some(vec![field("p", 0, 1), field("", 2, 2), field("", 3, 3)])
        );
        assert_eq!(read(r#"p, a"b"#), None);
        assert_eq!(read(r#"p, "a" b"#), None);
        assert_eq!(read(r#"p, "a"#), None);
    }
}
