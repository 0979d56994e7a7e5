//! The bodies of the fuzz targets that make something of several sets of module documents. The input is cut into texts at
//! lines that begin with `====`.

use super::documents::{judged, read_back};
use modex_formats::module::ModuleStream;
use modex_generator::expand::{ExpandLimits, Options, count, expand, lint};
use modex_generator::modulemd::{
    Document, MergeOptions, Mode, Modules, Source, collect, merge, never_met, to_yaml, twice, write,
};
use modex_generator::source::Report;

use modex_formats::module::defaults::{OnConflict, OnStreamTie};

/// The texts of an input.
fn texts(bytes: &[u8]) -> Vec<&[u8]> {
    let mut texts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"====") {
            texts.push(&bytes[start..at]);
            start = at + line.len();
        }
        at += line.len();
    }
    texts.push(&bytes[start..]);
    texts.truncate(8);
    texts
}

/// Everything in a set, whatever its order.
fn unordered(modules: &Modules) -> Vec<String> {
    let Modules { streams, defaults, obsoletes, translations, .. } = modules;
    let mut all: Vec<String> = Vec::new();
    all.extend(streams.iter().map(|one| format!("{one:?}")));
    all.extend(defaults.iter().map(|one| format!("{one:?}")));
    all.extend(obsoletes.iter().map(|one| format!("{one:?}")));
    all.extend(translations.iter().map(|one| format!("{one:?}")));
    all.sort();
    all
}

/// What a text of ours says, of which nothing may be left out.
fn whole(yaml: &str) -> Modules {
    let mut report = Report::new(10);
    let modules = collect("w", judged(yaml.as_bytes(), Mode::Strict, 1).unwrap(), &mut report);
    assert_eq!(report.dropped, 0, "{:?}\n{yaml}", report.problems);
    modules
}

/// Some texts as the modules.yaml of some repositories. What is merged is read back equal.
pub(crate) fn modulemd_merge(bytes: &[u8]) -> bool {
    let mut sources = Vec::new();
    let mut files = Vec::new();
    let mut sound = true;
    for (place, text) in texts(bytes).into_iter().enumerate() {
        let Some(found) = judged(text, Mode::Lax, 1) else { return false };
        if found.len() > 12 {
            return false;
        }
        let mut report = Report::new(10);
        let modules = collect("m", found.clone(), &mut report);
        sound &= report.dropped == 0;
        for never in never_met(&modules) {
            assert!(!never.to_string().is_empty());
        }
        let priority = (place % 3) as i32;
        sources.push(Source { place: place.to_string(), priority, modules });
        files.push((place.to_string(), found));
    }
    let places = files.iter().map(|(place, found)| (place.as_str(), &found[..]));
    for twice in twice(places) {
        assert!(!twice.to_string().is_empty());
    }
    for on_stream_tie in [OnStreamTie::NoStream, OnStreamTie::Conflict] {
        for on_conflict in [OnConflict::NoDefaultsAtAll, OnConflict::NoneForTheModule] {
            let merged = merge(&sources, MergeOptions { on_stream_tie, on_conflict });
            merged.conflicts.iter().for_each(|one| assert!(!one.to_string().is_empty()));
            merged.differing.iter().for_each(|one| assert!(!one.to_string().is_empty()));
            let yaml = write(&merged.modules);
            let back = whole(&yaml);
            assert_eq!(unordered(&back), unordered(&merged.modules), "{yaml}");
            assert_eq!(write(&back), yaml);
        }
    }
    sound
}

/// The document and the builds of an input.
fn project(bytes: &[u8]) -> Option<(Document, Vec<ModuleStream>)> {
    let mut texts = texts(bytes).into_iter();
    let first = judged(texts.next()?, Mode::Lax, 1)?.into_iter().next()?.document.ok()?;
    let mut world = Vec::new();
    for text in texts {
        world.extend(collect("w", judged(text, Mode::Lax, 1)?, &mut Report::new(1)).streams);
    }
    Some((first, world))
}

/// The first text's first document expanded against the others. Every build can be written and read.
pub(crate) fn expand_all(bytes: &[u8]) -> bool {
    let Some((document, world)) = project(bytes) else { return false };
    let limits = ExpandLimits { combinations: 100, cells: 5_000, steps: 100_000 };
    let identity = match &document {
        Document::Stream(stream) | Document::PackagerV2(stream) => {
            (Some(stream.nsvca.name.clone()), Some(stream.nsvca.stream.clone()))
        }
        Document::PackagerV3(packager) => (packager.name.clone(), packager.stream.clone()),
        _ => (None, None),
    };
    let unless_named = |named: &Option<String>, text: &str| {
        named.as_ref().is_none_or(String::is_empty).then(|| text.to_owned())
    };
    let mut sound = true;
    for (mbs_exact, assume) in [(false, false), (false, true), (true, false), (true, true)] {
        let options = Options {
            mbs_exact,
            assume,
            limits,
            name: unless_named(&identity.0, "n"),
            stream: unless_named(&identity.1, "s"),
            ..Options::default()
        };
        let findings = lint(&document, &world, &options);
        findings.iter().flatten().for_each(|finding| assert!(!finding.to_string().is_empty()));
        let counts = count(&document, &world, &options);
        let expansion = match expand(&document, &world, &options) {
            Ok(expansion) => expansion,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                sound = false;
                continue;
            }
        };
        let counts = counts.unwrap_or_else(|error| panic!("expanded, not counted: {error}"));
        let built = expansion.builds.len() as u64;
        assert!(counts.builds.is_none_or(|builds| builds == built), "{counts:?} {built}");
        for build in expansion.documents() {
            match build {
                Ok(build) => {
                    let build = Document::Stream(Box::new(build));
                    assert_eq!(read_back(&to_yaml(&build)), build);
                }
                Err(_) => sound = false,
            }
        }
    }
    sound
}
