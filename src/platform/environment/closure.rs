//! Which services an environment needs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Known, Problems, Request};

/// What runs, and what is only used.
pub(super) struct Chosen<'r> {
    pub run: Vec<&'r Known>,
    pub shared: Vec<String>,
}

/// The services that are asked for with all that they depend on or call; circles are walked once.
pub(super) fn choose<'r>(request: &'r Request, problems: &mut Problems) -> Chosen<'r> {
    let known: BTreeMap<&str, &Known> = request
        .catalog
        .iter()
        .map(|known| (known.reference.as_str(), known))
        .collect();
    let providers: BTreeMap<&str, &str> = request
        .catalog
        .iter()
        .flat_map(|known| {
            let apis = known.provides_apis.iter();
            apis.map(|api| (api.as_str(), known.reference.as_str()))
        })
        .collect();
    let mut chosen = Chosen {
        run: Vec::new(),
        shared: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut open: Vec<(&str, Option<&str>)> = Vec::new();
    for (index, reference) in request.components.iter().enumerate() {
        match known.get(reference.as_str()) {
            Some(entity) if entity.shared => {
                let message = format!("`{reference}` is shared by all environments");
                let help = "leave it out: it is used where it runs";
                problems.add(
                    "environment/shared",
                    &format!("/components/{index}"),
                    message,
                    "",
                    help,
                );
            }
            _ => open.push((reference, None)),
        }
    }
    open.reverse();
    while let Some((reference, needed_by)) = open.pop() {
        if !seen.insert(reference) {
            continue;
        }
        let Some(entity) = known.get(reference) else {
            // a database, a topic: it has no code of a branch
            if reference.starts_with("component:") {
                unknown(problems, reference, needed_by);
            } else {
                chosen.shared.push(reference.to_owned());
            }
            continue;
        };
        if entity.shared || !reference.starts_with("component:") {
            chosen.shared.push(reference.to_owned());
            continue;
        }
        chosen.run.push(entity);
        let mut needed: Vec<&str> = entity.depends_on.iter().map(String::as_str).collect();
        for api in &entity.consumes_apis {
            match providers.get(api.as_str()) {
                Some(provider) => needed.push(provider),
                // nobody here provides it: it is somebody else's
                None if seen.insert(api) => chosen.shared.push(api.clone()),
                None => {}
            }
        }
        open.extend(needed.into_iter().rev().map(|next| (next, Some(reference))));
    }
    chosen.shared.sort();
    chosen
}

fn unknown(problems: &mut Problems, reference: &str, needed_by: Option<&str>) {
    let message = format!("`{reference}` is not in the catalogue");
    let why = needed_by.map(|by| format!("`{by}` depends on it"));
    problems.add(
        "environment/unknown-service",
        "/components",
        message,
        &why.unwrap_or_default(),
        "register it, or correct the reference",
    );
}
