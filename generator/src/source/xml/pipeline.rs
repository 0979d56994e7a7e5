//! Reading the pieces of a document on several threads and delivering the results in document order.
//!
//! One thread decompresses and cuts, the calling thread delivers, and whoever of them has to wait for the others reads
//! a piece meanwhile; further threads only read pieces. So `jobs` threads are busy, however the work is distributed,
//! and no thread is started for `jobs` = 1. The threads wait for each other, which rayon's workers must not, hence
//! plain threads.

use super::cut::{Cutter, Piece};
use super::head::Head;
use super::scan::Flaw;
use super::{newlines, text};
use crate::source::{Error, Fault, Limits, Opened, Problem, Report, Severity};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Bytes of a piece, roughly: large enough that handing it over costs nothing, small enough for the caches.
pub(crate) const PIECE_BYTES: usize = 1 << 20;

/// More threads than this never help: one thread decompresses.
const MOST_JOBS: usize = 64;

/// How the pieces of one kind of document are read.
pub(crate) trait PieceReader: Sync {
    /// What a piece is read into; reused from piece to piece.
    type Rows: Send + Default;

    /// Reads a piece into cleared rows. Lines in the report count from 1 at the start of the piece. Returns the number
    /// of packages, dropped ones included.
    fn read(
        &self,
        piece: &PieceText,
        rows: &mut Self::Rows,
        report: &mut Report,
    ) -> Result<u64, Box<Flaw>>;

    /// Gives the text of the piece to its rows.
    fn keep(rows: &mut Self::Rows, text: String);

    /// Clears rows and takes the buffer of the text out of them, for the next pieces.
    fn recycle(rows: &mut Self::Rows) -> Vec<u8>;
}

/// A piece as text.
pub(crate) struct PieceText {
    /// The text, one byte for each byte of the document.
    pub(crate) text: String,
    /// Where bytes stood that XML does not allow; `?` stands there now.
    pub(crate) spoilt: Vec<std::ops::Range<usize>>,
    /// Whether it is what follows the last package.
    pub(crate) tail: bool,
}

/// How the work is done.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) jobs: usize,
    pub(crate) piece_bytes: usize,
    pub(crate) limits: &'a Limits,
}

/// A read piece.
struct Read<R> {
    rows: R,
    report: Report,
    lines: u64,
    packages: u64,
}

/// A fault and its line inside the piece, from 1.
type PieceFault = (u64, Fault);

/// What a whole document came to.
pub(crate) struct Total {
    /// Packages in the document, dropped ones included.
    pub(crate) packages: u64,
}

/// Reads a document piece by piece. `deliver` gets the rows of each piece in document order, with the number of lines
/// before the piece; it is called on the calling thread.
pub(crate) fn run<P, E>(
    opened: &mut Opened<'_>,
    root: &str,
    plan: Plan<'_>,
    report: &mut Report,
    reader: impl FnOnce(&Head) -> P,
    mut deliver: impl FnMut(&mut P::Rows, u64) -> Result<(), E>,
) -> Result<Total, E>
where
    P: PieceReader,
    E: From<Error>,
{
    let document = opened.document().to_string();
    let fail = |line, fault| E::from(Error::new(&document, line, fault));
    let (cutter, head) = Cutter::open(opened, root, plan.piece_bytes, plan.limits)
        .map_err(|(line, fault)| fail((line > 0).then_some(line), fault))?;
    let reader = reader(&head);
    let plan = Plan { jobs: plan.jobs.min(MOST_JOBS), ..plan };
    let work = Work { reader: &reader, plan };
    let mut lines = head.lines;
    let mut total = Total { packages: 0 };
    let mut accept = |outcome: Result<Read<P::Rows>, PieceFault>| -> Result<P::Rows, E> {
        let mut read =
            outcome.map_err(|(line, fault)| fail((line > 0).then_some(lines + line), fault))?;
        read.report.shift_lines(lines);
        for problem in &mut read.report.problems {
            problem.document.clone_from(&document);
        }
        report.append(read.report);
        total.packages += read.packages;
        if total.packages > plan.limits.packages {
            let limit = plan.limits.packages;
            return Err(fail(None, Fault::Limit { what: "the number of packages", limit }));
        }
        deliver(&mut read.rows, lines)?;
        lines += read.lines;
        Ok(read.rows)
    };
    if plan.jobs < 2 {
        work.alone(cutter, &mut accept)?
    } else {
        work.together(cutter, &mut accept)?
    }
    if let Some(stated) = head.packages.filter(|stated| *stated != total.packages) {
        report.add(Problem {
            severity: Severity::Doubted,
            document,
            line: Some(1),
            column: None,
            subject: format!("<{}>", head.root),
            what: format!("it announces {stated} packages and has {}", total.packages),
        });
    }
    Ok(total)
}

