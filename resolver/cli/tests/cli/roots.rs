//! Systems that are read from a root or from the state file of another machine.

use crate::sandbox::Sandbox;

const STATE: &str = r#"{
  "format": "modex-state", "version": 1, "arch": "x86_64", "os_release_platform": "platform:el9",
  "modules": {"nodejs": {"state": "enabled", "stream": "20"}},
  "packages": [{"name": "filesystem", "evr": "3.16-5.el9", "arch": "x86_64", "number": 1, "reason": "user"}]
}
"#;

/// A root whose repositories are those of the sandbox, by files of its own.
fn root(sandbox: &Sandbox) {
    sandbox.write("root/etc/os-release", "NAME=x\nPLATFORM_ID='platform:el9'\n");
    sandbox.write("root/etc/dnf/dnf.conf", "[main]\ninstall_weak_deps=0\nbest=perhaps\n");
    sandbox.write(
        "root/etc/yum.repos.d/sandbox.repo",
        "[baseos]\nname=BaseOS\nbaseurl=file:///srv/$releasever/baseos\n\
         [appstream]\nbaseurl=/srv/$releasever/appstream\npriority=50\n\
         [gone]\nbaseurl=https://example.org/\nskip_if_unavailable=1\n[off]\nenabled=0\n",
    );
    std::fs::create_dir_all(sandbox.path("root/srv/9")).unwrap();
    for repo in ["baseos", "appstream"] {
        std::fs::rename(sandbox.path(repo), sandbox.path(&format!("root/srv/9/{repo}"))).unwrap();
    }
    sandbox.write(
        "root/etc/dnf/modules.d/nodejs.module",
        "[nodejs]\nname=nodejs\nstream=20\nprofiles=\nstate=enabled\n",
    );
}

/// What a command ends with, and the words that it must have said.
#[track_caller]
fn says(sandbox: &Sandbox, line: &str, status: i32, words: &[&str]) {
    let output = sandbox.output(line);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(output.status.code(), Some(status), "{line}: {said}");
    for word in words {
        assert!(said.contains(word), "{line}: no `{word}` in {said}");
    }
}

#[test]
fn installroots() {
    let sandbox = Sandbox::new();
    root(&sandbox);
    let skipped = "`gone` has no metadata in";
    let no_value = "dnf.conf`: [main] `best=perhaps` is no value";
    let install = "resolve --installroot root --releasever 9 -- install nodejs";
    says(&sandbox, install, 0, &["1:20.11.0", skipped, no_value]);
    let output = sandbox.output(install);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("weak"), "install_weak_deps=0");
    says(
        &sandbox,
        "module list --installroot root --releasever 9 --builds nodejs",
        0,
        &["nodejs:20"],
    );
    // Without a version the repositories' folders have another name.
    let lost = "`appstream` has no metadata in `/srv/$releasever/appstream`";
    says(&sandbox, "resolve --installroot root -- install nodejs", 2, &[lost, "makecache"]);
    let none = ["`nosuch` is not a folder", "--installroot takes the folder"];
    says(&sandbox, "resolve --installroot nosuch -- install bash", 2, &none);
    let needs = "resolve --apply-module-state --repo a=root/srv/9/baseos -- install bash";
    says(&sandbox, needs, 2, &["--installroot"]);
}

#[test]
fn module_state_is_written_where_it_is_asked_for() {
    let sandbox = Sandbox::new();
    root(&sandbox);
    let resolve = "resolve --installroot root --releasever 9";
    let files = |sandbox: &Sandbox| {
        std::fs::read_dir(sandbox.path("root/etc/dnf/modules.d")).unwrap().count()
    };
    says(&sandbox, &format!("{resolve} -- module disable php"), 0, &[]);
    assert_eq!(files(&sandbox), 1);
    let refused = format!("{resolve} --apply-module-state -- module install nodejs:18");
    says(&sandbox, &refused, 1, &["not possible to switch"]);
    assert_eq!(files(&sandbox), 1);
    let done = "wrote /etc/dnf/modules.d/php.module";
    says(&sandbox, &format!("{resolve} --apply-module-state -- module disable php"), 0, &[done]);
    let written =
        std::fs::read_to_string(sandbox.path("root/etc/dnf/modules.d/php.module")).unwrap();
    assert_eq!(written, "[php]\nname=php\nstream=\nprofiles=\nstate=disabled\n");
    sandbox.write("root/etc/dnf/modules.d/half.module", "[half]\nname=half\nstre");
    let broken = ["half.module`, line 3: no `=`", "dnf does not start with it either"];
    says(&sandbox, &format!("{resolve} -- install bash"), 2, &broken);
    says(&sandbox, "state export --installroot root", 2, &broken);
}

