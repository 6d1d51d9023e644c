//! The pipeline, and nothing else: discover, read, extract, analyse, judge, in this order. Threads live here.

mod again;
mod artifact;
mod assembly;
mod exposed;
mod feed;
mod lookouts;
mod lost;
mod originals;
mod package;
mod path_bytes;
mod readers;
mod seats;
mod sweep;

pub use crate::discover::{DiscoverError, FileList, Selection};
pub use crate::judge::Judging;
pub use artifact::{ReadArtifact, Task, judge_file, read_artifacts, unjudged};
pub use lookouts::{Lookouts, unseal};
pub use originals::{files, marked_passages, register};
pub use package::{PackageRules, manifest_path};

use crate::discover::{Discovery, Entry, PackageSite};
use crate::model::{ArtifactReport, Facts, PackageReport, Release, Summary};
use crate::rules::{Ruleset, Scratch};
use assembly::Assembly;
use feed::Feed;
use miette::Diagnostic;
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use thiserror::Error;

/// Tasks waiting for a seat.
const WAITING_TASKS: usize = 64;

/// Judges files: in this process, or wherever an implementation likes.
pub trait Judge: Sync {
    /// A place to work for one thread.
    fn seat(&self) -> Box<dyn Seat + '_>;

    /// Judges a package as a whole, once all of its files are judged: may add findings and notices and change those
    /// there are. The verdict is reached afterwards.
    fn package(&self, _report: &mut PackageReport, _facts: &Facts) {}

    /// For whom and for what a package goes out, if that is known.
    fn release(&self, _package: &str) -> Option<Release> {
        None
    }
}

/// What one thread judges with.
pub trait Seat {
    /// Judges one file. Never fails: what went wrong is a notice.
    fn judge(&mut self, task: &Task) -> ArtifactReport;
}

/// Takes what comes of a run.
pub trait Sink {
    /// One package, in path order. An error ends the run.
    fn package(&mut self, report: PackageReport) -> io::Result<()>;
    /// How many files have been judged so far.
    fn progress(&mut self, _judged: usize) {}
}

/// Why a run ended early.
#[derive(Debug, Error, Diagnostic)]
pub enum ScanError {
    /// The caller's: nothing to judge, or not what was meant.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Discover(#[from] DiscoverError),
    /// The system's: no threads.
    #[error("cannot start {threads} threads: {reason}")]
    #[diagnostic(code(obstat::scan::threads), help("Try a smaller `--threads`."))]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system says.
        reason: String,
    },
    /// The report could not be written.
    #[error("cannot write the report: {0}")]
    #[diagnostic(
        code(obstat::scan::report),
        help("Nothing can be said of the packages that are missing from it; run obstat again.")
    )]
    Report(io::Error),
}

/// Judges in this process. A file that overflows the stack or eats all memory takes the process with it.
pub struct InProcess<'a> {
    /// The rules.
    pub ruleset: &'a Ruleset,
    /// How hits become findings.
    pub judging: Judging,
    /// What is looked for beside the rules.
    pub lookouts: Lookouts,
}

impl Judge for InProcess<'_> {
    fn seat(&self) -> Box<dyn Seat + '_> {
        Box::new(InProcessSeat { judge: self, scratch: Scratch::default() })
    }
}

struct InProcessSeat<'a> {
    judge: &'a InProcess<'a>,
    scratch: Scratch,
}

impl Seat for InProcessSeat<'_> {
    fn judge(&mut self, task: &Task) -> ArtifactReport {
        judge_file(
            task,
            self.judge.ruleset,
            &self.judge.lookouts,
            &mut self.scratch,
            &self.judge.judging,
        )
    }
}

/// A package before it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagePlace {
    /// Its name in reports.
    pub name: String,
    /// Its folder; for a PATH that is a file, the file.
    pub path: PathBuf,
}

/// The packages of a selection, in path order, for who has to look into their folders before the run. A folder above
/// the package depth is among them even where it turns out to have no files of its own.
pub fn packages(selection: &Selection) -> Result<Vec<PackagePlace>, DiscoverError> {
    let discovery = Discovery::new(selection)?;
    let place =
        |site: &PackageSite| PackagePlace { name: site.name.clone(), path: site.folder.clone() };
    Ok(discovery.sites().iter().map(place).collect())
}

/// What reaches the thread that puts packages together.
enum Event {
    /// The next package, with everything in it but the files that are still to be judged.
    Listed { name: String, files: usize, rest: Vec<Entry> },
    /// A file of the package of that number.
    Judged { package: usize, task: Task, report: Box<ArtifactReport> },
    /// No package will follow.
    Refused(DiscoverError),
}

/// Judges every package of the selection on `threads` threads and hands them to the sink in path order.
pub fn scan(
    selection: &Selection,
    threads: usize,
    judge: &dyn Judge,
    sink: &mut dyn Sink,
) -> Result<Summary, ScanError> {
    let discovery = Discovery::new(selection)?;
    let threads = threads.max(1);
    // One more for the thread that lists files.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads + 1).build();
    let pool = pool.map_err(|error| ScanError::Threads { threads, reason: error.to_string() })?;
    let (events, arrivals) = channel();
    let (tasks, queue) = sync_channel(WAITING_TASKS);
    let (queue, stop) = (Mutex::new(queue), AtomicBool::new(false));
    let feed = &Feed::new(&discovery, judge);
    pool.in_place_scope(|scope| {
        for _ in 0..threads {
            let (events, queue, stop) = (events.clone(), &queue, &stop);
            scope.spawn(move |_| serve(judge.seat(), queue, &events, stop));
        }
        scope.spawn(move |_| feed.run(&tasks, &events));
        let result = assemble(&arrivals, feed, judge, threads, sink);
        stop.store(true, Ordering::Relaxed);
        feed.stop();
        result
    })
}

/// One seat: takes files until there are none left.
fn serve(
    mut seat: Box<dyn Seat + '_>,
    queue: &Mutex<Receiver<(usize, Task)>>,
    events: &Sender<Event>,
    stop: &AtomicBool,
) {
    loop {
        let next = queue.lock().map(|queue| queue.recv());
        let Ok(Ok((package, task))) = next else { return };
        // After a stop the queue is only emptied, so that the feeding thread does not wait for room.
        if !stop.load(Ordering::Relaxed) {
            let report = Box::new(seat.judge(&task));
            if events.send(Event::Judged { package, task, report }).is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Puts packages together as events arrive, and hands over each when it and all before it are done.
fn assemble(
    arrivals: &Receiver<Event>,
    feed: &Feed<'_>,
    judge: &dyn Judge,
    threads: usize,
    sink: &mut dyn Sink,
) -> Result<Summary, ScanError> {
    let (mut assembly, mut judged) = (Assembly::new(threads), 0);
    for event in arrivals {
        match event {
            Event::Listed { name, files, rest } => assembly.open(&name, files, rest),
            Event::Judged { package, task, report } => {
                assembly.add(package, task, *report);
                judged += 1;
                sink.progress(judged);
            }
            Event::Refused(error) => return Err(error.into()),
        }
        while let Some((report, files)) = assembly.next_done(judge) {
            feed.release(files);
            sink.package(report).map_err(ScanError::Report)?;
        }
    }
    Ok(assembly.summary)
}

#[cfg(test)]
mod tests;
