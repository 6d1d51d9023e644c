//! Handing out files: packages in path order, and never so many at once that their reports fill the memory.

use super::{Event, Judge, Task};
use crate::discover::{Discovery, Entry};
use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, SyncSender};
use std::sync::{Condvar, Mutex, PoisonError};

/// Files handed out and not yet reported on, above which no further package is opened.
const MOST_OUTSTANDING: usize = 4096;

/// Lists packages and hands out their files.
pub(super) struct Feed<'a> {
    discovery: &'a Discovery,
    judge: &'a dyn Judge,
    outstanding: Mutex<Outstanding>,
    changed: Condvar,
}

#[derive(Default)]
struct Outstanding {
    files: usize,
    stopped: bool,
}

/// What was met below one PATH so far.
#[derive(Clone, Copy, Default)]
struct Met {
    sites_left: usize,
    anything: bool,
    excluded: bool,
}

impl<'a> Feed<'a> {
    pub(super) fn new(discovery: &'a Discovery, judge: &'a dyn Judge) -> Self {
        Self { discovery, judge, outstanding: Mutex::default(), changed: Condvar::new() }
    }

    /// Goes through all packages. Ends early where a PATH has nothing to judge, or when stopped.
    pub(super) fn run(&self, tasks: &SyncSender<(usize, Task)>, events: &Sender<Event>) {
        let mut met: BTreeMap<usize, Met> = BTreeMap::new();
        for site in self.discovery.sites() {
            met.entry(site.root).or_default().sites_left += 1;
        }
        let mut package = 0;
        for site in self.discovery.sites() {
            if !self.wait_for_room() {
                return;
            }
            let (files, rest) = split(self.discovery.entries(site));
            let met = met.entry(site.root).or_default();
            met.take(&files, &rest);
            if met.sites_left == 0 && !met.anything {
                let error = self.discovery.nothing(site.root, met.excluded);
                // Nobody listens after a stop; nothing is lost then.
                let _ = events.send(Event::Refused(error));
                return;
            }
            if site.is_above() && files.is_empty() && rest.is_empty() {
                continue;
            }
            if !self.hand_out(package, &site.name, files, rest, tasks, events) {
                return;
            }
            package += 1;
        }
    }

    /// A package with so many files has left.
    pub(super) fn release(&self, files: usize) {
        self.change(|outstanding| outstanding.files = outstanding.files.saturating_sub(files));
    }

    /// Nobody wants more.
    pub(super) fn stop(&self) {
        self.change(|outstanding| outstanding.stopped = true);
    }

    fn hand_out(
        &self,
        package: usize,
        name: &str,
        files: Vec<Task>,
        rest: Vec<Entry>,
        tasks: &SyncSender<(usize, Task)>,
        events: &Sender<Event>,
    ) -> bool {
        let count = files.len();
        let release = self.judge.release(name);
        let of_package = |mut task: Task| {
            task.occasion.release.clone_from(&release);
            task
        };
        self.change(|outstanding| outstanding.files += count);
        let listed = Event::Listed { name: name.to_owned(), files: count, rest };
        events.send(listed).is_ok()
            && files
                .into_iter()
                .map(of_package)
                .all(|task| !self.stopped() && tasks.send((package, task)).is_ok())
    }

    /// False once stopped.
    fn wait_for_room(&self) -> bool {
        let mut outstanding = self.outstanding.lock().unwrap_or_else(PoisonError::into_inner);
        while outstanding.files > MOST_OUTSTANDING && !outstanding.stopped {
            outstanding = self.changed.wait(outstanding).unwrap_or_else(PoisonError::into_inner);
        }
        !outstanding.stopped
    }

    fn stopped(&self) -> bool {
        self.outstanding.lock().unwrap_or_else(PoisonError::into_inner).stopped
    }

    fn change(&self, change: impl FnOnce(&mut Outstanding)) {
        change(&mut self.outstanding.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

impl Met {
    fn take(&mut self, files: &[Task], rest: &[Entry]) {
        self.sites_left = self.sites_left.saturating_sub(1);
        self.anything |= !files.is_empty();
        for entry in rest {
            match entry {
                Entry::Excluded(_) => self.excluded = true,
                _ => self.anything = true,
            }
        }
    }
}

fn split(entries: Vec<Entry>) -> (Vec<Task>, Vec<Entry>) {
    let (mut files, mut rest) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::File { address, path } => files.push(Task::new(address, path)),
            other => rest.push(other),
        }
    }
    (files, rest)
}
