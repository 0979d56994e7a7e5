//! Choices that later decisions made needless are taken again.

use super::state::Lit;
use super::{Solver, Stop};
use modex_formats::index::section::relations::RelationKind;

/// A choice among several candidates that may be revised.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// Level before the choice; it stands one above.
    pub(super) level: u32,
    /// The clause for whose sake the choice was made.
    pub(super) clause: Option<u32>,
    /// Candidates in order of preference; the flag says which were tried.
    pub(super) candidates: Vec<(u32, bool)>,
}

impl Solver<'_, '_> {
    /// Goes back to the earliest choice of which another candidate got in anyhow. `None`: there is nothing to revise.
    pub(super) fn minimise(&mut self) -> Result<Option<u32>, Stop> {
        let mut best = None;
        for branch in (0..self.branches.len()).rev() {
            let Branch { level, candidates, .. } = self.branches[branch].clone();
            let mut wished = None;
            let mut found = false;
            for (place, (package, tried)) in candidates.iter().enumerate() {
                if *tried {
                    continue;
                }
                if self.state.is_true(*package) && self.state.level(*package) > level {
                    best = Some((branch, place));
                    found = true;
                    break;
                }
                if wished.is_none() && self.is_recommended(*package) {
                    wished = Some(place);
                }
            }
            if found {
                continue;
            }
            let standing = candidates.iter().find(|(package, tried)| {
                *tried && self.state.is_true(*package) && self.state.level(*package) == level + 1
            });
            if let (Some(place), Some((package, _))) = (wished, standing)
                && !self.is_recommended(*package)
                && !self.is_called_by(*package, RelationKind::Supplements)
            {
                best = Some((branch, place));
            }
        }
        let Some((branch, place)) = best else { return Ok(None) };
        self.branches[branch].candidates[place].1 = true;
        let Branch { level, clause, candidates } = self.branches[branch].clone();
        let kept = self.branches[branch].clone();
        self.branches.truncate(branch);
        self.revert(level);
        self.branches.push(kept);
        Ok(Some(self.decide_and_learn(level, Lit::pos(candidates[place].0), clause)?))
    }
}
