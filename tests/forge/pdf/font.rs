//! The ways in which a PDF can say which letters it shows (ISO 32000-2 §9.6-9.10).

use super::glyphs::shape;
use super::{Pdf, literal, metrics, truetype};
use std::fmt::Write as _;

/// A face and the manner in which it is put into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Standard-14 Helvetica: no widths, no program, no `ToUnicode`, `WinAnsi`.
    Helvetica,
    /// Standard-14 Times, `WinAnsi` with its curly quotation marks.
    Times,
    /// Helvetica whose codes mean nothing without `/Differences`.
    Differences,
    /// The same with a `ToUnicode` map.
    DifferencesMapped,
    /// An embedded simple `TrueType` font, `WinAnsi`.
    TrueType,
    /// The same with a `ToUnicode` map.
    TrueTypeMapped,
    /// Type 0, Identity-H, an embedded subset and a `ToUnicode` map.
    Cid,
    /// The same without the map: only the program's own cmap tells.
    CidBare,
    /// Neither a map nor a cmap: nothing tells, and the reader has to say so.
    CidMute,
    /// Type 3, glyph names that are characters' names.
    Type3,
    /// Type 3, meaningless glyph names, a `ToUnicode` map.
    Type3Mapped,
}

/// The first code of `/Differences` and of Type 3 fonts; code 33 stands for a space.
const SHIFT: u8 = 33;

impl Face {
    /// The advance of a character in thousandths of an em.
    pub(crate) fn advance(self, character: char, bold: bool) -> f32 {
        let plain = ascii(character);
        let table = match (self, bold) {
            (Self::Helvetica | Self::Differences | Self::DifferencesMapped, false) => {
                metrics::HELVETICA
            }
            (Self::Helvetica | Self::Differences | Self::DifferencesMapped, true) => {
                metrics::HELVETICA_BOLD
            }
            (Self::Times, false) => metrics::TIMES,
            (Self::Times, true) => metrics::TIMES_BOLD,
            _ => return f32::from(shape(plain).1),
        };
        match character {
            // Quotation marks and dashes differ from their ASCII stand-ins.
            '\u{201C}' | '\u{201D}' => {
                if self == Self::Times {
                    444.0
                } else {
                    333.0
                }
            }
            '\u{2013}' => 500.0 + if self == Self::Times { 0.0 } else { 56.0 },
            _ => f32::from(table[(plain as usize).saturating_sub(0x20).min(94)]),
        }
    }

    /// The width of a text in points.
    pub(crate) fn width(self, text: &str, size: f32, bold: bool) -> f32 {
        text.chars().map(|character| self.advance(character, bold)).sum::<f32>() * size / 1000.0
    }

    /// The codes of a text, as a string object.
    pub(crate) fn show(self, text: &str) -> Vec<u8> {
        match self {
            Self::Helvetica | Self::Times | Self::TrueType | Self::TrueTypeMapped => {
                literal(&text.chars().map(win_ansi).collect::<Vec<u8>>())
            }
            Self::Cid | Self::CidBare | Self::CidMute => {
                let codes = text.chars().map(|character| index(character) + 1);
                let hex = codes.fold(String::new(), |hex, code| hex + &format!("{code:04X}"));
                format!("<{hex}>").into_bytes()
            }
            _ => {
                let codes = text.chars().map(|c| SHIFT + u8::try_from(index(c)).unwrap_or(0));
                literal(&codes.collect::<Vec<u8>>())
            }
        }
    }

    /// Writes the font's objects and gives the number of its dictionary.
    pub(crate) fn write(self, pdf: &mut Pdf, bold: bool) -> usize {
        let helvetica = if bold { "Helvetica-Bold" } else { "Helvetica" };
        match self {
            Self::Helvetica => simple(pdf, helvetica, "/WinAnsiEncoding", ""),
            Self::Times => {
                simple(pdf, if bold { "Times-Bold" } else { "Times-Roman" }, "/WinAnsiEncoding", "")
            }
            Self::Differences => simple(pdf, helvetica, &differences(false), ""),
            Self::DifferencesMapped => {
                let map = to_unicode(pdf, 1);
                simple(pdf, helvetica, &differences(false), &format!("/ToUnicode {map} 0 R"))
            }
            Self::TrueType | Self::TrueTypeMapped => self.true_type(pdf),
            Self::Cid | Self::CidBare | Self::CidMute => self.composite(pdf),
            Self::Type3 | Self::Type3Mapped => self.type3(pdf),
        }
    }

    fn true_type(self, pdf: &mut Pdf) -> usize {
        let descriptor = descriptor(pdf, 32, true);
        let widths = widths();
        let map = if self == Self::TrueTypeMapped {
            let entries = ascii_map(|code| format!("{:02X}", code + 0x20));
            format!("/ToUnicode {} 0 R", pdf.packed("", cmap(&entries, 1).as_bytes()))
        } else {
            String::new()
        };
        pdf.add(format!(
            "<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+ForgeDots /Encoding /WinAnsiEncoding \
             /FirstChar 32 /LastChar 126 /Widths [{widths}] /FontDescriptor {descriptor} 0 R {map} >>"
        ))
    }

