//! The nouns of obstat. Every other room speaks in these; this one imports no other room.

mod address;
mod digest;
mod document;
mod finding;
mod label;
mod notice;
mod occasion;
mod passage;
mod place;
mod sensitive;
mod source;
mod verdict;

pub use address::Address;
pub use digest::hexadecimal;
pub use document::{Cell, Document, DocumentBuilder, Mark, MarkKind, Member, Property};
pub use finding::{Confidence, Excerpt, Finding, Hit, Level, Related, Suppression};
pub use label::ListLabel;
pub use notice::{Noted, Notice, NoticeCode};
pub use occasion::{Confirmed, Occasion, Release, Shared};
pub use passage::{Block, Part, Passage, PassageSpec, Target, Visibility};
pub use place::{Location, Place, Quad, Span};
pub(crate) use sensitive::all_in_clear;
pub use sensitive::{SensitiveText, mask};
pub use source::{Damage, Source, Widths};
pub use verdict::{
    Artifact, ArtifactCounts, ArtifactReport, Facts, LevelCounts, MarkedPassage, NoticeCounts,
    PackageReport, RegisteredPassage, Status, Summary, Verdict, VerdictCounts,
};
