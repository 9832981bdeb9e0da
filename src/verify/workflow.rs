//! The structure of a GitHub workflow.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::source::SourceText;
use crate::suggest;
use crate::yaml::{Kind, Node};

const CODE: &str = "verify/workflow";

pub(super) fn check(source: &SourceText, root: Node, found: &mut Vec<Diagnostic>) {
    let mut problem = |node: Node, message: String| {
        found.push(error(source, node.span(), CODE, message).why("GitHub refuses such a workflow"));
    };
    if !root.is_mapping() {
        return problem(
            root,
            "a workflow is an object with `on` and `jobs`".to_owned(),
        );
    }
    if root.get("on").is_none() {
        problem(
            root,
            "the workflow has no `on`: nothing starts it".to_owned(),
        );
    }
    let Some(jobs) = root.get("jobs") else {
        return problem(root, "the workflow has no `jobs`".to_owned());
    };
    if jobs.value.entries().is_empty() {
        return problem(jobs.key, "`jobs` has no job".to_owned());
    }
    let names: Vec<&str> = jobs
        .value
        .entries()
        .into_iter()
        .map(|job| job.name)
        .collect();
    for job in jobs.value.entries() {
        needs(job.value, &names, &mut problem);
        if job.value.get("uses").is_some() {
            continue;
        }
        if job.value.get("runs-on").is_none() {
            problem(job.key, format!("the job `{}` has no `runs-on`", job.name));
        }
        match job.value.get("steps") {
            Some(steps) if !steps.value.items().is_empty() => {
                for step in steps.value.items() {
                    check_step(step, &mut problem);
                }
            }
            _ => problem(job.key, format!("the job `{}` has no `steps`", job.name)),
        }
    }
}

fn needs(job: Node, names: &[&str], problem: &mut impl FnMut(Node, String)) {
    let Some(needs) = job.get("needs") else {
        return;
    };
    let check = |node: Node, problem: &mut dyn FnMut(Node, String)| {
        let Some(name) = node.as_text() else { return };
        if !names.contains(&name) && !name.contains("${{") {
            let near = suggest::nearest(name, names.iter().copied());
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            problem(node, format!("there is no job `{name}`{hint}"));
        }
    };
    match needs.value.kind() {
        Kind::Sequence(items) => items.into_iter().for_each(|item| check(item, problem)),
        _ => check(needs.value, problem),
    }
}

fn check_step(step: Node, problem: &mut impl FnMut(Node, String)) {
    let does = ["uses", "run"].map(|name| step.get(name));
    match does {
        [None, None] => problem(
            step,
            "a step has `uses` or `run`; this has neither".to_owned(),
        ),
        [Some(_), Some(run)] => {
            problem(
                run.key,
                "a step has `uses` or `run`; this has both".to_owned(),
            );
        }
        [one, other] => {
            for entry in [one, other].into_iter().flatten() {
                if entry
                    .value
                    .as_text()
                    .is_none_or(|text| text.trim().is_empty())
                {
                    problem(entry.key, format!("`{}` is not a text", entry.name));
                }
            }
        }
    }
}
