//! What a sound root says.

use crate::made::{DATABASE, Made, Tag, header, open_database, package};
use modex_formats::rpm::Dependency;
use modex_resolver::streams::ModuleState;
use modex_resolver::system::installed::InstallReason;
use modex_root::{ReadOptions, State};
use rusqlite::Connection;
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn an_empty_root() {
    let made = Made::new();
    let state = made.state();
    assert_eq!(
        (state.arch.as_deref(), state.os_release_platform.as_deref(), state.packages.len()),
        (None, None, 0)
    );
    assert!(state.repositories.is_empty() && state.notes.is_empty());
    assert!(made.everything().is_empty(), "nothing is written");
}

#[test]
fn packages_with_all_that_they_state() {
    let full = header(&[
        (1000, Tag::Text("full")),
        (1001, Tag::Text("1.0")),
        (1002, Tag::Text("2.el9")),
        (1003, Tag::Numbers(&[3])),
        (1008, Tag::Numbers(&[1_700_000_000])),
        (1009, Tag::Numbers(&[4096])),
        (1011, Tag::Text("ACME")),
        (1022, Tag::Text("x86_64")),
        (1044, Tag::Text("full-1.0-2.el9.src.rpm")),
        (1047, Tag::Texts(&["full", "libfull.so()(64bit)"])),
        (1113, Tag::Texts(&["3:1.0-2.el9", ""])),
        (1112, Tag::Numbers(&[8, 0])),
        (1049, Tag::Texts(&["/bin/sh", "(a if b)", "rpmlib(CompressedFileNames)", "c"])),
        (1050, Tag::Texts(&["", "", "3.0.4-1", "0:5"])),
        (1048, Tag::Numbers(&[1 << 9, 1 << 27, 1 << 24 | 10, 12])),
        (5046, Tag::Texts(&["weak"])),
        (5047, Tag::Texts(&[""])),
        (5048, Tag::Numbers(&[0])),
        (1118, Tag::Texts(&["/usr/bin/", "/usr/"])),
        (1117, Tag::Texts(&["full", "bin", "also"])),
        (1116, Tag::Numbers(&[0, 1, 0])),
        (5096, Tag::Text("full:1:20:abc")),
    ]);
    let key = package("gpg-pubkey", "1", "(none)");
    let made = Made::new().with_packages(&[package("bare", "1", "noarch"), key, full]);
    let state = made.state();
    let [bare, full] = &state.packages[..] else { panic!("two packages") };
    assert_eq!((bare.number, bare.evr.as_str(), bare.relations.len()), (1, "1-1", 0));
    assert_eq!(
        (full.number, full.evr.as_str(), full.size, full.installed),
        (3, "3:1.0-2.el9", 4096, 1_700_000_000)
    );
    assert_eq!(
        (full.vendor.as_deref(), full.modularity_label.as_deref()),
        (Some("ACME"), Some("full:1:20:abc"))
    );
    assert_eq!(full.files, ["/usr/bin", "/usr/bin/also", "/usr/bin/full"]);
    let stated: Vec<String> =
        full.relations.iter().map(|(kind, it)| format!("{} {it}", kind.word())).collect();
    assert_eq!(
        stated,
        [
            "requires /bin/sh",
            "requires (a if b)",
            "requires rpmlib(CompressedFileNames) <= 3.0.4-1",
            "requires c >= 5",
            "provides full = 3:1.0-2.el9",
            "provides libfull.so()(64bit)",
            "recommends weak",
        ]
    );
    assert_eq!(state.arch.as_deref(), Some("x86_64"));
}

#[test]
fn a_log_that_was_not_written_back() {
    let made = Made::new().with_packages(&[package("old", "1", "x86_64")]);
    let path = made.path(DATABASE);
    let writer = open_database(&path, &[package("new", "1", "x86_64")]);
    let names = |state: State| state.packages.into_iter().map(|it| it.name).collect::<Vec<_>>();
    assert_eq!(names(made.state()), ["old", "new"]);
    // As after a crash: the log is there, who wrote it is not.
    let crashed = Made::new().with(DATABASE, fs::read(&path).unwrap());
    let log = fs::read(made.path(&format!("{DATABASE}-wal"))).unwrap();
    let crashed = crashed.with(&format!("{DATABASE}-wal"), log);
    let before = crashed.everything();
    assert_eq!(names(crashed.state()), ["old", "new"]);
    assert_eq!(crashed.everything(), before, "nothing is written");
    drop(writer);
}

