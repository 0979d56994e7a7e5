//! Packager documents, version 3.

use super::stream::{build_options, components, profiles, references, rpms, xmd};
use super::tree::{Entries, Node};
use crate::modulemd::{Configuration, Packager};

/// The `data` of a packager document of version 3.
pub(super) fn data(packager: &Packager) -> Node {
    let mut data = Entries::default();
    data.maybe("name", &packager.name);
    if let Some(stream) = &packager.stream {
        data.quoted("stream", stream);
    }
    data.text("summary", &packager.summary)
        .text("description", &packager.description)
        // Without this key it would be MIT.
        .put("license", Node::List(packager.licences.iter().cloned().map(Node::Text).collect()));
    if let Some(json) = &packager.xmd {
        data.put("xmd", xmd(json));
    }
    data.put(
        "configurations",
        Node::List(packager.configurations.iter().map(configuration).collect()),
    )
    .map("references", references(&packager.references))
    .map("profiles", profiles(&packager.profiles))
    .map("api", rpms(&packager.api))
    .map("filter", rpms(&packager.filter))
    .map("demodularized", rpms(&packager.demodularized))
    .map("components", components(&packager.components));
    data.into_node()
}

fn configuration(configuration: &Configuration) -> Node {
    let one_each = |requires: &[(String, String)]| {
        let entries = requires.iter();
        entries.map(|(module, stream)| (module, Node::Flow(vec![stream.clone()]))).collect()
    };
    let mut entries = Entries::default();
    entries
        .text("context", &configuration.context)
        .text("platform", &configuration.platform)
        .map("buildrequires", one_each(&configuration.build_requires))
        .map("requires", one_each(&configuration.requires));
    if let Some(options) = &configuration.build_options {
        entries.put("buildopts", build_options(options));
    }
    entries.into_node()
}
