//! Scanned pages: ALTO, whose words are attributes, and PAGE, which gives the same text for the region, its lines,
//! its words and their glyphs. One region is one paragraph.

use super::attributes::Attribute;
use super::flow::Origin;
use super::reading::{NONE, Reading};
use super::shape::{Family, Role};
use crate::model::{Part, PassageSpec, Visibility};

/// A stretch of text in a region.
enum Piece<'a> {
    /// As it stands in the source; references in it are to be resolved.
    Raw(&'a str, Origin),
    /// What a reference stands for.
    Resolved(String, Origin),
    /// A space.
    Space,
    /// The end of a line.
    Line,
}

/// The regions that are open.
#[derive(Default)]
pub(super) struct Regions<'a> {
    depth: u32,
    lines: u32,
    words: u32,
    glyphs: u32,
    equivalents: u32,
    /// The text as the region, its lines, its words and their glyphs give it.
    levels: [Vec<Piece<'a>>; 4],
}

impl<'a> Regions<'a> {
    /// Whether text belongs to the region rather than to the flow.
    pub(super) fn is_open(&self) -> bool {
        self.depth > 0 && self.equivalents > 0
    }

    fn level(&self) -> usize {
        match (self.lines, self.words, self.glyphs) {
            (_, _, 1..) => 3,
            (_, 1.., _) => 2,
            (1.., _, _) => 1,
            _ => 0,
        }
    }

    fn push(&mut self, level: usize, piece: Piece<'a>) {
        if let Some(pieces) = self.levels.get_mut(level) {
            pieces.push(piece);
        }
    }

    /// Text of a PAGE `TextEquiv`.
    pub(super) fn text(&mut self, text: &'a str, origin: Origin) {
        self.push(self.level(), Piece::Raw(text, origin));
    }

    /// What a reference in it stands for.
    pub(super) fn resolved(&mut self, text: &str, origin: Origin) {
        self.push(self.level(), Piece::Resolved(text.to_owned(), origin));
    }
}

impl<'a> Reading<'a> {
    pub(super) fn open_region(&mut self, role: Role, attributes: &[Attribute<'a>], origin: Origin) {
        let content = attributes.iter().find(|attribute| attribute.name == "CONTENT");
        let alto = self.names.family == Family::Alto;
        if role == Role::Region {
            // The region's own place, for when it is written.
            self.current_element();
        }
        let regions = &mut self.regions;
        match role {
            Role::Region => regions.depth += 1,
            Role::Line => regions.lines += 1,
            Role::Word if alto => {
                if let Some(content) = content {
                    regions.push(1, Piece::Space);
                    regions.push(1, Piece::Raw(content.value, origin.skip(content.at)));
                }
            }
            Role::Word => regions.words += 1,
            Role::Glyph => regions.glyphs += 1,
            Role::Equivalent => regions.equivalents += 1,
            Role::WordSpace => regions.push(1, Piece::Space),
            Role::Hyphen => {
                let (text, at) = content.map_or(("-", origin.whole(1)), |content| {
                    (content.value, origin.skip(content.at))
                });
                regions.push(1, Piece::Raw(text, at));
            }
            _ => {}
        }
        if alto && regions.depth == 0 && matches!(role, Role::Word | Role::Hyphen) {
            self.write_region(self.frames.last().map_or(NONE, |frame| frame.element));
        }
    }

    pub(super) fn close_region(&mut self, role: Role, element: u32) {
        let alto = self.names.family == Family::Alto;
        let regions = &mut self.regions;
        let lower = |count: &mut u32| *count = count.saturating_sub(1);
        match role {
            Role::Region => {
                lower(&mut regions.depth);
                if regions.depth == 0 {
                    self.write_region(element);
                }
            }
            Role::Line => {
                lower(&mut regions.lines);
                for level in 1..4 {
                    regions.push(level, Piece::Line);
                }
            }
            Role::Word if !alto => {
                lower(&mut regions.words);
                regions.push(2, Piece::Space);
                regions.push(3, Piece::Space);
            }
            Role::Glyph => lower(&mut regions.glyphs),
            Role::Equivalent => lower(&mut regions.equivalents),
            _ => {}
        }
    }

    /// Writes a region: its text by lines, or as well as it is given; what only repeats that, as stored.
    fn write_region(&mut self, element: u32) {
        self.boundary();
        let levels = std::mem::take(&mut self.regions.levels);
        let [region, lines, words, glyphs] = levels;
        let mut spec =
            PassageSpec { element: (element != NONE).then_some(element), ..PassageSpec::default() };
        for pieces in [lines, words, region, glyphs] {
            self.flow.spec = spec;
            let mut written = false;
            for piece in pieces {
                written |= matches!(piece, Piece::Raw(..) | Piece::Resolved(..));
                self.write_piece(piece);
            }
            self.flow.end();
            if written {
                (spec.part, spec.visibility) = (Part::Other, Visibility::Stored);
            }
        }
    }

    fn write_piece(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Raw(text, origin) if text.contains('&') => {
                self.value_with_references(text, origin);
            }
            Piece::Raw(text, origin) => self.flow.text(text, origin),
            Piece::Resolved(text, origin) => self.flow.piece(&text, origin),
            Piece::Space => self.flow.join(false, 0),
            Piece::Line => self.flow.join(true, 0),
        }
    }
}
