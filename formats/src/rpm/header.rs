//! A header, as rpm's database and package files keep it: an index of tags and the data they point into. Nothing of it is
//! trusted; every look-up is checked. The `rpm` crate reads headers of files only, and panics on a hostile one.

use std::borrow::Cow;
use std::ffi::CStr;

/// More tags than this, or more data, and rpm takes a header for damaged.
const MAX_TAGS: usize = 0xffff;
const MAX_DATA: usize = 0x0fff_ffff;

const MODULARITY_LABEL: u32 = 5096;

/// A header.
pub struct Header<'a> {
    index: &'a [[u8; 16]],
    data: &'a [u8],
}

/// Why a header cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The sizes at its beginning do not go with its length.
    #[error("it is cut short or no header")]
    Sizes,
    /// A tag points out of it, or is of another kind than it should be.
    #[error("tag {0} is damaged")]
    Tag(u32),
    /// A tag that every package has is not there.
    #[error("tag {0} is missing")]
    Missing(u32),
    /// Paths or dependencies of an absurd size altogether.
    #[error("tag {0} stands for more than a package can have")]
    TooMuch(u32),
}

impl<'a> Header<'a> {
    /// Reads the sizes: number of tags and bytes of data, then the tags of 16 bytes each, then the data.
    ///
    /// # Errors
    /// The sizes do not go with the length.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, HeaderError> {
        let (sizes, rest) = bytes.split_at_checked(8).ok_or(HeaderError::Sizes)?;
        let (tags, data) = (word(sizes, 0) as usize, word(sizes, 4) as usize);
        if tags > MAX_TAGS || data > MAX_DATA {
            return Err(HeaderError::Sizes);
        }
        let (index, rest) = rest.split_at_checked(tags * 16).ok_or(HeaderError::Sizes)?;
        let (index, _) = index.as_chunks::<16>();
        Ok(Header { index, data: rest.get(..data).ok_or(HeaderError::Sizes)? })
    }

    /// The data from where a tag points, and the number of its items; the last of several entries counts, as in rpm. `None` where the
    /// tag is not there, or is of none of `kinds`.
    fn find(&self, tag: u32, kinds: &[u32]) -> Result<Option<(&'a [u8], usize)>, HeaderError> {
        let Some(entry) = self.index.iter().rfind(|entry| word(&entry[..], 0) == tag) else {
            return Ok(None);
        };
        let [kind, offset, count] = [4, 8, 12].map(|at| word(&entry[..], at));
        if !kinds.contains(&kind) {
            return Err(HeaderError::Tag(tag));
        }
        let data = self.data.get(offset as usize..).ok_or(HeaderError::Tag(tag))?;
        Ok(Some((data, count as usize)))
    }

    /// A text; the first where there are several. Bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// The tag is damaged.
    pub fn text(&self, tag: u32) -> Result<Option<String>, HeaderError> {
        let Some((data, _)) = self.find(tag, &[6, 8, 9])? else { return Ok(None) };
        let text = Texts { data, left: 1 }.next().ok_or(HeaderError::Tag(tag))?;
        Ok(Some(lossy(text).into_owned()))
    }

    /// A list of texts, empty where the tag is not there.
    ///
    /// # Errors
    /// The tag is damaged.
    pub fn texts(&self, tag: u32) -> Result<Texts<'a>, HeaderError> {
        match self.find(tag, &[6, 8])? {
            None => Ok(Texts { data: &[], left: 0 }),
            // Each takes a byte at least.
            Some((data, count)) if count <= data.len() => Ok(Texts { data, left: count }),
            Some(_) => Err(HeaderError::Tag(tag)),
        }
    }

    /// A list of numbers of 32 bits, empty where the tag is not there.
    ///
    /// # Errors
    /// The tag is damaged.
    pub fn numbers(
        &self,
        tag: u32,
    ) -> Result<impl ExactSizeIterator<Item = u32> + use<'a>, HeaderError> {
        let (data, count) = self.find(tag, &[4])?.unwrap_or_default();
        let data = data.get(..count.saturating_mul(4)).ok_or(HeaderError::Tag(tag))?;
        Ok(data.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes)))
    }

    /// The first number of a list of 32-bit numbers.
    ///
    /// # Errors
    /// The tag is damaged.
    pub fn number(&self, tag: u32) -> Result<Option<u32>, HeaderError> {
        Ok(self.numbers(tag)?.next())
    }

    /// The first number of a list of 64-bit numbers.
    ///
    /// # Errors
    /// The tag is damaged.
    pub fn long(&self, tag: u32) -> Result<Option<u64>, HeaderError> {
        let Some((data, _)) = self.find(tag, &[5])? else { return Ok(None) };
        let bytes = data.first_chunk().ok_or(HeaderError::Tag(tag))?;
        Ok(Some(u64::from_be_bytes(*bytes)))
    }

    /// The module that a package was built for, `NAME:STREAM:VERSION:CONTEXT`; an empty label is none.
    ///
    /// # Errors
    /// The tag is damaged.
    pub fn modularity_label(&self) -> Result<Option<String>, HeaderError> {
        Ok(self.text(MODULARITY_LABEL)?.filter(|label| !label.is_empty()))
    }

    /// Whether a tag is there.
    pub fn has(&self, tag: u32) -> bool {
        self.index.iter().any(|entry| word(&entry[..], 0) == tag)
    }
}

