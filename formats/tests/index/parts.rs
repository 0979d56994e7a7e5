//! A file taken apart, to be changed and put together again with all checksums right.

use modex_formats::index::{File, FileBuilder, Kind, SourceDigest};

#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) kind: Kind,
    pub(crate) source: SourceDigest,
    pub(crate) sections: Vec<([u8; 4], Vec<u8>)>,
}

impl Parts {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let file = File::open(bytes).unwrap();
        let sections = file.sections().map(|(tag, _, bytes)| (tag, bytes.to_vec())).collect();
        Parts { kind: file.kind(), source: file.source(), sections }
    }

    pub(crate) fn section(&mut self, tag: &[u8; 4]) -> &mut Vec<u8> {
        &mut self.sections.iter_mut().find(|(found, _)| found == tag).unwrap().1
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = FileBuilder::new(self.kind, self.source);
        self.sections.iter().for_each(|(tag, bytes)| out.required(*tag, bytes.clone()));
        out.finish()
    }
}
