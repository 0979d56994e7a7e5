//! What goes in comes out, for tables that nobody thought of.

use crate::sample::put_pack;
use crate::touch::{open_cold, open_hot, open_warm, parse_dependency};
use modex_formats::index::section::checksums::ALGORITHMS;
use modex_formats::index::section::evrs;
use modex_formats::index::section::locations::LocationTables;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::texts::{GroupText, ModuleText, PackageText, PathOwners};
use modex_formats::index::{Cold, FileBuilder, Hot, HotBuilder, Kind, Warm, WarmTables};
use modex_formats::rpm::{Dependency, Evr, Relation, Reldep, RichOp, rich::Rich};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Quick enough for every test run; `PROPTEST_CASES` asks for more.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|number| number.parse().ok());
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(asked.unwrap_or(cases))
    }
}

/// Few enough that they meet.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[abc]{1,2}",
        1 => Just("/usr/bin/é".to_owned()),
        1 => Just("perl(A::B)".to_owned()),
        1 => Just(String::new()),
    ]
}

/// Texts of versions, many of which compare equal without being the same, and some that are nonsense.
fn evr() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[0-2]{1,2}(\\.[0-2]{1,3}){0,2}([~^][a0]{0,2})?(-[01](\\.el9)?)?",
        1 => "[1-3]:[0-9]-[0-9]",
        1 => "[0a~^.:é+-]{0,6}",
    ]
}

fn simple() -> impl Strategy<Value = Dependency> {
    let relation = prop::sample::select(vec![0u8, 0, 1, 2, 2, 3, 4, 6]);
    (name(), relation, evr()).prop_map(|(name, relation, evr)| {
        let relation = Relation::from_bits(relation).unwrap();
        let evr = if relation == Relation::ANY { String::new() } else { evr };
        Dependency::Simple(Reldep { name, relation, evr })
    })
}

fn dependency() -> impl Strategy<Value = Dependency> {
    simple().prop_recursive(5, 24, 3, |part| {
        (1u8..=6, part.clone(), part.clone(), proptest::option::of(part)).prop_map(
            |(op, left, right, otherwise)| {
                let op = RichOp::from_number(op).unwrap();
                let otherwise = otherwise.filter(|_| matches!(op, RichOp::If | RichOp::Unless));
                Dependency::Rich(Box::new(Rich { op, left, right, otherwise }))
            },
        )
    })
}

