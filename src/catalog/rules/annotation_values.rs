//! Values of annotations: a variable that nothing expands is taken for the value itself, and a secret
//! is read by everyone who can see the entity.

use super::super::annotations;
use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::pointer;
use crate::diagnostic::Diagnostic;
use crate::yaml::Entry;

pub(super) const CODES: &[&str] = &[UNEXPANDED, SECRET];
const UNEXPANDED: &str = "annotation/unexpanded-variable";
const SECRET: &str = "annotation/secret-in-git";

/// How secrets of well-known makers begin.
const SECRETS: [(&str, &str); 11] = [
    ("ghp_", "a token of GitHub"),
    ("gho_", "a token of GitHub"),
    ("ghs_", "a token of GitHub"),
    ("github_pat_", "a token of GitHub"),
    ("glpat-", "a token of GitLab"),
    ("xoxb-", "a token of Slack"),
    ("xoxp-", "a token of Slack"),
    ("AKIA", "a key of AWS"),
    ("sntrys_", "a token of Sentry"),
    ("hvs.", "a token of Vault"),
    ("-----BEGIN ", "a private key"),
];

/// How names of secrets end, whatever the case, `-` and `_` being none.
const ENDINGS: [&str; 11] = [
    "token",
    "secret",
    "password",
    "passwd",
    "apikey",
    "accesskey",
    "privatekey",
    "secretkey",
    "integrationkey",
    "routingkey",
    "credentials",
];

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(annotations) = subject.metadata("annotations") else {
        return;
    };
    for entry in annotations.value.entries() {
        if found.is_full() {
            return;
        }
        let value = entry.value.as_text().unwrap_or_default();
        // What the scaffolder renders is no value yet.
        let has_sign = value.bytes().any(|b| matches!(b, b'{' | b'$' | b'%'));
        if value.is_empty() || (has_sign && value.contains("{{")) {
            continue;
        }
        let variable = has_sign.then(|| variable(value)).flatten();
        if let Some(variable) = variable {
            found.push(unexpanded(subject, entry, variable));
        }
        if let Some(secret) = secret(entry.name, value, variable) {
            found.push(in_git(subject, entry, variable, &secret));
        }
    }
}

fn unexpanded(subject: &Subject, entry: Entry, variable: &str) -> Diagnostic {
    let message = format!("`{variable}` is not expanded");
    Diagnostic::warning(UNEXPANDED, subject.place(entry), message)
        .why("neither Git nor the catalogue replaces variables: plugins get these very characters")
        .help("write the value itself, or let the template or the pipeline that writes the file fill it in")
        .pointer(pointer::join("/metadata/annotations", entry.name))
}

struct Secret {
    what: String,
    /// What whoever reads it can do, and the key to write instead.
    known: Option<(&'static str, &'static str)>,
}

fn in_git(subject: &Subject, entry: Entry, variable: Option<&str>, secret: &Secret) -> Diagnostic {
    let message = match variable {
        Some(variable) => format!(
            "`{variable}` stands for {}, which does not belong into Git",
            secret.what
        ),
        None => format!("`{}` holds {}, in Git", entry.name, secret.what),
    };
    let can = secret.known.map_or("use it", |(can, _)| can);
    let diagnostic = Diagnostic::warning(SECRET, subject.place(entry), message)
        .why(format!(
            "who can read the repository, its history or the entity can {can}"
        ))
        .pointer(pointer::join("/metadata/annotations", entry.name));
    let replaced = if variable.is_some() {
        ""
    } else {
        ", and replace the secret, which has leaked"
    };
    diagnostic.help(match secret.known {
        Some((_, instead)) => format!("use `{instead}`, which is no secret{replaced}"),
        None => format!("leave it where secrets are kept, and name in the annotation what the plugin shall look up{replaced}"),
    })
}

/// What kind of secret it is, if it is one.
fn secret(key: &str, value: &str, variable: Option<&str>) -> Option<Secret> {
    let known = annotations::key_of(key);
    if let Some(key) = known.filter(|key| key.secret.is_some()) {
        return Some(Secret {
            what: "a secret".to_owned(),
            known: key.secret,
        });
    }
    let of_maker = SECRETS.iter().find(|(begin, _)| {
        let rest = value.strip_prefix(begin);
        rest.is_some_and(|rest| rest.len() >= 12)
    });
    if let Some((_, what)) = of_maker {
        let what = (*what).to_owned();
        return Some(Secret { what, known: None });
    }
    // A key of the table says for itself whether it is one.
    let of_key = known.is_none() && is_opaque(value) && is_secret_name(key);
    let is_secret = variable.is_some_and(is_secret_name) || of_key;
    is_secret.then(|| Secret {
        what: "what looks like a secret".to_owned(),
        known: None,
    })
}

fn is_secret_name(name: &str) -> bool {
    let letters = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
    let letters = letters.map(|b| b.to_ascii_lowercase());
    let last = letters.clone().next();
    ENDINGS.iter().any(|ending| {
        let mut letters = letters.clone();
        ending.bytes().next_back() == last
            && ending.bytes().rev().all(|b| letters.next() == Some(b))
    })
}

/// Whether it could be a secret: a word, neither a path nor a switch.
fn is_opaque(value: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_graphic() && b != b'/';
    value.len() >= 8 && value.bytes().all(is_word)
}

/// The first variable in a value: `$NAME`, `${name}`, `$(NAME)` or `%NAME%`.
fn variable(value: &str) -> Option<&str> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    for (at, _) in value.match_indices('$') {
        let (before, from) = value.split_at_checked(at)?;
        let rest = from.strip_prefix('$').unwrap_or_default();
        let close = match rest.bytes().next() {
            Some(b'{') => '}',
            Some(b'(') => ')',
            _ => {
                let long = rest.bytes().take_while(|b| is_name(*b)).count();
                let name = rest.get(..long).unwrap_or_default();
                let is_shouted = !name.bytes().any(|b| b.is_ascii_lowercase())
                    && name.bytes().any(|b| b.is_ascii_alphabetic());
                let stands_alone = !before.bytes().next_back().is_some_and(is_name);
                if is_shouted && stands_alone && long >= 2 {
                    return from.get(..=long);
                }
                continue;
            }
        };
        let Some(end) = from.find(close) else {
            continue;
        };
        let inside = from.get(2..end).unwrap_or_default();
        let name = inside.split([':', '-']).next().unwrap_or_default();
        let begins = name
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        if begins && name.bytes().all(is_name) {
            return from.get(..=end);
        }
    }
    let percent = value.strip_prefix('%')?.strip_suffix('%')?;
    let is_name =
        !percent.is_empty() && percent.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    is_name.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn variables_are_told_from_other_dollars() {
        for (value, expected) in [
            ("$TOKEN", Some("$TOKEN")),
            ("a/$TEAM_ID/b", Some("$TEAM_ID")),
            ("x ${name} y", Some("${name}")),
            ("${NAME:-other}", Some("${NAME:-other}")),
            ("$(NAME)", Some("$(NAME)")),
            ("%NAME%", Some("%NAME%")),
            ("$5", None),
            ("US$12", None),
            ("$.spec.name", None),
            ("$name", None),
            ("foo$BAR", None),
            ("${}", None),
            ("${", None),
            ("50%", None),
            ("ä$", None),
        ] {
            assert_eq!(variable(value), expected, "{value}");
        }
    }
}
