//! Everything that can be done with a file whose bytes nobody vouches for. The fuzz targets, the replay of their findings and the
//! damage tests call the same functions.
//!
//! Each opens the bytes, checks them, and calls every accessor for every id and for some that are out of range. None may panic.
//! Where the check passes, every accessor must answer for every id in range, and writing what was read must give the same
//! sections again: then no byte was ignored and no derived section contradicts its source.

use modex_formats::index::section::artifacts::Artifact;
use modex_formats::index::section::locations::LocationTables;
use modex_formats::index::section::modules::{DocumentTables, ModuleTables};
use modex_formats::index::section::packages::Package;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::reldeps::DepId;
use modex_formats::index::section::texts::{Pack, Record};
use modex_formats::index::{Cold, File, Hot, HotTables, Kind, NONE, Warm, WarmTables, check};
use modex_formats::rpm::{Dependency, Evr, Nevra};
use std::hint::black_box;

/// Ids in range and some that are not.
fn ids(count: usize) -> impl Iterator<Item = u32> {
    let count = count as u32;
    let beyond = [count, count.wrapping_add(1), 1 << 28, 1 << 31, NONE - 1, NONE];
    (0..count).chain(beyond)
}

/// Body of the fuzz target `open_hot`. True where the check passes.
pub(crate) fn open_hot(bytes: &[u8]) -> bool {
    let sound = check::whole(bytes).is_ok_and(|kind| kind == Kind::Hot);
    if let Ok(hot) = Hot::open(bytes) {
        touch_hot(&hot, sound);
        if sound {
            let again = tables_of_hot(&hot).to_bytes(hot.source).unwrap();
            assert_same_sections(bytes, &again);
        }
    }
    sound
}

/// Body of the fuzz target `open_warm`. True where the check passes.
pub(crate) fn open_warm(bytes: &[u8]) -> bool {
    let sound = check::whole(bytes).is_ok_and(|kind| kind == Kind::Warm);
    if let Ok(warm) = Warm::open(bytes) {
        for id in ids(warm.sizes.len()) {
            let known = warm.sizes.download(id).is_some()
                && warm.sizes.installed(id).is_some()
                && warm.checksums.get(id).is_some()
                && warm.locations.get(id).is_some();
            assert!(known || !sound || id as usize >= warm.sizes.len());
        }
        if sound {
            assert_same_sections(bytes, &tables_of_warm(&warm).to_bytes(warm.source));
        }
    }
    sound
}

/// Body of the fuzz target `open_cold`. True where the check passes.
pub(crate) fn open_cold(bytes: &[u8]) -> bool {
    let sound = check::whole(bytes).is_ok_and(|kind| kind == Kind::Cold);
    if let Ok(cold) = Cold::open(bytes) {
        touch_pack(&cold.packages, sound);
        touch_pack(&cold.modules, sound);
        cold.builds.iter().for_each(|builds| touch_pack(builds, sound));
        cold.translations.iter().for_each(|translations| touch_pack(translations, sound));
        touch_pack(&cold.groups, sound);
        touch_pack(&cold.paths, sound);
        for path in ["", "/", "/usr/bin/p7", "zzz"] {
            black_box(cold.paths.owners(path).is_ok());
        }
        if sound {
            for owners in cold.paths.iter().map(Result::unwrap).take(3) {
                assert_eq!(cold.paths.owners(&owners.path).unwrap(), owners.packages);
            }
        }
    }
    sound
}

/// Body of the fuzz target `parse_dependency`. True where the text is a dependency.
pub(crate) fn parse_dependency(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    black_box(Nevra::parse(text).map(|nevra| nevra.to_string()));
    let evr = Evr::parse(text);
    assert!(evr.compare(&evr).is_eq());
    // A version with a dash and without a release cannot be written; rpm allows no dash there.
    let writable = evr.release.is_some() || !evr.version.contains('-');
    let joined = Evr::join(evr.epoch, evr.version, evr.release.unwrap_or(""));
    assert!(!writable || Evr::parse(&joined).compare(&evr).is_eq(), "{text:?} became {joined:?}");
    let Ok(dependency) = Dependency::parse(text) else { return false };
    let again = dependency.to_string();
    assert_eq!(Dependency::parse(&again).as_ref(), Ok(&dependency), "{text:?} became {again:?}");
    true
}

fn touch_pack<R: Record>(pack: &Pack<'_, R>, sound: bool) {
    for block in ids(pack.len().div_ceil(R::PER_BLOCK) as usize) {
        black_box(pack.block(block).is_ok());
        let first = block.saturating_mul(R::PER_BLOCK);
        for id in [first, first.saturating_add(R::PER_BLOCK - 1)] {
            assert!(pack.get(id).is_ok() || !sound || id >= pack.len());
        }
    }
    let read = pack.iter().filter(Result::is_ok).count();
    assert!(!sound || read == pack.len() as usize);
}

