//! Stream documents, version 2, and packager documents, version 2.

use super::tree::{Entries, Node};
use modex_formats::module::{
    BuildOptions, Components, MappedArtifact, ModuleComponent, ModuleRequire, ModuleStream, Nsvca,
    Profile, References, RpmComponent, Stanza,
};
use serde_json::Value;

/// The `data` of a stream document.
pub(super) fn data(stream: &ModuleStream) -> Node {
    let mut data = Entries::default();
    identity(&mut data, &stream.nsvca, stream.static_context);
    data.text("summary", &stream.summary).text("description", &stream.description);
    let levels = stream.service_levels.iter().map(|level| {
        let mut entries = Entries::default();
        entries.maybe("eol", &level.eol);
        (&level.name, entries.into_node())
    });
    let mut licences = Entries::default();
    licences.lines("module", &stream.licences.module).lines("content", &stream.licences.content);
    data.map("servicelevels", levels.collect()).map("license", licences);
    if let Some(json) = &stream.xmd {
        data.put("xmd", xmd(json));
    }
    what_packagers_say(&mut data, stream, true);
    let mut artifacts = Entries::default();
    artifacts.lines("rpms", &stream.artifacts).map("rpm-map", artifact_map(&stream.artifact_map));
    data.map("artifacts", artifacts);
    data.into_node()
}

/// The `data` of a packager document of version 2.
pub(super) fn packager_data(stream: &ModuleStream) -> Node {
    let mut licences = Entries::default();
    licences.lines("module", &stream.licences.module);
    let mut data = Entries::default();
    data.text("summary", &stream.summary)
        .text("description", &stream.description)
        .map("license", licences);
    what_packagers_say(&mut data, stream, false);
    data.into_node()
}

fn identity(data: &mut Entries, nsvca: &Nsvca, static_context: bool) {
    if !nsvca.name.is_empty() {
        data.text("name", &nsvca.name);
    }
    if !nsvca.stream.is_empty() {
        data.quoted("stream", &nsvca.stream);
    }
    data.number("version", nsvca.version);
    if !nsvca.context.is_empty() {
        data.text("context", &nsvca.context);
    }
    data.flag("static_context", static_context);
    if !nsvca.arch.is_empty() {
        data.text("arch", &nsvca.arch);
    }
}

/// From the dependencies to the components.
fn what_packagers_say(data: &mut Entries, stream: &ModuleStream, options: bool) {
    if !stream.dependencies.is_empty() {
        data.put("dependencies", Node::List(stream.dependencies.iter().map(stanza).collect()));
    }
    data.map("references", references(&stream.references))
        .map("profiles", profiles(&stream.profiles))
        .map("api", rpms(&stream.api))
        .map("filter", rpms(&stream.filter))
        .map("demodularized", rpms(&stream.demodularized));
    if let Some(found) = stream.build_options.as_ref().filter(|_| options) {
        data.put("buildopts", build_options(found));
    }
    data.map("components", components(&stream.components));
}

fn stanza(stanza: &Stanza) -> Node {
    let requires = |requires: &[ModuleRequire]| {
        let entries = requires.iter();
        entries.map(|require| (&require.module, Node::Flow(require.streams.clone()))).collect()
    };
    let mut entries = Entries::default();
    entries
        .map("buildrequires", requires(&stanza.build_requires))
        .map("requires", requires(&stanza.requires));
    entries.into_node()
}

/// `references`
pub(super) fn references(references: &References) -> Entries {
    let mut entries = Entries::default();
    entries
        .maybe("community", &references.community)
        .maybe("documentation", &references.documentation)
        .maybe("tracker", &references.tracker);
    entries
}

/// `profiles`
pub(super) fn profiles(profiles: &[Profile]) -> Entries {
    let one = |profile: &Profile| {
        let mut entries = Entries::default();
        entries
            .maybe("description", &profile.description)
            .lines("rpms", &profile.rpms)
            .flag("default", profile.default);
        (profile.name.clone(), entries.into_node())
    };
    profiles.iter().map(one).collect()
}

