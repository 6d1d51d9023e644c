//! The flow of text into passages: what joins a paragraph, what ends it, and what becomes of white space.

use super::chars::is_white;
use crate::model::{DocumentBuilder, PassageSpec, Target};

/// Where a stretch of text lies in the source.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    /// Byte for byte from here.
    At(usize),
    /// All of it stands for these bytes: a reference.
    Whole(usize, usize),
}

impl Origin {
    /// The same, `by` bytes further into the text.
    pub(super) fn skip(self, by: usize) -> Self {
        match self {
            Self::At(start) => Self::At(start + by),
            Self::Whole(..) => self,
        }
    }

    /// All of the `length` bytes from here as one.
    pub(super) fn whole(self, length: usize) -> Self {
        match self {
            Self::At(start) => Self::Whole(start, start + length),
            Self::Whole(..) => self,
        }
    }

    /// Where it begins in the source.
    pub(super) fn start(self) -> usize {
        match self {
            Self::At(start) | Self::Whole(start, _) => start,
        }
    }

    fn target(self, length: usize) -> Target {
        let (start, end) = match self {
            Self::At(start) => (start, start + length),
            Self::Whole(start, end) => (start, end),
        };
        let bound = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Target::Source { start: bound(start), end: bound(end) }
    }
}

/// White space that waits for text to follow it.
#[derive(Clone, Copy)]
struct Gap<'a> {
    text: &'a str,
    origin: Origin,
    /// A line ends in it.
    line: bool,
    /// An empty line lies in it.
    blank: bool,
    /// Break elements in it.
    breaks: u8,
}

/// Writes passages.
pub(super) struct Flow<'a> {
    /// Where they go.
    pub(super) builder: DocumentBuilder,
    /// How the next passage is opened.
    pub(super) spec: PassageSpec,
    open: bool,
    gap: Option<Gap<'a>>,
}

impl<'a> Flow<'a> {
    /// Writes what stands in `bytes` of text.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            builder: DocumentBuilder::with_room(bytes),
            spec: PassageSpec::default(),
            open: false,
            gap: None,
        }
    }

    /// Whether a passage has been begun and not ended.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Adds character data. White space at either end of a passage is dropped, an empty line ends one, and
    /// indentation at the start of a line goes.
    pub(super) fn text(&mut self, text: &'a str, origin: Origin) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let white = rest.iter().take_while(|&&byte| is_white(byte)).count();
            if white > 0 {
                self.white(text.get(at..at + white).unwrap_or_default(), origin.skip(at));
                at += white;
                continue;
            }
            let line = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let kept = rest.get(..line).unwrap_or_default();
            let length = kept.iter().rposition(|&byte| !is_white(byte)).map_or(0, |last| last + 1);
            self.piece(text.get(at..at + length).unwrap_or_default(), origin.skip(at));
            at += length;
        }
    }

    /// Adds white space.
    pub(super) fn white(&mut self, text: &'a str, origin: Origin) {
        if !self.open {
            return;
        }
        let bytes = text.as_bytes();
        let mut lines = memchr::memchr_iter(b'\n', bytes).count();
        if lines == 0 || memchr::memchr(b'\r', bytes).is_some() {
            let alone = |pair: &[u8]| pair.first() == Some(&b'\r') && pair.get(1) != Some(&b'\n');
            lines += bytes.windows(2).filter(|pair| alone(pair)).count()
                + usize::from(bytes.last() == Some(&b'\r'));
        }
        let gap =
            self.gap.get_or_insert(Gap { text, origin, line: false, blank: false, breaks: 0 });
        gap.line |= lines > 0;
        gap.blank |= lines > 1;
        if gap.text.is_empty() {
            (gap.text, gap.origin) = (text, origin);
        }
    }

    /// A word or line ends here by markup, where the white space may have been left out. `breaks`: by so many break
    /// elements; two in a row end the passage.
    pub(super) fn join(&mut self, line: bool, breaks: u8) {
        if !self.open {
            return;
        }
        let origin = Origin::Whole(0, 0);
        let gap = Gap { text: "", origin, line: false, blank: false, breaks: 0 };
        let gap = self.gap.get_or_insert(gap);
        gap.line |= line;
        gap.breaks = gap.breaks.saturating_add(breaks);
    }

    /// Adds text without white space at its ends.
    pub(super) fn piece(&mut self, text: &str, origin: Origin) {
        if text.is_empty() {
            return;
        }
        match self.gap.take() {
            Some(gap) if gap.blank || gap.breaks > 1 => self.end(),
            Some(gap) if gap.text.is_empty() => {
                self.builder.push_unanchored(if gap.line { "\n" } else { " " });
            }
            Some(gap) if gap.line => {
                self.builder.push("\n", gap.origin.whole(gap.text.len()).target(1));
            }
            Some(gap) => self.builder.push(gap.text, gap.origin.target(gap.text.len())),
            None => {}
        }
        if !self.open {
            self.builder.begin(self.spec);
            self.open = true;
        }
        self.builder.push(text, origin.target(text.len()));
    }

    /// Ends the passage, if one is open.
    pub(super) fn end(&mut self) {
        self.gap = None;
        if self.open {
            self.open = false;
            self.builder.end();
        }
    }
}