/// dnf finds out after the download; we where the files are at hand and may be read.
#[test]
fn modular_packages_that_nobody_describes() {
    let sandbox = Sandbox::new();
    sandbox.without_index("baseos", "plain");
    let resolve = "resolve --repo plain=plain --platform platform:el9";
    let plan = sandbox.output(&format!("{resolve} --json -- install setup")).stdout;
    let plan = String::from_utf8(plan).unwrap();
    let location = plan.split("\"location\": \"").nth(1).and_then(|it| it.split('"').next());
    let file = {
        let nevra = modex_formats::rpm::Nevra::parse("lost-1-1.noarch").unwrap();
        modex_fixtures::Package::new(nevra).to_file(Some("m:1:1:aa"))
    };
    sandbox.write(&format!("plain/{}", location.unwrap()), file);
    says(&sandbox, &format!("{resolve} -- install setup"), 0, &["setup"]);
    let words =
        ["No available modular metadata for modular package 'setup-", "cannot be installed"];
    says(&sandbox, &format!("{resolve} --package-files -- install setup"), 1, &words);
    let hotfixes = "--setopt plain.module_hotfixes=1 --package-files";
    says(&sandbox, &format!("{resolve} {hotfixes} -- install setup"), 0, &["setup"]);
    says(&sandbox, &format!("{resolve} -- install setup"), 0, &["setup"]);
}

#[test]
fn roots_that_say_what_cannot_be() {
    let sandbox = Sandbox::new();
    root(&sandbox);
    let resolve = "resolve --installroot root --releasever 9";
    let state = |stream: &str| {
        let text = format!("[nodejs]\nname=nodejs\nstream={stream}\nprofiles=\nstate=enabled\n");
        sandbox.write("root/etc/dnf/modules.d/nodejs.module", text);
    };
    state("77");
    let lost = "stream `77` of `nodejs` is enabled, but no repository has it";
    says(&sandbox, &format!("{resolve} -- install bash"), 0, &[lost, "module reset nodejs"]);
    state("20");
    sandbox.write("root/etc/dnf/modules.defaults.d/x.yaml", "---\ndata: [\n");
    let place = "/etc/dnf/modules.defaults.d/x.yaml:";
    says(&sandbox, &format!("{resolve} -- install bash"), 0, &[place]);
    sandbox.write("root/etc/dnf/dnf.conf", "[main]\nmodule_platform_id=platform:el77\n");
    let platform = "hint: the platform is platform:el77";
    says(&sandbox, &format!("{resolve} -- module enable php:8.2"), 1, &[platform]);
    sandbox.write("root/etc/dnf/dnf.conf", "[main]\nmodule_platform_id=nonsense\n");
    let wrong = ["dnf.conf: `module_platform_id=nonsense` is not a platform", "say --platform"];
    says(&sandbox, &format!("{resolve} -- install bash"), 2, &wrong);
    let arch = "`nosuch` is no architecture";
    says(&sandbox, "state export --installroot root --arch nosuch", 2, &[arch]);
}

#[test]
fn state_files() {
    let sandbox = Sandbox::new();
    sandbox.write("state.json", STATE);
    sandbox.write("newer.json", STATE.replace("\"version\": 1", "\"version\": 2"));
    sandbox.write("cut.json", &STATE[..100]);
    sandbox.write("root/etc/os-release", "PLATFORM_ID=platform:el9\n");
    let repos = "--repo baseos=baseos --repo appstream=appstream";
    let resolve = |state: &str| format!("resolve {repos} --installed {state} -- install nodejs");
    // The platform and the enabled stream are those of the file.
    says(&sandbox, &resolve("state.json"), 0, &["1:20.11.0"]);
    says(&sandbox, &resolve("newer.json"), 2, &["its version 2 is newer than 1", "state export"]);
    says(&sandbox, &resolve("cut.json"), 2, &["not a state file of modex"]);
    let both = format!("resolve {repos} --installed state.json --installroot root -- install bash");
    says(&sandbox, &both, 2, &["say one of them"]);
    says(&sandbox, "state export --installroot root -o out.json", 0, &[]);
    says(&sandbox, &resolve("out.json"), 0, &["1:18."]);
}

#[test]
fn what_only_installing_needed_may_go() {
    let sandbox = Sandbox::new();
    let state = |more: &str| {
        let text = format!(
            r#"{{"format": "modex-state", "version": 1, "arch": "x86_64", "packages": [
              {{"name": "tool", "evr": "1-1", "arch": "noarch", "number": 1, "reason": "user"}},
              {{"name": "user", "evr": "1-1", "arch": "noarch", "number": 2, "reason": "user",
                "relations": {{"requires": ["tool = 1"]}}{more}}}]}}"#
        );
        sandbox.write("state.json", text);
        sandbox.output("resolve --installed state.json --json -- remove tool").stdout
    };
    let goes = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().contains("user-0:1-1.noarch");
    assert!(goes(state("")));
    assert!(!goes(state(r#", "requires_to_install": ["tool = 1"]"#)));
    // Another requirement is not meant.
    assert!(goes(state(r#", "requires_to_install": ["tool = 2", "tool"]"#)));
}
