//! Why there is no answer.
use super::Solver;
use super::clause::Cause;

/// The facts of a proof.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// In words.
    pub lines: Vec<String>,
}

impl Solver<'_, '_> {
    pub(super) fn refusal(&self, proof: &[Cause]) -> Refusal {
        Refusal { lines: proof.iter().map(|cause| format!("{cause:?}")).collect() }
    }
}
