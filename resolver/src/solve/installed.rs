//! What an installed system adds to the search.
use super::clause::Cause;
use super::{Solver, Stop};

#[derive(Default)]
pub(super) struct InstalledState {}

impl Solver<'_, '_> {
    pub(super) fn prepare_installed(&mut self) {}
    pub(super) fn keep_installed(&mut self, level: u32) -> Result<u32, Stop> {
        Ok(level)
    }
    pub(super) fn drop_undecided_installed(&mut self, _level: &mut u32) -> Result<bool, Stop> {
        Ok(false)
    }
    pub(super) fn give_up_needless_choices(&mut self) -> bool {
        false
    }
    pub(super) fn give_up_choice(&mut self, _proof: &[Cause]) -> bool {
        false
    }
    pub(super) fn expand_choices(&mut self, _package: u32) {}
    pub(super) fn choose_job(
        &mut self,
        level: u32,
        candidates: Vec<u32>,
        clause: u32,
    ) -> Result<u32, Stop> {
        self.choose_and_decide(level, candidates, Some(clause))
    }
}
