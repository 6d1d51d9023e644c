//! One artifact's bytes, within a budget; and what they seem to be.

pub mod budget;
mod decode;
mod file;
pub mod sniff;

pub use budget::Budget;
pub use decode::{decode, decode_owned};
pub use file::{Unread, digest, digest_file, load};
