//! Fields that nothing reads: Backstage accepts and ignores them, so a slip of the pen goes unnoticed.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::model::ENVELOPE;
use super::super::placeholder::placeholder;
use super::super::pointer;
use super::super::schema::{Schema, Subschema};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::{Entry, Node};

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let envelope = ENVELOPE.as_ref();
    if let Some(schema) = envelope.map(Schema::root) {
        for entry in subject.root.entries() {
            if found.is_full() {
                return;
            }
            let is_foreign = schema.property(entry.name).is_none();
            if is_foreign && !is_slip(schema, subject.root, entry.name) {
                found.push(foreign_root_field(subject, entry, schema));
            }
        }
    }
    let Some(severity) = subject.options.unknown_fields.severity() else {
        return;
    };
    let mut walk = Walk {
        subject,
        severity,
        found,
    };
    let metadata = envelope.and_then(|schema| schema.root().property("metadata"));
    if let Some((schema, entry)) = metadata.zip(subject.field("metadata")) {
        walk.look(schema, entry.value, "/metadata");
        walk.slips(schema, entry.value, "/metadata");
    }
    let schema = subject.model.and_then(|model| model.schema.as_ref());
    let spec = schema.and_then(|schema| schema.root().property("spec"));
    if let Some((schema, entry)) = spec.zip(subject.field("spec")) {
        walk.look(schema, entry.value, "/spec");
    }
}

/// A required field under a wrong name is reported as missing; that is enough.
fn is_slip(schema: Subschema, owner: Node, name: &str) -> bool {
    let meant = schema.meant_by(name);
    meant.is_some_and(|meant| schema.requires(meant) && owner.get(meant).is_none())
}

/// At the root nothing foreign is allowed.
fn foreign_root_field(subject: &Subject, entry: Entry, schema: Subschema) -> Diagnostic {
    let place = subject.source.place(entry.key.span());
    let message = format!("unknown field `{}`", entry.name);
    let diagnostic = Diagnostic::error("catalog/unknown-field", place, message)
        .pointer(pointer::join("", entry.name));
    if let "relations" | "status" = entry.name {
        return diagnostic
            .why("the catalogue makes this field itself and refuses it in a file")
            .help("remove it; relations come from fields of `spec` such as `dependsOn`");
    }
    let diagnostic =
        diagnostic.why("an entity has apiVersion, kind, metadata and spec, and nothing else");
    match schema.meant_by(entry.name) {
        Some(near) => suggest_name(diagnostic, near, subject.root),
        None => diagnostic.help(format!("move it below {}", home(subject, entry.name))),
    }
}

/// Where a field of that name belongs.
fn home(subject: &Subject, name: &str) -> &'static str {
    let known = |schema: Option<&Schema>, part| {
        let part = schema.and_then(|schema| schema.root().property(part));
        part.is_some_and(|part| part.property(name).is_some())
    };
    let kind = subject.model.and_then(|model| model.schema.as_ref());
    if known(ENVELOPE.as_ref(), "metadata") {
        "`metadata`"
    } else if known(kind, "spec") {
        "`spec`"
    } else {
        "`metadata` or `spec`"
    }
}

/// Renames the field, unless there is one of that name already.
fn suggest_name(diagnostic: Diagnostic, near: &str, owner: Node) -> Diagnostic {
    if owner.get(near).is_some() {
        return diagnostic.help(format!("did you mean `{near}`, which is there already?"));
    }
    let place = diagnostic.at.clone();
    diagnostic.help(format!("did you mean `{near}`?")).fix(
        format!("rename the field to `{near}`"),
        place,
        near,
    )
}

struct Walk<'w, 't> {
    subject: &'w Subject<'t>,
    severity: Severity,
    found: &'w mut Findings,
}

impl Walk<'_, '_> {
    /// Follows schema and value down together. The schemas are not recursive, so this ends.
    fn look(&mut self, schema: Subschema, value: Node, pointer: &str) {
        if placeholder(value).is_some() {
            return;
        }
        let entries = value.entries().into_iter();
        for entry in entries {
            if self.found.is_full() {
                return;
            }
            let pointer = pointer::join(pointer, entry.name);
            match schema.property(entry.name) {
                Some(schema) => self.look(schema, entry.value, &pointer),
                // The type that a shape is for need not be a field of it.
                None if pointer == "/spec/type" && self.is_of_a_type() => {}
                None if schema.is_closed() => self.report(schema, value, entry, &pointer),
                None => {}
            }
        }
        if let Some(schema) = schema.items() {
            for (index, item) in value.items().into_iter().enumerate() {
                self.look(schema, item, &format!("{pointer}/{index}"));
            }
        }
    }

    fn is_of_a_type(&self) -> bool {
        self.subject
            .model
            .is_some_and(|model| model.spec_type.is_some())
    }

    /// An object that may have any field: only one that is nearly a known one is worth a word.
    fn slips(&mut self, schema: Subschema, value: Node, pointer: &str) {
        for entry in value.entries() {
            if self.found.is_full() {
                return;
            }
            if schema.meant_by(entry.name).is_some() {
                self.report(schema, value, entry, &pointer::join(pointer, entry.name));
            }
        }
    }

    fn report(&mut self, schema: Subschema, owner: Node, entry: Entry, pointer: &str) {
        if is_slip(schema, owner, entry.name) {
            return;
        }
        let place = self.subject.source.place(entry.key.span());
        let message = format!("unknown field `{}`", self.subject.shown(pointer));
        let diagnostic = Diagnostic::error("catalog/unknown-field", place, message)
            .with_severity(self.severity)
            .why("Backstage accepts and ignores it")
            .pointer(pointer);
        self.found
            .push(if let Some(near) = schema.meant_by(entry.name) {
                suggest_name(diagnostic, near, owner)
            } else {
                let names: Vec<&str> = schema.property_names().collect();
                diagnostic.help(format!("the fields here are `{}`", names.join("`, `")))
            });
    }
}
