//! Expansions as whole users meet them.

mod email;
mod examples;
mod hashes;
mod hostile;
mod inputs;
mod properties;
mod refusals;

use super::{Expansion, Options, expand};
use crate::modulemd::Document;
use modex_formats::module::{ModuleRequire, ModuleStream, Nsvca, Stanza};

/// `platform f28,f29; gtk -2; glib` as a list of dependencies.
pub(super) fn requires(text: &str) -> Vec<ModuleRequire> {
    let one = |part: &str| {
        let (module, streams) = part.split_once(' ').unwrap_or((part, ""));
        let streams = streams.split(',').filter(|stream| !stream.is_empty()).map(String::from);
        ModuleRequire { module: module.into(), streams: streams.collect() }
    };
    text.split("; ").filter(|part| !part.is_empty()).map(one).collect()
}

/// `BR | R`
pub(super) fn stanza(text: &str) -> Stanza {
    let (build, run) = text.split_once('|').unwrap();
    Stanza { build_requires: requires(build.trim()), requires: requires(run.trim()) }
}

pub(super) fn document(stanzas: &[&str]) -> Document {
    let dependencies = stanzas.iter().map(|text| stanza(text)).collect();
    let nsvca = Nsvca { name: "app".into(), stream: "1".into(), ..Nsvca::default() };
    Document::Stream(ModuleStream { nsvca, dependencies, ..ModuleStream::default() }.into())
}

/// A build `NAME:STREAM:VERSION:CONTEXT`, recorded as built against a platform stream (none: it is one).
pub(super) fn build(nsvc: &str, platform: &str, run: &str) -> ModuleStream {
    let parts: Vec<&str> = nsvc.split(':').collect();
    let nsvca = Nsvca {
        name: parts[0].into(),
        stream: parts[1].into(),
        version: parts[2].parse().unwrap(),
        context: parts[3].into(),
        ..Nsvca::default()
    };
    let stanza = Stanza { requires: requires(run), ..Stanza::default() };
    let record =
        format!(r#"{{"mbs":{{"buildrequires":{{"platform":{{"stream":"{platform}"}}}}}}}}"#);
    let xmd = (!platform.is_empty()).then_some(record);
    ModuleStream { nsvca, xmd, dependencies: vec![stanza], ..ModuleStream::default() }
}

/// A platform with virtual streams.
pub(super) fn platform(stream: &str, virtuals: &str) -> ModuleStream {
    let mut platform = build(&format!("platform:{stream}:1:00000000"), "", "");
    platform.xmd = Some(format!(r#"{{"mbs":{{"virtual_streams":["{virtuals}"]}}}}"#));
    platform
}

/// Platform f28 and f29; each of these streams built on both.
pub(super) fn world(streams: &[&str]) -> Vec<ModuleStream> {
    let mut world = vec![platform("f28", "fedora"), platform("f29", "fedora")];
    for stream in streams {
        for on in ["f28", "f29"] {
            world.push(build(&format!("{stream}:1:c{on}"), on, &format!("platform {on}")));
        }
    }
    world
}

/// Each build as `MODULE:STREAM… -> REQUIRES CONTEXT`, as in the table of the specification.
pub(super) fn told(expansion: &Expansion) -> Vec<String> {
    let list = |requires: &[ModuleRequire]| {
        let one =
            |require: &ModuleRequire| format!("{}[{}]", require.module, require.streams.join(","));
        requires.iter().map(one).collect::<Vec<_>>().join(" ")
    };
    let one = |document: ModuleStream| {
        let Stanza { build_requires, requires } = document.dependencies.last().unwrap();
        format!("{} -> {} {}", list(build_requires), list(requires), document.nsvca.context)
    };
    expansion.documents().map(|document| one(document.unwrap())).collect()
}

pub(super) fn expanded(stanzas: &[&str], world: &[ModuleStream], options: &Options) -> Vec<String> {
    told(&expand(&document(stanzas), world, options).unwrap())
}

pub(super) fn contexts(told: &[String]) -> Vec<&str> {
    told.iter().map(|line| line.rsplit(' ').next().unwrap()).collect()
}