/// Texts in a row, each ended by a zero. It ends early where the data does: who needs all of them counts.
pub struct Texts<'a> {
    data: &'a [u8],
    left: usize,
}

impl Texts<'_> {
    /// How many texts the index promises.
    pub fn promised(&self) -> usize {
        self.left
    }
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.left = self.left.checked_sub(1)?;
        let text = CStr::from_bytes_until_nul(self.data).ok()?.to_bytes();
        self.data = &self.data[text.len() + 1..];
        Some(text)
    }
}

/// Bytes as text, what is not UTF-8 replaced. Nearly everything is, and is found so at once.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// A big-endian number; 0 where the bytes end before it.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of `(tag, kind, offset, count)` entries and data.
    fn header(index: &[[u32; 4]], data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend((index.len() as u32).to_be_bytes());
        bytes.extend((data.len() as u32).to_be_bytes());
        index.as_flattened().iter().for_each(|number| bytes.extend(number.to_be_bytes()));
        bytes.extend(data);
        bytes
    }

    #[test]
    fn tags() {
        let data = b"a\0b\0\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0\x03";
        let bytes =
            header(&[[1, 6, 0, 1], [2, 8, 0, 3], [3, 4, 4, 2], [4, 5, 12, 1], [1, 6, 2, 1]], data);
        let header = Header::parse(&bytes).unwrap();
        assert_eq!(header.text(1).unwrap().as_deref(), Some("b"), "the last one counts");
        assert_eq!(header.texts(2).unwrap().collect::<Vec<_>>(), [&b"a"[..], b"b", b""]);
        assert_eq!(header.numbers(3).unwrap().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(
            (header.long(4), header.number(9), header.text(9)),
            (Ok(Some(3)), Ok(None), Ok(None))
        );
    }

    #[test]
    fn damage() {
        for bytes in
            [&b""[..], b"\0\0\0\0\0\0\0", &[0xff; 64], &header(&[[1, 6, 0, 1]], b"a")[..24]]
        {
            assert_eq!(Header::parse(bytes).err(), Some(HeaderError::Sizes));
        }
        let bytes = header(
            &[
                [1, 6, 9, 1],
                [2, 6, 0, 1],
                [3, 4, 0, u32::MAX],
                [4, 5, 0, 1],
                [5, 8, 0, 4],
                [6, 7, 0, 1],
            ],
            b"abc",
        );
        let header = Header::parse(&bytes).unwrap();
        assert_eq!(header.text(1), Err(HeaderError::Tag(1)), "out of the data");
        assert_eq!(header.text(2), Err(HeaderError::Tag(2)), "no end");
        assert_eq!(header.number(3), Err(HeaderError::Tag(3)), "too many");
        assert_eq!(header.long(4), Err(HeaderError::Tag(4)), "too short");
        assert!(header.texts(5).is_err() && header.text(6).is_err());
    }
}
