//! The command line of `expand`.

use modex_generator::expand::{CommitTime, PlatformStream};
use std::path::PathBuf;

/// Expand the document of a packager into the documents of the builds that it stands for.
///
/// Reads a modulemd with lists of streams, or a modulemd-packager document, and writes one document for each build: one
/// stream of each module that it is built against, the modules of its build root, a context and a version, as the Module
/// Build Service makes them. Combinations that cannot be built are left out and told.
///
/// Without --against, each stream that is named is taken for built against each stream of the platform.
#[derive(Debug, clap::Args)]
pub(crate) struct ExpandArgs {
    /// The document to expand
    #[arg(value_name = "INPUT")]
    pub(super) input: PathBuf,
    /// Files with the documents of the builds that exist, such as modules.yaml of a repository, plain or compressed
    #[arg(long, value_name = "MODULES.yaml", num_args = 1..)]
    pub(super) against: Vec<PathBuf>,
    /// Streams of the platform besides those that have documents: f29,el8.1.0=el8 (which provides the virtual stream el8)
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(super) platform_streams: Vec<PlatformStream>,
    /// Module that every other one is built on; may be given several times
    #[arg(long, value_name = "NAME", default_value = "platform")]
    pub(super) base_module: Vec<String>,
    /// Stream to take where a list leaves a choice; may be given several times
    #[arg(long, value_name = "NAME:STREAM", value_parser = pair)]
    pub(super) default: Vec<(String, String)>,
    /// List to put in the place of one of buildrequires (NAME: is any stream); may be given several times
    #[arg(long, value_name = "NAME:STREAM,STREAM", value_parser = list)]
    pub(super) override_br: Vec<(String, Vec<String>)>,
    /// List to put in the place of one of requires; may be given several times
    #[arg(long, value_name = "NAME:STREAM,STREAM", value_parser = list)]
    pub(super) override_r: Vec<(String, Vec<String>)>,
    /// Name of the module, where the document has none
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Name of the stream, where the document has none
    #[arg(long, value_name = "STREAM")]
    pub(super) stream: Option<String>,
    /// When the source was committed, to make the version of: seconds since 1970 or 2018-02-05T13:51:54Z
    /// [default: the version of the document]
    #[arg(long, value_name = "TIME")]
    pub(super) commit_time: Option<CommitTime>,
    /// Fail where a list leaves a choice that no --default makes
    #[arg(long)]
    pub(super) ambiguous_is_error: bool,
    /// Do all that the Module Build Service does: fail where it fails, keep the other stanzas in each document
    #[arg(long)]
    pub(super) mbs_exact: bool,
    /// Write each document into this folder, as NAME-STREAM-VERSION-CONTEXT.yaml; `-` is stdout
    #[arg(short, long, visible_alias = "outputdir", value_name = "DIR", conflicts_with_all = ["lint", "dry_run"])]
    pub(super) output: Option<PathBuf>,
    /// Show every combination, built or not, and why
    #[arg(long, conflicts_with_all = ["lint", "dry_run"])]
    pub(super) explain: bool,
    /// Look for what will surprise; exits with 1 where there is something
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) lint: bool,
    /// Only count the builds
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print it as JSON
    #[arg(long)]
    pub(super) json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, stream)) if !name.is_empty() && !stream.is_empty() => {
            Ok((name.into(), stream.into()))
        }
        _ => Err("write NAME:STREAM".into()),
    }
}

fn list(text: &str) -> Result<(String, Vec<String>), String> {
    let Some((name, streams)) = text.split_once(':').filter(|(name, _)| !name.is_empty()) else {
        return Err("write NAME:STREAM,STREAM".into());
    };
    let streams: Vec<String> = match streams {
        "" => Vec::new(),
        streams => streams.split(',').map(String::from).collect(),
    };
    let negative = streams.iter().filter(|stream| stream.starts_with('-')).count();
    if streams.iter().any(String::is_empty) || (negative > 0 && negative < streams.len()) {
        return Err("name streams, or exclude them with -STREAM, not both".into());
    }
    Ok((name.into(), streams))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_streams() {
        assert_eq!(pair("gtk:1:2"), Ok(("gtk".into(), "1:2".into())));
        assert!(pair("gtk").is_err() && pair(":1").is_err() && pair("gtk:").is_err());
        assert_eq!(list("gtk:"), Ok(("gtk".into(), vec![])));
        assert_eq!(list("gtk:-1,-2"), Ok(("gtk".into(), vec!["-1".into(), "-2".into()])));
        assert!(list("gtk").is_err() && list("gtk:1,").is_err() && list("gtk:1,-2").is_err());
    }
}
