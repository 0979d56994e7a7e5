//! Packager documents of version 3 as the stream documents that they stand for.
//!
//! The rules are those of libmodulemd 2.14's `PackagerV3.convert_to_index` and of its conversion to one stream.

use super::{Configuration, Modules, Packager};
use modex_formats::module::{
    BuildOptions, Defaults, Licences, ModuleRequire, ModuleStream, Nsvca, Profile, Stanza,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a packager document has no streams.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// Default profiles are kept by module and stream, which are not known.
    #[error("it has default profiles, so it needs a name and a stream")]
    NoIdentity,
    /// A configuration requires streams of a module and excludes others; only the platform can be named twice.
    #[error("configuration {context} both names and excludes streams of {module}")]
    MixedStreams {
        /// The configuration.
        context: String,
        /// The module.
        module: String,
    },
}

/// One stream for each configuration, by context, and a defaults document where profiles are marked as default.
///
/// Each stream has the context and the build options of its configuration, and one stanza: the platform in both halves,
/// and what the configuration names. A `platform` among those is one more stream of the platform. The streams are not
/// marked as having a static context, and their profiles not as default; the defaults document names no default stream.
/// Name and stream may be missing.
///
/// # Errors
/// Where name or stream are missing and defaults would need them, and where streams of the platform are named and
/// excluded together.
pub fn to_streams(packager: &Packager) -> Result<Modules, ConvertError> {
    let default_profiles = packager.profiles.iter().filter(|profile| profile.default);
    let default_profiles: Vec<String> =
        default_profiles.map(|profile| profile.name.clone()).collect();
    let mut modules = Modules::default();
    if !default_profiles.is_empty() {
        let (Some(name), Some(stream)) = (&packager.name, &packager.stream) else {
            return Err(ConvertError::NoIdentity);
        };
        modules.defaults.push(Defaults {
            module: name.clone(),
            profiles: vec![(stream.clone(), default_profiles)],
            ..Defaults::default()
        });
    }
    for configuration in by_context(packager) {
        let mut stream = base(packager, configuration.build_options.clone());
        stream.nsvca.context.clone_from(&configuration.context);
        stream.dependencies = vec![stanza(configuration)?];
        modules.streams.push(stream);
    }
    Ok(modules)
}

/// One stream with a stanza for each configuration, by context.
///
/// It has the build options of the first one, and a context only where there is but one configuration.
///
/// # Errors
/// Where streams of the platform are named and excluded together.
pub fn to_one_stream(packager: &Packager) -> Result<ModuleStream, ConvertError> {
    let configurations = by_context(packager);
    let first = configurations.first();
    let mut stream = base(packager, first.and_then(|first| first.build_options.clone()));
    if let [only] = configurations[..] {
        stream.nsvca.context.clone_from(&only.context);
    }
    stream.dependencies = configurations.into_iter().map(stanza).collect::<Result<_, _>>()?;
    Ok(stream)
}

fn by_context(packager: &Packager) -> Vec<&Configuration> {
    let mut configurations: Vec<_> = packager.configurations.iter().collect();
    configurations.sort_by(|a, b| a.context.cmp(&b.context));
    configurations
}

/// What all streams of a document have in common.
fn base(packager: &Packager, build_options: Option<BuildOptions>) -> ModuleStream {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let profiles = packager.profiles.iter().cloned();
    ModuleStream {
        nsvca: Nsvca {
            name: text(&packager.name),
            stream: text(&packager.stream),
            ..Nsvca::default()
        },
        summary: packager.summary.clone(),
        description: packager.description.clone(),
        licences: Licences { module: packager.licences.clone(), content: Vec::new() },
        profiles: profiles.map(|profile| Profile { default: false, ..profile }).collect(),
        api: packager.api.clone(),
        filter: packager.filter.clone(),
        demodularized: packager.demodularized.clone(),
        references: packager.references.clone(),
        components: packager.components.clone(),
        build_options,
        xmd: packager.xmd.clone(),
        ..ModuleStream::default()
    }
}

