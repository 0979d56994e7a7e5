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

#[test]
fn installroots() {
    let sandbox = Sandbox::new();
    root(&sandbox);
    sandbox.check(
        "roots",
        &[
            "resolve --installroot root --releasever 9 -- install nodejs",
            "module list --installroot root --releasever 9 nodejs",
            "resolve --installroot root -- install nodejs",
            "resolve --installroot nosuch -- install bash",
            "resolve --apply-module-state --repo a=root/srv/9/baseos -- install bash",
            "resolve --installroot root --releasever 9 --apply-module-state -- module disable php",
        ],
    );
    let written =
        std::fs::read_to_string(sandbox.path("root/etc/dnf/modules.d/php.module")).unwrap();
    assert_eq!(written, "[php]\nname=php\nstream=\nprofiles=\nstate=disabled\n");
    sandbox.write("root/etc/dnf/modules.d/half.module", "[half]\nname=half\nstre");
    sandbox.check(
        "roots-broken",
        &[
            "resolve --installroot root --releasever 9 -- install bash",
            "state export --installroot root",
        ],
    );
}

#[test]
fn state_files() {
    let sandbox = Sandbox::new();
    sandbox.write("state.json", STATE);
    sandbox.write("newer.json", STATE.replace("\"version\": 1", "\"version\": 2"));
    sandbox.write("cut.json", &STATE[..100]);
    sandbox.write("root/etc/os-release", "PLATFORM_ID=platform:el9\n");
    sandbox.check(
        "states",
        &[
            "resolve --repo baseos=baseos --repo appstream=appstream --installed state.json -- install nodejs",
            "resolve $R --installed newer.json -- install bash",
            "resolve $R --installed cut.json -- install bash",
            "resolve $R --installed state.json --installroot root -- install bash",
            "state export --installroot root -o out.json",
            "resolve --repo baseos=baseos --installed out.json -- install filesystem",
        ],
    );
}
