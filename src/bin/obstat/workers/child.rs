//! The worker's side: files in, reports out, until the parent closes the pipe.

use super::{Setup, frame};
use crate::commands::{check, gate};
use crate::exit::Exit;
use miette::IntoDiagnostic as _;
use obstat::read::budget::{KILL_TIME, MAX_WORKER_MEMORY, WORKER_STACK};
use obstat::rules::Scratch;
use obstat::scan::{Task, judge_file};
use std::io::{self, BufReader, BufWriter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Serves one parent.
pub(crate) fn run() -> miette::Result<Exit> {
    in_limits(serve)?;
    Ok(Exit::Clear)
}

/// Does work on hostile input within the limits of memory and stack, and without a word when it panics.
pub(crate) fn in_limits<T: Send + 'static>(
    work: impl FnOnce() -> miette::Result<T> + Send + 'static,
) -> miette::Result<T> {
    limit_memory();
    // A panic message can hold text of a record. What matters, that the reader failed, is a notice.
    std::panic::set_hook(Box::new(|_| ()));
    // The stack of the main thread depends on the caller's shell.
    let worker = thread::Builder::new().stack_size(WORKER_STACK).spawn(work).into_diagnostic()?;
    worker.join().map_err(|_panic| miette::miette!("the worker panicked"))?
}

/// The same for one file, with the clock running.
pub(crate) fn in_limits_and_time<T: Send + 'static>(
    work: impl FnOnce() -> miette::Result<T> + Send + 'static,
) -> miette::Result<T> {
    in_limits(|| {
        let alarm = Alarm::start();
        alarm.set();
        let result = work();
        alarm.clear();
        result
    })
}

fn serve() -> miette::Result<()> {
    let (mut input, mut output) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    let Some(setup) = frame::read::<Setup>(&mut input).into_diagnostic()? else { return Ok(()) };
    let ruleset = check::load_rules(&setup.rulesets)?;
    if setup.catalogue {
        frame::write(&mut output, &ruleset.catalogue()).into_diagnostic()?;
    }
    let ruleset = ruleset.with(obstat::release::rules(obstat::release::DEFAULT_PROFILE));
    // While the parent looks for files.
    ruleset.prepare();
    let key = setup.judging.key.as_deref();
    gate::unseal(&ruleset, key)?;
    let lookouts = gate::lookouts(setup.register.as_deref(), setup.watchlist.as_deref(), key)?;
    let mut scratch = Scratch::default();
    let alarm = Alarm::start();
    while let Some(task) = frame::read::<Task>(&mut input).into_diagnostic()? {
        alarm.set();
        #[cfg(debug_assertions)]
        super::misbehaviour::perhaps(&task);
        let report = judge_file(&task, &ruleset, &lookouts, &mut scratch, &setup.judging);
        frame::write(&mut output, &report).into_diagnostic()?;
        alarm.clear();
    }
    Ok(())
}

/// Best effort: where the system knows no such limit, the parent's clock has to do.
fn limit_memory() {
    #[cfg(unix)]
    {
        use rlimit::Resource;
        let lower = |resource: Resource, limit: u64| {
            let (soft, hard) = resource.get().unwrap_or((limit, limit));
            let _ = resource.set(soft.min(limit), hard.min(limit));
        };
        lower(Resource::AS, MAX_WORKER_MEMORY);
        // A core file would hold the record.
        lower(Resource::CORE, 0);
    }
}

/// Ends this process if one file takes far too long: the parent, who should have done so, may be gone.
struct Alarm {
    /// Counts up when a file begins and again when it ends, so it is odd while one is being judged.
    steps: Arc<AtomicU64>,
}

impl Alarm {
    fn start() -> Self {
        let steps = Arc::new(AtomicU64::new(0));
        let watched = Arc::clone(&steps);
        thread::spawn(move || {
            let mut seen = 0;
            loop {
                thread::sleep(KILL_TIME + Duration::from_secs(5));
                let now = watched.load(Ordering::Relaxed);
                if now % 2 == 1 && now == seen {
                    std::process::abort();
                }
                seen = now;
            }
        });
        Self { steps }
    }

    fn set(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    fn clear(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }
}