#[test]
fn reasons() {
    let made = Made::new().with_packages(
        &["user", "dep", "weak", "gone", "changed", "none"]
            .map(|name| package(name, "1", "x86_64")),
    );
    fs::create_dir_all(made.path("var/lib/dnf")).unwrap();
    let history = Connection::open(made.path("var/lib/dnf/history.sqlite")).unwrap();
    history
        .execute_batch(
            "CREATE TABLE trans (id INTEGER PRIMARY KEY, state INTEGER);
             CREATE TABLE rpm (item_id INTEGER, name TEXT, arch TEXT);
             CREATE TABLE trans_item (id INTEGER PRIMARY KEY, trans_id INTEGER, item_id INTEGER, action INTEGER, reason INTEGER);
             INSERT INTO trans VALUES (1, 1), (2, 1), (3, 2);
             INSERT INTO rpm VALUES (1, 'user', 'x86_64'), (2, 'dep', 'x86_64'), (3, 'weak', 'x86_64'),
                 (4, 'gone', 'x86_64'), (5, 'changed', 'x86_64'), (6, 'user', 'i686');
             INSERT INTO trans_item (trans_id, item_id, action, reason) VALUES (1, 1, 1, 2), (1, 2, 1, 1), (1, 3, 1, 4),
                 (1, 4, 1, 2), (2, 4, 8, 2), (1, 5, 1, 1), (2, 5, 11, 2), (3, 5, 11, 1), (2, 2, 7, 2), (2, 6, 1, 1);",
        )
        .unwrap();
    history.close().unwrap();
    let before = made.everything();
    let reasons: Vec<_> = made.state().packages.iter().map(|it| it.reason).collect();
    use InstallReason::{Dependency, Unknown, User, Weak};
    assert_eq!(reasons, [User, Dependency, Weak, Unknown, User, Unknown]);
    assert_eq!(made.everything(), before, "nothing is written");
}

#[test]
fn repositories() {
    let made = Made::new()
        .with(
            "etc/dnf/dnf.conf",
            "[main]\nskip_if_unavailable=1\nexcludepkgs=x\n[inmain]\nname=In $releasever\nbaseurl=/srv/$basearch http://b/${v}\n",
        )
        .with("etc/dnf/vars/v", "value\nmore\n")
        .with("etc/yum/vars/v", "other")
        .with("etc/yum.repos.d/b.repo", "[b]\npriority=5\nenabled=0\n[c]\ncost=3\npriority=50\nbad\n")
        .with(
            "etc/yum.repos.d/a-b.repo",
            "[c]\ncost=7\npriority=50\nexclude=y z*\nmodule_hotfixes=1\nskip_if_unavailable=off\nenabled=perhaps\n[bad id]\n[inmain]\n",
        )
        .with("etc/yum.repos.d/a.repo", "[d]\nmetalink=https://m/$arch\npriority=50\n")
        .with("etc/yum.repos.d/.hidden.repo", "[e]\n");
    let options = ReadOptions {
        arch: Some("i686".into()),
        releasever: Some("9".into()),
        ..Default::default()
    };
    let state = made.root().read_state(&options).unwrap();
    let ids: Vec<&str> = state.repositories.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["inmain", "d", "c"], "b.repo is malformed");
    let [main, d, c] = &state.repositories[..] else { panic!("three") };
    assert_eq!(
        (main.name.as_str(), &main.baseurl[..]),
        ("In 9", &["file:///srv/i386".to_owned(), "http://b/value".into()][..])
    );
    assert_eq!((main.priority, main.cost, main.skip_if_unavailable), (99, 1000, true));
    assert_eq!((d.metalink.as_deref(), d.name.as_str()), (Some("https://m/i686"), "d"));
    assert_eq!(
        (c.cost, c.module_hotfixes, c.skip_if_unavailable, c.enabled),
        (7, true, false, true)
    );
    assert_eq!(
        (&c.excludepkgs[..], &state.config.excludepkgs[..]),
        (&["y".to_owned(), "z*".into()][..], &["x".to_owned()][..])
    );
    let order: Vec<&str> = state.enabled_repositories().iter().map(|it| it.id.as_str()).collect();
    assert_eq!(order, ["c", "d", "inmain"]);
    let notes: Vec<String> = state.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 4, "{notes:#?}");
    assert!(
        notes.iter().any(|it| it.starts_with("`/etc/yum.repos.d/b.repo`, line 7: no `=`")),
        "{notes:#?}"
    );
}

#[test]
fn the_release() {
    let release = header(&[
        (1000, Tag::Text("centos-stream-release")),
        (1001, Tag::Text("9.0")),
        (1002, Tag::Text("1")),
        (1022, Tag::Text("noarch")),
        (1044, Tag::Text("x")),
        (
            1047,
            Tag::Texts(&[
                "system-release",
                "system-release(releasever)",
                "base-module(platform:el9)",
            ]),
        ),
        (1113, Tag::Texts(&["9.0-1", "9", ""])),
        (1112, Tag::Numbers(&[8, 8, 0])),
    ]);
    let made = Made::new()
        .with_packages(&[release])
        .with("usr/lib/os-release", "PLATFORM_ID=platform:el8\n")
        .with("etc/yum.repos.d/a.repo", "[a]\nbaseurl=http://x/$releasever/\n");
    symlink("../usr/lib/os-release", made.path("etc/os-release")).unwrap();
    let state = made.state();
    assert_eq!(state.repositories[0].baseurl, ["http://x/9/"]);
    assert_eq!(state.os_release_platform.as_deref(), Some("platform:el8"));
}

