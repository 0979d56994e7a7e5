//! Opening an index: found, whole, and remembered to be whole.
//!
//! The first time a file is met, its digest and all of its structure are checked, and the cache remembers digest, size and
//! time of change. Later openings check the header, the table of contents and the sizes; that takes microseconds.

use super::map::map;
use glob::Pattern;
use memmap2::Mmap;
use modex_formats::index::{Cold, FormatError, Hot, Warm, check};
use modex_formats::pointer::{ArchitectureIndex, IndexFile, MAX_BYTES, Pointer};
use sha2::{Digest, Sha256};
use std::cell::OnceCell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file is not there.
    #[error("`{0}` is missing")]
    Absent(PathBuf),
    /// A file cannot be read.
    #[error("`{path}` cannot be read: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is not what it should be.
    #[error("`{path}` is {error}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: FormatError,
    },
    /// The repository has no index for an architecture.
    #[error("`{path}` names no index for {arch}")]
    Architecture {
        /// The pointer.
        path: PathBuf,
        /// The architecture.
        arch: String,
    },
}

/// The index that a pointer names for an architecture; that of `noarch`, where it stands alone, serves every one.
pub fn entry_for<'p>(pointer: &'p Pointer, arch: &str) -> Option<&'p ArchitectureIndex> {
    pointer.architectures.get(arch).or_else(|| pointer.architectures.get("noarch"))
}

/// The three files of one index. Warm and cold ones are opened when they are asked for.
pub struct OpenIndex {
    folder: PathBuf,
    entry: ArchitectureIndex,
    memory: Option<PathBuf>,
    hot: Mmap,
    warm: OnceCell<Mmap>,
    cold: OnceCell<Mmap>,
}

impl OpenIndex {
    /// Opens the index for an architecture by its pointer file, beside which its files lie. `memory` as in
    /// [`open`](OpenIndex::open). Whether the pointer is the one that repomd.xml names is the caller's to check.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn open_pointer(
        pointer: &Path,
        arch: &str,
        memory: Option<&Path>,
    ) -> Result<Self, OpenError> {
        let mut bytes = Vec::new();
        File::open(pointer)
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| io_error(pointer, error))?;
        let parsed = Pointer::parse(&bytes)
            .map_err(|error| OpenError::Format { path: pointer.to_owned(), error })?;
        let Some(entry) = entry_for(&parsed, arch) else {
            let (path, arch) = (pointer.to_owned(), arch.to_owned());
            return Err(OpenError::Architecture { path, arch });
        };
        Self::open(pointer.parent().unwrap_or(Path::new("")), entry, memory)
    }

    /// Opens the hot file of an index whose pointer lies in `folder`. `memory`: a folder where to remember which files
    /// were found whole; without one the whole file is checked every time, O(its size).
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn open(
        folder: &Path,
        entry: &ArchitectureIndex,
        memory: Option<&Path>,
    ) -> Result<Self, OpenError> {
        let hot = open_file(folder, &entry.hot, memory)?;
        let index = OpenIndex {
            folder: folder.to_owned(),
            entry: entry.clone(),
            memory: memory.map(Path::to_owned),
            hot,
            warm: OnceCell::new(),
            cold: OnceCell::new(),
        };
        index.hot()?;
        Ok(index)
    }

    /// What the pointer says of it.
    pub fn entry(&self) -> &ArchitectureIndex {
        &self.entry
    }

    fn wrap<T>(&self, file: &IndexFile, found: Result<T, FormatError>) -> Result<T, OpenError> {
        found.map_err(|error| OpenError::Format { path: self.folder.join(&file.name), error })
    }

    /// The hot file.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn hot(&self) -> Result<Hot<'_>, OpenError> {
        self.wrap(&self.entry.hot, Hot::open(&self.hot))
    }

    fn late<'s>(&self, cell: &'s OnceCell<Mmap>, file: &IndexFile) -> Result<&'s Mmap, OpenError> {
        if let Some(open) = cell.get() {
            return Ok(open);
        }
        let open = open_file(&self.folder, file, self.memory.as_deref())?;
        Ok(cell.get_or_init(|| open))
    }

    /// The warm file; it must have been made from what the hot one was made from.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn warm(&self) -> Result<Warm<'_>, OpenError> {
        let file = &self.entry.warm;
        let warm = self.wrap(file, Warm::open(self.late(&self.warm, file)?))?;
        let hot = self.hot()?;
        let belongs = warm.source == hot.source && warm.sizes.len() == hot.packages.len();
        self.wrap(file, if belongs { Ok(warm) } else { Err(stranger()) })
    }

    /// The cold file; it must have been made from what the hot one was made from.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn cold(&self) -> Result<Cold<'_>, OpenError> {
        let file = &self.entry.cold;
        let cold = self.wrap(file, Cold::open(self.late(&self.cold, file)?))?;
        let hot = self.hot()?;
        let belongs =
            cold.source == hot.source && cold.packages.len() as usize == hot.packages.len();
        self.wrap(file, if belongs { Ok(cold) } else { Err(stranger()) })
    }

    /// The packages, ids ascending, that own a path, or any path that a glob fits, among those that primary.xml lists:
    /// the cold file knows them. A glob reads all of them.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn path_owners(&self, path: &str) -> Result<Vec<u32>, OpenError> {
        let paths = self.cold()?.paths;
        if !path.contains(['*', '?', '[']) {
            return self.wrap(&self.entry.cold, paths.owners(path));
        }
        let Ok(pattern) = Pattern::new(path) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for record in paths.iter() {
            let record = self.wrap(&self.entry.cold, record)?;
            if pattern.matches(&record.path) {
                found.extend(record.packages);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

fn stranger() -> FormatError {
    FormatError::damaged("header", "made from another state of the repository than the hot file")
}

fn io_error(path: &Path, error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenError::Absent(path.to_owned()),
        _ => OpenError::Io { path: path.to_owned(), error },
    }
}

fn open_file(folder: &Path, file: &IndexFile, memory: Option<&Path>) -> Result<Mmap, OpenError> {
    let path = folder.join(&file.name);
    let wrong = |error: FormatError| OpenError::Format { path: path.clone(), error };
    let state = fs::metadata(&path).map_err(|error| io_error(&path, error))?;
    if state.len() != file.size {
        let what = format!("{} bytes long, the pointer says {}", state.len(), file.size);
        return Err(wrong(FormatError::damaged("length", what)));
    }
    let mapped = map(&path).map_err(|error| io_error(&path, error))?;
    let mark = mark(&path, &state);
    let known = memory.map(|memory| memory.join(&file.sha256));
    if let Some(known) = &known
        && fs::read_to_string(known).is_ok_and(|found| found == mark)
    {
        return Ok(mapped);
    }
    if format!("{:x}", Sha256::digest(&mapped[..])) != file.sha256 {
        return Err(wrong(FormatError::damaged(
            "digest",
            "the file's SHA-256 is not the one in the pointer",
        )));
    }
    check::whole(&mapped).map_err(wrong)?;
    if let Some(known) = &known {
        // Only saves work: whoever cannot write there checks again next time.
        let _ = known.parent().map(fs::create_dir_all);
        let _ = fs::write(known, mark);
    }
    Ok(mapped)
}

/// Size, time of change and place, as remembered.
fn mark(path: &Path, state: &fs::Metadata) -> String {
    let changed =
        state.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    format!("{} {} {}\n", state.len(), changed.map_or(0, |time| time.as_nanos()), path.display())
}
