//! State files as dnf writes them, all or none.

use crate::made::Made;
use modex_resolver::streams::{ModuleState, ModuleStates};
use modex_root::RootError;
use modex_root::modules::NewState;
use modex_root::modules::failsafe::NamedText;
use rustix::fs::{FlockOperation, flock};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

const ENABLED: &str = "[a]\nname=a\nstream=1\nprofiles=x, y\nstate=enabled\n";

fn new(modules: &[(&str, ModuleState)]) -> NewState {
    let states = modules.iter().map(|(module, state)| ((*module).to_owned(), state.clone()));
    NewState { modules: ModuleStates(states.collect()), copies: Vec::new() }
}

fn enabled(stream: &str, profiles: &[&str]) -> ModuleState {
    let profiles = profiles.iter().map(|it| (*it).to_owned()).collect();
    ModuleState::Enabled { stream: stream.into(), profiles }
}

#[test]
fn what_changes_is_written() {
    let made = Made::new()
        .with("etc/dnf/modules.d/a.module", ENABLED)
        .with("etc/dnf/modules.d/b.module", "[b]\nname=b\nstream=1\nprofiles=\nstate=1\n")
        .with(
            "etc/dnf/modules.d/c.module",
            "# kept\n[c]\nname = c\nstream = 1\nprofiles = p\nstate = enabled\n",
        )
        .with("etc/dnf/modules.d/d.module", "[d]\nname=d\nstream=9\nprofiles=q\nstate=Odd\n");
    fs::set_permissions(made.path("etc/dnf/modules.d/c.module"), fs::Permissions::from_mode(0o640))
        .unwrap();
    let after = new(&[
        ("a", enabled("1", &["x", "y"])),
        ("b", enabled("1", &[])),
        ("c", ModuleState::Disabled),
        ("e", enabled("5.30", &["default", "minimal"])),
    ]);
    let root = made.root();
    let applied = root.apply(&made.state(), &after).unwrap();
    let written: Vec<&str> =
        applied.written.iter().map(|it| it.rsplit('/').next().unwrap()).collect();
    assert_eq!(written, ["b.module", "c.module", "d.module", "e.module"]);
    assert_eq!(made.text("etc/dnf/modules.d/a.module"), ENABLED);
    assert_eq!(
        made.text("etc/dnf/modules.d/b.module"),
        "[b]\nname=b\nstream=1\nprofiles=\nstate=enabled\n"
    );
    assert_eq!(
        made.text("etc/dnf/modules.d/c.module"),
        "# kept\n[c]\nname = c\nstream = \nprofiles = \nstate = disabled\n"
    );
    assert_eq!(
        made.text("etc/dnf/modules.d/d.module"),
        "[d]\nname=d\nstream=9\nprofiles=q\nstate=\n"
    );
    assert_eq!(
        made.text("etc/dnf/modules.d/e.module"),
        "[e]\nname=e\nstream=5.30\nprofiles=default, minimal\nstate=enabled\n"
    );
    let mode = fs::metadata(made.path("etc/dnf/modules.d/c.module")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(made.state().module_states(), after.modules);
    // Once more there is nothing to do, and a reset leaves the file.
    assert_eq!(root.apply(&made.state(), &after).unwrap().written.len(), 0);
    root.apply(&made.state(), &new(&[])).unwrap();
    assert_eq!(
        made.text("etc/dnf/modules.d/a.module"),
        "[a]\nname=a\nstream=\nprofiles=\nstate=\n"
    );
    assert_eq!(made.everything().len(), 5, "no file is left over");
}

#[test]
fn fail_safe_copies() {
    let folder = "var/lib/dnf/modulefailsafe";
    let made = Made::new()
        .with("etc/dnf/modules.d/a.module", ENABLED)
        .with(&format!("{folder}/a:1:x86_64.yaml"), "old")
        .with(&format!("{folder}/a:2:x86_64.yaml"), "other stream")
        .with(&format!("{folder}/b:1:x86_64.yaml"), "not enabled")
        .with(&format!("{folder}/unrelated.yaml"), "stays");
    let mut after = new(&[("a", enabled("1", &["x", "y"]))]);
    after.copies.push(NamedText { name: "a:1:x86_64.yaml".into(), text: "new".into() });
    let applied = made.root().apply(&made.state(), &after).unwrap();
    assert_eq!((applied.written.len(), applied.removed.len()), (1, 2));
    assert_eq!(made.text(&format!("{folder}/a:1:x86_64.yaml")), "new");
    assert!(made.path(&format!("{folder}/unrelated.yaml")).exists());
    assert!(!made.path(&format!("{folder}/b:1:x86_64.yaml")).exists());
    assert_eq!(made.root().apply(&made.state(), &after).unwrap(), Default::default());
}

#[test]
fn old_state_stays_where_something_fails() {
    let made = Made::new().with("etc/dnf/modules.d/a.module", ENABLED);
    let state = made.state();
    // A folder where a file is to be: the last rename cannot be done.
    fs::create_dir_all(made.path("etc/dnf/modules.d/z.module/x")).unwrap();
    let before = made.everything();
    let after =
        new(&[("a", ModuleState::Disabled), ("b", enabled("1", &[])), ("z", enabled("1", &[]))]);
    assert!(made.root().apply(&state, &after).is_err());
    assert_eq!(made.everything(), before);
    fs::remove_dir_all(made.path("etc/dnf/modules.d/z.module")).unwrap();
    // Names that lead out of the folder.
    for name in ["../x", "", "a/b", &"x".repeat(300)] {
        let error = made.root().apply(&state, &new(&[(name, ModuleState::Disabled)])).unwrap_err();
        assert!(matches!(error, RootError::FileName(_)), "{error}");
    }
    // Somebody else changed the state meanwhile.
    let made = made.with("etc/dnf/modules.d/a.module", ENABLED.replace("stream=1", "stream=2"));
    assert!(matches!(made.root().apply(&state, &after), Err(RootError::Busy { .. })));
}

/// What is there without the bytes of `made.everything()`: names.
fn names(made: &Made, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(made.path(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn copies_that_cannot_be_written_or_removed() {
    let copies = "var/lib/dnf/modulefailsafe";
    let made = Made::new()
        .with("etc/dnf/modules.d/a.module", ENABLED)
        .with(&format!("{copies}/a:1:x86_64.yaml"), "old")
        .with(&format!("{copies}/b:1:x86_64.yaml/x"), "a folder in the place of a copy");
    let before = made.everything();
    let mut after = new(&[("a", ModuleState::Disabled), ("b", enabled("1", &[]))]);
    after.copies.push(NamedText { name: "b:1:x86_64.yaml".into(), text: "new".into() });
    let error = made.root().apply(&made.state(), &after).unwrap_err();
    assert!(error.to_string().ends_with("b:1:x86_64.yaml`: not a file"), "{error}");
    assert_eq!(made.everything(), before);
    // A pipe: nobody waits for who writes into it.
    fs::remove_dir_all(made.path(copies).join("b:1:x86_64.yaml")).unwrap();
    made.pipe(&format!("{copies}/b:1:x86_64.yaml"));
    assert!(made.root().apply(&made.state(), &after).is_err());
    assert_eq!(names(&made, "etc/dnf/modules.d"), ["a.module"]);
    // A link to what never ends, outside of the root.
    fs::remove_file(made.path(copies).join("b:1:x86_64.yaml")).unwrap();
    symlink("/dev/zero", made.path(copies).join("b:1:x86_64.yaml")).unwrap();
    let applied = made.root().apply(&made.state(), &after).unwrap();
    assert_eq!((applied.written.len(), applied.removed.len()), (3, 1));
    assert_eq!(made.text(&format!("{copies}/b:1:x86_64.yaml")), "new");
    assert_eq!(names(&made, copies), ["b:1:x86_64.yaml"]);
}

#[test]
fn what_a_killed_one_left_goes_and_two_at_once_do_not_meet() {
    let made = Made::new()
        .with("etc/dnf/modules.d/a.module", ENABLED)
        .with("etc/dnf/modules.d/.modex-ab12cd", "[a]\nstre")
        .with("var/lib/dnf/modulefailsafe/.modex-ab12cd", "da");
    let after = new(&[("a", ModuleState::Disabled)]);
    let folder = fs::File::open(made.path("etc/dnf/modules.d")).unwrap();
    flock(&folder, FlockOperation::LockExclusive).unwrap();
    let before = made.everything();
    assert!(matches!(made.root().apply(&made.state(), &after), Err(RootError::Busy { .. })));
    assert_eq!(made.everything(), before);
    drop(folder);
    made.root().apply(&made.state(), &after).unwrap();
    assert_eq!(names(&made, "etc/dnf/modules.d"), ["a.module"]);
    assert!(names(&made, "var/lib/dnf/modulefailsafe").is_empty());
}
