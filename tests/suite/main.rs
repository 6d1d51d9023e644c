//! The one integration test binary: obstat as its users meet it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod cli;
mod corpus;
mod determinism;
mod exempt;
mod gate;
mod isolation;
mod layering;
mod rulesets;
mod support;
