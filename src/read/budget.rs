//! Every limit that hostile input can meet, in one place.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The largest file that is read, in bytes.
pub const MAX_ARTIFACT_BYTES: u64 = 512 << 20;
/// How many containers may lie inside one another.
pub const MAX_DEPTH: usize = 8;
/// How many links to folders are followed in one package.
pub const MAX_LINKED_FOLDERS: usize = 1000;
/// How many members one file may hold, over all depths.
pub const MAX_MEMBERS: usize = 10_000;
/// How many bytes one stream may inflate to.
pub const MAX_STREAM_BYTES: u64 = 32 << 20;
/// How many bytes all streams of one file may inflate to, together.
pub const MAX_INFLATED_BYTES: u64 = 1 << 30;
/// Wall time for one file, its members included. Extractors stop by themselves and say so.
pub const MAX_TIME: Duration = Duration::from_secs(15);
/// Wall time after which the parent kills a worker that did not stop by itself.
pub const KILL_TIME: Duration = Duration::from_secs(18);
/// Address space of one worker process, in bytes.
pub const MAX_WORKER_MEMORY: u64 = 4 << 30;
/// Stack of the thread that judges in a worker process, in bytes.
pub const WORKER_STACK: usize = 16 << 20;
/// How deep elements, objects, forms or the like may nest.
pub const MAX_NESTING: usize = 256;

/// What one file may still use up. Shared by all of its members.
#[derive(Debug)]
pub struct Budget {
    deadline: Instant,
    inflated_left: AtomicU64,
    members_left: AtomicU64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(MAX_TIME)
    }
}

impl Budget {
    /// A fresh budget that ends `time` from now.
    pub fn new(time: Duration) -> Self {
        Self {
            deadline: Instant::now() + time,
            inflated_left: AtomicU64::new(MAX_INFLATED_BYTES),
            members_left: AtomicU64::new(MAX_MEMBERS as u64),
        }
    }

    /// Whether time has run out. Cheap enough to ask every few thousand steps, not at every one.
    pub fn is_over_time(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// How many bytes the next stream may inflate to.
    pub fn stream_allowance(&self) -> u64 {
        MAX_STREAM_BYTES.min(self.inflated_left.load(Ordering::Relaxed))
    }

    /// Takes `bytes` of inflated data from the budget; false where there were fewer left.
    pub fn take_inflated(&self, bytes: u64) -> bool {
        take(&self.inflated_left, bytes)
    }

    /// Takes one member from the budget; false where none was left.
    pub fn take_member(&self) -> bool {
        take(&self.members_left, 1)
    }
}

fn take(left: &AtomicU64, amount: u64) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(amount)).is_ok()
}