fn touch_hot(hot: &Hot<'_>, sound: bool) {
    // In range and sound means an answer.
    let must = |id: u32, count: usize, known: bool| {
        assert!(known || !sound || id as usize >= count, "no answer for {id} of {count}");
    };
    for id in ids(hot.names.len()) {
        let known = hot.names.get(id).is_some()
            && hot.packages.of_name(id).is_some()
            && hot.reverse.providers(id).is_some();
        must(id, hot.names.len(), known);
        black_box((hot.reldeps.of_name(id), hot.artifacts.of_name(id), hot.modules.of_module(id)));
        black_box(hot.modules.default_profiles(id).count());
        black_box((hot.intents.of_module(id).count(), hot.obsoletes.of_module(id)));
        if let Some(text) = hot.names.get(id) {
            assert!(!sound || hot.names.find(text) == Some(id));
            assert!(!sound || hot.names.prefix(text).start == id);
            black_box(hot.names.prefix(text));
        }
    }
    for id in ids(hot.evrs.len()) {
        must(id, hot.evrs.len(), hot.evrs.get(id).is_some());
        for other in
            [0, id.saturating_sub(1), id, id.saturating_add(1), hot.evrs.len() as u32 / 2, NONE]
        {
            let order = hot.evrs.compare(id, other);
            if let (true, Some(a), Some(b)) = (sound, hot.evrs.get(id), hot.evrs.get(other)) {
                assert_eq!(order, a.compare(&b));
            }
        }
        if let Some(text) = hot.evrs.text(id) {
            let found = hot.evrs.find(text);
            assert!(!sound || found == Some(id));
        }
    }
    black_box(hot.packages.arch_names().len());
    for id in ids(hot.packages.len()) {
        must(id, hot.packages.len(), hot.packages.get(id).is_some() && hot.nevra(id).is_some());
        black_box((hot.packages.name(id), hot.packages.evr(id), hot.packages.arch_row(id)));
        black_box((hot.packages.provides_own_name(id), hot.artifacts.of_package(id)));
        for kind in RelationKind::ALL {
            must(id, hot.packages.len(), hot.relations.slice(id, kind).is_some());
            for dep in hot.relations.of(id, kind).into_iter().flatten() {
                let words = hot.dependency(dep);
                assert!(words.is_ok() || !sound, "{words:?}");
            }
        }
    }
    for id in ids(hot.reldeps.len()) {
        let known = hot.reldeps.simple(id).is_some() && hot.reldeps.name(id).is_some();
        must(id, hot.reldeps.len(), known);
        black_box((hot.reldeps.around(id), hot.dependency(DepId(id)).is_ok()));
        must(id, hot.reldeps.len(), hot.reverse.requirers(id).map(Iterator::count).is_some());
        for pairs in [
            hot.reverse.conflicts,
            hot.reverse.obsoletes,
            hot.reverse.supplements,
            hot.reverse.conditions,
        ] {
            black_box((pairs.is_empty(), pairs.of(id..id.saturating_add(2)).count()));
            let (start, end) = (id, id / 2);
            black_box(pairs.of(start..end).count());
        }
    }
    for row in ids(hot.reldeps.rich_len()) {
        must(row, hot.reldeps.rich_len(), hot.reldeps.rich(row).is_some());
        let words = hot.dependency(DepId::rich(row));
        must(row, hot.reldeps.rich_len(), words.is_ok());
    }
    for id in ids(hot.modules.len()) {
        must(id, hot.modules.len(), hot.modules.get(id).is_some());
        black_box(hot.modules.requirements(id).count());
        black_box(hot.modules.profiles(id).count());
        black_box(hot.modules.demodularized(id).count());
        let lists = (hot.artifacts.of_document(id), hot.artifacts.names(id));
        must(id, hot.modules.len(), lists.0.is_some() && lists.1.is_some());
    }
    for document in (0..hot.modules.len() as u32).filter_map(|id| hot.modules.get(id)) {
        let versions = hot.modules.of_resolve_name(document.module, document.resolve_name);
        assert!(versions.count() > 0 || !sound);
    }
    if let Some(solvables) = hot.solvables {
        for id in ids(hot.modules.len()) {
            must(id, hot.modules.len(), solvables.document(id).is_some());
        }
        black_box(solvables.bytes().len());
    }
    match hot.module_solvables() {
        Ok(inner) => inner.iter().for_each(|inner| touch_hot(inner, sound)),
        Err(error) => assert!(!sound, "{error}"),
    }
    black_box((hot.modules.defaults().count(), hot.artifacts.packages().count()));
    for id in ids(hot.obsoletes.len()) {
        must(id, hot.obsoletes.len(), hot.obsoletes.get(id).is_some());
    }
    black_box((hot.orphans.is_empty(), hot.orphans.len()));
    assert!(!sound || hot.orphans.packages().all(|id| hot.orphans.has(id)));
    black_box((hot.installing.is_empty(), hot.installing.len()));
    let installing = hot.installing;
    assert!(!sound || installing.rows().all(|(package, dep)| installing.has(package, dep)));
    for id in ids(hot.artifacts.len()) {
        let known = hot.artifacts.get(id).is_some() && hot.artifacts.documents(id).is_some();
        must(id, hot.artifacts.len(), known);
    }
}