type Package = (String, String, &'static str, Vec<(usize, Dependency)>);

fn packages() -> impl Strategy<Value = Vec<Package>> {
    let arch = prop::sample::select(vec!["x86_64", "noarch", "src", "i686"]);
    let statements = vec((0usize..8, dependency()), 0..12);
    vec((name(), evr(), arch, statements), 0..9)
}

fn own(name: &str, evr: &str) -> Dependency {
    let (name, evr) = (name.to_owned(), evr.to_owned());
    Dependency::Simple(Reldep { name, relation: Relation::EQ, evr })
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn packages_come_back(packages in packages(), files in vec((0u32..9, name()), 0..6)) {
        let mut builder = HotBuilder::default();
        for (name, evr, arch, statements) in &packages {
            builder.package(name, evr, arch).unwrap();
            for (kind, dependency) in statements {
                builder.statement(RelationKind::ALL[*kind], dependency);
            }
        }
        let files: Vec<_> =
            files.into_iter().filter(|(owner, _)| (*owner as usize) < packages.len()).collect();
        let mut owners =
            files.iter().map(|(owner, path)| (*owner, builder.name(path))).collect();
        builder.files(&mut owners);
        let bytes = builder.finish().unwrap().to_bytes([7; 32]).unwrap();
        prop_assert!(open_hot(&bytes));

        let hot = Hot::open(&bytes).unwrap();
        prop_assert_eq!(hot.packages.len(), packages.len());
        for ((name, evr, arch, statements), id) in packages.iter().zip(0u32..) {
            let row = hot.packages.get(id).unwrap();
            prop_assert_eq!(hot.names.get(row.name), Some(name.as_str()));
            prop_assert_eq!(hot.evrs.text(row.evr), Some(evr.as_str()));
            prop_assert_eq!(hot.names.get(row.arch), Some(*arch));
            for kind in RelationKind::ALL {
                let is_provide = kind == RelationKind::Provides;
                let said = statements.iter().filter(|(of, _)| *of == kind as usize);
                let mut said: Vec<Dependency> = said.map(|(_, words)| words.clone()).collect();
                if is_provide {
                    prop_assert_eq!(row.provides_own_name, said.contains(&own(name, evr)));
                    let rich = |words: &Dependency| matches!(words, Dependency::Rich(_));
                    said.retain(|words| *words != own(name, evr) && !rich(words));
                }
                let read = hot.relations.of(id, kind).unwrap();
                let (mut found, mut owned) = (Vec::new(), BTreeSet::new());
                for dep in read {
                    let words = hot.dependency(dep).unwrap();
                    match (hot.reldeps.simple(dep.0), words) {
                        (Some(simple), Dependency::Simple(words)) if simple.file => {
                            owned.insert(words.name);
                        }
                        (_, words) => found.push(words),
                    }
                }
                let paths = files.iter().filter(|(owner, _)| is_provide && *owner == id);
                prop_assert_eq!(owned, paths.map(|(_, path)| path.clone()).collect());
                if kind.is_sorted() {
                    said.sort();
                    said.dedup();
                    found.sort();
                }
                prop_assert_eq!(found, said);
            }
        }
    }

    #[test]
    fn packages_of_the_warm_file_come_back(
        rows in vec((any::<u64>(), any::<u64>(), 0usize..6, 0usize..5, proptest::option::of("[^/]{0,9}")), 0..40),
        equal in any::<bool>(),
        shift in 0u32..64,
    ) {
        let mut tables = WarmTables::default();
        let mut locations = LocationTables::default();
        let mut want = Vec::new();
        for ((download, installed, algorithm, folder, odd), id) in rows.iter().zip(0u32..) {
            let sizes = (download >> shift, installed >> (63 - shift));
            let (algorithm, length) = ALGORITHMS[if equal { 3 } else { *algorithm }];
            let digest = vec![id as u8; length];
            let folder = ["", "a/", "Packages/b/", "../", "https://x/é/"][*folder].to_owned();
            tables.sizes.push(sizes);
            tables.digests.extend(&digest);
            tables.digest_lengths.push(length as u8);
            let row = locations.folders.iter().position(|known| *known == folder);
            locations.folder_of.push(row.unwrap_or(locations.folders.len()) as u16);
            if row.is_none() {
                locations.folders.push(folder.clone());
            }
            locations.odd.extend(odd.iter().map(|name| (id, name.clone())));
            want.push((sizes, algorithm, digest, folder, odd.clone()));
        }
        let bytes = WarmTables { locations, ..tables }.to_bytes([9; 32]);
        prop_assert!(open_warm(&bytes));
        let warm = Warm::open(&bytes).unwrap();
        prop_assert_eq!(warm.sizes.len(), want.len());
        for ((sizes, algorithm, digest, folder, odd), id) in want.iter().zip(0u32..) {
            prop_assert_eq!(warm.sizes.download(id), Some(sizes.0));
            prop_assert_eq!(warm.sizes.installed(id), Some(sizes.1));
            prop_assert_eq!(warm.checksums.get(id), Some((*algorithm, digest.as_slice())));
            prop_assert_eq!(warm.locations.get(id), Some((folder.as_str(), odd.as_deref())));
        }
    }

    #[test]
    fn dependencies_come_back_as_text(text in "[ab()=<> ]{0,24}|\\([ab]( (or|and|if|else|unless|with|without) [ab(]{1,2}\\)?){0,4}\\)|\\PC{0,12}") {
        parse_dependency(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(config(3000))]

    /// A sort with an order that is none may panic, and ranks would depend on where the texts came from.
    #[test]
    fn versions_have_an_order(a in evr(), b in evr(), c in evr()) {
        prop_assert_eq!(Evr::parse(&a).compare(&Evr::parse(&b)), by_the_text(&a, &b), "{} {}", a, b);
        prop_assert_eq!(evrs::compare(&a, &b), evrs::compare(&b, &a).reverse());
        prop_assert_eq!(evrs::compare(&a, &b).is_eq(), a == b);
        let mut three = [&a, &b, &c];
        three.sort_by(|a, b| evrs::compare(a, b));
        let [a, b, c] = three;
        for (low, high) in [(a, b), (b, c), (a, c)] {
            prop_assert_ne!(evrs::compare(low, high), Ordering::Greater);
            // Equals stand together, so one bit a version is enough.
            let order = |low: &str, high: &str| Evr::parse(low).compare(&Evr::parse(high));
            prop_assert_ne!(order(low, high), Ordering::Greater);
            prop_assert_eq!(order(a, c).is_eq(), order(a, b).is_eq() && order(b, c).is_eq());
        }
    }
}

proptest! {
    #![proptest_config(config(64))]

    /// No hash, address or clock has a say.
    #[test]
    fn bytes_follow_from_the_calls(packages in packages()) {
        let build = || {
            let mut builder = HotBuilder::default();
            for (name, evr, arch, statements) in &packages {
                builder.package(name, evr, arch).unwrap();
                for (kind, dependency) in statements {
                    builder.statement(RelationKind::ALL[*kind], dependency);
                }
            }
            builder.finish().unwrap().to_bytes([0; 32]).unwrap()
        };
        prop_assert_eq!(build(), build());
    }

    #[test]
    fn words_come_back(
        texts in vec(("\\PC{0,9}", "\\PC{0,9}", any::<u64>()), 0..140),
        modules in vec(vec(("\\PC{0,5}", "[a-z]{0,3}"), 0..3), 0..10),
        groups in btree_set("[a-c]{0,3}", 0..20),
        paths in prop::collection::btree_map("/[a-d]{0,6}", btree_set(0u32..9, 0..4), 0..300),
    ) {
        let packages: Vec<PackageText> = texts
            .into_iter()
            .map(|(summary, url, build_time)| PackageText { summary, url, build_time, ..Default::default() })
            .collect();
        let modules: Vec<ModuleText> = modules
            .into_iter()
            .map(|references| ModuleText { references, ..Default::default() })
            .collect();
        let groups: Vec<GroupText> =
            groups.into_iter().map(|id| GroupText { id, ..Default::default() }).collect();
        let paths: Vec<PathOwners> = paths
            .into_iter()
            .map(|(path, owners)| PathOwners {
                path,
                packages: owners.into_iter().filter(|id| (*id as usize) < packages.len()).collect(),
            })
            .collect();
        let mut out = FileBuilder::new(Kind::Cold, [3; 32]);
        put_pack(&mut out, packages.clone());
        put_pack(&mut out, modules.clone());
        put_pack(&mut out, groups.clone());
        put_pack(&mut out, paths.clone());
        let bytes = out.finish();
        prop_assert!(open_cold(&bytes));
        let cold = Cold::open(&bytes).unwrap();
        let read = cold.packages.iter().collect::<Result<Vec<_>, _>>().unwrap();
        prop_assert_eq!(&read, &packages);
        prop_assert_eq!(cold.modules.iter().collect::<Result<Vec<_>, _>>().unwrap(), modules);
        prop_assert_eq!(cold.groups.iter().collect::<Result<Vec<_>, _>>().unwrap(), groups);
        if let Some(last) = packages.last() {
            prop_assert_eq!(&cold.packages.get(packages.len() as u32 - 1).unwrap(), last);
        }
        let owners: BTreeMap<_, _> = paths.into_iter().map(|row| (row.path, row.packages)).collect();
        for path in owners.keys().map(String::as_str).chain(["", "/aa", "/zz", "b"]) {
            let want = owners.get(path).cloned().unwrap_or_default();
            prop_assert_eq!(cold.paths.owners(path).unwrap(), want, "{}", path);
        }
    }

    #[test]
    fn ranks_compare_like_versions(texts in btree_set(evr(), 1..20)) {
        let mut builder = HotBuilder::default();
        for text in &texts {
            builder.package("a", text, "noarch").unwrap();
        }
        let bytes = builder.finish().unwrap().to_bytes([0; 32]).unwrap();
        let hot = Hot::open(&bytes).unwrap();
        prop_assert_eq!(hot.evrs.len(), texts.len());
        for a in &texts {
            for b in &texts {
                let (x, y) = (hot.evrs.find(a).unwrap(), hot.evrs.find(b).unwrap());
                prop_assert_eq!(hot.evrs.compare(x, y), Evr::parse(a).compare(&Evr::parse(b)));
            }
        }
    }
}

/// A part of a version as the tokens that SPEC.md compares, so that their order is that of the parts: `~` is less than the
/// end, the end less than `^`, that less than letters, those less than digits.
fn tokens(part: &str) -> Vec<(u8, usize, String)> {
    let mut tokens = Vec::new();
    let mut rest = part;
    loop {
        let kept = |c: char| c.is_ascii_alphanumeric() || c == '~' || c == '^';
        rest = rest.trim_start_matches(|c| !kept(c));
        let run = |of: fn(&char) -> bool| rest.chars().take_while(of).collect::<String>();
        let taken = match rest.chars().next() {
            None => break,
            Some('~') => {
                tokens.push((0, 0, String::new()));
                1
            }
            Some('^') => {
                tokens.push((2, 0, String::new()));
                1
            }
            Some(digit) if digit.is_ascii_digit() => {
                let digits = run(char::is_ascii_digit);
                let number = digits.trim_start_matches('0').to_owned();
                tokens.push((4, number.len(), number));
                digits.len()
            }
            Some(_) => {
                let letters = run(char::is_ascii_alphabetic);
                tokens.push((3, 0, letters.clone()));
                letters.len()
            }
        };
        rest = &rest[taken..];
    }
    tokens.push((1, 0, String::new()));
    tokens
}

fn by_the_text(a: &str, b: &str) -> Ordering {
    let key = |text: &str| {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (epoch, rest) = match &text[digits..] {
            rest if digits > 0 && rest.starts_with(':') => (&text[..digits], &rest[1..]),
            _ => ("0", text),
        };
        let (version, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
        let release = (!release.is_empty()).then(|| tokens(release));
        (tokens(epoch), tokens(version), release)
    };
    key(a).cmp(&key(b))
}

/// Lists of every length at which their layout changes, in numbers at which the blocks change, with two long ones in a block.
#[test]
fn lists_of_all_lengths_come_back() {
    let lengths = [0, 1, 2, 63, 64, 65, 253, 254, 255, 256, 257, 300, 510, 511, 512, 1000];
    for lists in [0, 1, 2, 63, 64, 65, 127, 128, 129, 200] {
        let mut builder = HotBuilder::default();
        let mut want = Vec::new();
        for list in 0..lists {
            builder.package("p", &list.to_string(), "noarch").unwrap();
            let length = match list % 5 {
                0 => lengths[list / 5 % lengths.len()],
                1 => lengths[(list * 7 + lists) % lengths.len()],
                _ => list % 4,
            };
            for item in 0..length {
                let name = format!("n{}", (item * 31 + list) % 40);
                builder.simple(RelationKind::Recommends, &name, Relation::ANY, "");
            }
            want.push(length);
        }
        let bytes = builder.finish().unwrap().to_bytes([0; 32]).unwrap();
        assert!(open_hot(&bytes), "{lists} lists");
        let hot = Hot::open(&bytes).unwrap();
        for (list, length) in want.into_iter().enumerate() {
            let read = hot.relations.of(list as u32, RelationKind::Recommends).unwrap();
            assert_eq!(read.len(), length, "list {list} of {lists}");
            for (item, dep) in read.enumerate() {
                let name = format!("n{}", (item * 31 + list) % 40);
                assert_eq!(hot.dependency(dep).unwrap(), Dependency::Simple(Reldep::any(name)));
            }
        }
        assert!(hot.relations.of(lists as u32, RelationKind::Recommends).is_none());
    }
}

/// Texts longer than a table allows are refused when the tables are made, not when somebody reads them.
#[test]
fn the_longest_texts() {
    let build = |length: usize| {
        let mut builder = HotBuilder::default();
        builder.package(&"n".repeat(length), &"1".repeat(length), "noarch").unwrap();
        builder.finish().map(|tables| tables.to_bytes([0; 32]).unwrap())
    };
    assert!(open_hot(&build(65_535).unwrap()));
    assert!(build(65_536).is_err());
}
