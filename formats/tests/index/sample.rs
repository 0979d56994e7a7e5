//! A small repository that uses every section, and a tiny one for tests that try every bit.

use crate::module_sample;
use modex_formats::index::section::intents::IntentTables;
use modex_formats::index::section::locations::LocationTables;
use modex_formats::index::section::modules::{
    DefaultStream, Document, DocumentTables, Requirement, Sign,
};
use modex_formats::index::section::obsoletes::ObsoletesRow;
use modex_formats::index::section::relations::RelationKind::{self, *};
use modex_formats::index::section::texts::{
    ComponentText, GroupText, ModuleText, PackageText, PathOwners, Record, compress_block, pack,
};
use modex_formats::index::{
    FileBuilder, HotBuilder, HotTables, Kind, ModuleSolvable, SourceDigest, WarmTables,
};
use modex_formats::rpm::Dependency;

/// The files of the golden indexes, by name: one that uses all but the youngest sections, four with these.
pub(crate) fn golden_files() -> [(&'static str, Vec<u8>); 7] {
    let source = std::array::from_fn(|at| at as u8 * 7 + 1);
    let hot = hot().to_bytes(source).unwrap();
    let [modules_hot, modules_cold] = module_sample::files(source);
    [
        ("hot", hot),
        ("warm", warm().to_bytes(source)),
        ("cold", cold(source)),
        ("modules-hot", modules_hot),
        ("modules-cold", modules_cold),
        ("orphans-hot", module_sample::orphans().to_bytes(source).unwrap()),
        ("installed-hot", installed().to_bytes(source).unwrap()),
    ]
}

fn dep(text: &str) -> Dependency {
    Dependency::parse(text).unwrap()
}

fn state(builder: &mut HotBuilder, kind: RelationKind, texts: &[&str]) {
    texts.iter().for_each(|text| builder.statement(kind, &dep(text)));
}

/// The special packages; 64 plain ones follow them.
const SPECIAL: u32 = 8;

fn hot() -> HotTables {
    let mut b = HotBuilder::default();
    b.package("bash", "5.1.8-6.el9", "x86_64").unwrap();
    state(&mut b, Provides, &["bash = 5.1.8-6.el9", "bash(x86-64) = 5.1.8-6.el9", "/bin/sh"]);
    state(&mut b, Requires, &["libc.so.6()(64bit)", "filesystem >= 3", "filesystem >= 3"]);
    state(&mut b, Recommends, &["p09", "p01", "p09"]);

    b.package("filesystem", "3.16-2.el9", "x86_64").unwrap();
    state(&mut b, Provides, &["filesystem = 3.16-2.el9"]);
    state(&mut b, Conflicts, &["bash < 4", "(p02 with p03)"]);

    // Does not provide its own name; its version is another text for the one above.
    b.package("filesystem", "3.016-2.el9", "i686").unwrap();
    state(&mut b, Provides, &["filesystem = 3.16-2.el9", "filesystem(x86-32)"]);

    b.package("glibc", "2:2.34-100.el9", "x86_64").unwrap();
    state(
        &mut b,
        Provides,
        &["glibc = 2:2.34-100.el9", "libc.so.6()(64bit)", "libc.so.6()(64bit)"],
    );
    state(
        &mut b,
        Requires,
        &["(basesystem if filesystem)", "/bin/sh", "(p04 or p05 >= 1 or (p06 and p07))"],
    );
    state(&mut b, Supplements, &["(bash and langpacks-de)", "filesystem"]);
    state(&mut b, Enhances, &["bash"]);

    b.package("rich", "1~rc1-1", "noarch").unwrap();
    state(&mut b, Provides, &["rich = 1~rc1-1"]);
    state(
        &mut b,
        Requires,
        &[
            "(p08 if (bash unless p09) else p10)",
            "(perl(A) >= 1 with perl(A) < 2)",
            "(p11 without p12)",
            "bash",
            "(bash or p11)",
            "p13 = 1.00",
            "p13 = 1.0",
        ],
    );
    state(&mut b, Conflicts, &["(p14 unless p15 else p16)"]);
    state(&mut b, Obsoletes, &["poor <= 1^git1", "older"]);
    state(&mut b, Suggests, &["(p20 if p21)", "p22"]);

    b.package("many", "1.0-1", "x86_64").unwrap();
    state(&mut b, Provides, &["many = 1.0-1"]);
    for number in (0..300).rev() {
        state(&mut b, Requires, &[&format!("lib >= {number}")]);
        state(&mut b, Recommends, &[&format!("p{:02}", number % 64)]);
    }
    // One less than a long list, and the shortest long one.
    for number in 0..254 {
        state(&mut b, Suggests, &[&format!("lib = {number}")]);
    }
    for number in 0..255 {
        state(&mut b, Enhances, &[&format!("lib = {number}")]);
    }

    b.package("perl", "4:5.32.1-481.module_el9+1+aa", "x86_64").unwrap();
    state(&mut b, Provides, &["perl = 4:5.32.1-481.module_el9+1+aa", "perl(A) = 1.5"]);
    b.package("perl", "4:5.32.1-481.module_el9+1+aa", "src").unwrap();

    for number in 0..64 {
        let (name, evr) = (format!("p{number:02}"), format!("1.{}-1", "0".repeat(number % 3 + 1)));
        b.package(&name, &evr, "noarch").unwrap();
        state(&mut b, Provides, &[&format!("{name} = {evr}")]);
    }
    let paths: Vec<_> = ["/usr/bin/bash", "/bin/sh", "/usr/bin/p"].map(|path| b.name(path)).into();
    let mut owners = vec![(0, paths[0]), (0, paths[1]), (0, paths[1])];
    owners.extend((SPECIAL..SPECIAL + 64).map(|package| (package, paths[2])));
    b.files(&mut owners);
    modules(&mut b);
    b.finish().unwrap()
}

fn modules(b: &mut HotBuilder) {
    let mut document =
        |order, stream: &str, version, context: Option<(&str, bool)>, resolve: &str| {
            let document = Document {
                module: b.name("perl").0,
                stream: b.name(stream).0,
                version,
                context: context.map(|(text, _)| b.name(text).0),
                arch: (version > 0).then(|| b.name("x86_64").0),
                resolve_name: b.name(resolve).0,
                order,
                is_static: context.is_some_and(|(_, is_static)| is_static),
            };
            DocumentTables {
                document,
                requirements: Vec::new(),
                profiles: Vec::new(),
                demodularized: Vec::new(),
                artifacts: Vec::new(),
                artifact_names: Vec::new(),
            }
        };
    let mut still = document(2, "5.30", 80, Some(("stat1", true)), "perl:5.30:stat1");
    let mut dynamic =
        document(0, "5.32", 9_000_000_000, Some(("deadbeef", false)), "perl:5.32:base");
    let newer = document(1, "5.32", 9_000_000_001, Some(("00c0ffee", false)), "perl:5.32:base");
    let mut bare = document(3, "5.32", 0, None, "perl:5.32:NoRequires");
    let second = document(4, "5.32", 0, None, "perl:5.32:NoRequires");

    let mut require = |stanza, module: &str, sign, stream: Option<&str>| Requirement {
        stanza,
        module: b.name(module).0,
        sign,
        stream: stream.map(|stream| b.name(stream).0),
    };
    still.requirements = vec![
        require(0, "platform", Sign::Wanted, Some("el9")),
        require(0, "platform", Sign::Wanted, Some("el8")),
        require(1, "platform", Sign::Unwanted, Some("el7")),
    ];
    dynamic.requirements = vec![
        require(0, "base", Sign::Any, None),
        require(0, "platform", Sign::Wanted, Some("el9")),
    ];
    let (common, minimal, empty) = (b.name("common").0, b.name("minimal").0, b.name("empty").0);
    let (perl, core, gone) = (b.name("perl").0, b.name("perl-core").0, b.name("perl-gone").0);
    still.profiles = vec![(common, Some(perl)), (common, Some(core)), (empty, None)];
    dynamic.profiles = vec![(minimal, Some(perl))];
    bare.demodularized = vec![gone, core];

    let evr = "4:5.32.1-481.module_el9+1+aa";
    let here = b.artifact("perl", evr, "x86_64");
    let source = b.artifact("perl", evr, "src");
    let missing = b.artifact("perl-core", "5.30-1", "noarch");
    let no_source = b.artifact("perl-firmware", "1-1", "nosrc");
    dynamic.artifacts = vec![here, source, missing, no_source];
    dynamic.artifact_names = vec![perl, core];
    bare.artifacts = vec![missing, here];
    bare.artifact_names = vec![core, perl];

    let (old, new) = (b.name("5.30").0, b.name("5.32").0);
    let none = b.name("none-by-default").0;
    let mut inner = HotBuilder::default();
    let mut solvable =
        |context: &str, stream: &str, version, wants: &[(&str, &[&str], &[&str])]| {
            let resolve_name = format!("perl:{stream}:{context}");
            let arch = if version > 0 { "x86_64" } else { "" };
            ModuleSolvable { resolve_name: &resolve_name, module: "perl", stream, version, arch }
                .add(&mut inner)
                .unwrap();
            for (module, wanted, unwanted) in wants {
                ModuleSolvable::require(&mut inner, module, wanted, unwanted).unwrap();
            }
        };
    let platform = "platform";
    solvable("stat1", "5.30", 80, &[(platform, &["el8", "el9"], &[]), (platform, &[], &["el7"])]);
    solvable("base", "5.32", 9_000_000_000, &[("base", &[], &[]), (platform, &["el9"], &[])]);
    solvable("base", "5.32", 9_000_000_001, &[]);
    solvable("NoRequires", "5.32", 0, &[]);
    solvable("NoRequires", "5.32", 0, &[]);
    b.module_solvables(inner.finish().unwrap());
    let tables = b.modules();
    tables.documents = vec![second, newer, bare, dynamic, still];
    tables.defaults = vec![
        (
            DefaultStream { module: perl, stream: Some(new), modified: 1 << 40 },
            vec![(new, Some(common)), (new, Some(minimal)), (old, None)],
        ),
        (DefaultStream { module: none, stream: None, modified: 0 }, vec![]),
    ];
}

fn warm() -> WarmTables {
    let mut tables = WarmTables::default();
    let folders = ["Packages/b/", "", "https://example.org/x/../", "Packages/p/"];
    let mut locations =
        LocationTables { folders: folders.map(String::from).into(), ..LocationTables::default() };
    for package in 0..SPECIAL + 64 {
        tables.sizes.push(match package {
            1 => (u64::from(u32::MAX) - 1, u64::from(u32::MAX)),
            2 => (u64::from(u32::MAX), 5),
            5 => (1 << 40, u64::MAX),
            _ => (1000 + u64::from(package), 9000),
        });
        let length = [32, 32, 64, 20, 16, 48, 28][package as usize % 7];
        tables.digests.extend((0..length).map(|at| at ^ package as u8));
        tables.digest_lengths.push(length);
        locations.folder_of.push((package / 3).min(3) as u16);
    }
    locations.odd = vec![
        (2, "filesystem.rpm".into()),
        (3, "whole/path/glibc.rpm".into()),
        (4, "Rich é.rpm".into()),
        (5, String::new()),
    ];
    WarmTables { locations, ..tables }
}

fn cold(source: SourceDigest) -> Vec<u8> {
    let packages = (0..SPECIAL + 64).map(|package| match package {
        0 => PackageText {
            summary: "The GNU Bourne Again shell".into(),
            description: "Zeile eins\nZeile zwei: ä".into(),
            url: "https://www.gnu.org/software/bash".into(),
            license: "GPLv3+".into(),
            source_rpm: "bash-5.1.8-6.el9.src.rpm".into(),
            build_time: 1_700_000_000,
        },
        other => PackageText { summary: format!("Package {other}"), ..PackageText::default() },
    });
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let full = ModuleText {
        nsvca: "perl:5.30:80:stat1:x86_64".into(),
        summary: "Perl".into(),
        description: "Practical Extraction".into(),
        module_licenses: vec!["MIT".into()],
        content_licenses: vec!["GPL+".into(), "Artistic".into()],
        references: vec![pair("community", "https://perl.org")],
        profiles: vec![pair("common", "what most want"), pair("empty", "")],
        api: vec!["perl".into()],
        filter: vec!["perl-tests".into()],
        components: vec![
            ComponentText { name: "perl".into(), build_order: -7, ..ComponentText::default() },
            ComponentText {
                name: "base".into(),
                is_module: true,
                rationale: "Underneath".into(),
                reference: "master".into(),
                build_order: i64::MAX,
            },
        ],
        service_levels: vec![pair("rawhide", ""), pair("stable_api", "2029-12-31")],
        xmd: r#"{"a":["1"]}"#.into(),
    };
    let modules =
        (0..5).map(|number| ModuleText { xmd: number.to_string(), ..full.clone() }).collect();
    let groups = (0..17).map(|number| GroupText {
        id: format!("group-{number:02}"),
        name: "Group".into(),
        description: String::new(),
        mandatory: vec!["bash".into()],
        default: vec![],
        optional: vec!["rich".into(), "many".into()],
        conditional: vec![pair("p01", "bash")],
    });
    let paths = (0..300).map(|number| PathOwners {
        path: format!("/usr/bin/p{number:03}"),
        packages: (0..number % 4).collect(),
    });
    let mut out = FileBuilder::new(Kind::Cold, source);
    put_pack(&mut out, packages.collect());
    put_pack::<ModuleText>(&mut out, modules);
    put_pack(&mut out, groups.collect());
    put_pack(&mut out, paths.collect());
    out.finish()
}

/// Adds a section of records.
pub(crate) fn put_pack<R: Record>(out: &mut FileBuilder, records: Vec<R>) {
    out.required(R::TAG, packed(records));
}

/// The bytes of a section of records.
pub(crate) fn packed<R: Record>(records: Vec<R>) -> Vec<u8> {
    let blocks = records.chunks(R::PER_BLOCK as usize).map(|block| compress_block(block).unwrap());
    pack::<R>(records.len() as u32, &blocks.collect::<Vec<_>>())
}

/// An installed system.
fn installed() -> HotTables {
    let mut b = HotBuilder::default();
    b.package("shadow", "2-1", "x86_64").unwrap();
    state(&mut b, Requires, &["glibc", "setup", "setup >= 2"]);
    b.only_to_install(&dep("setup >= 2"));
    b.only_to_install(&dep("setup"));
    b.only_to_install(&dep("setup"));
    b.package("setup", "2-1", "noarch").unwrap();
    b.package("user", "1-1", "noarch").unwrap();
    state(&mut b, Requires, &["setup", "glibc"]);
    b.only_to_install(&dep("glibc"));
    b.finish().unwrap()
}

/// Three small files in which every section has something to damage.
pub(crate) fn tiny_files() -> [(&'static str, Vec<u8>); 3] {
    let source = [0x5a; 32];
    let mut b = HotBuilder::default();
    b.package("a", "1-1", "noarch").unwrap();
    state(&mut b, Provides, &["a = 1-1", "c = 1.0-1"]);
    state(&mut b, Requires, &["(b if c else a)", "c"]);
    b.only_to_install(&dep("c"));
    state(&mut b, Conflicts, &["d > 1.0-1"]);
    state(&mut b, Recommends, &["d", "c"]);
    b.package("b", "1.0-1", "src").unwrap();
    state(&mut b, Obsoletes, &["(a or (c and b))"]);
    state(&mut b, Supplements, &["c"]);
    b.package("d", "1-1", "noarch").unwrap();
    b.orphans(vec![2]);
    let path = b.name("/p");
    b.files(&mut vec![(0, path), (1, path)]);
    let artifacts = vec![b.artifact("a", "1-1", "noarch"), b.artifact("b", "1.0-1", "src")];
    let id = |b: &mut HotBuilder, text: &str| b.name(text).0;
    let document = Document {
        module: id(&mut b, "m"),
        stream: id(&mut b, "1"),
        version: 3,
        context: Some(id(&mut b, "c")),
        arch: None,
        resolve_name: id(&mut b, "m:1:c"),
        order: 0,
        is_static: true,
    };
    let tables = DocumentTables {
        document,
        requirements: vec![Requirement {
            stanza: 0,
            module: id(&mut b, "m"),
            sign: Sign::Wanted,
            stream: Some(id(&mut b, "1")),
        }],
        profiles: vec![(id(&mut b, "d"), Some(id(&mut b, "a")))],
        demodularized: vec![id(&mut b, "b")],
        artifacts,
        artifact_names: vec![id(&mut b, "a")],
    };
    let defaults =
        DefaultStream { module: id(&mut b, "m"), stream: Some(id(&mut b, "1")), modified: 2 };
    let profile = (id(&mut b, "1"), Some(id(&mut b, "d")));
    let mut inner = HotBuilder::default();
    let solvable =
        ModuleSolvable { resolve_name: "m:1:c", module: "m", stream: "1", version: 3, arch: "" };
    solvable.add(&mut inner).unwrap();
    ModuleSolvable::require(&mut inner, "m", &["1"], &[]).unwrap();
    b.module_solvables(inner.finish().unwrap());
    b.modules().documents = vec![tables];
    b.modules().defaults = vec![(defaults, vec![profile])];
    b.modules().intents = vec![IntentTables {
        module: defaults.module,
        intent: profile.0,
        stream: defaults.stream,
        profiles: vec![profile],
    }];
    let message = id(&mut b, "c");
    b.modules().obsoletes = [None, Some(message)]
        .map(|context| ObsoletesRow {
            module: defaults.module,
            stream: profile.0,
            context,
            modified: 202002270000,
            eol: context.map(|_| 202101010000),
            reset: context.is_none(),
            message,
            obsoleted_by: context.map(|id| (id, id)),
        })
        .into();
    let hot = b.finish().unwrap().to_bytes(source).unwrap();

    let warm = WarmTables {
        sizes: vec![(7, 9), (1 << 33, 8)],
        digests: vec![0xab; 36],
        digest_lengths: vec![16, 20],
        locations: LocationTables {
            folders: vec!["P/".into(), String::new()],
            folder_of: vec![0, 1],
            odd: vec![(0, "x".into())],
        },
    };
    let mut cold = FileBuilder::new(Kind::Cold, source);
    put_pack(&mut cold, vec![PackageText { summary: "s".into(), ..PackageText::default() }; 2]);
    put_pack(&mut cold, vec![ModuleText { api: vec!["a".into()], ..ModuleText::default() }]);
    module_sample::put_tiny(&mut cold);
    put_pack(&mut cold, vec![GroupText { id: "g".into(), ..GroupText::default() }]);
    put_pack(&mut cold, vec![PathOwners { path: "/p".into(), packages: vec![0, 1] }]);
    [("hot", hot), ("warm", warm.to_bytes(source)), ("cold", cold.finish())]
}
