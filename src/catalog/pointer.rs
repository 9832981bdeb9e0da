//! JSON pointers, and how they are shown to people.

use crate::yaml::{Kind, Node};

/// The pointer to a property of the value at `parent`.
pub fn join(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A pointer as people write it: `metadata.links[0].url`.
pub fn shown(root: Node<'_>, pointer: &str) -> String {
    let mut out = String::new();
    let mut at = Some(root);
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let simple = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'$');
        if let Some(Kind::Sequence(items)) = at.map(Node::kind) {
            out.extend(["[", &name, "]"]);
            at = name.parse().ok().and_then(|index| items.get(index));
            continue;
        }
        if !name.is_empty() && name.bytes().all(simple) {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&name);
        } else {
            out.push_str(&format_args!("[{name:?}]").to_string());
        }
        at = at.and_then(|node| node.get(&name)).map(|entry| entry.value);
    }
    out
}
