//! Reading texts, drawing values.

use modex_generator::modulemd::{Document, Mode, Modules, collect, documents, read};
use modex_generator::source::{Limits, Opened, Report, Severity, Stated};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn opened<'t>(yaml: &'t str, limits: &Limits) -> Opened<'t> {
    Opened::stream("modules.yaml", yaml.as_bytes(), Stated::default(), limits).unwrap()
}

/// The documents of a text, or what is wrong with the first unsound one.
pub(crate) fn try_strictly(yaml: &str) -> Result<Vec<Document>, String> {
    let limits = Limits::default();
    let (_, judged) = documents(opened(yaml, &limits), Mode::Strict, 1, &limits).unwrap();
    judged.into_iter().map(|judged| judged.document).collect()
}

/// The documents of a text, each of which must be sound.
pub(crate) fn strictly(yaml: &str) -> Vec<Document> {
    try_strictly(yaml).unwrap_or_else(|why| panic!("{why}\n{yaml}"))
}

/// The set that a text holds, of which nothing may be left out.
pub(crate) fn set(yaml: &str) -> Modules {
    let limits = Limits::default();
    let mut report = Report::new(10);
    let modules = read(opened(yaml, &limits), 1, &limits, &mut report).unwrap();
    assert_eq!(report.dropped, 0, "{:?}\n{yaml}", report.problems);
    modules
}

/// The documents that a text holds, as a set; unsound ones are left out.
pub(crate) fn lenient_set(yaml: &str) -> Modules {
    let limits = Limits::default();
    let (name, judged) = documents(opened(yaml, &limits), Mode::Strict, 1, &limits).unwrap();
    collect(&name, judged, &mut Report::new(10))
}

/// The set that any bytes hold, or the first thing that is wrong with them.
pub(crate) fn any_set(bytes: &[u8], mode: Mode) -> Result<Modules, String> {
    let limits = Limits::default();
    let opened = Opened::stream("modules.yaml", bytes, Stated::default(), &limits);
    let opened = opened.map_err(|error| error.to_string())?;
    let (name, judged) = documents(opened, mode, 1, &limits).map_err(|error| error.to_string())?;
    let mut report = Report::new(10);
    let modules = collect(&name, judged, &mut report);
    match report.problems.into_iter().find(|problem| problem.severity == Severity::Dropped) {
        Some(problem) => Err(problem.what),
        None => Ok(modules),
    }
}

/// The same runner for the same seed, always.
pub(crate) fn runner(seed: u8, cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

/// That many values, the same for the same seed.
pub(crate) fn draw<S: Strategy>(strategy: &S, seed: u8, count: usize) -> Vec<S::Value> {
    let mut runner = runner(seed, 1);
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
