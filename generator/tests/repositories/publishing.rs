//! What publishing changes in a repository, and what it leaves alone.

use crate::support::{Repo, index, jobs, package, requires};
use modex_generator::publish::{self, is_ours};
use modex_generator::{Error, Observer, Options, Step};
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

fn small() -> Repo {
    Repo::of(&[package("a", "1", "x86_64", &requires(&["b"])), package("b", "1", "noarch", "")])
}

#[test]
fn one_record_more_and_nothing_else() {
    let repo = small();
    let before = repo.files();
    let published = index(&[&repo]).unwrap().remove(0);
    let after = repo.files();
    let name = &published.pointer.name;
    let record = format!(
        "  <data type=\"modex\">\n    <checksum type=\"sha256\">{}</checksum>\n    \
         <location href=\"repodata/{name}\"/>\n    <timestamp>1700000000</timestamp>\n    \
         <size>{}</size>\n  </data>\n",
        published.pointer.sha256, published.pointer.size
    );
    let text = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        String::from_utf8(files["repomd.xml"].clone()).unwrap()
    };
    assert_eq!(text(&after).replace(&record, ""), text(&before));
    let new: Vec<_> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(new.len() == 4 && new.iter().all(|name| is_ours(name)), "{new:?}");
    assert!(published.repomd_changed && published.removed.is_empty());

    let again = index(&[&repo]).unwrap().remove(0);
    assert_eq!((repo.files(), again.repomd_changed), (after, false));
}

#[test]
fn superseded_files_go_and_others_stay() {
    let repo = small();
    let first = index(&[&repo]).unwrap().remove(0);
    let stranger = repo.repodata().join("something-modex.json");
    fs::write(&stranger, "not ours").unwrap();
    let repo = repo.with("primary2", "primary2.xml", "x");
    let newer = package("c", "2", "x86_64", "");
    fs::write(repo.repodata().join("primary.xml"), crate::support::primary(&[newer])).unwrap();
    let bytes = fs::read(repo.repodata().join("primary.xml")).unwrap();
    // createrepo_c wrote a new repomd.xml, without our record.
    let repomd = crate::support::record("primary", "repodata/primary.xml", &bytes);
    fs::write(repo.repodata().join("repomd.xml"), format!("<repomd>\n{repomd}</repomd>\n"))
        .unwrap();
    let second = index(&[&repo]).unwrap().remove(0);
    assert_eq!(second.removed.len(), 4);
    assert!(second.removed.contains(&first.pointer.name) && stranger.is_file());
    let ours = repo.files().keys().filter(|name| is_ours(name)).count();
    assert_eq!(ours, 4);
}

#[cfg(unix)]
#[test]
fn new_files_have_the_modes_of_new_files() {
    use std::os::unix::fs::PermissionsExt;
    let repo = small();
    let repomd = repo.repodata().join("repomd.xml");
    fs::set_permissions(&repomd, fs::Permissions::from_mode(0o640)).unwrap();
    let published = index(&[&repo]).unwrap().remove(0);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&repomd), 0o640);
    let ordinary = repo.repodata().join("ordinary");
    fs::write(&ordinary, "").unwrap();
    assert_eq!(mode(&repo.repodata().join(&published.pointer.name)), mode(&ordinary));
}

#[test]
fn a_second_publisher_is_told_to_wait() {
    let repo = small();
    let before = repo.files();
    let folder = File::open(repo.repodata()).unwrap();
    folder.lock().unwrap();
    assert!(matches!(index(&[&repo]), Err(Error::Locked(_))));
    assert_eq!(repo.files(), before);
}

#[test]
fn the_same_repository_twice() {
    let repo = small();
    let detour = repo.path().join("repodata/..");
    let error = publish::index(&[repo.path(), &detour], &jobs(1)).unwrap_err();
    assert!(matches!(error, Error::SameRepository { .. }), "{error}");
}

/// Changes repomd.xml, or says stop, at some step.
struct Meddler<'m> {
    repo: &'m Repo,
    at: usize,
    seen: AtomicUsize,
    stop: bool,
}

impl Observer for Meddler<'_> {
    fn step(&self, _: Step<'_>) -> ControlFlow<()> {
        if self.seen.fetch_add(1, Ordering::Relaxed) != self.at {
            return ControlFlow::Continue(());
        }
        if self.stop {
            return ControlFlow::Break(());
        }
        self.repo.edit_repomd("<revision>7<", "<revision>8<");
        ControlFlow::Continue(())
    }
}

#[test]
fn a_repository_that_changes_meanwhile_is_left_alone() {
    let repo = small();
    let meddler = Meddler { repo: &repo, at: 0, seen: AtomicUsize::new(0), stop: false };
    let options = Options { observer: &meddler, ..Options::default() };
    let error = publish::index(&[repo.path()], &options).unwrap_err();
    assert!(matches!(error, Error::Changed(_)), "{error}");
    let text = String::from_utf8(repo.files()["repomd.xml"].clone()).unwrap();
    assert!(text.contains("<revision>8<") && !text.contains("modex"), "{text}");
    // The next run takes up what was left.
    index(&[&repo]).unwrap();
    assert_eq!(repo.files().keys().filter(|name| is_ours(name)).count(), 4);
}

#[test]
fn stopped_at_any_step_nothing_changes() {
    let repo = small();
    let before = repo.files();
    for at in 0.. {
        let meddler = Meddler { repo: &repo, at, seen: AtomicUsize::new(0), stop: true };
        let options = Options { jobs: 2, observer: &meddler, ..Options::default() };
        match publish::index(&[repo.path()], &options) {
            Err(error) => {
                assert!(matches!(error, Error::Interrupted), "{error}");
                assert_eq!(repo.files(), before, "after step {at}");
            }
            Ok(_) => {
                assert!(at >= 4, "{at} steps are too few");
                break;
            }
        }
    }
}

/// Of several repositories all or none: an error in the last one keeps the first one as it was.
#[test]
fn a_broken_repository_stops_all() {
    let (good, bad) = (small(), small());
    bad.edit_repomd("<checksum type=\"sha256\">", "<checksum type=\"sha256\">00");
    let before = good.files();
    assert!(index(&[&good, &bad]).is_err());
    assert_eq!(good.files(), before);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let repo = small();
    let before = repo.files();
    fs::set_permissions(repo.repodata(), fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = index(&[&repo]);
    fs::set_permissions(repo.repodata(), fs::Permissions::from_mode(0o755)).unwrap();
    match outcome {
        Err(error) => {
            assert!(error.hint().is_some_and(|hint| hint.contains("--output")), "{error}");
            assert_eq!(repo.files(), before);
        }
        // root may write everywhere
        Ok(_) => modex_fixtures::skipped(
            "a_folder_that_cannot_be_written",
            "this user may write anywhere",
        ),
    }
}

/// A run that was killed left an unfinished file.
#[test]
fn what_a_killed_run_left_is_removed() {
    let repo = small();
    let output = tempfile::tempdir().unwrap();
    for folder in [repo.repodata(), output.path().into()] {
        fs::write(folder.join(".modex-left.tmp"), "half").unwrap();
    }
    publish::index_into(&[repo.path()], output.path(), &jobs(1)).unwrap();
    index(&[&repo]).unwrap();
    for folder in [repo.repodata(), output.path().into()] {
        assert!(!folder.join(".modex-left.tmp").exists(), "{}", folder.display());
    }
}
