//! Globs of paths, as the scaffolder's inputs have them: `**`, `*`, `?`, `[a-z]`, `{a,b}`, and `!` before
//! a whole pattern.

/// Whether one of the patterns matches and none of those with `!` does.
pub(super) fn any(patterns: &[&str], path: &str) -> bool {
    let (not, yes): (Vec<&str>, Vec<&str>) = patterns.iter().partition(|p| p.starts_with('!'));
    yes.iter().any(|pattern| matches(pattern, path))
        && !not.iter().any(|p| matches(p.trim_start_matches('!'), path))
}

/// Whether a pattern matches the whole path.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./");
    let mut expanded = Vec::new();
    expand(pattern, &mut expanded);
    let path: Vec<&str> = path.split('/').collect();
    expanded.iter().any(|pattern| {
        let parts: Vec<&str> = pattern.split('/').collect();
        walk(&parts, &path)
    })
}

/// More alternatives than a pattern has for people to read.
const MAX_ALTERNATIVES: usize = 256;

/// Writes out the braces.
fn expand(pattern: &str, out: &mut Vec<String>) {
    if out.len() >= MAX_ALTERNATIVES {
        return;
    }
    let braces = pattern
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (inner, after))) = braces else {
        out.push(pattern.to_owned());
        return;
    };
    for alternative in inner.split(',') {
        expand(&format!("{before}{alternative}{after}"), out);
    }
}

/// Whether the folders of a path match: a point of return at the last `**` is enough.
fn walk(mut pattern: &[&str], mut path: &[&str]) -> bool {
    let mut retry: Option<(&[&str], &[&str])> = None;
    loop {
        match (pattern.split_first(), path.split_first()) {
            (Some((&"**", rest)), _) => {
                retry = Some((rest, path));
                pattern = rest;
                continue;
            }
            (None, None) => return true,
            (Some((part, rest)), Some((name, below))) if one(part, name) => {
                (pattern, path) = (rest, below);
                continue;
            }
            _ => {}
        }
        match retry {
            Some((rest, [_, below @ ..])) => {
                retry = Some((rest, below));
                (pattern, path) = (rest, below);
            }
            _ => return false,
        }
    }
}

/// Whether a name matches a part of a pattern.
fn one(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(p), name.get(n)) {
            (Some('*'), _) => {
                retry = Some((p + 1, n));
                p += 1;
                continue;
            }
            (None, None) => return true,
            (Some('?'), Some(_)) => {
                (p, n) = (p + 1, n + 1);
                continue;
            }
            (Some('['), Some(c)) => {
                if let Some((end, true)) = class(pattern.get(p..).unwrap_or_default(), *c) {
                    (p, n) = (p + end, n + 1);
                    continue;
                }
            }
            (Some(wanted), Some(c)) if wanted == c => {
                (p, n) = (p + 1, n + 1);
                continue;
            }
            _ => {}
        }
        match retry {
            Some((at, from)) if from < name.len() => {
                retry = Some((at, from + 1));
                (p, n) = (at, from + 1);
            }
            _ => return false,
        }
    }
}

/// How long a class is, and whether a character is in it.
fn class(pattern: &[char], c: char) -> Option<(usize, bool)> {
    let end = pattern.iter().position(|&p| p == ']')?;
    let inner = pattern.get(1..end)?;
    let (is_not, inner) = match inner.split_first() {
        Some(('!' | '^', rest)) => (true, rest),
        _ => (false, inner),
    };
    let mut rest = inner;
    let mut is_in = false;
    while let Some((&first, more)) = rest.split_first() {
        if let ['-', last, after @ ..] = more {
            is_in |= (first..=*last).contains(&c);
            rest = after;
        } else {
            is_in |= first == c;
            rest = more;
        }
    }
    Some((end + 1, is_in != is_not))
}

#[cfg(test)]
mod tests {
    use super::{any, matches};

    #[test]
    fn paths_match_as_globs_say() {
        for (pattern, path, expected) in [
            ("**/*.md", "README.md", true),
            ("**/*.md", "docs/a/b.md", true),
            ("*.md", "docs/b.md", false),
            (".github/**", ".github/workflows/ci.yml", true),
            ("./.github/workflows/*", ".github/workflows/ci.yml", true),
            (".github/workflows", ".github/workflows/ci.yml", false),
            ("**/{a,b}.txt", "x/b.txt", true),
            ("**/{a,b}.txt", "x/c.txt", false),
            ("[a-c]?.t*", "bx.txt", true),
            ("[!a-c]?.t*", "bx.txt", false),
            ("**", "a/b", true),
            ("a/**/b", "a/b", true),
            ("a/**/b/**/c", "a/x/b/y/z/c", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} on {path}");
        }
        assert!(any(&["**", "!**/*.md"], "a.txt"));
        assert!(!any(&["**", "!**/*.md"], "a.md"));
    }
}
