//! One file for each build.

use super::{document_of, firsts};
use crate::failure::Failure;
use modex_formats::module::Nsvca;
use modex_generator::expand::Expansion;
use modex_generator::modulemd::{Document, to_yaml};
use modex_generator::publish::write_file;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the documents into a folder, which is made where it is missing; the paths, in the order of the builds. Each
/// file is whole or not there.
pub(super) fn write(folder: &Path, expansion: &Expansion) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    if expansion
        .builds
        .iter()
        .any(|build| build.nsvca.name.is_empty() || build.nsvca.stream.is_empty())
    {
        let what = "the document has no name or no stream to name files after";
        return Err(Failure::new(what, Some("give --name NAME and --stream STREAM")));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    for build in firsts(expansion) {
        let document = document_of(expansion, build)?;
        let path = folder.join(file_name(&document.nsvca));
        let yaml = to_yaml(&Document::Stream(document.into()));
        write_file(&path, yaml.as_bytes())?;
        paths.push(path);
    }
    Ok(paths)
}

/// `NAME-STREAM-VERSION-CONTEXT.yaml`, whatever those hold.
fn file_name(nsvca: &Nsvca) -> String {
    let name = format!("{}.yaml", nsvca.dashed());
    let plain = |c: char| if c.is_alphanumeric() || "-_.+~".contains(c) { c } else { '_' };
    let plain: String = name.chars().map(plain).collect();
    match plain.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder() {
        let name = |name: &str, stream: &str| {
            let (name, stream) = (name.into(), stream.into());
            file_name(&Nsvca { name, stream, version: 7, context: "c".into(), ..Nsvca::default() })
        };
        assert_eq!(name("httpd", "2.4"), "httpd-2.4-7-c.yaml");
        assert_eq!(name("../../etc", "a/b\0\n:é"), "_._.._etc-a_b___é-7-c.yaml");
        assert_eq!(name("", ""), "--7-c.yaml");
    }
}
