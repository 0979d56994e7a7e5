//! Checksums made right again, without asking whether anything else is.

/// Length of the header and of one entry of the table of contents, from SPEC.md.
pub(crate) const HEADER: usize = 64;
pub(crate) const ENTRY: usize = 32;

/// Makes the checksum of the header right again.
pub(crate) fn seal_header(file: &mut [u8]) {
    if file.len() < HEADER {
        return;
    }
    let sections = u32::from_le_bytes(file[12..16].try_into().unwrap()) as usize;
    let Some(contents) = file.get(HEADER..HEADER.saturating_add(sections.saturating_mul(ENTRY)))
    else {
        return;
    };
    let mut crc = crc32fast::Hasher::new();
    crc.update(&file[..HEADER - 4]);
    crc.update(contents);
    let crc = crc.finalize().to_le_bytes();
    file[HEADER - 4..HEADER].copy_from_slice(&crc);
}

/// Makes the checksums of sections that are in the file, and of the header, right again.
pub(crate) fn seal(file: &mut [u8]) {
    if file.len() < HEADER {
        return;
    }
    let sections = u32::from_le_bytes(file[12..16].try_into().unwrap()) as usize;
    for entry in (0..sections).map(|number| HEADER + number * ENTRY) {
        let Some(row) = file.get(entry..entry + ENTRY) else { break };
        let number = |at: usize| u64::from_le_bytes(row[at..at + 8].try_into().unwrap()) as usize;
        let (start, length) = (number(8), number(16));
        let Some(section) = file.get(start..start.saturating_add(length)) else { continue };
        let crc = crc32fast::hash(section).to_le_bytes();
        file[entry + 24..entry + 28].copy_from_slice(&crc);
    }
    seal_header(file);
}
