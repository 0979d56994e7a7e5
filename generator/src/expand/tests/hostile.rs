//! Inputs made to take long.

use super::{build, document, platform, world};
use crate::expand::{ExpandError, Options, count, expand};
use modex_formats::module::ModuleStream;
use std::time::{Duration, Instant};

/// Far more than is needed, on a busy machine, without optimisation.
const QUICK: Duration = Duration::from_secs(60);

fn limited<T: std::fmt::Debug>(outcome: Result<T, ExpandError>) {
    assert!(matches!(outcome, Err(ExpandError::Limit { .. })), "{outcome:?}");
}

fn numbered(prefix: &str, many: usize) -> String {
    (0..many).map(|at| format!("{prefix}{at}")).collect::<Vec<_>>().join(",")
}

#[test]
fn long_lists() {
    let start = Instant::now();
    let assume = Options { assume: true, ..Options::default() };
    let streams = numbered("s", 100_000);
    let both = document(&[&format!("platform f28; m {streams} | m {streams}")]);
    limited(expand(&both, &[], &assume).map(drop));
    let counts = count(&both, &[], &assume).unwrap();
    assert_eq!((counts.combinations, counts.builds), (100_000, None));
    let run = document(&[&format!("platform f28 | m {streams}")]);
    assert_eq!(expand(&run, &[], &assume).unwrap().builds.len(), 1);
    let excluded = numbered("-s", 100_000);
    let negative = document(&[&format!("platform f28; gtk {excluded} |")]);
    assert_eq!(expand(&negative, &world(&["gtk:1"]), &assume).unwrap().builds.len(), 1);
    let mut large = assume;
    large.limits.combinations = 10_000;
    let most = document(&[&format!("platform f28; m {} |", numbered("s", 10_000))]);
    assert_eq!(expand(&most, &[], &large).unwrap().builds.len(), 10_000);
    assert!(start.elapsed() < QUICK, "{:?}", start.elapsed());
}

#[test]
fn many_combinations() {
    let start = Instant::now();
    let names: Vec<String> = (0..10).map(|at| format!("m{at} {}", numbered("s", 10))).collect();
    let stanza = format!("platform f28; {} |", names.join("; "));
    let input = document(&vec![stanza.as_str(); 50]);
    limited(expand(&input, &[], &Options { assume: true, ..Options::default() }).map(drop));
    let counts = count(&input, &[], &Options { assume: true, ..Options::default() }).unwrap();
    assert_eq!((counts.combinations, counts.builds), (50 * 10_000_000_000, None));
    assert!(start.elapsed() < QUICK, "{:?}", start.elapsed());
}

#[test]
fn long_chains_and_many_contexts() {
    let start = Instant::now();
    // Each module needs the next one.
    let chain = |many: usize| {
        let mut known = vec![platform("f28", "fedora")];
        for at in 0..many {
            known.push(build(
                &format!("m{at}:1:1:c"),
                "f28",
                &format!("platform f28; m{} 1", at + 1),
            ));
        }
        known.push(build(&format!("m{many}:1:1:c"), "f28", "platform f28"));
        known
    };
    let input = document(&["platform f28; m0 1 |"]);
    assert_eq!(expand(&input, &chain(500), &Options::default()).unwrap().builds[0].used.len(), 502);
    let long = expand(&input, &chain(50_000), &Options::default()).unwrap();
    assert_eq!(long.builds[0].used.len(), 50_002);
    // Contexts of which no two fit: a search that never ends.
    let mut known: Vec<ModuleStream> = vec![platform("f28", "fedora")];
    for name in 0..12 {
        for context in 0..12 {
            let run = format!("platform f28; x{name} {context}; z {context}, {name}");
            known.push(build(&format!("m{name}:1:1:c{context}"), "f28", &run.replace(", ", ",")));
        }
    }
    let names: Vec<String> = (0..12).map(|name| format!("m{name} 1")).collect();
    let input = document(&[&format!("platform f28; {} |", names.join("; "))]);
    limited(expand(&input, &known, &Options::default()).map(drop));
    assert!(start.elapsed() < QUICK, "{:?}", start.elapsed());
}
