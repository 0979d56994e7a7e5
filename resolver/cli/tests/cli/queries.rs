//! `list`, `info`, `provides`, `requires`, `whatrequires`, `module list` and `module info`.

use crate::sandbox::Sandbox;

#[test]
fn packages() {
    Sandbox::new().check(
        "list",
        &[
            "list $R",
            "list $R bash 'nodejs*' 'glibc-2.34-83*' 'kernel-core-5.14.0-427.el9.x86_64'",
            "list $R --json 'jq'",
            "list $R nosuch",
            "list $R nosuch bash",
            "list $R --json nosuch",
        ],
    );
}

#[test]
fn descriptions() {
    Sandbox::new().check(
        "info",
        &["info $R modex-release openssl", "info $R --json setup", "info $R nosuch"],
    );
}

#[test]
fn capabilities() {
    Sandbox::new().check(
        "capabilities",
        &[
            "provides $R smtpdaemon",
            "provides $R 'perl(Git) >= 2.43'",
            "provides $R /usr/bin/bash /usr/share/doc/bash/README",
            "provides $R --json 'libz.so.1()(64bit)'",
            "provides $R 'no such thing'",
            "requires $R sos broken-plugin",
            "requires $R --json glibc-2.34-83.el9.x86_64",
            "requires $R nosuch",
            "whatrequires $R smtpdaemon",
            "whatrequires $R nodejs",
            "whatrequires $R --json /usr/share/appdata/catalog.xml",
            "whatrequires $R linux-firmware",
            "whatrequires $R tzdata-2023c",
            "whatrequires $R nosuch",
        ],
    );
}

#[test]
fn modules() {
    Sandbox::new().check(
        "modules",
        &[
            "module list $R",
            "module list $R --builds",
            "module list $R --builds nodejs:18:*:*",
            "module list $R nodejs php:8.2",
            "module list $R --json ruby",
            "module list $R nosuch",
            "module list --repo baseos=baseos --platform platform:el9",
            "module info $R nodejs:18",
            "module info $R perl-DBI",
            "module info $R --json nginx:1.24",
            "module info $R 'no:such:thing'",
            "module info $R --profile nodejs:18",
            "module provides $R npm",
            "module provides $R bash",
            "module repoquery $R nodejs:18 php",
            "module repoquery $R --of-system nodejs",
        ],
    );
}

#[test]
fn repoquery() {
    Sandbox::new().check(
        "repoquery",
        &[
            "repoquery $R nodejs",
            "repoquery $R --disable-modular-filtering nodejs",
            "repoquery $R --whatprovides smtpdaemon",
            "repoquery $R --whatrequires tzdata --qf '%{name} %{repoid}'",
            "repoquery $R --requires bash",
            "repoquery $R --latest-limit 1 'kernel-core*'",
            "repoquery $R --json nosuch",
            "list $R --upgrades nosuch",
            "check-update $R",
        ],
    );
}
