//! Where the metadata of a repository lies on this machine.

use super::Repository;
use crate::inside::Root;
use data_encoding::HEXLOWER;
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A repository without metadata on this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("repository `{id}` has no metadata in {}", places.join(", "))]
pub struct NoMetadata {
    /// The repository.
    pub id: String,
    /// Whether it does not matter, by its configuration.
    pub skip: bool,
    /// Where it could have been: the folders of `repodata/`, as paths of this machine.
    pub places: Vec<String>,
}

impl NoMetadata {
    /// What to try.
    pub fn hint(&self) -> String {
        format!(
            "`dnf --installroot DIR makecache --repo {0}` fetches it; or say --repo {0}=DIR",
            self.id
        )
    }
}

impl Root {
    /// The folder that holds `repodata/` of a repository: that of a local baseurl, as dnf takes it and then below the root,
    /// else the one in dnf's cache below the root.
    ///
    /// # Errors
    /// There is none in any of these places.
    pub fn metadata(&self, repository: &Repository) -> Result<PathBuf, NoMetadata> {
        let mut places = Vec::new();
        for local in repository.baseurl.iter().filter_map(|url| local(url)) {
            if !self.is_host() {
                places.push(PathBuf::from(&local));
            }
            places.extend(self.path(&local));
        }
        let cache =
            format!("{}/{}", repository.cachedir.trim_end_matches('/'), cache_name(repository));
        places.extend(self.path(&cache));
        match places.iter().position(|place| holds_metadata(place)) {
            Some(at) => Ok(places.swap_remove(at)),
            None => Err(NoMetadata {
                id: repository.id.clone(),
                skip: repository.skip_if_unavailable,
                places: places.iter().map(|place| format!("`{}`", place.display())).collect(),
            }),
        }
    }
}

fn holds_metadata(folder: &Path) -> bool {
    folder.join("repodata/repomd.xml").is_file()
}

/// The path of a `file:` URL.
fn local(url: &str) -> Option<String> {
    let path = url.strip_prefix("file:")?;
    let path = match path.strip_prefix("//") {
        Some(rest) => &rest[rest.find('/')?..],
        None => path,
    };
    Some(percent_decode_str(path).decode_utf8().ok()?.into_owned()).filter(|it| it.starts_with('/'))
}

/// The name of a repository's folder in dnf's cache: its id, and the beginning of the digest of where it comes from.
pub(crate) fn cache_name(repository: &Repository) -> String {
    let from = [&repository.metalink, &repository.mirrorlist].into_iter().flatten().next();
    let from = from.or(repository.baseurl.first()).filter(|it| !it.is_empty());
    let digest = Sha256::digest(from.unwrap_or(&repository.id));
    format!("{}-{}", repository.id, HEXLOWER.encode(&digest[..8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_this_machine() {
        for (url, path) in [
            ("file:///srv/a%20b/", Some("/srv/a b/")),
            ("file://localhost/srv", Some("/srv")),
            ("file:/srv", Some("/srv")),
            ("file:srv", None),
            ("file://srv", None),
            ("http://srv/", None),
        ] {
            assert_eq!(local(url).as_deref(), path, "{url}");
        }
    }
}
