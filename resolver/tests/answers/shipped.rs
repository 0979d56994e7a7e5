//! The shipped repositories against dnf itself: every package by name, and every stream with every profile.

use crate::oracle::{has, same_as_dnf_on};
use modex_fixtures::{repos_dir, shipped_universe};
use std::collections::BTreeSet;

#[test]
fn same_as_dnf() {
    if !has("same_as_dnf", "dnf") {
        return;
    }
    let universe = shipped_universe().unwrap();
    let names: BTreeSet<&str> = universe.packages().map(|package| package.name.as_str()).collect();
    let mut requests: Vec<String> = names.iter().map(|name| format!("install {name}")).collect();
    let together: Vec<&str> = names.iter().copied().collect();
    requests.extend(together.windows(3).map(|names| format!("install {}", names.join(" "))));
    for stream in universe.repos.iter().flat_map(|repo| repo.streams()) {
        requests.push(format!("module install {}:{}", stream.name, stream.stream));
        for profile in &stream.profiles {
            let spec = format!("{}:{}/{}", stream.name, stream.stream, profile.name);
            requests.push(format!("install @{spec} bash"));
        }
    }
    let repos = ["baseos", "appstream"].map(|id| (id.to_owned(), repos_dir().join(id)));
    same_as_dnf_on(&repos, &requests);
}
