//! Graphs made to take long: the search gives up or answers, and never runs away.

use crate::world::World;
use modex_fixtures::Universe;
use modex_resolver::request::Words;
use modex_resolver::solve::{Outcome, SolveOptions, solve};
use modex_resolver::store::universe::RepoOptions;
use modex_resolver::visible::Visible;
use std::fmt::Write;

fn world(text: &str) -> World {
    let universe = Universe::parse(text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    World::new(&universe.write(folder.path()).unwrap(), "x86_64")
}

/// Pigeons that each need a hole of their own, with a hole too few: no short proof for a resolution search.
fn pigeons(pigeons: usize, holes: usize) -> String {
    let mut text = String::from("repo r\n  package all-1-1.noarch\n");
    for pigeon in 0..pigeons {
        writeln!(text, "    requires pigeon{pigeon}").unwrap();
    }
    for pigeon in 0..pigeons {
        for hole in 0..holes {
            writeln!(text, "  package p{pigeon}in{hole}-1-1.noarch").unwrap();
            writeln!(text, "    provides pigeon{pigeon}, hole{hole}").unwrap();
            writeln!(text, "    conflicts hole{hole}").unwrap();
        }
    }
    text
}

fn outcome(world: &World, word: &str, limit: u64) -> Outcome {
    let view = world.view(vec![RepoOptions::new("r")], &[]);
    let world = view.world();
    let universe = world.universe();
    let visible = Visible::all(universe);
    let nothing = |_: u32, _: &str| Vec::new();
    let jobs = Words::new(universe, &visible, &nothing).install(word).unwrap().jobs;
    solve(universe, &visible, jobs, SolveOptions { limit, ..SolveOptions::default() })
}

#[test]
fn few_pigeons_are_refused() {
    let world = world(&pigeons(5, 4));
    assert!(matches!(outcome(&world, "all", 50_000_000), Outcome::Refused(_)));
}

#[test]
fn as_many_holes_as_pigeons_are_found() {
    let world = world(&pigeons(9, 9));
    let Outcome::Solved(solution) = outcome(&world, "all", 50_000_000) else {
        panic!("there is an answer")
    };
    assert_eq!(solution.installs.len(), 10);
}

#[test]
fn a_low_limit_ends_the_search() {
    let world = world(&pigeons(10, 9));
    assert!(matches!(outcome(&world, "all", 100_000), Outcome::GaveUp));
}

/// A tenth of the default limit ends what has no short proof; the whole takes ten times as long.
#[test]
fn a_tenth_of_the_default_limit_ends_the_search() {
    let world = world(&pigeons(14, 13));
    let limit = SolveOptions::default().limit / 10;
    assert!(matches!(outcome(&world, "all", limit), Outcome::GaveUp));
}

/// A deep chain of requirements: no recursion may follow it.
#[test]
fn a_deep_chain_is_no_deep_stack() {
    let mut text = String::from("repo r\n");
    let depth = 3_000;
    for link in 0..depth {
        write!(text, "  package link{link}-1-1.noarch\n    requires link{}\n", link + 1).unwrap();
    }
    writeln!(text, "  package link{depth}-1-1.noarch").unwrap();
    let Outcome::Solved(solution) = outcome(&world(&text), "link0", 50_000_000) else {
        panic!("there is an answer")
    };
    assert_eq!(solution.installs.len(), depth + 1);
    let broken = text + "    requires nowhere\n";
    let Outcome::Refused(refusal) = outcome(&world(&broken), "link0", 50_000_000) else {
        panic!("there is no answer")
    };
    assert!(refusal.facts.len() > 1);
}

/// Everything recommends, obsoletes and conflicts with everything.
#[test]
fn a_knot_comes_to_an_end() {
    let mut text = String::from("repo r\n");
    let count = 120;
    for one in 0..count {
        writeln!(text, "  package k{one}-1-1.noarch").unwrap();
        for other in (0..count).filter(|other| other % 7 != one % 7) {
            let kind = ["recommends", "conflicts", "supplements", "suggests"][(one + other) % 4];
            writeln!(text, "    {kind} k{other}").unwrap();
        }
    }
    let world = world(&text);
    assert!(matches!(outcome(&world, "k0", 50_000_000), Outcome::Solved(_)));
}
