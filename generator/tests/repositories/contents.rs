//! What an index holds of what the documents say.

use crate::support::{Files, Repo, index, indexed, package, pkgid, problems, requires};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::reldeps::DepId;
use modex_generator::{Error, Options, publish};

fn statements(files: &Files, package: u32, kind: RelationKind) -> Vec<String> {
    let hot = files.hot();
    let all: Vec<DepId> = hot.relations.of(package, kind).unwrap().collect();
    all.into_iter().map(|dep| hot.dependency(dep).unwrap().to_string()).collect()
}

#[test]
fn packages_in_the_order_of_the_document() {
    let repo = Repo::of(&[
        package("zsh", "2", "x86_64", &requires(&["(libx or liby)", "sh"])),
        package("bash", "1", "noarch", "<rpm:provides><rpm:entry name=\"sh\"/></rpm:provides>"),
    ]);
    let (published, files) = indexed(&repo);
    assert_eq!(problems(&published), [""; 0]);
    assert_eq!(files.nevras(), ["zsh-0:2-1.x86_64", "bash-0:1-1.noarch"]);
    assert_eq!(statements(&files, 0, RelationKind::Requires), ["sh", "(libx or liby)"]);
    assert_eq!(statements(&files, 1, RelationKind::Provides), ["sh"]);
    assert!(files.hot().packages.provides_own_name(0));
    let (warm, cold) = (files.warm(), files.cold());
    assert_eq!((warm.sizes.download(0), warm.sizes.installed(0)), (Some(10), Some(20)));
    assert_eq!(warm.locations.get(1), Some(("Packages/", None)));
    let text = cold.packages.get(0).unwrap();
    assert_eq!((text.summary.as_str(), text.license.as_str()), ("About zsh", "MIT"));
    assert_eq!(text.source_rpm, "zsh-2-1.src.rpm");
    assert!([files.hot().source, warm.source].iter().all(|source| *source == cold.source));
}

#[test]
fn only_packages_that_fit_the_architecture() {
    let packages = [
        package("a", "1", "src", ""),
        package("b", "1", "i686", ""),
        package("c", "1", "x86_64", ""),
        package("d", "1", "aarch64", ""),
        package("e", "1", "noarch", ""),
        package("f", "1", "nosrc", ""),
    ];
    let repo = Repo::of(&packages);
    let published = index(&[&repo]).unwrap().remove(0);
    let arches: Vec<_> = published.content.architectures.keys().collect();
    assert_eq!(arches, ["aarch64", "x86_64"]);
    let of = |arch| Files::of(&published.folder, &published.content, arch).nevras();
    // Source packages are in every index: queries show them.
    let sources = ["a-0:1-1.src", "f-0:1-1.nosrc"];
    let with_sources = |fitting: &[&str]| {
        let mut all: Vec<String> =
            fitting.iter().chain(&sources).map(|nevra| (*nevra).to_owned()).collect();
        all.sort();
        all
    };
    let (x86_64, aarch64) = (
        ["b-0:1-1.i686", "c-0:1-1.x86_64", "e-0:1-1.noarch"],
        ["d-0:1-1.aarch64", "e-0:1-1.noarch"],
    );
    let sorted = |mut nevras: Vec<String>| {
        nevras.sort();
        nevras
    };
    assert_eq!(sorted(of("x86_64")), with_sources(&x86_64));
    assert_eq!(sorted(of("aarch64")), with_sources(&aarch64));
    let foreign = |arch| published.indexes.iter().find(|i| i.arch == arch).unwrap().foreign;
    assert_eq!((foreign("x86_64"), foreign("aarch64")), (1, 2));

    let given = |arches: &[&str]| Options {
        arches: arches.iter().map(ToString::to_string).collect(),
        ..Options::default()
    };
    let one = publish::index(&[repo.path()], &given(&["aarch64", "aarch64"])).unwrap().remove(0);
    assert_eq!(one.content.architectures["aarch64"], published.content.architectures["aarch64"]);
    assert_eq!((one.content.architectures.len(), one.removed.len()), (1, 4));
    for bad in ["", "src", "noarch", "../x", "x86 64"] {
        let error = publish::index(&[repo.path()], &given(&[bad])).unwrap_err();
        assert!(matches!(error, Error::Architecture(_)), "{bad}: {error}");
    }
}

/// The guess at the architectures looks at the first packages only; the outcome does not.
#[test]
fn a_wrong_guess_changes_nothing() {
    let mut packages: Vec<String> = Vec::new();
    for number in 0..3000 {
        packages.push(package(&format!("package-{number}"), "1", "i686", ""));
    }
    packages.push(package("late", "1", "x86_64", ""));
    let (published, files) = indexed(&Repo::of(&packages));
    assert_eq!((published.content.architectures.len(), files.nevras().len()), (1, 3001));
}

#[test]
fn nothing_but_noarch() {
    let repo = Repo::of(&[package("a", "1", "noarch", ""), package("b", "1", "src", "")]);
    let published = index(&[&repo]).unwrap().remove(0);
    assert_eq!(published.content.architectures.keys().collect::<Vec<_>>(), ["noarch"]);
    let empty = index(&[&Repo::of(&[])]).unwrap().remove(0);
    assert_eq!(empty.content.architectures["noarch"].packages, 0);
}

#[test]
fn the_first_of_an_identity_is_kept() {
    let second = package("a", "1", "x86_64", &requires(&["b"])).replace("Packages/", "Other/");
    let repo =
        Repo::of(&[package("a", "1", "x86_64", ""), second, package("b", "1", "noarch", "")]);
    let (published, files) = indexed(&repo);
    assert_eq!(files.nevras(), ["a-0:1-1.x86_64", "b-0:1-1.noarch"]);
    assert_eq!(files.warm().locations.get(0), Some(("Packages/", None)));
    let told = problems(&published);
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0],
        "primary.xml:4: a-0:1-1.x86_64: a package of the same identity came before it (dropped)"
    );
}

