//! Files of the user that are written whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Writes a file: whoever reads it meanwhile reads the old one or the new one. A link is followed, and what is no plain file, as
/// `/dev/null`, a terminal or a pipe, is written into and stays what it is.
///
/// # Errors
/// Those of `write`; the file cannot be written.
pub fn save(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        let mut out = BufWriter::new(OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let followed = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = followed.parent().filter(|it| !it.as_os_str().is_empty());
    // As any new file: what the user's umask leaves of it.
    let permissions = Permissions::from_mode(0o666);
    let mut file = tempfile::Builder::new()
        .permissions(permissions)
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    file.persist(&followed).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{FileTypeExt, symlink};

    #[test]
    fn what_is_no_plain_file_stays_what_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let say = |path: &Path| save(path, |out| out.write_all(b"new"));
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        symlink("file", &link).unwrap();
        fs::write(&file, "old").unwrap();
        say(&link).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let device = dir.path().join("device");
        symlink("/dev/null", &device).unwrap();
        say(&device).unwrap();
        assert!(fs::metadata(&device).unwrap().file_type().is_char_device());
        assert!(say(dir.path()).is_err());
        // A file that fails half-way stays.
        let error = save(&file, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("stop"))
        });
        assert!(error.is_err());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }
}
