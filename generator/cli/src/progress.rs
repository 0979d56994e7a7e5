//! A progress line for work that takes longer than a second, on a terminal only; and the wish to stop.

use modex_generator::{Observer, Step};
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long work may take before anything is said of it.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time between two lines, in milliseconds.
const PAUSE: u64 = 100;

pub(crate) struct Progress {
    started: Instant,
    terminal: bool,
    /// Milliseconds from the start to the last line; 0 before the first one.
    last: AtomicU64,
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// From now on SIGINT and SIGTERM end the work at its next step, so that it can clean up; a second one ends the process.
    pub(crate) fn new() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // Without a handler the signal ends the process at once, and what is unfinished is removed the next time.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, 2, stop.clone());
            let _ = signal_hook::flag::register(signal, stop.clone());
        }
        let terminal = io::stderr().is_terminal();
        Progress { started: Instant::now(), terminal, last: AtomicU64::new(0), stop }
    }

    fn show(&self, step: &Step<'_>) {
        let now = self.started.elapsed();
        let (passed, last) = (now.as_millis() as u64, self.last.load(Ordering::Relaxed));
        if !self.terminal || now < PATIENCE || passed < last + PAUSE {
            return;
        }
        self.last.store(passed, Ordering::Relaxed);
        let line = match step {
            Step::Packages { repository, arch, packages } => {
                format!("{}: {arch}: {packages} packages", repository.display())
            }
            Step::Compiling { repository, arch } => {
                format!("{}: {arch}: putting the index together", repository.display())
            }
            Step::PackageFiles { repository, arch, read } => {
                format!("{}: {arch}: {read} package files", repository.display())
            }
            Step::Writing { repository } => format!("{}: writing", repository.display()),
            _ => return,
        };
        // The line is cleared first; it never ends, so that the next one takes its place.
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }
}

impl Observer for Progress {
    fn step(&self, step: Step<'_>) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        self.show(&step);
        ControlFlow::Continue(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.last.load(Ordering::Relaxed) > 0 {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
