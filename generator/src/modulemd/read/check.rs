//! What libmodulemd checks of a stream document once it has been read.

use super::components::ComponentsFields;
use super::stream::StreamData;
use modex_formats::module::Stanza;
use std::collections::BTreeMap;

/// What is wrong with a stream; the first thing found.
pub(super) fn stream(data: &StreamData) -> Result<(), String> {
    if data.summary.is_none() {
        return Err("it has no summary".into());
    }
    if data.description.is_none() {
        return Err("it has no description".into());
    }
    if data.licences.licences.module.is_empty() {
        return Err("it has no module licence".into());
    }
    if data.static_context && !data.context.is_empty() && !is_static_context(&data.context) {
        return Err(format!(
            "{:?} is no static context: 1 to 13 letters, digits or _",
            data.context
        ));
    }
    if let Some(artifact) = data.artifacts.rpms.iter().find(|artifact| !is_artifact(artifact)) {
        return Err(format!("artifact {artifact} is not NAME-EPOCH:VERSION-RELEASE.ARCH"));
    }
    data.dependencies.iter().try_for_each(stanza)?;
    components(&data.components)?;
    let arches = data.build_options.as_ref().map_or(&[][..], |options| &options.0.arches);
    component_arches(&built_for(&data.components), arches)
}

/// A list of streams either names streams or excludes streams.
fn stanza(stanza: &Stanza) -> Result<(), String> {
    for require in stanza.requires.iter().chain(&stanza.build_requires) {
        let excluded = require.streams.iter().filter(|stream| stream.starts_with('-')).count();
        if excluded != 0 && excluded != require.streams.len() {
            return Err(format!(
                "its dependency on {} both names and excludes streams",
                require.module
            ));
        }
    }
    Ok(())
}

/// What is wrong with components among themselves.
pub(super) fn components(fields: &ComponentsFields) -> Result<(), String> {
    if let Some(key) = &fields.unexplained {
        return Err(format!("component {key} has no rationale"));
    }
    let rpms = &fields.rpms;
    let ordered = rpms.values().find(|rpm| rpm.buildorder != 0);
    let after = rpms.values().find(|rpm| !rpm.buildafter.is_empty());
    if let (Some(ordered), Some(after)) = (ordered, after) {
        return Err(format!(
            "component {} has a buildorder and component {} a buildafter",
            ordered.key, after.key
        ));
    }
    for rpm in rpms.values() {
        if let Some(missing) = rpm.buildafter.iter().find(|key| !rpms.contains_key(*key)) {
            return Err(format!(
                "component {} is built after {missing}, which is no component",
                rpm.key
            ));
        }
    }
    Ok(())
}

/// Every architecture that a component is built for, with the first such component.
pub(super) fn built_for(fields: &ComponentsFields) -> BTreeMap<&str, &str> {
    let mut arches = BTreeMap::new();
    for rpm in fields.rpms.values() {
        for arch in &rpm.arches {
            arches.entry(arch.as_str()).or_insert(rpm.key.as_str());
        }
    }
    arches
}

/// Components are built for architectures of the module only (sorted); none stated means all.
pub(super) fn component_arches(
    built_for: &BTreeMap<&str, &str>,
    arches: &[String],
) -> Result<(), String> {
    let known = |arch: &str| arches.binary_search_by(|known| known.as_str().cmp(arch)).is_ok();
    match built_for.iter().find(|(arch, _)| !arches.is_empty() && !known(arch)) {
        Some((arch, key)) => Err(format!("component {key} is built for {arch}, the module is not")),
        None => Ok(()),
    }
}

fn is_static_context(context: &str) -> bool {
    context.len() <= 13 && context.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `NAME-EPOCH:VERSION-RELEASE.ARCH`, read from the right; the epoch is mandatory.
fn is_artifact(text: &str) -> bool {
    let parts = || {
        let (rest, _arch) = text.rsplit_once('.')?;
        let (rest, _release) = rest.rsplit_once('-')?;
        let (rest, version) = rest.rsplit_once(':')?;
        let (name, epoch) = rest.rsplit_once('-')?;
        let digits = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
        Some(digits && !version.contains('-') && !name.is_empty())
    };
    parts().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artifacts_need_an_epoch() {
        for good in ["foo-0:1-1.x86_64", "a-b-c-12:1.2~x-3.el8.src", "perl-4:5.26-1.noarch"] {
            assert!(is_artifact(good), "{good}");
        }
        for bad in [
            "foo-1-1.x86_64",
            "foo-a:1-1.x86_64",
            "foo-0:1-1",
            "foo",
            "",
            "-0:1-1.x",
            "foo-:1-1.x",
            "0:1-1.x",
        ] {
            assert!(!is_artifact(bad), "{bad}");
        }
    }

    #[test]
    fn static_contexts() {
        assert!(is_static_context("a_1") && is_static_context("1234567890123"));
        assert!(!is_static_context("12345678901234") && !is_static_context("a-b"));
    }
}
