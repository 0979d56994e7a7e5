//! How many threads work.

#[derive(Debug, clap::Args)]
pub(crate) struct WorkArgs {
    /// Number of threads [default: one for each processor]
    #[arg(short, long, visible_alias = "workers", value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
}

impl WorkArgs {
    pub(crate) fn jobs(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(processors, usize::from)
    }
}
