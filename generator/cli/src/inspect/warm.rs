//! A warm file.

use super::view::{Row, View};
use modex_formats::index::{FormatError, Warm};
use modex_generator::digest::hex;
use serde_json::json;

pub(crate) fn fill(view: &mut View, bytes: &[u8], rows: u32) -> Result<(), FormatError> {
    let warm = Warm::open(bytes)?;
    view.count("packages", warm.sizes.len());
    let count = warm.sizes.len().min(rows as usize) as u32;
    let rows = (0..count).map(|id| package(&warm, id)).collect::<Option<Vec<Row>>>();
    let lost = || FormatError::damaged("LOCP", "a package's row is out of range");
    view.rows("packages", rows.ok_or_else(lost)?);
    Ok(())
}

fn package(warm: &Warm<'_>, id: u32) -> Option<Row> {
    let (kind, digest) = warm.checksums.get(id)?;
    let (folder, file) = warm.locations.get(id)?;
    Some(vec![
        ("package", json!(format!("package {id}"))),
        ("download", json!(warm.sizes.download(id)?)),
        ("installed", json!(warm.sizes.installed(id)?)),
        ("checksum", json!(format!("{kind} {}", hex(digest)))),
        ("folder", json!(folder)),
        ("file", json!(file.unwrap_or("NAME-VERSION-RELEASE.ARCH.rpm"))),
    ])
}
