//! Module documents by themselves as a hot file: what a system keeps of them has no packages beside it.

use super::Modules;
use crate::lower::modules;
use modex_formats::index::{BuildError, FormatError, HotBuilder};

/// Why documents cannot be put into a hot file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HotError {
    /// They are more than the format holds.
    #[error(transparent)]
    TooMuch(#[from] BuildError),
    /// What was built is not sound.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// A hot file of nothing but these documents. Its source digest is all zeros: no repository is behind it.
///
/// # Errors
/// Where the format cannot hold them.
pub fn hot_file(documents: &Modules) -> Result<Vec<u8>, HotError> {
    let mut builder = HotBuilder::default();
    modules::modules(documents, &mut builder)?;
    Ok(builder.finish()?.to_bytes([0; 32])?)
}
