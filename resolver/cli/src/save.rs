//! Files that are written whole or not at all.

use crate::error::Failure;
use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Puts bytes under a name: whoever reads it meanwhile reads the old file or the new one.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // As any new file: what the user's umask leaves of it.
    let permissions = Permissions::from_mode(0o666);
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new().permissions(permissions).tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    write().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::file(folder, &error),
        _ => Failure::new(format!("`{}` cannot be written: {error}", path.display())),
    })
}
