//! The threads that work is spread over. With one job there are none: everything happens on the calling thread.

use crate::Error;
use rayon::prelude::*;

/// A number of threads, or none.
pub(crate) struct Workers {
    pool: Option<rayon::ThreadPool>,
    jobs: usize,
}

impl Workers {
    /// `jobs` threads; 0 and 1 mean the calling one.
    pub(crate) fn new(jobs: usize) -> Result<Self, Error> {
        let build = |jobs| rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = match jobs {
            0 | 1 => None,
            jobs => Some(build(jobs).map_err(|error| Error::Threads(error.to_string()))?),
        };
        Ok(Workers { pool, jobs: jobs.max(1) })
    }

    /// How many threads work at a time.
    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    /// Both, at the same time where there are threads.
    pub(crate) fn both<A: Send, B: Send>(
        &self,
        a: impl FnOnce() -> A + Send,
        b: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match &self.pool {
            Some(pool) => pool.install(|| rayon::join(a, b)),
            None => (a(), b()),
        }
    }

    /// Every item changed by `change`, in the order of the items.
    pub(crate) fn map<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        change: impl Fn(T) -> R + Sync + Send,
    ) -> Vec<R> {
        match &self.pool {
            Some(pool) => pool.install(|| items.into_par_iter().map(change).collect()),
            None => items.into_iter().map(change).collect(),
        }
    }

    /// Sorts; equal items may change places.
    pub(crate) fn sort<T: Ord + Send>(&self, items: &mut [T]) {
        match &self.pool {
            Some(pool) => pool.install(|| items.par_sort_unstable()),
            None => items.sort_unstable(),
        }
    }

    /// Has something done by some thread, some time; at once where there are none.
    pub(crate) fn spawn(&self, work: impl FnOnce() + Send + 'static) {
        match &self.pool {
            Some(pool) => pool.spawn_fifo(work),
            None => work(),
        }
    }
}
