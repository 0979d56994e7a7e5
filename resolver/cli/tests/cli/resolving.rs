//! `modex resolve`: transactions and refusals.

use crate::sandbox::Sandbox;

#[test]
fn transactions() {
    Sandbox::new().check(
        "resolve",
        &[
            "resolve $R -- install setup",
            "resolve $R -- install bash",
            "resolve $R --no-weak-deps -- install jq sos",
            "resolve $R -- install @nodejs:20/common",
            "resolve $R -- install @nginx:1.24 exim",
            "resolve $R -- module install php",
            "resolve $R -- install '*gcc.i686' oniguruma-6.9.6",
            "resolve $R -- install /usr/share/appdata/catalog.xml 'perl(Git) = 2.43.0'",
            "resolve $R --best --setopt baseos.priority=10 -- install jq",
        ],
    );
}

#[test]
fn plans() {
    Sandbox::new().check(
        "resolve-json",
        &[
            "resolve $R --json -- install tzdata",
            "resolve $R --json -- module install nginx:1.22",
            "resolve $R --json -- install electron",
        ],
    );
}

#[test]
fn refusals() {
    Sandbox::new().check(
        "refusals",
        &[
            "resolve $R -- install nosuch",
            "resolve $R -- install bash nosuch nosuch-either",
            "resolve $R -- install broken-plugin",
            "resolve $R -- install electron",
            "resolve $R -- install nodejs-1:20* nginx rubygem-old",
            "resolve $R -- install coreutils coreutils-single",
            "resolve $R -- install coreutils-single ca-certificates steam exim sendmail",
            "resolve $R --best -- install git",
            "resolve $R -- install @core",
            "resolve $R -- module install nosuch",
            "resolve $R -- module install nginx",
            "resolve $R -- module install ruby:3.1",
            "resolve $R -- module install nodejs:18/development",
            "resolve $R -- module install nodejs:18/huge",
            "resolve $R -- module install nodejs:18 nodejs:20",
            "resolve $R -- install @nodejs:20 nosuch",
        ],
    );
}

#[test]
fn refusals_as_data() {
    Sandbox::new().check(
        "refusals-json",
        &[
            "resolve $R --json -- install nosuch",
            "resolve $R --json -- install broken-plugin",
            "resolve $R --json -- install coreutils coreutils-single",
            "resolve $R --json -- module install ruby:3.1",
        ],
    );
}

#[test]
fn on_an_installed_system() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "installed.txt",
        "# rpm -qa\nsetup-2.13.7-10.el9.noarch\nglibc-0:2.34-60.el9.x86_64\nglibc-common-2.34-60.el9.x86_64\n\
         network-scripts-0:10.11.4-1.el9.x86_64\nlocal-tool-1-1.noarch\tlocal-api = 3, /opt/tool\n\
         kernel-core-5.14.0-362.el9.x86_64\n",
    );
    sandbox.check(
        "installed",
        &[
            "resolve $R --installed installed.txt -- install setup",
            "resolve $R --installed installed.txt -- install glibc NetworkManager-initscripts",
            "resolve $R --installed installed.txt -- install kernel-core",
            "resolve $R --installed installed.txt --json -- install glibc-2.34-83.el9",
            "list $R --installed installed.txt local-tool 'glibc*'",
            "info $R --installed installed.txt local-tool",
            "provides $R --installed installed.txt local-api",
        ],
    );
}

#[test]
fn without_a_platform() {
    Sandbox::new().check(
        "no-platform",
        &[
            "resolve --repo baseos=baseos -- install tzdata",
            "resolve --repo baseos=baseos --repo appstream=appstream -- install nodejs",
            "resolve --repo appstream=appstream -- install nodejs",
            "resolve --repo appstream=appstream -- module install nodejs:20",
            "module list --repo appstream=appstream",
            "resolve --repo appstream=appstream --platform el9 -- module install nodejs:20",
            "resolve --repo appstream=appstream --platform platform:el10 -- module install nodejs:20",
        ],
    );
}
