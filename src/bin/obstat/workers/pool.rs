//! The parent's side: one worker a thread, started when it is first needed, replaced when it dies.

use super::watchdog::Watched;
use super::{Setup, frame};
use obstat::model::{ArtifactReport, Facts, Notice, NoticeCode, PackageReport, Release};
use obstat::read::budget::KILL_TIME;
use obstat::rules::Catalogue;
use obstat::scan::{Judge, PackageRules, Seat, Task, unjudged};
use obstat::suppress::{Complaint, Suppressions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// How much of a dead worker's standard error is looked at. It is never shown.
const LAST_WORDS: u64 = 4096;

/// Judges files in worker processes.
pub(crate) struct Workers {
    program: PathBuf,
    setup: Setup,
    packages: PackageRules,
    /// Those that nobody needs for now, the one that was started ahead of need among them.
    idle: Mutex<Vec<Worker>>,
}

/// A worker that is started as soon as it is known how to judge, and gets the rules ready while the parent looks for
/// files. Both need to know of the rules; so that they are read only once, it tells the parent.
pub(crate) struct First(Worker);

impl First {
    /// Starts it; none where that fails, which is told when there is a file to judge.
    pub(crate) fn start(setup: &Setup) -> Option<Self> {
        let program = std::env::current_exe().ok()?;
        let setup = Setup { catalogue: true, ..setup.clone() };
        Worker::start(&program, &setup).ok().map(Self)
    }

    /// What reports need to know of the rules; none where it died over them.
    pub(crate) fn catalogue(&mut self) -> Option<Catalogue> {
        self.0.hear()
    }
}

impl Workers {
    /// Workers that run this same program.
    pub(crate) fn new(
        setup: Setup,
        packages: PackageRules,
        first: Option<First>,
    ) -> io::Result<Self> {
        let idle = Mutex::new(first.into_iter().map(|First(worker)| worker).collect());
        Ok(Self { program: std::env::current_exe()?, setup, packages, idle })
    }
}

impl Workers {
    /// The suppressions that fitted nothing, where no report says so.
    pub(crate) fn unused_suppressions(&self) -> Vec<Complaint> {
        let told = self.packages.alone;
        let suppressions = self.packages.suppressions.as_ref().filter(|_| !told);
        suppressions.map(Suppressions::unused).unwrap_or_default()
    }
}

impl Judge for Workers {
    fn seat(&self) -> Box<dyn Seat + '_> {
        Box::new(WorkerSeat { workers: self, worker: None })
    }

    fn package(&self, report: &mut PackageReport, facts: &Facts) {
        self.packages.apply(report, facts);
    }

    fn release(&self, package: &str) -> Option<Release> {
        self.packages.release(package)
    }
}

struct WorkerSeat<'a> {
    workers: &'a Workers,
    worker: Option<Worker>,
}

impl Seat for WorkerSeat<'_> {
    fn judge(&mut self, task: &Task) -> ArtifactReport {
        let mut worker = match self.told(task) {
            Ok(worker) => worker,
            Err(error) => {
                let message = format!("No worker process could be started: {}.", error.kind());
                return unjudged(task, Notice::blocking(NoticeCode::Crashed, message));
            }
        };
        if let Some(report) = worker.answer() {
            self.worker = Some(worker);
            report
        } else {
            unjudged(task, worker.cause_of_death())
        }
    }
}

impl WorkerSeat<'_> {
    /// A worker that knows of the file. One that died while it had nothing to do died of something else, so the
    /// file goes to a new one.
    fn told(&mut self, task: &Task) -> io::Result<Worker> {
        if let Some(mut worker) = self.worker.take()
            && worker.tell(task).is_ok()
        {
            return Ok(worker);
        }
        let idle = self.workers.idle.lock().ok().and_then(|mut idle| idle.pop());
        if let Some(mut worker) = idle
            && worker.tell(task).is_ok()
        {
            return Ok(worker);
        }
        let mut worker = Worker::start(&self.workers.program, &self.workers.setup)?;
        worker.tell(task)?;
        Ok(worker)
    }
}

impl Drop for WorkerSeat<'_> {
    /// Starting a worker costs more than most files, so that the next seat gets this one.
    fn drop(&mut self) {
        if let (Some(worker), Ok(mut idle)) = (self.worker.take(), self.workers.idle.lock()) {
            idle.push(worker);
        }
    }
}

struct Worker {
    /// Taken when the worker is sent home.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    errors: ChildStderr,
    process: Arc<Watched>,
}

impl Worker {
    fn start(program: &Path, setup: &Setup) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let process = Watched::start(child);
        let (Some(input), Some(output), Some(errors)) = pipes else {
            process.bury();
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        };
        let output = BufReader::new(output);
        let mut worker = Self { input: Some(input), output, errors, process };
        worker.tell(setup)?;
        Ok(worker)
    }

    fn tell<T: Serialize>(&mut self, value: &T) -> io::Result<()> {
        match &mut self.input {
            Some(input) => frame::write(input, value),
            None => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        }
    }

    /// The answer to the file it was told of; nothing where it died over it.
    fn answer(&mut self) -> Option<ArtifactReport> {
        self.hear()
    }

    /// What it says next; nothing where it dies or takes too long.
    fn hear<T: DeserializeOwned>(&mut self) -> Option<T> {
        self.process.set_deadline(Some(Instant::now() + KILL_TIME));
        let answer = frame::read(&mut self.output).ok().flatten();
        self.process.set_deadline(None);
        answer
    }

    fn cause_of_death(mut self) -> Notice {
        self.process.bury();
        let mut words = Vec::new();
        let _ = self.errors.by_ref().take(LAST_WORDS).read_to_end(&mut words);
        let said = |phrase: &str| memchr::memmem::find(&words, phrase.as_bytes()).is_some();
        let (code, message) = if self.process.was_late() {
            let seconds = KILL_TIME.as_secs();
            (
                NoticeCode::OverBudget,
                format!("It took longer than {seconds} seconds and was given up."),
            )
        } else if said("memory allocation of") {
            (
                NoticeCode::OverBudget,
                "It needed more memory than allowed and was given up.".to_owned(),
            )
        } else if said("overflowed its stack") {
            (NoticeCode::Crashed, "Its reader went too deep and died.".to_owned())
        } else {
            (NoticeCode::Crashed, "The process that read it died.".to_owned())
        };
        Notice::blocking(code, message)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The end of its input sends it home.
        drop(self.input.take());
        self.process.dismiss();
    }
}