fn stanza(configuration: &Configuration) -> Result<Stanza, ConvertError> {
    let with_platform = |requires: &[(String, String)]| {
        let platform = ("platform", configuration.platform.as_str());
        let named = requires.iter().map(|(module, stream)| (module.as_str(), stream.as_str()));
        let mut streams: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (module, stream) in named.chain([platform]) {
            streams.entry(module).or_default().insert(stream);
        }
        let requires = streams.into_iter().map(|(module, streams)| {
            let excluded = streams.iter().filter(|stream| stream.starts_with('-')).count();
            if excluded != 0 && excluded != streams.len() {
                let context = configuration.context.clone();
                return Err(ConvertError::MixedStreams { context, module: module.into() });
            }
            let streams = streams.into_iter().map(String::from).collect();
            Ok(ModuleRequire { module: module.into(), streams })
        });
        requires.collect::<Result<Vec<_>, _>>()
    };
    Ok(Stanza {
        requires: with_platform(&configuration.requires)?,
        build_requires: with_platform(&configuration.build_requires)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packager() -> Packager {
        let configuration =
            |context: &str, requires: &[(&str, &str)], arches: &[&str]| Configuration {
                context: context.into(),
                platform: "f32".into(),
                requires: requires.iter().map(|(m, s)| (m.to_string(), s.to_string())).collect(),
                build_options: Some(BuildOptions {
                    arches: arches.iter().map(ToString::to_string).collect(),
                    ..BuildOptions::default()
                }),
                ..Configuration::default()
            };
        let profile =
            |name: &str, default| Profile { name: name.into(), default, ..Profile::default() };
        Packager {
            name: Some("m".into()),
            stream: Some("1".into()),
            licences: vec!["MIT".into()],
            configurations: vec![
                configuration("b", &[("platform", "f40"), ("x", "-1")], &["i686"]),
                configuration("A", &[], &["x86_64"]),
            ],
            profiles: vec![profile("common", true), profile("other", false)],
            ..Packager::default()
        }
    }

    fn require(module: &str, streams: &[&str]) -> ModuleRequire {
        let streams = streams.iter().map(ToString::to_string).collect();
        ModuleRequire { module: module.into(), streams }
    }

    #[test]
    fn a_stream_for_each_configuration() {
        let modules = to_streams(&packager()).unwrap();
        let names: Vec<_> = modules.streams.iter().map(|s| s.nsvca.to_string()).collect();
        assert_eq!(names, ["m:1::A:", "m:1::b:"]);
        let [stanza] = &modules.streams[1].dependencies[..] else { panic!("one stanza") };
        assert_eq!(stanza.requires, [require("platform", &["f32", "f40"]), require("x", &["-1"])]);
        assert_eq!(stanza.build_requires, [require("platform", &["f32"])]);
        assert!(!modules.streams[0].static_context);
        assert!(modules.streams[0].profiles.iter().all(|profile| !profile.default));
        let [defaults] = &modules.defaults[..] else { panic!("one defaults document") };
        assert_eq!(defaults.stream, None);
        assert_eq!(defaults.profiles, [("1".into(), vec!["common".to_string()])]);
    }

    #[test]
    fn one_stream_for_all_configurations() {
        let mut packager = packager();
        let stream = to_one_stream(&packager).unwrap();
        assert_eq!((stream.nsvca.context.as_str(), stream.dependencies.len()), ("", 2));
        assert_eq!(stream.build_options.unwrap().arches, ["x86_64"]);
        packager.configurations.truncate(1);
        assert_eq!(to_one_stream(&packager).unwrap().nsvca.context, "b");
    }

    #[test]
    fn what_cannot_be_converted() {
        let nameless = Packager { name: None, ..packager() };
        assert_eq!(to_streams(&nameless), Err(ConvertError::NoIdentity));
        assert!(to_one_stream(&nameless).is_ok());
        let mut mixed = packager();
        mixed.configurations[0].platform = "-f31".into();
        let error = to_streams(&mixed).unwrap_err();
        assert_eq!(error, to_one_stream(&mixed).unwrap_err());
        assert_eq!(
            error.to_string(),
            "configuration b both names and excludes streams of platform"
        );
    }
}
