//! There is documentation, where the annotation says it is.

use super::expectation::{is_empty, missing};
use super::requirements::usable;
use super::{Complaint, Findout, Need};
use crate::catalog::entity::Subject;
use crate::yaml::Node;

const REF: &str = "backstage.io/techdocs-ref";
const ENTITY: &str = "backstage.io/techdocs-entity";
const POINTER: &str = "/metadata/annotations/backstage.io~1techdocs-ref";

pub(super) fn check(subject: &Subject, out: &mut Findout) {
    let Ok(annotations) = usable(subject, "annotations", Node::is_mapping, out) else {
        return;
    };
    let get = |key| {
        let entry = annotations.and_then(|map| map.get(key))?;
        (!is_empty(entry.value)).then_some(entry.value)
    };
    if get(ENTITY).is_some() {
        // another entity has the documentation
        return;
    }
    let Some(reference) = get(REF) else {
        out.complaints.push(missing(subject, POINTER, "`dir:.`"));
        return;
    };
    let Some(text) = reference.as_text() else {
        out.is_said_elsewhere = true;
        return;
    };
    let complaint = |message, help: &str| Complaint {
        place: subject.place_of(reference),
        pointer: POINTER.to_owned(),
        message,
        help: help.to_owned(),
    };
    let Some(folder) = text.strip_prefix("dir:") else {
        if text.starts_with("url:") {
            out.is_unknown = true;
        } else {
            let message = format!("`{text}` does not say where the documentation is");
            let help = "write `dir:` and a folder, or `url:` and an address";
            out.complaints.push(complaint(message, help));
        }
        return;
    };
    let folder = beside(subject.source.name(), folder);
    let in_folder = |name: &str| match folder.as_str() {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    if !folder.is_empty() {
        let message = format!("the folder `{folder}` of the documentation does not exist");
        let complaint = complaint(message, "write the folder that has `mkdocs.yml`");
        out.needs
            .push((Need::Files(vec![folder.clone()]), complaint));
    }
    let files = vec![in_folder("mkdocs.yml"), in_folder("mkdocs.yaml")];
    let message = format!("`{}` does not exist", in_folder("mkdocs.yml"));
    let complaint = complaint(message, "TechDocs builds what that file describes: add it");
    out.needs.push((Need::Files(files), complaint));
}

/// A path that is meant from a file's folder, in terms of the file's own name.
fn beside(file: &str, path: &str) -> String {
    let (folder, _) = file.rsplit_once('/').unwrap_or(("", file));
    let is_absolute = folder.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if is_absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn folders_are_meant_from_the_file() {
        for (file, path, expected) in [
            ("catalog-info.yaml", ".", ""),
            ("a/catalog-info.yaml", ".", "a"),
            ("a/catalog-info.yaml", "./docs/", "a/docs"),
            ("a/b/c.yaml", "../docs", "a/docs"),
            ("a/c.yaml", "../../docs", "../docs"),
            ("../a/c.yaml", "../x", "../x"),
            ("/r/a/c.yaml", "docs", "/r/a/docs"),
        ] {
            assert_eq!(beside(file, path), expected, "{file} {path}");
        }
    }
}
