//! Sorting as JavaScript does it.

use std::cmp::Ordering;

use crate::template::eval::Outcome;
use crate::template::value::Value;

/// `Array.prototype.sort`: stable, undefined last, with an order that may fail or contradict itself.
pub(crate) fn sort_by<T: Clone + MaybeUndefined>(
    items: &mut Vec<T>,
    mut order: impl FnMut(&T, &T) -> Outcome<Ordering>,
) -> Outcome<()> {
    let (undefined, mut defined): (Vec<T>, Vec<T>) =
        std::mem::take(items).into_iter().partition(T::is_undefined);
    merge_sort(&mut defined, &mut order)?;
    defined.extend(undefined);
    *items = defined;
    Ok(())
}

/// What sorts last whatever the order says.
pub(crate) trait MaybeUndefined {
    fn is_undefined(&self) -> bool;
}

impl MaybeUndefined for Value {
    fn is_undefined(&self) -> bool {
        Value::is_undefined(self)
    }
}

impl MaybeUndefined for [Value; 2] {
    fn is_undefined(&self) -> bool {
        false
    }
}

/// The standard library's sort may panic on an order that contradicts itself; this one does not.
fn merge_sort<T: Clone>(
    items: &mut [T],
    order: &mut impl FnMut(&T, &T) -> Outcome<Ordering>,
) -> Outcome<()> {
    if items.len() < 2 {
        return Ok(());
    }
    let (left, right) = items.split_at_mut(items.len() / 2);
    merge_sort(left, order)?;
    merge_sort(right, order)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if order(a, b)?.is_gt() {
            right.next()
        } else {
            left.next()
        };
        merged.extend(next.cloned());
    }
    merged.extend(left.cloned());
    merged.extend(right.cloned());
    items.clone_from_slice(&merged);
    Ok(())
}
