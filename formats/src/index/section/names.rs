//! `NAMS`: every text that has an id, as [`Strings`] sorted bytewise, none twice: package names, capabilities, asked
//! paths, architectures, and the names, streams and contexts of modules. Ids are ranks, so ids compare like names.

use crate::index::{File, FileBuilder, FormatError, Strings, StringsBuilder};

/// Tag of the section.
pub const TAG: [u8; 4] = *b"NAMS";

pub(crate) fn open<'a>(file: &File<'a>) -> Result<Strings<'a>, FormatError> {
    Strings::open(TAG, file.section(TAG)?)
}

pub(crate) fn write<'t>(names: impl IntoIterator<Item = &'t str>, file: &mut FileBuilder) {
    file.required(TAG, names.into_iter().collect::<StringsBuilder>().finish());
}

pub(crate) fn check(names: &Strings<'_>) -> Result<(), FormatError> {
    names.check(TAG)?;
    names.check_sorted(TAG)
}
