//! The same repositories give the same bytes, whatever the number of threads, the folder, the locale and the clock.

use crate::sandbox::Sandbox;
use std::collections::BTreeMap;
use std::fs;

fn files(jobs: &str, environment: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["index", "baseos", "appstream", "--jobs", jobs]);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let mut all = BTreeMap::new();
    for id in ["baseos", "appstream"] {
        for entry in fs::read_dir(sandbox.path(id).join("repodata")).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{id}/{}", entry.file_name().to_string_lossy());
            all.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    all
}

#[test]
fn nothing_but_the_documents_matters() {
    let one = files("1", &[("LC_ALL", "C"), ("TZ", "UTC")]);
    assert!(one.keys().filter(|name| name.contains("-modex")).count() >= 8, "{:?}", one.keys());
    for jobs in ["2", "4", "16"] {
        let other = files(jobs, &[("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Tokyo")]);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        assert!(one == other, "the same names, other bytes with {jobs} jobs");
    }
}