#[test]
fn module_state() {
    let made = Made::new()
        .with("etc/dnf/modules.d/a.module", "[a]\nname=a\nstream=1\nprofiles=x, y\nstate=enabled\n")
        .with("etc/dnf/modules.d/b.module", "[b]\nname=b\nstream=\nprofiles=\nstate=disabled\n")
        .with("etc/dnf/modules.d/c.module", "[c]\nname=c\nstream=\nprofiles=\nstate=\n")
        .with("etc/dnf/modules.d/half.module", "[half]\nname=half\nstre")
        .with("etc/dnf/modules.d/notes.txt", "nothing")
        .with("etc/dnf/modules.defaults.d/z.yaml", "---\n")
        .with("var/lib/dnf/modulefailsafe/a:1:x86_64.yaml", "text")
        .with("var/lib/dnf/modulefailsafe/x.yaml", "too short a name");
    let error = made.try_state().unwrap_err().to_string();
    assert!(error.ends_with("half.module`, line 3: no `=`"), "{error}");
    let made = made.with("etc/dnf/modules.d/half.module", "[half]\nname=half\nstream=1\n");
    let state = made.state();
    let states = state.module_states();
    let enabled =
        ModuleState::Enabled { stream: "1".into(), profiles: vec!["x".into(), "y".into()] };
    assert_eq!(
        (states.get("a"), states.is_disabled("b"), states.0.len()),
        (Some(&enabled), true, 2)
    );
    assert_eq!((state.module_defaults[0].name.as_str(), state.fail_safe.len()), ("z.yaml", 1));
    assert!(
        state.notes[0].to_string().contains("half.module`: section [half] lacks"),
        "{:?}",
        state.notes
    );
}

#[test]
fn a_state_file_is_the_same_state() {
    let made = Made::new()
        .with_packages(&[package("a", "1", "x86_64"), package("b", "2", "noarch")])
        .with("etc/yum.repos.d/a.repo", "[a]\nbaseurl=http://x/\n")
        .with("etc/dnf/modules.d/a.module", "[a]\nname=a\nstream=1\nprofiles=x, y\nstate=enabled\n")
        .with("usr/lib/os-release", "PLATFORM_ID=platform:el9\n");
    let mut state = made.state();
    state.packages[0].relations = vec![(
        modex_formats::index::section::relations::RelationKind::Requires,
        Dependency::parse("(x or y >= 2)").unwrap(),
    )];
    state.packages[0].files = vec!["/usr/a".into(), "/usr/b/c".into(), "odd".into()];
    state.packages[0].files.sort();
    let mut json = Vec::new();
    state.to_json(&mut json).unwrap();
    assert!(State::is_state(&json) && !State::is_state(b"bash-1-1.noarch\n"));
    assert_eq!(State::from_json(&json).unwrap(), state);
    for (text, problem) in [
        ("{", "EOF"),
        ("{\"format\":\"x\",\"version\":1}", "its format is `x`"),
        ("{\"format\":\"modex-state\",\"version\":9}", "its version 9 is newer"),
        ("{\"format\":\"modex-state\",\"version\":1,\"packages\":[{}]}", "missing field"),
    ] {
        let error = State::from_json(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn metadata_of_repositories() {
    let made = Made::new()
        .with("srv/here/repodata/repomd.xml", "")
        .with("var/cache/dnf/far-f2f0bb3e0b1a1d6c/x", "")
        .with(
            "etc/yum.repos.d/a.repo",
            "[here]\nbaseurl=/srv/here\n[far]\nbaseurl=http://x/\n[gone]\nbaseurl=http://y/\nskip_if_unavailable=1\n",
        );
    let state = made.state();
    let root = made.root();
    let [here, far, gone] = &state.repositories[..] else { panic!("three") };
    assert_eq!(root.metadata(here).unwrap(), root.dir().join("srv/here"));
    let error = root.metadata(far).unwrap_err();
    assert!(error.to_string().contains("/var/cache/dnf/far-"), "{error}");
    assert!(!error.skip && root.metadata(gone).unwrap_err().skip);
    // `printf %s http://x/ | sha256sum`
    let cache = error.places[0].trim_matches('`').to_owned();
    fs::create_dir_all(format!("{cache}/repodata")).unwrap();
    fs::write(format!("{cache}/repodata/repomd.xml"), "").unwrap();
    assert_eq!(root.metadata(far).unwrap().to_str(), Some(cache.as_str()));
}
