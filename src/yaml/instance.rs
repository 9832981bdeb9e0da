//! JSON Schema straight on the tree: no copy of the document, and no place lost.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{
    Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object, cmp, unique,
};
use serde_json::{Number, Value};

use super::document::{Entries, EntryIter, ItemIter, Items, Kind, Node};
use super::json::json_number;
use super::number::js_number;

/// Makes validators for YAML trees: `jsonschema::options_for::<SpannedYaml>()`.
#[derive(Debug, Clone, Copy)]
pub struct SpannedYaml;

/// A value of the tree, or the name of a property, which schemas can look at like a string.
#[derive(Debug, Clone, Copy)]
pub enum Instance<'t> {
    /// A value.
    Node(Node<'t>),
    /// A property's name.
    Name(&'t str),
}

/// A number of the tree: a double, as in JavaScript.
#[derive(Debug, Clone, Copy)]
pub struct Double(f64);

/// Walks a list's values.
#[derive(Debug, Clone)]
pub struct Elements<'t>(ItemIter<'t>);

/// Walks an object's properties.
#[derive(Debug, Clone)]
pub struct Members<'t>(EntryIter<'t>);

impl<'t> From<Node<'t>> for Instance<'t> {
    fn from(node: Node<'t>) -> Self {
        Self::Node(node)
    }
}

impl Json for SpannedYaml {
    type Node<'a> = Instance<'a>;
    type PreparedKey = String;
    type StringBuffer = String;

    // An alias cannot lead into the node that holds it: the parser refuses that.
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(
        buffer: &mut String,
        string: &str,
        f: impl FnOnce(Instance<'_>) -> T,
    ) -> T {
        string.clone_into(buffer);
        f(Instance::Name(buffer))
    }
}

impl<'t> JsonNode<'t, SpannedYaml> for Instance<'t> {
    type Object = Entries<'t>;
    type Array = Items<'t>;
    type Number = Double;

    fn as_object(&self) -> Option<Entries<'t>> {
        match self.kind() {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Items<'t>> {
        match self.kind() {
            Kind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'t, str>> {
        match self.kind() {
            Kind::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Double> {
        match self.kind() {
            Kind::Number(value) => Some(Double(value)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Number(_) => JsonType::Number,
            Kind::Text(_) => JsonType::String,
            Kind::Sequence(_) => JsonType::Array,
            Kind::Mapping(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        cmp::equal(&self.whole(), expected)
    }

    /// For errors only, and they are read by their path: a copy of a large collection for each of its
    /// errors would make a hostile file many times its size.
    fn to_value(&self) -> Cow<'t, Value> {
        Cow::Owned(match self.json_type() {
            JsonType::Array | JsonType::Object => Value::Null,
            _ => self.whole(),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            Self::Node(node) => Some(node.identity()),
            Self::Name(_) => None,
        }
    }
}

impl<'t> Instance<'t> {
    fn whole(self) -> Value {
        match self {
            Self::Node(node) => node.to_value(),
            Self::Name(name) => Value::String(name.to_owned()),
        }
    }

    fn kind(self) -> Kind<'t> {
        match self {
            Self::Node(node) => node.kind(),
            Self::Name(name) => Kind::Text(name),
        }
    }
}

impl<'t> Object<'t, SpannedYaml> for Entries<'t> {
    type Node = Instance<'t>;
    type MemberName = &'t str;
    type MembersIter = Members<'t>;

    fn len(&self) -> usize {
        Entries::len(*self)
    }

    fn get(&self, key: &String) -> Option<Instance<'t>> {
        self.members()
            .find_map(|(name, node)| (name == key).then_some(node))
    }

    fn members(&self) -> Members<'t> {
        Members(self.into_iter())
    }
}

impl<'t> Array<'t, SpannedYaml> for Items<'t> {
    type Node = Instance<'t>;
    type ElementsIter = Elements<'t>;

    fn len(&self) -> usize {
        Items::len(*self)
    }

    fn elements(&self) -> Elements<'t> {
        Elements(self.into_iter())
    }

    fn is_unique(&self) -> bool {
        let values: Vec<Value> = self.elements().map(Instance::whole).collect();
        unique::is_unique(&values)
    }
}

impl<'t> Iterator for Elements<'t> {
    type Item = Instance<'t>;

    fn next(&mut self) -> Option<Instance<'t>> {
        self.0.next().map(Instance::Node)
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = (&'t str, Instance<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.0.next()?;
        Some((entry.name, Instance::Node(entry.value)))
    }
}

impl JsonNumber for Double {
    fn as_u64(&self) -> Option<u64> {
        json_number(self.0).as_u64()
    }

    fn as_i64(&self) -> Option<i64> {
        json_number(self.0).as_i64()
    }

    fn as_f64(&self) -> Option<f64> {
        Some(self.0)
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(js_number(self.0))
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(json_number(self.0))
    }

    fn is_integer(&self) -> bool {
        self.0.fract() == 0.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Instance, SpannedYaml};
    use crate::limits::Limits;
    use crate::source::SourceText;
    use crate::yaml::parse;

    #[test]
    fn schemas_see_the_values_that_the_text_stands_for() {
        let text = "n: 1.0\nlist: &l [1, {a: b}]\nsame: *l\nname: x\nnone:\n";
        let source = SourceText::new("a.yaml", text);
        let stream = parse(&source, &Limits::default());
        let document = stream.documents.first().unwrap();
        let holds = |schema: serde_json::Value| {
            let validator = jsonschema::options_for::<SpannedYaml>().build(&schema);
            validator.unwrap().is_valid(Instance::from(document.root()))
        };
        let property = |name: &str, schema| json!({"properties": {name: schema}});
        assert!(holds(property("n", json!({"type": "integer", "const": 1}))));
        assert!(!holds(property("n", json!({"minimum": 2}))));
        assert!(holds(property(
            "same",
            json!({"const": [1, {"a": "b"}], "uniqueItems": true})
        )));
        assert!(!holds(property("list", json!({"enum": [[1], null]}))));
        assert!(holds(property("none", json!({"type": "null"}))));
        assert!(holds(
            json!({"propertyNames": {"pattern": "^[a-z]+$"}, "maxProperties": 5})
        ));
        assert!(!holds(json!({"propertyNames": {"maxLength": 3}})));
    }
}
