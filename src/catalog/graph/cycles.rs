//! Entities that are above themselves: strongly connected parts of the hierarchies.
//!
//! A change can only make or break a cycle that goes through an entity whose own upward references
//! changed, so only what is above those is looked at again.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use super::slots::{Id, Slots};

/// Which entities are in a cycle, and with which others.
#[derive(Debug, Default)]
pub struct Cycles {
    /// All that are above each other, by each of them.
    knots: BTreeMap<Id, Rc<Knot>>,
    /// What may be above something else than before.
    dirty: BTreeSet<Id>,
}

/// Entities that are all above each other.
#[derive(Debug)]
struct Knot {
    members: Vec<Id>,
    /// A way up from the one that tells of it to itself, which it begins with.
    way: Vec<Id>,
}

impl Cycles {
    /// Notes that what is above an entity may change.
    pub fn touch(&mut self, id: Id) {
        self.dirty.insert(id);
    }

    /// Looks again at what was touched; gives all whose cycle may be another than before.
    pub fn settle(&mut self, slots: &Slots) -> BTreeSet<Id> {
        let mut roots = std::mem::take(&mut self.dirty);
        let mut changed = BTreeSet::new();
        let broken = roots.iter().filter_map(|id| self.knots.get(id));
        for knot in broken.cloned().collect::<Vec<_>>() {
            for &member in &knot.members {
                self.knots.remove(&member);
                changed.insert(member);
            }
        }
        roots.extend(&changed);
        for members in knots(&roots, slots) {
            let way = way_around(&members, slots);
            let knot = Rc::new(Knot { members, way });
            for &member in &knot.members {
                self.knots.insert(member, Rc::clone(&knot));
                changed.insert(member);
            }
        }
        changed
    }

    /// The way from an entity up to itself, which it begins with, if it is the one to tell of it.
    pub fn told_by(&self, id: Id) -> Option<&[Id]> {
        let knot = self.knots.get(&id)?;
        (knot.way.first() == Some(&id)).then_some(&knot.way)
    }
}

/// The shortest way up to itself from the first by name of those that were inserted.
fn way_around(members: &[Id], slots: &Slots) -> Vec<Id> {
    let knot: BTreeSet<Id> = members.iter().copied().collect();
    let own = members
        .iter()
        .filter(|&&member| !slots.descriptors(member).is_empty());
    let Some(&first) = own.min_by_key(|&&member| slots.name(member)) else {
        return Vec::new();
    };
    let mut from: HashMap<Id, Id> = HashMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(at) = queue.pop_front() {
        let mut above: Vec<Id> = slots.above(at).filter(|next| knot.contains(next)).collect();
        // by name, so that the same entities give the same way whatever they were before
        above.sort_by_key(|&next| slots.name(next));
        for next in above {
            if next == first && at != first {
                let mut way = vec![at];
                while let Some(&before) = way.last().and_then(|last| from.get(last)) {
                    way.push(before);
                }
                way.reverse();
                return way;
            }
            if next != first && !from.contains_key(&next) {
                from.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    Vec::new()
}

/// One entity on the way up, with what is above it and still to be visited.
struct Visit {
    id: Id,
    order: usize,
    lowest: usize,
    above: Vec<Id>,
}

/// Tarjan's algorithm with a stack of its own, since a hierarchy can be deeper than the machine's.
fn knots(roots: &BTreeSet<Id>, slots: &Slots) -> Vec<Vec<Id>> {
    let mut orders: HashMap<Id, usize> = HashMap::new();
    let mut open: Vec<Id> = Vec::new();
    let mut is_open: BTreeSet<Id> = BTreeSet::new();
    let mut found = Vec::new();
    for &root in roots {
        let mut visits: Vec<Visit> = Vec::new();
        let mut enter = (!orders.contains_key(&root)).then_some(root);
        loop {
            if let Some(id) = enter.take() {
                let order = orders.len();
                orders.insert(id, order);
                open.push(id);
                is_open.insert(id);
                visits.push(Visit {
                    id,
                    order,
                    lowest: order,
                    above: slots.above(id).collect(),
                });
            }
            let Some(visit) = visits.last_mut() else {
                break;
            };
            if let Some(next) = visit.above.pop() {
                match orders.get(&next) {
                    None => enter = Some(next),
                    Some(&order) if is_open.contains(&next) => {
                        visit.lowest = visit.lowest.min(order);
                    }
                    Some(_) => {}
                }
                continue;
            }
            let Some(done) = visits.pop() else { break };
            if let Some(below) = visits.last_mut() {
                below.lowest = below.lowest.min(done.lowest);
            }
            if done.lowest == done.order {
                let from = open.iter().rposition(|&id| id == done.id).unwrap_or(0);
                let knot = open.split_off(from);
                for id in &knot {
                    is_open.remove(id);
                }
                if knot.len() > 1 {
                    found.push(knot);
                }
            }
        }
    }
    found
}