    fn composite(self, pdf: &mut Pdf) -> usize {
        let descriptor = descriptor(pdf, 4, self != Self::CidMute);
        let widths = widths();
        let descendant = pdf.add(format!(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+ForgeDots /CIDToGIDMap /Identity \
             /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
             /W [1 [{widths}]] /FontDescriptor {descriptor} 0 R >>"
        ));
        let map = if self == Self::Cid {
            format!("/ToUnicode {} 0 R", to_unicode(pdf, 2))
        } else {
            String::new()
        };
        pdf.add(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+ForgeDots /Encoding /Identity-H \
             /DescendantFonts [{descendant} 0 R] {map} >>"
        ))
    }

    fn type3(self, pdf: &mut Pdf) -> usize {
        let mut procs = String::new();
        for (character, name) in ascii_characters().zip(metrics::NAMES) {
            let (bars, advance) = shape(character);
            let mut program = format!("{advance} 0 0 -100 {advance} 700 d1\n");
            for [x0, y0, x1, y1] in bars {
                let _ = writeln!(program, "{x0} {y0} {} {} re f", x1 - x0, y1 - y0);
            }
            let number = pdf.packed("", program.as_bytes());
            let _ = match self {
                Self::Type3Mapped => write!(procs, "/x{} {number} 0 R ", index(character)),
                _ => write!(procs, "/{name} {number} 0 R "),
            };
        }
        let map = if self == Self::Type3Mapped {
            format!("/ToUnicode {} 0 R", to_unicode(pdf, 1))
        } else {
            String::new()
        };
        let (encoding, widths) = (differences(self == Self::Type3Mapped), widths());
        let last = usize::from(SHIFT) + 94;
        pdf.add(format!(
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 -100 600 700] /FontMatrix [.001 0 0 .001 0 0] \
             /Encoding {encoding} /FirstChar {SHIFT} /LastChar {last} /Widths [{widths}] \
             /CharProcs << {procs} >> /Resources << >> {map} >>"
        ))
    }
}

fn simple(pdf: &mut Pdf, base: &str, encoding: &str, map: &str) -> usize {
    pdf.add(format!(
        "<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding {encoding} {map} >>"
    ))
}

fn descriptor(pdf: &mut Pdf, flags: u32, with_cmap: bool) -> usize {
    let program = truetype::program(&ascii_characters().collect::<Vec<_>>(), with_cmap);
    let file = pdf.packed(&format!("/Length1 {}", program.len()), &program);
    pdf.add(format!(
        "<< /Type /FontDescriptor /FontName /ABCDEF+ForgeDots /Flags {flags} /FontBBox [0 -100 600 700] \
         /ItalicAngle 0 /Ascent 700 /Descent -100 /CapHeight 700 /StemV 100 /FontFile2 {file} 0 R >>"
    ))
}

fn differences(meaningless: bool) -> String {
    let mut out = format!("<< /Type /Encoding /Differences [{SHIFT}");
    for (at, name) in metrics::NAMES.iter().enumerate() {
        let _ = if meaningless { write!(out, " /x{at}") } else { write!(out, " /{name}") };
    }
    out + "] >>"
}

fn widths() -> String {
    ascii_characters()
        .fold(String::new(), |out, character| out + &format!("{} ", shape(character).1))
}

/// A `ToUnicode` map for codes that start at `SHIFT` (one byte) or at 1 (two bytes).
fn to_unicode(pdf: &mut Pdf, bytes: usize) -> usize {
    let entries = match bytes {
        1 => ascii_map(|code| format!("{:02X}", code + usize::from(SHIFT))),
        _ => ascii_map(|code| format!("{:04X}", code + 1)),
    };
    pdf.packed("", cmap(&entries, bytes).as_bytes())
}

fn ascii_map(code: impl Fn(usize) -> String) -> Vec<String> {
    ascii_characters()
        .enumerate()
        .map(|(at, character)| format!("<{}> <{:04X}>", code(at), character as u32))
        .collect()
}

fn cmap(entries: &[String], bytes: usize) -> String {
    let (low, high) = ("00".repeat(bytes), "FF".repeat(bytes));
    let blocks = entries.chunks(100).fold(String::new(), |out, chunk| {
        out + &format!("{} beginbfchar\n{}\nendbfchar\n", chunk.len(), chunk.join("\n"))
    });
    format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<{low}> <{high}>\nendcodespacerange\n\
         {blocks}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
}

fn ascii_characters() -> impl Iterator<Item = char> {
    (0x20u8..0x7F).map(char::from)
}

fn index(character: char) -> usize {
    (ascii(character) as usize).saturating_sub(0x20).min(94)
}

/// What stands in for a character in faces that know ASCII only.
fn ascii(character: char) -> char {
    match character {
        '\u{201C}' | '\u{201D}' => '"',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{2013}' | '\u{2014}' => '-',
        '\u{A0}' => ' ',
        _ => character,
    }
}

/// ISO 32000-2 annex D.2.
fn win_ansi(character: char) -> u8 {
    match character {
        '\u{2018}' => 0x91,
        '\u{2019}' => 0x92,
        '\u{201C}' => 0x93,
        '\u{201D}' => 0x94,
        '\u{2022}' => 0x95,
        '\u{2013}' => 0x96,
        '\u{2014}' => 0x97,
        _ => u8::try_from(character as u32).unwrap_or(b'?'),
    }
}
