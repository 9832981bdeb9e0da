//! The working tree that a descriptor is part of. The core opens no file: the host reads for it.

/// Where a descriptor is, and how to read what is beside it.
#[derive(Clone, Copy)]
pub struct Repository<'r> {
    /// The descriptor's path from the root of its repository, with `/`.
    pub path: &'r str,
    /// The address of the repository, such as `https://github.com/acme/shop`, if it is known.
    pub url: Option<&'r str>,
    /// Reads its files.
    pub files: &'r dyn Files,
}

/// Reads files of a repository.
pub trait Files {
    /// The file at a path from the root of the repository.
    fn read(&self, path: &str) -> Result<File, Unread>;
}

/// A file of a repository.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name as diagnostics shall show it.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Why there is no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// There is no such file; these are in its folder.
    Missing(Vec<String>),
    /// It is a folder.
    Folder,
    /// It is a symbolic link to a place outside of the repository.
    Outside,
    /// The system's reason.
    Failed(String),
}

/// What a text that names a file means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A path from the root of the repository.
    File(String),
    /// A path that leads out of the repository.
    Outside,
    /// An address in another repository.
    OtherRepository,
    /// Any other address.
    Address,
}

impl Repository<'_> {
    /// What `text` means in the file at `from`, a path from the root. As Backstage does, it is a URL
    /// relative to that of the file, and `/` is the root of the repository.
    pub fn target(&self, text: &str, from: &str) -> Target {
        if has_scheme(text) {
            return self.address(text);
        }
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let path = path.replace('\\', "/");
        let mut parts: Vec<&str> = match path.strip_prefix('/') {
            Some(_) => Vec::new(),
            None => from.split('/').collect(),
        };
        // `a/b` is beside the file; nothing at all is the file itself.
        if !path.is_empty() {
            parts.pop();
        }
        for part in path.split('/') {
            // in a URL these are dots, too
            match &*part.replace("%2e", ".").replace("%2E", ".") {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return Target::Outside;
                    }
                }
                _ => parts.push(part),
            }
        }
        let path = percent_decoded(&parts.join("/"));
        if path.split(['/', '\\']).any(|part| part == "..") {
            return Target::Outside;
        }
        Target::File(path)
    }

    /// An absolute address: a file of this repository, whatever the branch, one of another, or neither.
    fn address(&self, text: &str) -> Target {
        let (Some(own), Some((repository, file))) = (self.url, blob(text)) else {
            return Target::Address;
        };
        if host_and_path(own).eq_ignore_ascii_case(repository) {
            let file = file.split(['?', '#']).next().unwrap_or_default();
            Target::File(percent_decoded(file))
        } else {
            Target::OtherRepository
        }
    }
}

/// Whether a text is an absolute URL.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// `host/owner/name` and the path of a file's page on GitHub, GitLab or one like them.
fn blob(url: &str) -> Option<(&str, &str)> {
    let rest = host_and_path(url);
    for separator in ["/-/blob/", "/-/raw/", "/-/tree/"] {
        if let Some((repository, rest)) = rest.split_once(separator) {
            return Some((repository, rest.split_once('/')?.1));
        }
    }
    let (end, _) = rest.match_indices('/').nth(2)?;
    let (repository, rest) = rest.split_at_checked(end)?;
    let rest = ["/blob/", "/raw/", "/tree/"]
        .iter()
        .find_map(|separator| rest.strip_prefix(separator))?;
    Some((repository, rest.split_once('/')?.1))
}

/// An address without scheme, user and the ending `.git`.
fn host_and_path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, _) = rest.split_once('/').unwrap_or((rest, ""));
    let user = authority.rfind('@').map_or(0, |at| at + 1);
    let rest = rest.get(user..).unwrap_or_default();
    let rest = rest.trim_end_matches('/');
    rest.strip_suffix(".git").unwrap_or(rest)
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(code)) = (byte, code) {
            out.push(code);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Files for Nothing {
        fn read(&self, _: &str) -> Result<File, Unread> {
            Err(Unread::Missing(Vec::new()))
        }
    }

    #[test]
    fn targets_are_those_of_backstage() {
        let repository = Repository {
            path: "services/shop/catalog-info.yaml",
            url: Some("https://github.com/acme/shop.git"),
            files: &Nothing,
        };
        let target = |text| repository.target(text, repository.path);
        let file = |path: &str| Target::File(path.to_owned());
        assert_eq!(target("./a.yaml"), file("services/shop/a.yaml"));
        assert_eq!(target("a.yaml"), file("services/shop/a.yaml"));
        assert_eq!(target("../../a.yaml"), file("a.yaml"));
        assert_eq!(target("/a/./b.yaml"), file("a/b.yaml"));
        assert_eq!(target("..\\a%20b.yaml?x#y"), file("services/a b.yaml"));
        assert_eq!(target(""), file(repository.path));
        assert_eq!(target("../../../a.yaml"), Target::Outside);
        assert_eq!(target("/../a.yaml"), Target::Outside);
        assert_eq!(target("%2e%2E/%2e/a.yaml"), file("services/a.yaml"));
        assert_eq!(target("/.%2e/a.yaml"), Target::Outside);
        assert_eq!(target("a%2f..%2F..%2fa.yaml"), Target::Outside);
        assert_eq!(target("https://example.com/a.yaml"), Target::Address);
        for own in [
            "https://github.com/acme/shop/blob/main/a/b.yaml",
            "https://GitHub.com/acme/shop/tree/v1/a/b.yaml",
        ] {
            assert_eq!(target(own), file("a/b.yaml"), "{own}");
        }
        for other in [
            "https://github.com/acme/other/blob/main/a.yaml",
            "https://gitlab.com/g/s/p/-/blob/main/a.yaml",
        ] {
            assert_eq!(target(other), Target::OtherRepository, "{other}");
        }
        let unknown = Repository {
            url: None,
            ..repository
        };
        let text = "https://github.com/acme/other/blob/main/a.yaml";
        assert_eq!(unknown.target(text, unknown.path), Target::Address);
    }
}
