//! Files that are written whole or not at all.

use crate::error::Failure;
use std::io;
use std::path::Path;

/// Puts bytes under a name: whoever reads it meanwhile reads the old file or the new one.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    modex_root::save(path, |out| out.write_all(bytes)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::file(folder, &error),
        _ => Failure::new(format!("`{}` cannot be written: {error}", path.display())),
    })
}
