//! Several files of one package judged at once, for the looks at a package whose files have all been judged.

use super::{Judge, Task};
use crate::model::ArtifactReport;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many files make another seat worth while.
const FILES_PER_SEAT: usize = 4;

/// What so many files come to, in their order; `task` tells which they are and what is asked of them.
pub(super) fn judge_each(
    count: usize,
    task: impl Fn(usize) -> Option<Task> + Sync,
    judge: &dyn Judge,
    threads: usize,
) -> Vec<ArtifactReport> {
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut seat, mut done) = (judge.seat(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = task(number) else { return done };
            done.push((number, seat.judge(&task)));
        }
    };
    let mut reports = thread::scope(|scope| {
        let seats = threads.min(count.div_ceil(FILES_PER_SEAT));
        let others: Vec<_> = (1..seats).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    reports.sort_by_key(|(number, _)| *number);
    reports.into_iter().map(|(_, report)| report).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;
    use crate::model::{Notice, NoticeCode};
    use crate::scan::{Seat, unjudged};
    use std::path::PathBuf;

    struct Namer;

    impl Judge for Namer {
        fn seat(&self) -> Box<dyn Seat + '_> {
            Box::new(Self)
        }
    }

    impl Seat for Namer {
        fn judge(&mut self, task: &Task) -> ArtifactReport {
            thread::yield_now();
            unjudged(task, Notice::informing(NoticeCode::Io, ""))
        }
    }

    #[test]
    fn every_file_is_judged_once_and_reports_come_in_order_on_any_number_of_threads() {
        let name = |number: usize| format!("{number:03}");
        let task = |number: usize| {
            let path = PathBuf::from("no/such/file");
            (number < 50).then(|| Task::new(Address::new(name(number)), path))
        };
        let expected: Vec<String> = (0..50).map(name).collect();
        for threads in [0, 1, 3, 100] {
            let reports = judge_each(50, task, &Namer, threads);
            let names: Vec<String> =
                reports.iter().map(|report| report.artifacts[0].address.to_string()).collect();
            assert_eq!(names, expected);
        }
    }
}
