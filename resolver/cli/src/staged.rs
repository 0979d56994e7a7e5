//! Stages one and two of a request: which streams are active, and what they hide.

use crate::args::ResolveArgs;
use crate::error::Failure;
use crate::world::World;
use modex_formats::plan::{PlanFact, PlanModule};
use modex_resolver::solve::Job;
use modex_resolver::store::universe::Universe;
use modex_resolver::visible::Visible;
use std::collections::HashSet;

pub(crate) struct Staged<'u, 'a> {
    pub(crate) visible: Visible<'u, 'a>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) modules: Vec<PlanModule>,
    pub(crate) profile_packages: HashSet<u32>,
    pub(crate) refused: Vec<PlanFact>,
}

pub(crate) fn stage<'u, 'a>(
    _world: &World,
    universe: &'u Universe<'a>,
    _args: &ResolveArgs,
    _specs: &[&str],
) -> Result<Staged<'u, 'a>, Failure> {
    Ok(Staged { visible: Visible::all(universe), jobs: vec![], modules: vec![], profile_packages: HashSet::new(), refused: vec![] })
}
