//! Files that are not what they should be: an error that names the file, status 2, never a panic and never an answer.

use crate::sandbox::Sandbox;
use std::fs;
use std::path::Path;

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn flip(path: &Path, at: impl Fn(usize) -> usize) {
    edit(path, |bytes| {
        let at = at(bytes.len());
        bytes[at] ^= 0x10;
    });
}

/// A new sandbox with one damage, and the transcript of one command in it.
fn damaged(title: &str, damage: impl FnOnce(&Sandbox), line: &str) -> String {
    let sandbox = Sandbox::new();
    damage(&sandbox);
    format!("# {title}\n{}", sandbox.run(line))
}

#[test]
fn index_files() {
    let bash = "resolve $R -- install bash";
    let hot = |sandbox: &Sandbox| sandbox.index_file("baseos", "hot");
    let warm = |sandbox: &Sandbox| sandbox.index_file("baseos", "warm");
    let cold = |sandbox: &Sandbox| sandbox.index_file("baseos", "cold");
    let transcript = [
        damaged("the hot file is missing", |it| fs::remove_file(hot(it)).unwrap(), bash),
        damaged("the hot file is cut", |it| edit(&hot(it), |bytes| bytes.truncate(1000)), bash),
        damaged("the hot file is empty", |it| edit(&hot(it), Vec::clear), bash),
        damaged("a byte of the hot file's header is another", |it| flip(&hot(it), |_| 9), bash),
        damaged("a byte in the hot file is another", |it| flip(&hot(it), |len| len / 2), bash),
        damaged("the last byte of the hot file", |it| flip(&hot(it), |len| len - 1), bash),
        damaged("a byte in the warm file", |it| flip(&warm(it), |len| len / 2), bash),
        damaged("the warm file is missing", |it| fs::remove_file(warm(it)).unwrap(), bash),
        damaged(
            "the cold file is cut, but not needed",
            |it| edit(&cold(it), |bytes| bytes.truncate(100)),
            "resolve $R -- install setup",
        ),
        damaged(
            "the cold file is cut, and needed",
            |it| edit(&cold(it), |bytes| bytes.truncate(100)),
            "info $R setup",
        ),
        damaged(
            "the cold file is cut, and needed for a path",
            |it| edit(&cold(it), |bytes| bytes.truncate(100)),
            "resolve $R -- install /usr/share/doc/bash/README",
        ),
        damaged(
            "the hot file of another repository under this name",
            |it| {
                fs::copy(it.index_file("appstream", "hot"), hot(it)).unwrap();
            },
            bash,
        ),
    ];
    crate::sandbox::compare("damaged-indexes", transcript.concat());
}

#[test]
fn pointers() {
    let bash = "resolve $R -- install setup";
    let pointer = |sandbox: &Sandbox| {
        let mut files = fs::read_dir(sandbox.path("baseos/repodata")).unwrap();
        let is_ours = |name: &str| name.contains("-modex") && name.ends_with(".json");
        let found = files.find_map(|entry| {
            let path = entry.unwrap().path();
            is_ours(&path.file_name().unwrap().to_string_lossy()).then_some(path)
        });
        found.unwrap()
    };
    // What a tool leaves that copies the record into the repomd.xml of a newer state.
    let graft = |sandbox: &Sandbox| {
        let read = |repo: &str| {
            fs::read_to_string(sandbox.path(&format!("{repo}/repodata/repomd.xml"))).unwrap()
        };
        let record = |text: &str| {
            let start = text.find("<data type=\"modex\">").unwrap();
            let end = start + text[start..].find("</data>").unwrap();
            text[start..end].to_owned()
        };
        let (old, new) = (read("baseos"), read("appstream"));
        for entry in fs::read_dir(sandbox.path("appstream/repodata")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), sandbox.path("baseos/repodata").join(entry.file_name()))
                .unwrap();
        }
        sandbox.write("baseos/repodata/repomd.xml", new.replace(&record(&new), &record(&old)));
    };
    let transcript = [
        damaged(
            "the index is that of another state of the repository",
            graft,
            "list --repo baseos=baseos oniguruma setup",
        ),
        damaged("the pointer is missing", |it| fs::remove_file(pointer(it)).unwrap(), bash),
        damaged("a byte of the pointer", |it| flip(&pointer(it), |len| len / 2), bash),
        damaged(
            "repomd.xml changed where it says nothing",
            |it| edit(&it.path("baseos/repodata/repomd.xml"), |bytes| bytes.push(b'\n')),
            bash,
        ),
    ];
    crate::sandbox::compare("damaged-pointers", transcript.concat());
}

/// Every byte of a hot file changed, one at a time, is found when the file is first met.
#[test]
fn no_changed_byte_goes_unnoticed() {
    let sandbox = Sandbox::new();
    let path = sandbox.index_file("baseos", "hot");
    let whole = fs::read(&path).unwrap();
    for step in 0..40 {
        let at = step * (whole.len() - 1) / 39;
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (step % 8);
        fs::write(&path, bytes).unwrap();
        let output = sandbox.output("resolve $R -- install setup");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "byte {at}: {said}");
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(said.contains(&*name), "byte {at}: the file is not named: {said}");
    }
}

#[test]
fn caches() {
    let sandbox = Sandbox::new();
    sandbox.without_index("baseos", "plain");
    sandbox.write("file", "not a folder");
    let mut transcript: String = [
        // With a published index the cache only saves work.
        "resolve --repo baseos=baseos --cache file/x -- install setup",
        "resolve --repo plain=plain --cache file/x -- install setup",
        "resolve --repo plain=plain --cache cache -- install setup",
        "resolve --repo plain=plain --cache cache --json -- install setup",
        "resolve --repo plain=plain --repo appstream=appstream --platform platform:el9 --cache cache -- install tzdata",
    ]
    .map(|line| sandbox.run(line))
    .concat();
    for folder in fs::read_dir(sandbox.path("cache/indexes")).unwrap() {
        let files =
            fs::read_dir(folder.unwrap().path()).unwrap().map(|entry| entry.unwrap().path());
        let hot = files.filter(|path| path.extension().is_some_and(|found| found == "hot"));
        hot.for_each(|path| edit(&path, |bytes| bytes.truncate(500)));
    }
    transcript += "# the hot file in the cache is cut\n";
    transcript += &sandbox.run("resolve --repo plain=plain --cache cache -- install setup");
    crate::sandbox::compare("caches", transcript);
}
