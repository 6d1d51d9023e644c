//! obstat reads every artifact of an outgoing record packet and says what stands in the way of its release.
//!
//! One way through: `discover` (roots, packages, artifact addresses) → `read` (bytes within a budget) →
//! [`extract`] (a document: passages with their places) → `analyse` (what a rule can ask of a document) and
//! [`rules`] (which rules there are) → `judge` (findings, fingerprints, the verdict) → [`report`].
//! [`scan`] is the only place that knows the order; [`model`] holds the nouns.

mod analyse;
pub mod clearance;
pub mod compare;
mod discover;
pub mod extract;
mod judge;
pub mod model;
pub mod read;
pub mod register;
pub mod release;
pub mod report;
pub mod rules;
pub mod scan;
pub mod suppress;
pub mod watch;
