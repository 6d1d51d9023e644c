//! The gate: what a manifest, a register, a watch list and a clearance change about a package.

mod clearance;
mod compare;
mod formats;
mod lists;
mod manifest;
mod occasion;
mod register;

/// A key of 32 bytes, for nothing but tests.
pub(crate) const KEY: &str = "6b657920666f7220746573747320616e6420666f72206e6f7468696e6720656c";
