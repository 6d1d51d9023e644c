//! What a rule can ask of a document: one file per kind of rule.

pub(crate) mod check;
pub(crate) mod engine;
pub(crate) mod evidence;
pub(crate) mod exempt;
mod gate;
mod hash;
pub(crate) mod imprint;
pub(crate) mod lexicon;
pub(crate) mod numbering;
mod outline;
pub(crate) mod pattern;
mod resolve;
pub(crate) mod rulebook;
mod scan;
pub(crate) mod shared;
mod shown;
mod stretch;
pub(crate) mod sweep;
pub(crate) mod text;
pub(crate) mod validate;

use rayon::prelude::*;

/// The most threads that get rules ready.
const THREADS: usize = 4;

/// Does the same to several things at once, where there are processors for it; in their order.
pub(crate) fn in_parallel<T: Send, R: Send>(
    things: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync,
) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(processors.min(THREADS)).build();
    match pool {
        Ok(pool) if processors > 1 => {
            pool.install(|| things.into_par_iter().with_max_len(1).map(work).collect())
        }
        _ => things.into_iter().map(work).collect(),
    }
}
