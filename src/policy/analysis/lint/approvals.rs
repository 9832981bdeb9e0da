//! Approvals that nobody can give.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::Policy;
use super::super::super::approval::{Electorate, assign};
use super::super::super::model::{Stage, Subject};
use crate::diagnostic::Diagnostic;

/// Approvals whose stages cannot be complete, whoever consents. Who owns resources is not known here, so
/// that stages for them count as complete.
pub fn unsatisfiable(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    for approval in &policy.model.approvals {
        let stages = approval.stages.iter();
        let stages = stages.filter(|stage| !stage.from.contains(&Subject::OwnersOfResource));
        let stages: Vec<Stage> = stages.cloned().collect();
        let needed: usize = stages.iter().map(|stage| stage.count).sum();
        let electorates: Vec<_> = stages
            .iter()
            .map(|stage| Electorate::of(&policy.members, &stage.from))
            .collect();
        // of more people than are needed in all, none makes a difference
        let people: BTreeSet<Arc<str>> = electorates
            .iter()
            .flat_map(|electorate| electorate.some(needed))
            .collect();
        let given = assign(people.iter(), &stages, &electorates);
        let found: usize = given.iter().map(Vec::len).sum();
        if found == needed {
            continue;
        }
        let incomplete = stages.iter().zip(&given);
        let incomplete = incomplete.filter(|(stage, given)| given.len() < stage.count);
        let message = format!("approval `{}` can never be given", approval.id);
        let why =
            format!("its stages need {needed} different people, of whom the directory has {found}");
        let mut diagnostic = Diagnostic::warning(
            "policy/approval-unsatisfiable",
            approval.at.clone(),
            message,
        )
        .why(why)
        .help("name more users or larger groups, or lower `count`");
        for (stage, given) in incomplete {
            let left = format!("{} of {} here", given.len(), stage.count);
            diagnostic = diagnostic.related(left, stage.at.clone());
        }
        diagnostics.push(diagnostic);
    }
}
