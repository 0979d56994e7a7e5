//! Compressing packs of records, on as many threads as there are.

use crate::workers::Workers;
use modex_formats::index::FormatError;
use modex_formats::index::section::texts::{
    PackageText, PackageTextRef, Record, compress_block, compress_bytes, pack,
};
use std::sync::mpsc::{Receiver, Sender, channel};

/// zstd level of package texts, the bulk of all texts: level 6 takes three times as long for a tenth of the bytes.
const LEVEL: i32 = 3;

/// The block with this number, or why it could not be made; and its buffer, to be used again.
type Done = (usize, Result<Vec<u8>, FormatError>, Vec<u8>);

/// A pack of package texts that grows while packages stream by.
///
/// Full blocks are compressed by other threads; when too many of them wait, the calling thread does it itself. So memory
/// is bounded, and the outcome does not depend on who was faster.
pub(crate) struct TextPack<'w> {
    workers: &'w Workers,
    block: Vec<u8>,
    records: u32,
    blocks: Vec<Option<Vec<u8>>>,
    under_way: usize,
    spare: Vec<Vec<u8>>,
    sender: Sender<Done>,
    receiver: Receiver<Done>,
}

impl<'w> TextPack<'w> {
    pub(crate) fn new(workers: &'w Workers) -> Self {
        let (sender, receiver) = channel();
        let mut block = Vec::new();
        PackageTextRef::begin_block(&mut block);
        let (blocks, spare) = (Vec::new(), Vec::new());
        TextPack { workers, block, records: 0, blocks, under_way: 0, spare, sender, receiver }
    }

    /// Appends a record.
    pub(crate) fn push(&mut self, text: PackageTextRef<'_>) -> Result<(), FormatError> {
        text.append(&mut self.block);
        self.records += 1;
        match self.records.is_multiple_of(PackageText::PER_BLOCK) {
            true => self.end_block(PackageText::PER_BLOCK),
            false => Ok(()),
        }
    }

    fn end_block(&mut self, records: u32) -> Result<(), FormatError> {
        while let Ok(done) = self.receiver.try_recv() {
            self.accept(done)?;
        }
        PackageTextRef::end_block(&mut self.block, u64::from(records));
        let mut next = self.spare.pop().unwrap_or_default();
        PackageTextRef::begin_block(&mut next);
        let full = std::mem::replace(&mut self.block, next);
        let number = self.blocks.len();
        self.blocks.push(None);
        if self.under_way >= 4 * self.workers.jobs() {
            let packed = compress_bytes::<PackageText>(&full, LEVEL);
            self.under_way += 1;
            return self.accept((number, packed, full));
        }
        self.under_way += 1;
        let sender = self.sender.clone();
        self.workers.spawn(move || {
            let packed = compress_bytes::<PackageText>(&full, LEVEL);
            // Nobody listens any more where the work was given up.
            let _ = sender.send((number, packed, full));
        });
        Ok(())
    }

    fn accept(&mut self, (number, packed, buffer): Done) -> Result<(), FormatError> {
        self.blocks[number] = Some(packed?);
        self.under_way -= 1;
        self.spare.push(buffer);
        Ok(())
    }

    /// The section. Waits for the other threads, so it must not be one of them that waits: nobody is bound to do what a
    /// worker has put off.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, FormatError> {
        debug_assert!(rayon::current_thread_index().is_none(), "a worker waits for workers");
        let rest = self.records % PackageText::PER_BLOCK;
        if rest > 0 {
            self.end_block(rest)?;
        }
        while self.under_way > 0 {
            // Cannot be closed: one sender is our own.
            let Ok(done) = self.receiver.recv() else { break };
            self.accept(done)?;
        }
        let blocks: Vec<Vec<u8>> = self.blocks.into_iter().flatten().collect();
        Ok(pack::<PackageText>(self.records, &blocks))
    }
}

/// A pack of records that are all there.
pub(crate) fn pack_all<R: Record + Sync>(
    workers: &Workers,
    records: &[R],
) -> Result<Vec<u8>, FormatError> {
    let blocks: Vec<&[R]> = records.chunks(R::PER_BLOCK as usize).collect();
    let blocks: Result<Vec<_>, _> = workers.map(blocks, compress_block).into_iter().collect();
    Ok(pack::<R>(records.len() as u32, &blocks?))
}
