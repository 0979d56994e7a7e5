//! The deep check: everything that opening a file does not prove. O(bytes), once per file and cache.

use super::section::names;
use super::{Cold, File, FormatError, Hot, Kind, Warm};

/// Checks a file of any kind: checksums of all sections, every id in range, every order, every text UTF-8.
///
/// After it, accessors of the same bytes give an answer for every id in range.
///
/// # Errors
/// The first thing that does not hold.
pub fn whole(bytes: &[u8]) -> Result<Kind, FormatError> {
    let file = File::open(bytes)?;
    match file.kind() {
        Kind::Hot => hot(&file, &Hot::open(bytes)?)?,
        Kind::Warm => warm(&file, &Warm::open(bytes)?)?,
        Kind::Cold => cold(&file, &Cold::open(bytes)?)?,
    }
    Ok(file.kind())
}

fn hot(file: &File<'_>, hot: &Hot<'_>) -> Result<(), FormatError> {
    plain_hot(file, hot)?;
    // One level deep: `module_solvables` refuses an inner file that has an inner file.
    if let (Some(solvables), Some(inner)) = (hot.solvables, hot.module_solvables()?) {
        plain_hot(&File::open(solvables.bytes())?, &inner)?;
        solvables.check(&inner, hot)?;
    }
    Ok(())
}

fn plain_hot(file: &File<'_>, hot: &Hot<'_>) -> Result<(), FormatError> {
    file.check_bytes()?;
    names::check(&hot.names)?;
    hot.evrs.check()?;
    let (names, evrs) = (hot.names.len(), hot.evrs.len());
    hot.packages.check(names, evrs)?;
    hot.reldeps.check(names, evrs)?;
    hot.relations.check(&hot.reldeps, &hot.packages)?;
    hot.reverse.check(&hot.names, &hot.packages, &hot.reldeps, &hot.relations)?;
    hot.modules.check(names)?;
    hot.intents.check(names, |module| hot.modules.has_defaults(module))?;
    hot.obsoletes.check(names)?;
    hot.artifacts.check(&hot.names, evrs, hot.modules.len(), &hot.packages)?;
    hot.orphans.check(hot.packages.len(), &hot.artifacts)?;
    hot.installing.check(&hot.relations)
}

fn warm(file: &File<'_>, warm: &Warm<'_>) -> Result<(), FormatError> {
    file.check_bytes()?;
    warm.sizes.check()?;
    warm.checksums.check(warm.sizes.len())?;
    warm.locations.check(warm.sizes.len())
}

fn cold(file: &File<'_>, cold: &Cold<'_>) -> Result<(), FormatError> {
    file.check_bytes()?;
    let packages = cold.packages.len();
    cold.packages.check(|_, _| true)?;
    cold.modules.check(|_, _| true)?;
    if let Some(builds) = cold.builds {
        builds.check(|_, _| true)?;
        if builds.len() != cold.modules.len() {
            return Err(FormatError::damaged("MBLD", "not one record a document"));
        }
    }
    if let Some(translations) = cold.translations {
        if translations.is_empty() {
            return Err(FormatError::damaged("MTRN", "a section without records"));
        }
        let mut before = None;
        translations.check(|_, record| {
            let key = Some((record.module.clone(), record.stream.clone()));
            let sorted = before < key;
            before = key;
            sorted
        })?;
    }
    let mut before = String::new();
    cold.groups.check(|id, group| {
        let sorted = id == 0 || before < group.id;
        before.clone_from(&group.id);
        sorted
    })?;
    cold.paths.check(|id, owners| {
        let sorted = id == 0 || before < owners.path;
        before.clone_from(&owners.path);
        sorted
            && owners.packages.is_sorted_by(|a, b| a < b)
            && owners.packages.iter().all(|package| *package < packages)
    })
}
