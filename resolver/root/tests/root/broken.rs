//! Roots broken in each part: a clear error with its place, and nothing written.

use crate::made::{DATABASE, Made, Tag, database, header, open_database, package};
use modex_root::{ReadOptions, Root, RootError};
use rusqlite::Connection;
use rustix::fs::{FlockOperation, fcntl_lock};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The error of a root, which stays as it is.
fn refused(made: &Made) -> RootError {
    let before = made.everything();
    let error = made.try_state().unwrap_err();
    assert_eq!(made.everything(), before, "nothing is written");
    error
}

#[test]
fn databases_that_are_none() {
    for (bytes, problem) in [
        (&b"garbage that is long enough to be taken for a page"[..], "not a SQLite database"),
        (b"", "no such table: Packages"),
    ] {
        let error = refused(&Made::new().with(DATABASE, bytes));
        assert!(matches!(error, RootError::Database { .. }), "{error}");
        assert!(error.to_string().contains(problem), "{error}");
        assert!(error.hint().unwrap().contains("--rebuilddb"));
    }
    let made = Made::new().with_packages(&[package("a", "1", "noarch")]);
    let mut bytes = fs::read(made.path(DATABASE)).unwrap();
    bytes.iter_mut().skip(200).for_each(|byte| *byte ^= 0x5a);
    let error = refused(&made.with(DATABASE, bytes));
    assert!(matches!(error, RootError::Database { .. }), "{error}");
}

#[test]
fn headers_that_are_none() {
    for (blob, problem) in [
        (b"abc".to_vec(), "header 2: it is cut short or no header"),
        (header(&[(1000, Tag::Text("x"))]), "header 2: tag 1001 is missing"),
        (header(&[(1000, Tag::Numbers(&[1]))]), "header 2: tag 1000 is damaged"),
    ] {
        let error = refused(&Made::new().with_packages(&[package("a", "1", "noarch"), blob]));
        assert!(error.to_string().ends_with(problem), "{error}");
    }
}

#[test]
fn dependencies_that_do_not_match_are_passed_over_as_in_libsolv() {
    let odd = header(&[
        (1000, Tag::Text("odd")),
        (1001, Tag::Text("1")),
        (1002, Tag::Text("1")),
        (1047, Tag::Texts(&["a", "b"])),
        (1113, Tag::Texts(&[""])),
        (1112, Tag::Numbers(&[0, 0])),
    ]);
    let state = Made::new().with_packages(&[odd]).state();
    assert_eq!(state.packages[0].relations, []);
    assert!(
        state.notes[0].to_string().contains("header 1: the provides of odd-1-1.noarch"),
        "{:?}",
        state.notes
    );
}

#[test]
fn paths_that_would_fill_memory() {
    let folder = format!("/{}/", "x".repeat(1 << 20));
    let names = vec!["y"; 1 << 10];
    let bomb = header(&[
        (1000, Tag::Text("bomb")),
        (1001, Tag::Text("1")),
        (1002, Tag::Text("1")),
        (1118, Tag::Texts(&[&folder])),
        (1117, Tag::Texts(&names)),
        (1116, Tag::Numbers(&vec![0; 1 << 10])),
    ]);
    let error = refused(&Made::new().with_packages(&[bomb]));
    assert!(error.to_string().contains("more than a package can have"), "{error}");
}

#[test]
fn schemas_that_are_hostile() {
    let made = Made::new();
    let path = made.path(DATABASE);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch("CREATE VIEW Packages AS SELECT 1 AS hnum, zeroblob(1000) AS blob")
        .unwrap();
    drop(database);
    assert!(refused(&made).to_string().contains("access to view"), "{}", refused(&made));
}

#[test]
fn other_kinds_of_databases() {
    for (file, kind) in [("Packages", "bdb"), ("Packages.db", "ndb")] {
        let error = refused(&Made::new().with(&format!("var/lib/rpm/{file}"), "x"));
        assert!(
            matches!(error, RootError::OtherDatabase { kind: it, .. } if it == kind),
            "{error}"
        );
        assert!(error.hint().unwrap().contains("_db_backend sqlite"));
    }
}

