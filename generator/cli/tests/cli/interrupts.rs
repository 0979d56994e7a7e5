//! Whatever ends the work, nothing half-written is named, and the next run succeeds and cleans up.

use crate::sandbox::Sandbox;
use modex_generator::publish::is_ours;
use modex_generator::{Options, verify};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{fs, thread};

/// A repository that takes a while.
fn large() -> Sandbox {
    let sandbox = Sandbox::new();
    let package = |number: usize| {
        format!(
            "<package type=\"rpm\"><name>package-{number}</name><arch>noarch</arch>\
             <version epoch=\"0\" ver=\"{number}\" rel=\"1\"/><checksum type=\"sha256\">{number:064x}</checksum>\
             <location href=\"{number}.rpm\"/><format><rpm:requires><rpm:entry name=\"package-{}\"/>\
             </rpm:requires></format></package>\n",
            number * 7 % 20_000
        )
    };
    let packages: String = (0..20_000).map(package).collect();
    sandbox.repository("large", &format!("<metadata packages=\"20000\">\n{packages}</metadata>\n"));
    sandbox
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.path("large/repodata")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The state of the repository is the old one or the new one.
fn assert_consistent(sandbox: &Sandbox) {
    let verdict = verify(&sandbox.path("large"), &Options::default()).unwrap();
    let found: Vec<_> = verdict.findings.iter().map(|finding| &finding.what[..]).collect();
    let old = ["there is no record of type modex: it has no index"];
    assert!(found.is_empty() || found == old, "{found:?}");
}

#[test]
fn a_signal_at_any_moment() {
    let sandbox = large();
    let started = Instant::now();
    assert!(sandbox.run("index large").ends_with("=> 0\n\n"));
    let whole = started.elapsed();
    let repomd = sandbox.path("large/repodata/repomd.xml");
    let new = fs::read_to_string(&repomd).unwrap();
    let record = new.find("  <data type=\"modex\"").unwrap();
    let end = record + new[record..].find("</data>\n").unwrap() + "</data>\n".len();
    let old = new.replace(&new[record..end], "");
    let mut interrupted = 0;
    for (signal, step) in ["INT", "TERM", "KILL"].iter().flat_map(|s| (0..8).map(move |n| (s, n))) {
        fs::write(&repomd, &old).unwrap();
        for name in names(&sandbox).iter().filter(|name| is_ours(name)) {
            fs::remove_file(sandbox.path("large/repodata").join(name)).unwrap();
        }
        let mut command = sandbox.command(&["index", "large"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(whole * step / 7);
        let id = child.id().to_string();
        // It may have ended before.
        let _ = Command::new("kill").args(["-s", signal, &id]).stderr(Stdio::null()).status();
        let status = child.wait().unwrap();
        // A signal that comes before there is a handler ends it at once.
        assert!(matches!(status.code(), Some(0 | 2) | None), "{signal}: {status}");
        interrupted += u32::from(!status.success());
        assert_consistent(&sandbox);
    }
    assert!(interrupted > 0, "every run was faster than its signal");
    fs::write(sandbox.path("large/repodata/.modex-left.tmp"), "half").unwrap();
    assert!(sandbox.run("index large").ends_with("=> 0\n\n"));
    assert_eq!(fs::read_to_string(&repomd).unwrap(), new);
    assert!(!names(&sandbox).iter().any(|name| name.starts_with('.')), "{:?}", names(&sandbox));
}

#[test]
fn two_at_once() {
    let sandbox = large();
    let start = || {
        let mut command = sandbox.command(&["index", "large", "--jobs", "1"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let (one, two) = (start(), start());
    let outputs = [one, two].map(|child| child.wait_with_output().unwrap());
    let mut succeeded = 0;
    for output in &outputs {
        let errors = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => succeeded += 1,
            code => assert!(code == Some(2) && errors.contains("another process"), "{errors}"),
        }
    }
    assert!(succeeded > 0);
    let verdict = verify(&sandbox.path("large"), &Options::default()).unwrap();
    assert_eq!(verdict.findings, []);
}

/// A file system of its own that is too small, or that cannot be written.
#[test]
fn a_full_disk_and_a_read_only_one() {
    let sandbox = large();
    fs::create_dir(sandbox.path("disk")).unwrap();
    let publish = env!("CARGO_BIN_EXE_modex-publish");
    for (options, want) in [("size=256k", "no storage space"), ("ro", "read-only filesystem")] {
        let script = format!(
            "mount -t tmpfs -o {options} tmpfs disk || exit 99; {publish} index large -o disk; status=$?; ls -A disk; exit $status"
        );
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", &script]);
        let output = command.current_dir(sandbox.path("")).output();
        let Some(output) =
            output.ok().filter(|output| !matches!(output.status.code(), Some(1 | 99)))
        else {
            let test = "a_full_disk_and_a_read_only_one";
            return modex_fixtures::skipped(test, "this user may not mount anything");
        };
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.starts_with(&format!("error: disk: {want}")), "{errors}");
        assert!(errors.contains("\nhint: nothing is half-published"), "{errors}");
        assert!(output.stdout.is_empty(), "left: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["index", "baseos", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
