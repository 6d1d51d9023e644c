//! One artifact's bytes, within a budget.

pub mod budget;
mod decode;

pub use budget::Budget;
pub use decode::{decode, decode_owned};
