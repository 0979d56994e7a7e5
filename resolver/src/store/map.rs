//! Mapping a file into memory: the one place with `unsafe`.

use memmap2::Mmap;
use std::ops::Deref;
use std::{fs::File, io, path::Path};

/// A file in memory, for who keeps files of modex: written under another name, renamed, never written again.
pub struct MappedFile(Mmap);

impl MappedFile {
    /// Maps a file for reading.
    ///
    /// # Errors
    /// It cannot be opened or mapped.
    pub fn open(path: &Path) -> io::Result<Self> {
        map(path).map(MappedFile)
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// Maps a file for reading. Its pages are read when they are touched.
///
/// # Errors
/// Where the file cannot be opened or mapped.
#[expect(unsafe_code, reason = "mapping a file has no safe form")]
pub(super) fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    // SAFETY: index files are written under a temporary name, renamed into place and never written again. Whoever
    // changes or cuts one in place all the same can make reads see other bytes, which every accessor treats as damage, or
    // end the process with SIGBUS, but not break Rust's rules here: no reference to the bytes assumes more than that they
    // are bytes.
    unsafe { Mmap::map(&file) }
}
