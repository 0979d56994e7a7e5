//! What is kept of the packages of a root: the same answers, whatever becomes of the file.

use crate::sandbox::Sandbox;
use modex_fixtures::HeaderBytes;
use rusqlite::Connection;
use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

const DATABASE: &str = "root/usr/lib/sysimage/rpm/rpmdb.sqlite";
/// Longer than a database must lie still before anything of it is kept.
const SETTLED: Duration = Duration::from_millis(2100);

/// Adds packages to the root's database.
fn install(sandbox: &Sandbox, packages: &[(&str, &str, &str)]) {
    let path = sandbox.path(DATABASE);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let database = Connection::open(path).unwrap();
    let table = "CREATE TABLE IF NOT EXISTS Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)";
    database.execute_batch(table).unwrap();
    for (name, version, release) in packages {
        let mut header = HeaderBytes::default();
        header.text(1000, name);
        header.text(1001, version);
        header.text(1002, release);
        header.text(1022, "x86_64");
        header.text(1044, "x.src.rpm");
        let bytes = header.finish();
        database.execute("INSERT INTO Packages (blob) VALUES (?1)", [bytes]).unwrap();
    }
}

/// What a command says, with this cache.
fn said(sandbox: &Sandbox, cache: &str, command: &str) -> (Option<i32>, String) {
    let (first, rest) = command.split_once(' ').unwrap();
    let line = format!("{first} --installroot root --arch x86_64 --cache {cache} $R {rest}");
    let output = sandbox.output(&line);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn kept(sandbox: &Sandbox, cache: &str) -> Option<PathBuf> {
    let mut files = fs::read_dir(sandbox.path(cache).join("installed")).ok()?;
    let path = files.next()?.unwrap().path();
    assert!(files.next().is_none(), "one file a root");
    Some(path)
}

#[test]
fn answers_do_not_depend_on_what_is_kept() {
    let sandbox = Sandbox::new();
    install(&sandbox, &[("filesystem", "3.0", "1"), ("nodejs", "0.1", "1"), ("other", "1", "1")]);
    let upgrade = "resolve -- upgrade";
    let fresh = said(&sandbox, "cache", upgrade);
    assert!(fresh.1.contains("filesystem"), "{}", fresh.1);
    assert_eq!(kept(&sandbox, "cache"), None, "the next change might bear the same time");
    sleep(SETTLED);
    assert_eq!(said(&sandbox, "cache", upgrade), fresh);
    let path = kept(&sandbox, "cache").expect("it lay still");
    let whole = fs::read(&path).unwrap();
    let commands = [
        upgrade,
        "resolve -- install nodejs",
        "resolve -- remove filesystem -- install filesystem",
        "resolve -- module enable nodejs:20 -- upgrade",
        "resolve -- install no-such-thing",
        "resolve --json -- distro-sync",
        "why filesystem",
        "why-not nodejs-docs",
        "repoquery filesystem",
    ];
    for command in commands {
        // Without a file to start from, with the one that is there, and for the other way to read a root.
        let read = said(&sandbox, "empty", command);
        assert_eq!(said(&sandbox, "cache", command), read, "{command}");
        fs::remove_dir_all(sandbox.path("empty/installed")).expect(command);
    }
    assert_eq!(fs::read(&path).unwrap(), whole, "nothing changed");
    // A file that was cut, or is another one's, is made again.
    let middle = whole.iter().position(|byte| *byte == b'\n').unwrap();
    for length in [0, 1, middle, middle + 1, middle + 100, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(said(&sandbox, "cache", upgrade), fresh, "cut at {length}");
    }
    fs::write(&path, &whole[1..]).unwrap();
    assert_eq!(said(&sandbox, "cache", upgrade), fresh);
    assert_eq!(fs::read(&path).unwrap(), whole);
    // Other repositories: laid out for them.
    let without = said(&sandbox, "cache", "resolve --disablerepo appstream -- upgrade");
    assert!(!without.1.contains("nodejs"), "{}", without.1);
    assert_eq!(said(&sandbox, "cache", upgrade), fresh);
    // The database changes: at once.
    install(&sandbox, &[("filesystem", "9999", "1")]);
    let newer = said(&sandbox, "cache", upgrade);
    assert!(!newer.1.contains("filesystem"), "{}", newer.1);
}

#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let sandbox = Sandbox::new();
    install(&sandbox, &[("filesystem", "3.0", "1")]);
    sleep(SETTLED);
    let read = said(&sandbox, "cache", "resolve -- upgrade");
    sandbox.write("other/installed", "no folder");
    assert_eq!(said(&sandbox, "other", "resolve -- upgrade"), read);
    assert_eq!(fs::read(sandbox.path("other/installed")).unwrap(), b"no folder");
}
