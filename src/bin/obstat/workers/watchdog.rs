//! The clock over the workers: kills one that works on a file for too long.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// How often the clock looks.
const TICK: Duration = Duration::from_millis(50);

/// How long a worker may take to go home when there is nothing left to do.
const PATIENCE: Duration = Duration::from_secs(2);

/// A child under the clock.
pub(super) struct Watched {
    child: Mutex<Child>,
    deadline: Mutex<Option<Instant>>,
    late: AtomicBool,
}

impl Watched {
    /// Puts a child under a clock that ends with it.
    pub(super) fn start(child: Child) -> Arc<Self> {
        let watched = Arc::new(Self {
            child: Mutex::new(child),
            deadline: Mutex::new(None),
            late: AtomicBool::new(false),
        });
        let weak = Arc::downgrade(&watched);
        thread::spawn(move || watch(&weak));
        watched
    }

    /// Starts the clock, or stops it.
    pub(super) fn set_deadline(&self, deadline: Option<Instant>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// Whether the clock killed it.
    pub(super) fn was_late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }

    /// Makes sure that it is dead, and takes its resource usage in.
    pub(super) fn bury(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // Fails where it is dead already, which is just as well.
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Waits a while for it to end by itself, and no longer.
    pub(super) fn dismiss(&self) {
        let patience = Instant::now() + PATIENCE;
        while self.is_alive() && Instant::now() < patience {
            thread::sleep(Duration::from_micros(200));
        }
        self.bury();
    }

    fn is_alive(&self) -> bool {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(child.try_wait(), Ok(None))
    }

    fn is_due(&self) -> bool {
        let deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

fn watch(child: &Weak<Watched>) {
    while let Some(watched) = child.upgrade() {
        if watched.is_due() {
            watched.late.store(true, Ordering::Relaxed);
            watched.set_deadline(None);
            let _ = watched.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
        drop(watched);
        thread::sleep(TICK);
    }
}