/// Another process that holds a lock, as rpm does: locks of this process would not hinder it.
fn with_lock(path: &std::path::Path, test: impl FnOnce()) {
    let script = "import fcntl, sys\nfile = open(sys.argv[1], 'r+')\nfcntl.lockf(file, fcntl.LOCK_EX)\nprint('locked', flush=True)\nsys.stdin.read()";
    let python = Command::new("python3")
        .args(["-c", script])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        modex_fixtures::skipped("root", "no python3 to hold a lock");
        return;
    };
    let mut word = [0; 6];
    std::io::Read::read_exact(python.stdout.as_mut().unwrap(), &mut word).unwrap();
    test();
    drop(python.stdin.take());
    python.wait().unwrap();
}

#[test]
fn databases_in_use() {
    let made = Made::new()
        .with_packages(&[package("a", "1", "noarch")])
        .with("usr/lib/sysimage/rpm/.rpm.lock", "");
    with_lock(&made.path("usr/lib/sysimage/rpm/.rpm.lock"), || {
        let error = refused(&made);
        assert!(matches!(error, RootError::Busy { .. }), "{error}");
        assert!(error.hint().unwrap().contains("try again"));
    });
    assert_eq!(made.state().packages.len(), 1, "a lock that nobody holds");
    fs::create_dir_all(made.path("var/lib/dnf")).unwrap();
    Connection::open(made.path("var/lib/dnf/history.sqlite"))
        .unwrap()
        .execute_batch("CREATE TABLE x (y)")
        .unwrap();
    with_lock(&made.path("var/lib/dnf/history.sqlite"), || {
        assert!(matches!(refused(&made), RootError::Busy { .. }));
    });
    let error = refused(&made);
    assert!(error.to_string().contains("history.sqlite`: no such table"), "{error}");
    // Somebody who reads is nobody's hindrance.
    let file = File::open(made.path("usr/lib/sysimage/rpm/.rpm.lock")).unwrap();
    fcntl_lock(&file, FlockOperation::NonBlockingLockShared).unwrap();
    fs::remove_file(made.path("var/lib/dnf/history.sqlite")).unwrap();
    assert_eq!(made.state().packages.len(), 1);
}

#[test]
fn a_database_that_never_rests() {
    let made = Made::new().with_packages(&[package("a", "1", "noarch")]);
    let path = made.path(DATABASE);
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let writer = std::thread::spawn(move || {
        let database = open_database(&path, &[]);
        while !stopped.load(Ordering::Relaxed) {
            database
                .execute("INSERT INTO Packages (blob) VALUES (?1)", [package("b", "1", "noarch")])
                .unwrap();
        }
    });
    for _ in 0..5 {
        match made.try_state() {
            Ok(state) => assert!(state.packages.iter().all(|it| it.evr == "1-1")),
            Err(error) => assert!(matches!(error, RootError::Busy { .. }), "{error}"),
        }
    }
    stop.store(true, Ordering::Relaxed);
    writer.join().unwrap();
}

#[test]
fn files_that_are_none() {
    let made = Made::new().with("etc/x", "");
    symlink("loop", made.path("etc/loop")).unwrap();
    for inside in ["etc/dnf", "etc/dnf/dnf.conf", "etc/os-release", "etc/dnf/modules.d"] {
        let made = Made::new().with("etc/y/z", "");
        fs::create_dir_all(made.path(inside).parent().unwrap()).unwrap();
        symlink("loop", made.path("etc/loop")).unwrap();
        symlink("/etc/loop", made.path(inside)).unwrap();
        let error = made.try_state().unwrap_err().to_string();
        assert!(error.contains("too many symbolic links"), "{inside}: {error}");
    }
    let made = Made::new().with("etc/dnf/dnf.conf/x", "");
    assert!(made.try_state().unwrap_err().to_string().ends_with("not a file"));
    let huge = Made::new().with("etc/dnf/modules.d/a.module", vec![b'#'; (1 << 20) + 1]);
    assert!(refused(&huge).to_string().contains("larger than 1048576 bytes"));
    let none = Root::open(&made.path("none")).unwrap_err();
    assert!(none.hint().unwrap().contains("--installroot"));
}

#[test]
fn no_permission() {
    use std::os::unix::fs::PermissionsExt;
    let made = Made::new().with("etc/dnf/modules.d/a.module", "x");
    let path = made.path("etc/dnf/modules.d/a.module");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
    if File::open(&path).is_ok() {
        modex_fixtures::skipped("root", "nothing is forbidden to root");
        return;
    }
    assert!(refused(&made).hint().unwrap().contains("as a user who may"));
}

