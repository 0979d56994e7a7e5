//! Package files among the words of a command.

use crate::sandbox::Sandbox;
use modex_fixtures::{FileKind, OwnedFile, Package, Relation, Tag};
use modex_formats::rpm::{Dependency, Nevra};

fn package(nevra: &str, stated: &[(Tag, &str)]) -> Package {
    let mut package = Package::new(Nevra::parse(nevra).unwrap());
    package.relations.extend(stated.iter().map(|(tag, dependency)| Relation {
        tag: *tag,
        dependency: Dependency::parse(dependency).unwrap(),
    }));
    package
}

#[test]
fn package_files() {
    let sandbox = Sandbox::new();
    let put = |path: &str, package: &Package| sandbox.write(path, package.to_file(None));
    // A stream is not asked whether a package file may go in; nginx is in a repository as well.
    put(
        "mine.rpm",
        &package("mine-1-1.x86_64", &[(Tag::Requires, "nginx"), (Tag::Recommends, "nodejs")]),
    );
    put("nodejs.rpm", &package("nodejs-1:30-1.module.x86_64", &[]));
    put("old/nodejs.rpm", &package("nodejs-1:1-1.x86_64", &[]));
    put("foreign.rpm", &package("mine-1-1.aarch64", &[]));
    put("source.rpm", &package("mine-1-1.src", &[]));
    let whole = package("mine-1-1.x86_64", &[]).to_file(None);
    sandbox.write("cut.rpm", &whole[..whole.len() - 1]);
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    sandbox.write("changed.rpm", changed);
    sandbox.write("text.rpm", "this is no package");
    std::fs::create_dir(sandbox.path("folder.rpm")).unwrap();
    sandbox.write("list", "nodejs-1:20-1.x86_64\n");
    sandbox.check(
        "files",
        &[
            "resolve $R -- install ./mine.rpm",
            "resolve $R --no-weak-deps --json -- install mine.rpm",
            "resolve $R -- install mine.rpm nodejs.rpm -- remove mine",
            "resolve $R --installed list -- upgrade nodejs.rpm",
            "resolve $R --installed list -- upgrade old/nodejs.rpm",
            "resolve $R --installed list -- upgrade mine.rpm",
            "resolve $R --installed list -- downgrade old/nodejs.rpm",
            "resolve $R --installed list -- reinstall nodejs.rpm",
            "resolve $R -- install @nodejs:20/common mine.rpm",
            "resolve $R -- install foreign.rpm",
            "resolve $R -- install source.rpm",
            "resolve $R -- install nosuch.rpm",
            "resolve $R -- install cut.rpm",
            "resolve $R -- install changed.rpm",
            "resolve $R -- install text.rpm",
            "resolve $R -- install folder.rpm",
            "resolve $R -- install https://example.org/mine.rpm",
            "lock $R -- install mine.rpm",
        ],
    );
}

/// A path that no hot file has: nobody but the package file asks for it.
#[test]
fn paths_that_only_a_package_file_needs() {
    let sandbox = Sandbox::new();
    let needs = package("mine-1-1.noarch", &[(Tag::Requires, "/usr/bin/openssl")]);
    sandbox.write("mine.rpm", needs.to_file(None));
    let output = sandbox.output("resolve $R --no-weak-deps -- install mine.rpm");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains(" openssl "), "{output:?}");
    // And the other way round: what the file owns is there for others.
    let mut gives = package("gives-1-1.noarch", &[]);
    let path = String::from("/opt/given");
    gives.files.push(OwnedFile { kind: FileKind::File, path });
    sandbox.write("gives.rpm", gives.to_file(None));
    let needs = package("mine-1-1.noarch", &[(Tag::Requires, "/opt/given")]);
    sandbox.write("mine.rpm", needs.to_file(None));
    let output = sandbox.output("resolve $R -- install mine.rpm gives.rpm");
    assert!(output.status.success(), "{output:?}");
    let output = sandbox.output("resolve $R -- install mine.rpm");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}