#[test]
fn what_cannot_be_understood_is_dropped_and_told() {
    let format = requires(&["(a or", "b", "(c if d)"]);
    let repo = Repo::of(&[
        package("x", "1", "x86_64", &format),
        package("y", "1", "x86_64", "").replace("All about y.", &"long ".repeat(20_000)),
        package("z", "1", "x86_64", "").replace("<location ", "<location xml:base=\"../..\" "),
    ]);
    let (published, files) = indexed(&repo);
    assert_eq!(statements(&files, 0, RelationKind::Requires), ["b", "(c if d)"]);
    assert_eq!(files.cold().packages.get(1).unwrap().description.len(), 64 << 10);
    let told = problems(&published);
    let want = ["it requires `(a or`", "its description is cut", "climbs"];
    assert!(told.len() == 3 && told.iter().zip(want).all(|(t, w)| t.contains(w)), "{told:?}");
}

#[test]
fn owners_of_asked_paths_are_known_across_repositories() {
    let file = |path: &str| format!("<file>{path}</file>");
    let one = Repo::of(&[package(
        "asker",
        "1",
        "x86_64",
        &(requires(&["/usr/bin/perl", "/usr/share/data", "/nowhere"])
            + "<rpm:recommends><rpm:entry name=\"(/etc/rich or b)\"/></rpm:recommends>"),
    )]);
    let filelists = format!(
        "<filelists packages=\"2\"><package pkgid=\"{}\" name=\"owner\" arch=\"x86_64\">\
         <file>/usr/bin/perl</file><file type=\"dir\">/usr/share/data</file><file>/other</file></package>\
         <package pkgid=\"{}\" name=\"unknown\" arch=\"x86_64\"><file>/usr/share/data</file></package></filelists>",
        pkgid("owner", "1", "x86_64"),
        "0a".repeat(32),
    );
    let two = Repo::of(&[
        package("other", "1", "noarch", &file("/etc/other")),
        package("owner", "1", "x86_64", &(file("/usr/bin/perl") + &file("/etc/rich"))),
    ])
    .with("filelists", "filelists.xml", filelists);
    let published = index(&[&one, &two]).unwrap();
    for published in &published {
        let files = Files::of(&published.folder, &published.content, "x86_64");
        let hot = files.hot();
        let names = hot.names;
        let paths: Vec<_> = names.prefix("/").map(|id| names.get(id).unwrap()).collect();
        assert_eq!(paths, ["/etc/rich", "/nowhere", "/usr/bin/perl", "/usr/share/data"]);
    }
    let files = Files::of(&published[1].folder, &published[1].content, "x86_64");
    let hot = files.hot();
    let owners = |path: &str| -> Vec<u32> {
        let name = hot.names.find(path).unwrap();
        hot.reverse.providers(name).unwrap().iter().map(|id| id.get()).collect()
    };
    for path in ["/usr/bin/perl", "/usr/share/data", "/etc/rich"] {
        assert_eq!(owners(path), [1], "{path}");
    }
    assert!(owners("/nowhere").is_empty());
    let paths: Vec<_> = files.cold().paths.iter().map(|path| path.unwrap().path).collect();
    assert_eq!(paths, ["/etc/other", "/etc/rich", "/usr/bin/perl"]);
    assert_eq!(files.cold().paths.owners("/etc/other").unwrap(), [0]);
    // The first one has no file lists to look into.
    assert!(problems(&published[0])[0].contains("2 paths that primary.xml does not list"));
    assert!(published[1].content.sources.contains_key("filelists"));
}

#[test]
fn module_texts_stand_in_the_order_of_the_documents() {
    let document = |name: &str, stream: &str| {
        format!(
            "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: \"{stream}\"\n  \
             version: 1\n  context: c0\n  arch: x86_64\n  summary: {name} {stream}\n  description: d\n  \
             license: {{module: [MIT]}}\n  artifacts: {{rpms: [app-0:1-1.x86_64]}}\n...\n"
        )
    };
    let yaml = [document("zeta", "1"), document("alpha", "2"), document("alpha", "10")].concat();
    let comps = "<comps><group><id>web</id><name>Web</name><packagelist>\
                 <packagereq type=\"default\">app</packagereq></packagelist></group></comps>";
    let repo = Repo::of(&[package("app", "1", "x86_64", "")])
        .with("modules", "modules.yaml", yaml)
        .with("group_gz", "comps.xml", comps);
    let (published, files) = indexed(&repo);
    let (hot, cold) = (files.hot(), files.cold());
    assert_eq!(published.content.architectures["x86_64"].modules, 3);
    for id in 0..3 {
        let document = hot.modules.get(id).unwrap();
        let text = cold.modules.get(id).unwrap();
        let (module, stream) = (hot.names.get(document.module), hot.names.get(document.stream));
        let summary = format!("{} {}", module.unwrap(), stream.unwrap());
        assert_eq!(
            (text.summary, text.nsvca),
            (summary.clone(), summary.replace(' ', ":") + ":1:c0:x86_64")
        );
    }
    assert_eq!(hot.artifacts.of_package(0), Some(0));
    assert_eq!(cold.groups.get(0).unwrap().default, ["app"]);
    let kinds: Vec<_> = published.content.sources.keys().collect();
    assert_eq!(kinds, ["group_gz", "modules", "primary"]);
}