#[test]
fn lines_of_configuration() {
    let error = refused(&Made::new().with("etc/dnf/dnf.conf", "[main]\nbest\n"));
    assert!(error.to_string().ends_with("dnf.conf`, line 2: no `=`"), "{error}");
    let error = refused(&Made::new().with("etc/dnf/modules.d/a.module", b"[a]\nname=\xff\n"));
    assert!(error.to_string().ends_with("a.module`, line 2: not UTF-8"), "{error}");
    assert!(error.hint().unwrap().contains("dnf does not start"));
    // The folder of two candidates that holds a database counts.
    let made = Made::new().with("var/lib/rpm/x", "");
    database(&made.path("var/lib/rpm/rpmdb.sqlite"), &[package("a", "1", "noarch")]);
    assert_eq!(made.state().packages.len(), 1);
}

#[test]
fn pipes_make_nobody_wait() {
    let rpm = "usr/lib/sysimage/rpm";
    for inside in [DATABASE, "etc/dnf/dnf.conf", "etc/os-release", "etc/dnf/modules.d/a.module"] {
        let made = Made::new();
        made.pipe(inside);
        let error = made.try_state().unwrap_err().to_string();
        assert!(error.ends_with("not a file"), "{inside}: {error}");
    }
    let packages = [package("a", "1", "noarch")];
    let made = Made::new().with_packages(&packages);
    made.pipe("var/lib/dnf/history.sqlite");
    assert!(made.try_state().unwrap_err().to_string().ends_with("history.sqlite`: not a file"));
    // A lock that is none is nobody's; a log that is none does not count where it is not needed.
    let made = Made::new().with_packages(&packages);
    made.pipe(&format!("{rpm}/.rpm.lock"));
    made.pipe(&format!("{DATABASE}-wal"));
    assert_eq!(made.state().packages.len(), 1);
    let made = made.with(&format!("{DATABASE}-journal"), "x");
    assert!(made.try_state().unwrap_err().to_string().ends_with("not a file"));
}

#[test]
fn places_without_a_database() {
    let made = Made::new().with("var/lib/rpm/.rpm.lock", "");
    let state = made.state();
    assert_eq!(state.packages, []);
    let note = "`/var/lib/rpm`: there is no database of rpm in it; no package counts as installed";
    assert_eq!(state.notes[0].to_string(), note);
    // Nobody can tell whether one is there.
    let made = Made::new();
    fs::create_dir_all(made.path("var/lib")).unwrap();
    symlink("rpm", made.path("var/lib/rpm")).unwrap();
    assert!(made.try_state().unwrap_err().to_string().contains("too many symbolic links"));
    let made = made.with_packages(&[package("a", "1", "noarch")]);
    assert_eq!(made.state().packages.len(), 1, "one that is found elsewhere counts");
    // A log that would have to be copied, and fills the disk.
    let log = File::create(made.path(&format!("{DATABASE}-wal"))).unwrap();
    log.set_len(3 << 30).unwrap();
    assert!(matches!(made.try_state(), Err(RootError::TooLarge { .. })));
}

#[test]
fn state_files_that_decide_nothing() {
    for (text, problem) in [
        ("[a]\nstream=1\nprofiles=\nstate=perhaps\n", "`perhaps` is no state"),
        ("[a]\nstream=\nprofiles=\nstate=enabled\n", "it is enabled without a stream"),
        ("[b]\nstream=1\nprofiles=\nstate=enabled\n", "section [a] lacks"),
    ] {
        let state = Made::new().with("etc/dnf/modules.d/a.module", text).state();
        assert!(state.notes[0].to_string().contains(problem), "{:?}", state.notes);
    }
    let reset = "[a]\nname=a\nstream=\nprofiles=\nstate=\n";
    assert_eq!(Made::new().with("etc/dnf/modules.d/a.module", reset).state().notes, []);
    let error = refused(&Made::new().with("etc/dnf/modules.d", "x"));
    assert!(error.to_string().ends_with("modules.d`: not a folder"), "{error}");
}

#[test]
fn packages_of_another_architecture() {
    let made = Made::new().with_packages(&[package("a", "1", "x86_64")]);
    let options = |arch: &str| ReadOptions { arch: Some(arch.into()), ..ReadOptions::default() };
    let state = made.root().read_state(&options("aarch64")).unwrap();
    assert!(state.notes[0].to_string().contains("are of x86_64; aarch64 is taken"));
    assert_eq!(made.root().read_state(&options("x86_64_v3")).unwrap().notes, []);
}