/// The tables that a checked hot file was written from.
pub(crate) fn tables_of_hot(hot: &Hot<'_>) -> HotTables {
    let mut tables = HotTables {
        names: (0..hot.names.len() as u32).map(|id| hot.names.get(id).unwrap().into()).collect(),
        evrs: (0..hot.evrs.len() as u32).map(|id| hot.evrs.text(id).unwrap().into()).collect(),
        packages: (0..hot.packages.len() as u32)
            .map(|id| hot.packages.get(id).unwrap())
            .collect::<Vec<Package>>(),
        simple: (0..hot.reldeps.len() as u32).map(|id| hot.reldeps.simple(id).unwrap()).collect(),
        rich: (0..hot.reldeps.rich_len() as u32).map(|id| hot.reldeps.rich(id).unwrap()).collect(),
        artifacts: (0..hot.artifacts.len() as u32)
            .map(|id| hot.artifacts.get(id).unwrap())
            .collect::<Vec<Artifact>>(),
        artifact_packages: hot.artifacts.packages().collect(),
        orphans: hot.orphans.packages().collect(),
        installing: hot.installing.rows().collect(),
        modules: ModuleTables::default(),
        ..HotTables::default()
    };
    for kind in RelationKind::ALL {
        let statements = &mut tables.statements[kind as usize];
        for package in 0..hot.packages.len() as u32 {
            statements.extend(hot.relations.of(package, kind).unwrap());
            tables.ends[kind as usize].push(statements.len() as u32);
        }
    }
    for id in 0..hot.modules.len() as u32 {
        tables.modules.documents.push(DocumentTables {
            document: hot.modules.get(id).unwrap(),
            requirements: hot.modules.requirements(id).collect(),
            profiles: hot.modules.profiles(id).collect(),
            demodularized: hot.modules.demodularized(id).collect(),
            artifacts: hot.artifacts.of_document(id).unwrap().iter().map(|row| row.get()).collect(),
            artifact_names: hot
                .artifacts
                .names(id)
                .unwrap()
                .iter()
                .map(|name| name.get())
                .collect(),
        });
    }
    for row in hot.modules.defaults() {
        let profiles = hot.modules.default_profiles(row.module).collect();
        tables.modules.defaults.push((row, profiles));
        tables.modules.intents.extend(hot.intents.of_module(row.module));
    }
    let rows = 0..hot.obsoletes.len() as u32;
    tables.modules.obsoletes = rows.map(|id| hot.obsoletes.get(id).unwrap()).collect();
    tables.modules.sort();
    let inner = hot.module_solvables().unwrap();
    tables.module_solvables = inner.map(|inner| Box::new(tables_of_hot(&inner)));
    tables
}

/// The tables that a checked warm file was written from.
pub(crate) fn tables_of_warm(warm: &Warm<'_>) -> WarmTables {
    let mut tables = WarmTables::default();
    let mut locations = LocationTables::default();
    for id in 0..warm.sizes.len() as u32 {
        let sizes = (warm.sizes.download(id).unwrap(), warm.sizes.installed(id).unwrap());
        tables.sizes.push(sizes);
        let (_, digest) = warm.checksums.get(id).unwrap();
        tables.digests.extend_from_slice(digest);
        tables.digest_lengths.push(digest.len() as u8);
        let (folder, odd) = warm.locations.get(id).unwrap();
        let row = locations.folders.iter().position(|known| known == folder);
        let row = row.unwrap_or_else(|| {
            locations.folders.push(folder.to_owned());
            locations.folders.len() - 1
        });
        locations.folder_of.push(row as u16);
        locations.odd.extend(odd.map(|name| (id, name.to_owned())));
    }
    WarmTables { locations, ..tables }
}

/// Every section of `again` is in `bytes`, with the same content.
fn assert_same_sections(bytes: &[u8], again: &[u8]) {
    let (file, again) = (File::open(bytes).unwrap(), File::open(again).unwrap());
    for (tag, _, want) in again.sections() {
        let tag_text = tag.escape_ascii();
        assert_eq!(
            file.section(tag).unwrap(),
            want,
            "{tag_text} does not say what was read from it"
        );
    }
}

/// The body for a file of whatever kind. True where the check passes.
pub(crate) fn open_any(bytes: &[u8]) -> bool {
    let hot = open_hot(bytes);
    let warm = open_warm(bytes);
    let cold = open_cold(bytes);
    assert_eq!(check::whole(bytes).is_ok(), hot || warm || cold);
    hot || warm || cold
}