struct Work<'w, P> {
    reader: &'w P,
    plan: Plan<'w>,
}

/// What the threads share.
struct State<R> {
    /// Cut, not yet taken.
    waiting: VecDeque<(u64, Piece)>,
    /// Read, not yet delivered.
    read: BTreeMap<u64, Result<Read<R>, PieceFault>>,
    /// How many pieces were cut and delivered, and the bytes of each that was cut and not delivered.
    cut: u64,
    delivered: u64,
    under_way: VecDeque<usize>,
    /// Nothing more will be cut.
    ended: bool,
    /// Everyone go home.
    stopped: bool,
    spare_buffers: Vec<Vec<u8>>,
    spare_rows: Vec<R>,
}

struct Shared<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
}

impl<R> Shared<R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        // Nothing that can panic happens under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<R>>) -> MutexGuard<'s, State<R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends the other threads home when its own thread leaves early, by a panic too.
struct StopOnDrop<'s, R>(&'s Shared<R>);

impl<R> Drop for StopOnDrop<'_, R> {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.changed.notify_all();
    }
}

impl<P: PieceReader> Work<'_, P> {
    fn read_piece(&self, piece: Piece, mut rows: P::Rows) -> Result<Read<P::Rows>, PieceFault> {
        let mut report = Report::new(self.plan.limits.problems);
        let (bytes, tail) = match piece {
            Piece::Body(bytes) => (bytes, false),
            Piece::Tail(bytes) => (bytes, true),
            Piece::Oversized { lines } => {
                let limit = self.plan.limits.package_bytes as u64;
                report.add(Problem {
                    severity: Severity::Dropped,
                    document: String::new(),
                    line: Some(1),
                    column: None,
                    subject: "a package".into(),
                    what: Fault::Limit { what: "its size", limit }.to_string(),
                });
                return Ok(Read { rows, report, lines, packages: 1 });
            }
        };
        let lines = newlines(&bytes);
        let (text, spoilt) = text::sanitize(bytes);
        let piece = PieceText { text, spoilt, tail };
        match self.reader.read(&piece, &mut rows, &mut report) {
            Ok(packages) => {
                P::keep(&mut rows, piece.text);
                Ok(Read { rows, report, lines, packages })
            }
            Err(flaw) => {
                let before = &piece.text.as_bytes()[..flaw.at.min(piece.text.len())];
                Err((1 + newlines(before), flaw.fault))
            }
        }
    }

    fn alone<I, E>(
        &self,
        mut cutter: Cutter<I>,
        accept: &mut impl FnMut(Result<Read<P::Rows>, PieceFault>) -> Result<P::Rows, E>,
    ) -> Result<(), E>
    where
        I: std::io::Read,
    {
        let mut buffer = Vec::new();
        let mut rows = P::Rows::default();
        loop {
            match cutter.next(std::mem::take(&mut buffer)) {
                Ok(None) => return Ok(()),
                Ok(Some(piece)) => {
                    rows = accept(self.read_piece(piece, std::mem::take(&mut rows)))?;
                    buffer = P::recycle(&mut rows);
                }
                Err(error) => {
                    accept(Err((0, error.into())))?;
                }
            }
        }
    }

    fn together<I, E>(
        &self,
        cutter: Cutter<I>,
        accept: &mut impl FnMut(Result<Read<P::Rows>, PieceFault>) -> Result<P::Rows, E>,
    ) -> Result<(), E>
    where
        I: std::io::Read + Send,
    {
        let shared = Shared {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                read: BTreeMap::new(),
                cut: 0,
                delivered: 0,
                under_way: VecDeque::new(),
                ended: false,
                stopped: false,
                spare_buffers: Vec::new(),
                spare_rows: Vec::new(),
            }),
            changed: Condvar::new(),
        };
        thread::scope(|scope| {
            let _stop = StopOnDrop(&shared);
            scope.spawn(|| self.cut(cutter, &shared));
            for _ in 2..self.plan.jobs {
                scope.spawn(|| self.help(&shared));
            }
            self.deliver(&shared, accept)
        })
    }

    /// Cuts pieces as long as few enough are under way, else reads one. Large ones count as many, so that packages as
    /// large as they may be do not fill the memory.
    fn cut(&self, mut cutter: Cutter<impl std::io::Read>, shared: &Shared<P::Rows>) {
        let most_pieces = 2 * self.plan.jobs + 1;
        let most_bytes = most_pieces * self.plan.piece_bytes;
        let mut state = shared.lock();
        while !state.stopped && !state.ended {
            let pieces = state.under_way.len();
            if pieces >= most_pieces || state.under_way.iter().sum::<usize>() > most_bytes {
                state = self.read_one_or_wait(shared, state);
                continue;
            }
            let buffer = state.spare_buffers.pop().unwrap_or_default();
            drop(state);
            let piece = {
                let _stop = StopOnPanic(shared);
                cutter.next(buffer)
            };
            state = shared.lock();
            match piece {
                Ok(None) => state.ended = true,
                Ok(Some(piece)) => {
                    let number = state.cut;
                    state.under_way.push_back(piece.bytes());
                    state.waiting.push_back((number, piece));
                    state.cut += 1;
                }
                Err(error) => {
                    let number = state.cut;
                    state.under_way.push_back(0);
                    state.read.insert(number, Err((0, error.into())));
                    state.cut += 1;
                    state.ended = true;
                }
            }
            shared.changed.notify_all();
        }
        drop(state);
        self.help(shared);
    }

    /// Reads pieces until there will be no more.
    fn help(&self, shared: &Shared<P::Rows>) {
        let mut state = shared.lock();
        loop {
            let nothing_left = state.ended && state.waiting.is_empty();
            if state.stopped || nothing_left {
                return;
            }
            state = self.read_one_or_wait(shared, state);
        }
    }

    /// Delivers pieces in order, reads one where the next is not there yet.
    fn deliver<E>(
        &self,
        shared: &Shared<P::Rows>,
        accept: &mut impl FnMut(Result<Read<P::Rows>, PieceFault>) -> Result<P::Rows, E>,
    ) -> Result<(), E> {
        let mut state = shared.lock();
        loop {
            let number = state.delivered;
            if let Some(outcome) = state.read.remove(&number) {
                drop(state);
                let mut rows = accept(outcome)?;
                let buffer = P::recycle(&mut rows);
                state = shared.lock();
                state.delivered += 1;
                state.under_way.pop_front();
                state.spare_buffers.push(buffer);
                state.spare_rows.push(rows);
                shared.changed.notify_all();
            } else if state.stopped || (state.ended && state.delivered == state.cut) {
                return Ok(());
            } else {
                state = self.read_one_or_wait(shared, state);
            }
        }
    }

    fn read_one_or_wait<'s>(
        &self,
        shared: &'s Shared<P::Rows>,
        mut state: MutexGuard<'s, State<P::Rows>>,
    ) -> MutexGuard<'s, State<P::Rows>> {
        let Some((number, piece)) = state.waiting.pop_front() else {
            return shared.wait(state);
        };
        let rows = state.spare_rows.pop().unwrap_or_default();
        drop(state);
        let outcome = {
            let _stop = StopOnPanic(shared);
            self.read_piece(piece, rows)
        };
        let mut state = shared.lock();
        state.read.insert(number, outcome);
        shared.changed.notify_all();
        state
    }
}

/// Sends the other threads home when its own thread panics; the panic itself is passed on by the scope.
struct StopOnPanic<'s, R>(&'s Shared<R>);

impl<R> Drop for StopOnPanic<'_, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            drop(StopOnDrop(self.0));
        }
    }
}