/// A map with a set called `rpms`.
pub(super) fn rpms(names: &[String]) -> Entries {
    let mut entries = Entries::default();
    entries.lines("rpms", names);
    entries
}

/// `buildopts`
pub(super) fn build_options(options: &BuildOptions) -> Node {
    let mut rpms = Entries::default();
    rpms.maybe("macros", &options.macros).lines("whitelist", &options.whitelist);
    let mut entries = Entries::default();
    entries.map("rpms", rpms).flow("arches", &options.arches);
    entries.into_node()
}

/// `components`
pub(super) fn components(components: &Components) -> Entries {
    let rpms = components.rpms.iter().map(|rpm| (&rpm.key, rpm_component(rpm)));
    let modules = components.modules.iter().map(|module| (&module.key, module_component(module)));
    let mut entries = Entries::default();
    entries.map("rpms", rpms.collect()).map("modules", modules.collect());
    entries
}

fn rpm_component(rpm: &RpmComponent) -> Node {
    let mut entries = Entries::default();
    entries
        .text("rationale", &rpm.rationale)
        .maybe("name", &rpm.name)
        .maybe("repository", &rpm.repository)
        .maybe("cache", &rpm.cache)
        .maybe("ref", &rpm.reference)
        .flag("buildroot", rpm.buildroot)
        .flag("srpm-buildroot", rpm.srpm_buildroot)
        .number("buildorder", rpm.buildorder)
        .lines("buildafter", &rpm.buildafter)
        .flag("buildonly", rpm.buildonly)
        .flow("arches", &rpm.arches)
        .flow("multilib", &rpm.multilib);
    entries.into_node()
}

fn module_component(module: &ModuleComponent) -> Node {
    let mut entries = Entries::default();
    entries
        .text("rationale", &module.rationale)
        .maybe("repository", &module.repository)
        .maybe("ref", &module.reference)
        .number("buildorder", module.buildorder)
        .flag("buildonly", module.buildonly);
    entries.into_node()
}

/// `rpm-map`: by digest, then by checksum. The list is sorted so.
fn artifact_map(artifacts: &[MappedArtifact]) -> Entries {
    let digests = artifacts.chunk_by(|a, b| a.digest == b.digest);
    let entries = digests.filter_map(|chunk| {
        let checksums: Entries = chunk
            .iter()
            .map(|artifact| (&artifact.checksum, artifact_entry(&artifact.nevra)))
            .collect();
        Some((&chunk.first()?.digest, checksums.into_node()))
    });
    entries.collect()
}

/// The parts of `NAME-EPOCH:VERSION-RELEASE.ARCH`, split from the right, and the whole.
fn artifact_entry(nevra: &str) -> Node {
    let parts = || {
        let (rest, arch) = nevra.rsplit_once('.')?;
        let (rest, release) = rest.rsplit_once('-')?;
        let (rest, version) = rest.rsplit_once(':')?;
        let (name, epoch) = rest.rsplit_once('-')?;
        Some((name, epoch, version, release, arch))
    };
    let mut entries = Entries::default();
    if let Some((name, epoch, version, release, arch)) = parts() {
        entries
            .text("name", name)
            .put("epoch", Node::Plain(epoch.into()))
            .text("version", version)
            .text("release", release)
            .text("arch", arch);
    }
    entries.text("nevra", nevra);
    entries.into_node()
}

/// `xmd`: the tree that its JSON describes. JSON that is none is written as a text.
pub(super) fn xmd(json: &str) -> Node {
    serde_json::from_str(json).map_or_else(|_| Node::Text(json.into()), tree)
}

fn tree(value: Value) -> Node {
    match value {
        Value::Array(items) => Node::List(items.into_iter().map(tree).collect()),
        Value::Object(entries) => {
            Node::Map(entries.into_iter().map(|(key, value)| (key, tree(value))).collect())
        }
        Value::String(text) => Node::Text(text),
        other => Node::Text(other.to_string()),
    }
}
