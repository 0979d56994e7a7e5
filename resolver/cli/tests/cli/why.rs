//! `modex why` and `modex why-not`.

use crate::sandbox::Sandbox;

const STATE: &str = r#"{
  "format": "modex-state", "version": 1, "arch": "x86_64", "os_release_platform": "platform:el9",
  "modules": {"nodejs": {"state": "disabled"}, "nginx": {"state": "enabled", "stream": "1.22"}},
  "packages": []
}
"#;

#[test]
fn what_is_not_offered() {
    let sandbox = Sandbox::new();
    sandbox.write("host.json", STATE);
    sandbox.check(
        "why-not",
        &[
            "why-not $R nodejs",
            "why-not $R rubygem-old broken-plugin",
            "why-not $R electron",
            "why-not $R --installed host.json nodejs nginx",
            "why-not $R perl-DBI",
            "why-not $R --best git",
            "why-not $R --json rubygem-old",
            "why-not $R bash nosuch",
        ],
    );
}

#[test]
fn what_is_there() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "installed.txt",
        "setup-2.13.7-10.el9.noarch !dependency\nfilesystem-3.16-2.el9.x86_64 !dependency\n\
         basesystem-11-13.el9.noarch !user\n",
    );
    sandbox.check(
        "why",
        &[
            "why $R zlib",
            "why $R nodejs nosuch",
            "why $R --installed installed.txt setup basesystem",
            "why $R --installed installed.txt --json setup",
            "why $R tzdata bash-completion jq -- install bash",
            "why $R npm -- install @nodejs:20",
            "why $R npm -- module enable nodejs:20 -- install nodejs",
            "why $R --installed installed.txt setup -- remove setup",
            "why $R bash -- install nosuch",
        ],
    );
}
