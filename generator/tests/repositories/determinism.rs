//! The same documents give the same bytes.

use crate::support::{Repo, files, index, jobs, package, requires};
use modex_generator::publish;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Copies repositories into a new folder and indexes them together there; all files of all of them.
fn index_copies(dirs: &[PathBuf], count: usize) -> Vec<BTreeMap<String, Vec<u8>>> {
    let folder = tempfile::tempdir().unwrap();
    let copies: Vec<PathBuf> = dirs
        .iter()
        .enumerate()
        .map(|(number, dir)| {
            let copy = folder.path().join(format!("copy-{count}-{number}"));
            fs::create_dir_all(copy.join("repodata")).unwrap();
            for (name, bytes) in files(&dir.join("repodata")) {
                fs::write(copy.join("repodata").join(name), bytes).unwrap();
            }
            copy
        })
        .collect();
    publish::index(&copies, &jobs(count)).unwrap();
    copies.iter().map(|copy| files(&copy.join("repodata"))).collect()
}

fn same_for_any_number_of_jobs(dirs: &[PathBuf]) {
    let one = index_copies(dirs, 1);
    let ours = one[0].keys().filter(|name| publish::is_ours(name)).count();
    assert!(ours >= 4, "{:?}", one[0].keys());
    for count in [2, 4] {
        let other = index_copies(dirs, count);
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
            assert!(one == other, "the same names, other bytes");
        }
    }
}

#[test]
fn shipped_repositories() {
    let repos = modex_fixtures::repos_dir();
    if !repos.is_dir() {
        return modex_fixtures::skipped("shipped_repositories", "fixtures/repos is not here");
    }
    same_for_any_number_of_jobs(&[repos.join("baseos"), repos.join("appstream")]);
}

#[test]
fn real_repositories() {
    let Some(shared) = modex_fixtures::shared_or_skip("real_repositories") else { return };
    let data = shared.join("data");
    same_for_any_number_of_jobs(&[data.join("cs9-baseos"), data.join("cs9-appstream")]);
}

/// Enough packages for many blocks and pieces.
#[test]
fn many_packages() {
    let one = |number: usize| {
        let needs =
            [format!("package-{}", number * 7 % 5000), format!("/usr/bin/tool-{}", number % 99)];
        let format = requires(&needs.each_ref().map(|need| &need[..]))
            + &format!("<file>/usr/bin/tool-{number}</file>");
        package(&format!("package-{number}"), &format!("1.{}", number % 300), "x86_64", &format)
    };
    let packages: Vec<String> = (0..5000).map(one).collect();
    let repo = Repo::of(&packages);
    same_for_any_number_of_jobs(&[repo.path().to_path_buf()]);
}

/// What a repository is used together with matters only through the paths that are asked for.
#[test]
fn company_matters_only_through_asked_paths() {
    let one = || Repo::of(&[package("a", "1", "x86_64", "<file>/usr/bin/a</file>")]);
    let quiet = Repo::of(&[package("b", "1", "x86_64", "")]);
    let curious = Repo::of(&[package("c", "1", "x86_64", &requires(&["/usr/bin/a"]))]);
    let pointer = |company: &[&Repo]| {
        let repo = one();
        let mut all = vec![&repo];
        all.extend(company);
        index(&all).unwrap().remove(0).pointer
    };
    assert_eq!(pointer(&[]), pointer(&[&quiet]));
    assert_ne!(pointer(&[]), pointer(&[&curious]));
}

#[test]
fn into_another_folder() {
    let repo = Repo::of(&[package("a", "1", "x86_64", "")]);
    let before = repo.files();
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("new/cache");
    let written = publish::index_into(&[repo.path()], &folder, &jobs(1)).unwrap().remove(0);
    assert_eq!((repo.files(), written.repomd_changed), (before, false));
    let published = index(&[&repo]).unwrap().remove(0);
    assert_eq!((written.pointer, written.content), (published.pointer, published.content));
    let ours: BTreeMap<_, _> =
        repo.files().into_iter().filter(|(name, _)| publish::is_ours(name)).collect();
    assert_eq!(files(Path::new(&folder)), ours);
}
