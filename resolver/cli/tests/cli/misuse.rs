//! Wrong words, wrong folders, wrong lists: what, where, and what to try.

use crate::sandbox::Sandbox;

#[test]
fn help() {
    Sandbox::new().check(
        "help",
        &["--help", "", "resolve --help", "list --help", "module --help", "help requires"],
    );
}

#[test]
fn command_lines() {
    let sandbox = Sandbox::new();
    sandbox.check(
        "usage",
        &[
            "nosuch",
            "resolve $R --frobnicate -- install bash",
            "resolve $R",
            "resolve $R --",
            "resolve $R -- install",
            "resolve $R -- module install",
            "resolve $R -- module",
            "resolve $R -- module enable nodejs:20",
            "resolve $R -- remove bash",
            "resolve $R install tzdata",
            "resolve $R -- install tzdata --json",
            "resolve -- install bash",
            "resolve --repo baseos -- install bash",
            "resolve --repo =baseos -- install bash",
            "resolve --repo a=baseos --repo a=appstream -- install bash",
            "resolve --repo a=baseos --repo b=baseos -- install tzdata",
            "resolve $R --setopt baseos.priority -- install bash",
            "resolve $R --setopt nosuch.priority=1 -- install bash",
            "resolve $R --setopt baseos.nosuch=1 -- install bash",
            "resolve $R --setopt baseos.cost=cheap -- install bash",
            "resolve $R -- install ''",
            "resolve $R -- install @",
            "resolve $R -- install '[' '*nosuch*'",
            "requires $R",
            "resolve $R --arch sparc -- install bash",
            "resolve $R --arch ppc64le -- install tzdata",
        ],
    );
}

#[test]
fn repositories() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("empty/repodata")).unwrap();
    sandbox.write("text/repodata/repomd.xml", "this is no XML");
    sandbox.write("other/repodata/repomd.xml", "<html><body>404 Not Found</body></html>");
    sandbox.write("cut/repodata/repomd.xml", "<?xml version=\"1.0\"?>\n<repomd><data type=\"prim");
    sandbox.check(
        "repositories",
        &[
            "list --repo a=nosuch",
            "list --repo a=empty",
            "list --repo a=text",
            "list --repo a=other",
            "list --repo a=cut",
            "list --repo baseos=baseos --repo a=nosuch",
        ],
    );
}

#[test]
fn lists_of_installed_packages() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.txt", "bash-5.1.8-9.el9.x86_64\n\nbash\n");
    sandbox.write("dep.txt", "bash-5.1.8-9.el9.x86_64 (a or\n");
    sandbox.write("latin1.txt", b"bash-5.1.8-9.el9.x86_64\ncaf\xe9-1-1.noarch\n");
    sandbox.write("empty.txt", "");
    sandbox.write("twice.txt", "setup-2.13.7-10.el9.noarch\nsetup-0:2.13.7-10.el9.noarch\n");
    sandbox.check(
        "installed-lists",
        &[
            "resolve $R --installed nosuch.txt -- install setup",
            "resolve $R --installed bad.txt -- install setup",
            "resolve $R --installed dep.txt -- install setup",
            "resolve $R --installed latin1.txt -- install setup",
            "resolve $R --installed baseos -- install setup",
            "resolve $R --installed empty.txt -- install setup",
            "list $R --installed twice.txt setup",
        ],
    );
}
