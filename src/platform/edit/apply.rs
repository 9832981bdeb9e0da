//! What an edit means: the same change made on plain data.

use serde_json::{Map, Value};

use super::path::Segment;
use super::{Edit, Operation};

/// Why there is no place for an edit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Blocked {
    /// A value on the way is no collection.
    NotACollection(String),
    /// A list on the way has no such item, and a path alone does not say what a new one would be.
    NoItem(String),
    /// An item to remove is named by its place, where another will be next time.
    ByPlace(String),
}

/// The data after the edit.
pub(super) fn apply(data: &Value, edit: &Edit, path: &[Segment]) -> Result<Value, Blocked> {
    let mut data = data.clone();
    at(&mut data, edit, path)?;
    Ok(data)
}

fn at(here: &mut Value, edit: &Edit, path: &[Segment]) -> Result<(), Blocked> {
    let value = edit.value.clone().unwrap_or_default();
    let Some((segment, rest)) = path.split_first() else {
        match edit.op {
            Operation::Set => *here = value,
            Operation::SetIfAbsent if here.is_null() => *here = value,
            Operation::Remove if edit.value.is_some() => {
                if let Value::Array(items) = here {
                    items.retain(|item| !is_same(item, &value, edit.key.as_deref()));
                }
            }
            Operation::SetIfAbsent | Operation::Remove => {}
            Operation::AppendUnique => {
                if here.is_null() {
                    *here = Value::Array(Vec::new());
                }
                let Value::Array(items) = here else {
                    return Err(Blocked::NotACollection(edit.path.clone()));
                };
                if !items
                    .iter()
                    .any(|item| is_same(item, &value, edit.key.as_deref()))
                {
                    let index = position(
                        items.iter().map(|i| sort_key(i, edit)),
                        sort_key(&value, edit).as_deref(),
                    );
                    items.insert(index, value);
                }
            }
        }
        return Ok(());
    };
    if here.is_null() && edit.op != Operation::Remove && matches!(segment, Segment::Key(_)) {
        *here = Value::Object(Map::new());
    }
    let removes = edit.removes_at(rest);
    match (here, segment) {
        (Value::Object(map), Segment::Key(key)) => {
            if removes {
                map.shift_remove(key);
            } else if let Some(next) = map.get_mut(key) {
                at(next, edit, rest)?;
            } else if edit.op != Operation::Remove {
                let mut next = Value::Null;
                at(&mut next, edit, rest)?;
                map.insert(key.clone(), next);
            }
            Ok(())
        }
        (Value::Array(_), Segment::Key(place)) if removes => Err(Blocked::ByPlace(place.clone())),
        (Value::Array(items), segment) => match index_of(items, segment) {
            Some(index) if removes => {
                items.remove(index);
                Ok(())
            }
            Some(index) => items
                .get_mut(index)
                .map_or(Ok(()), |item| at(item, edit, rest)),
            None if edit.op == Operation::Remove => Ok(()),
            None => Err(Blocked::NoItem(segment.shown())),
        },
        _ if edit.op == Operation::Remove => Ok(()),
        _ => Err(Blocked::NotACollection(segment.shown())),
    }
}

fn index_of(items: &[Value], segment: &Segment) -> Option<usize> {
    match segment {
        Segment::Key(index) => index.parse().ok().filter(|index| *index < items.len()),
        Segment::Item { member, value } => items
            .iter()
            .position(|item| item.get(member).is_some_and(|v| plain(v) == *value)),
    }
}

/// Whether an item is the one that an edit adds.
pub(super) fn is_same(item: &Value, value: &Value, key: Option<&str>) -> bool {
    match key {
        Some(key) => item.get(key).is_some() && item.get(key) == value.get(key),
        None => item == value,
    }
}

/// By what items are in order, if they are.
pub(super) fn sort_key(item: &Value, edit: &Edit) -> Option<String> {
    match (&edit.key, item) {
        (Some(key), item) => item.get(key).map(plain),
        (None, Value::String(text)) => Some(text.clone()),
        (None, _) => None,
    }
}

/// Where something new belongs: in order where all is in order, at the end where it is not.
pub(super) fn position(existing: impl Iterator<Item = Option<String>>, new: Option<&str>) -> usize {
    let existing: Vec<Option<String>> = existing.collect();
    let ordered =
        existing.len() > 1 && existing.iter().all(Option::is_some) && existing.is_sorted();
    match new {
        Some(_) if ordered => existing.partition_point(|item| item.as_deref() < new),
        _ => existing.len(),
    }
}

/// A scalar as people write it.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
