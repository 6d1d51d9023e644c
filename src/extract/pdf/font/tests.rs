//! What whole font dictionaries come to.

use super::*;
use crate::read::Budget;
use lopdf::{Document, Stream, dictionary};

/// A font dictionary, with the objects that it may refer to.
#[derive(Default)]
struct Case {
    file: Document,
}

impl Case {
    fn stream(&mut self, data: &[u8]) -> Object {
        Object::Reference(self.file.add_object(Stream::new(dictionary! {}, data.to_vec())))
    }

    fn load(&self, font: &Dictionary) -> Font {
        let budget = Budget::default();
        Font::load(&Objects::new(&self.file, &budget), font)
    }

    /// The texts of a string, `?` for an unknown one, and the widths in thousandths.
    fn decode(&self, font: &Dictionary, string: &[u8]) -> (String, Vec<i32>) {
        let (mut text, mut widths) = (String::new(), Vec::new());
        self.load(font).decode(string, &mut |char| {
            text.push_str(char.text.unwrap_or("?"));
            #[expect(clippy::cast_possible_truncation, reason = "widths of a test")]
            widths.push((char.width * 1000.0).round() as i32);
        });
        (text, widths)
    }
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

fn simple(subtype: &str, base: &str) -> Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => name(subtype), "BaseFont" => name(base) }
}

fn with(mut font: Dictionary, key: &str, value: impl Into<Object>) -> Dictionary {
    font.set(key, value);
    font
}

#[test]
fn a_standard_font_needs_nothing_but_its_name() {
    let (text, widths) = Case::default().decode(&simple("Type1", "Helvetica"), b"A b'\xA1\x01");
    assert_eq!(text, "A b\u{2019}\u{A1}");
    assert_eq!(widths, [667, 278, 556, 222, 333, 0]);
}

#[test]
fn base_encodings_are_told_apart() {
    let cases = [
        ("StandardEncoding", "\u{2019}\u{2030}"),
        ("WinAnsiEncoding", "'\u{BD}\u{20AC}"),
        ("MacRomanEncoding", "'\u{3A9}\u{C4}"),
        ("PDFDocEncoding", "'\u{BD}\u{2022}"),
    ];
    for (encoding, expected) in cases {
        let font = with(simple("Type1", "Times-Roman"), "Encoding", name(encoding));
        assert_eq!(Case::default().decode(&font, b"'\xBD\x80").0, expected, "{encoding}");
    }
    let font = with(simple("Type1", "Small"), "Encoding", name("MacExpertEncoding"));
    assert_eq!(Case::default().decode(&font, b"a0").0, "A0");
}

#[test]
fn symbol_fonts_keep_their_own_encoding() {
    let font = with(simple("Type1", "Symbol"), "Encoding", name("WinAnsiEncoding"));
    assert_eq!(Case::default().decode(&font, b"ab"), ("\u{3B1}\u{3B2}".into(), vec![631, 549]));
    assert_eq!(Case::default().decode(&simple("Type1", "ZapfDingbats"), b"!").0, "\u{2701}");
}

#[test]
fn differences_override_the_base() {
    let differences: Vec<Object> = vec![
        1.into(),
        name("A"),
        name("f_f_i"),
        name("uni0416"),
        65.into(),
        name("a12"),
        name("a.sc"),
        name("C0090"),
    ];
    let encoding =
        dictionary! { "BaseEncoding" => "WinAnsiEncoding", "Differences" => differences };
    let font = with(simple("Type1", "Helvetica"), "Encoding", encoding);
    let (text, widths) = Case::default().decode(&font, b"\x01\x02\x03ABCD");
    assert_eq!(text, "Affi\u{416}?aZD");
    assert_eq!(widths.first(), Some(&667));
}

#[test]
fn glyph_numbers_in_names_are_read_where_the_font_is_known() {
    let differences: Vec<Object> = vec![1.into(), name("g0024"), name("g003a"), name("gid00300")];
    let encoding = dictionary! { "Differences" => differences };
    for (base, expected) in [("ABCDEF+Arial-BoldMT", "AW?"), ("ABCDEF+Some", "???")] {
        let font = with(simple("TrueType", base), "Encoding", encoding.clone());
        assert_eq!(Case::default().decode(&font, b"\x01\x02\x03").0, expected);
    }
}

#[test]
fn names_that_are_no_numbers_throughout_state_no_codes() {
    let mut case = Case::default();
    let program = case.stream(b"");
    let encoding = dictionary! {
        "BaseEncoding" => "WinAnsiEncoding",
        "Differences" => vec![Object::from(65), name("D5"), name("CT"), 1.into(), name("B9"), name(".notdef")],
    };
    let programs =
        dictionary! { "D5" => program.clone(), "CT" => program.clone(), "B9" => program };
    let font =
        dictionary! { "Subtype" => "Type3", "Encoding" => encoding, "CharProcs" => programs };
    assert_eq!(case.decode(&font, b"AB\x01\x02").0, "AB?");
}

#[test]
fn stated_widths_win_and_missing_ones_fall_back() {
    let font = with(simple("Type1", "Helvetica"), "FirstChar", 65);
    let font = with(font, "Widths", vec![Object::from(100), 200.into()]);
    assert_eq!(Case::default().decode(&font, b"ABC").1, [100, 200, 722]);
    let font = with(font, "FontDescriptor", dictionary! { "MissingWidth" => 333 });
    assert_eq!(Case::default().decode(&font, b"ABC").1, [100, 200, 333]);
}

#[test]
fn to_unicode_comes_first_and_its_gaps_fall_through() {
    let mut case = Case::default();
    let map = case.stream(b"beginbfchar <41> <0058> <42> <0000> <43> <FFFD> <45> <F0B7> endbfchar");
    let font = with(simple("TrueType", "Some"), "ToUnicode", map);
    let font = with(font, "Encoding", name("WinAnsiEncoding"));
    assert_eq!(case.decode(&font, b"ABCDE").0, "XBCDE");
}

#[test]
fn a_private_character_counts_where_nothing_better_is_known() {
    let mut case = Case::default();
    let map = case.stream(b"beginbfchar <01> <F0B7> endbfchar");
    let font = with(simple("Type1", "Some"), "ToUnicode", map);
    assert_eq!(case.decode(&font, b"\x01\x02").0, "\u{F0B7}");
}

#[test]
fn a_type_3_font_measures_through_its_matrix() {
    let mut case = Case::default();
    let program = case.stream(b"");
    let encoding =
        dictionary! { "Differences" => vec![Object::from(97), name("a97"), name("a12")] };
    let font = dictionary! {
        "Subtype" => "Type3",
        "FontMatrix" => vec![Object::Real(0.01), 0.into(), 0.into(), Object::Real(0.01), 0.into(), 0.into()],
        "FontBBox" => vec![Object::from(0), (-20).into(), 50.into(), 80.into()],
        "Encoding" => encoding,
        "CharProcs" => dictionary! { "a97" => program.clone(), "a12" => program.clone() },
        "FirstChar" => 97,
        "Widths" => vec![Object::from(50), 60.into()],
    };
    assert_eq!(case.decode(&font, b"ab"), ("a?".into(), vec![500, 600]));
    let loaded = case.load(&font);
    let type3 = loaded.type3.unwrap();
    let program = program.as_reference().unwrap();
    assert_eq!(type3.programs, [(97, program), (98, program)]);
    assert!((loaded.ascent - 0.8).abs() < 1e-6 && (loaded.descent + 0.2).abs() < 1e-6);
}

fn composite(encoding: impl Into<Object>, ordering: &str, descendant: Dictionary) -> Dictionary {
    let info = dictionary! {
        "Registry" => Object::string_literal("Adobe"),
        "Ordering" => Object::string_literal(ordering),
        "Supplement" => 0,
    };
    let descendant = with(with(descendant, "CIDSystemInfo", info), "Subtype", name("CIDFontType2"));
    dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "Encoding" => encoding,
        "DescendantFonts" => vec![Object::Dictionary(descendant)],
    }
}

#[test]
fn cids_get_unicode_from_to_unicode_or_their_collection() {
    let mut case = Case::default();
    let map = case.stream(b"beginbfrange <0001> <0002> <0041> endbfrange");
    let font = with(composite(name("Identity-H"), "Identity", dictionary! {}), "ToUnicode", map);
    assert_eq!(case.decode(&font, b"\0\x01\0\x02\0\x03").0, "AB?");
    let cases: [(&str, &str, &[u8], &str); 6] = [
        ("Identity-H", "Japan1", b"\x03\x4B", "\u{3042}"),
        ("90ms-RKSJ-H", "Japan1", b"A\x82\xA0", "A\u{3042}"),
        ("90ms-RKSJ-H", "", b"\x82\xA0", "\u{3042}"),
        ("GBK-EUC-H", "GB1", b"\xD6\xD0", "\u{4E2D}"),
        ("UniKS-UTF16-H", "Korea1", b"\xAC\x00", "\u{AC00}"),
        ("UniJIS-UTF16-H", "Japan1", b"\xD8\x40\xDC\x0B", "\u{2000B}"),
    ];
    for (encoding, ordering, string, expected) in cases {
        let font = composite(name(encoding), ordering, dictionary! {});
        assert_eq!(Case::default().decode(&font, string).0, expected, "{encoding} {ordering}");
    }
}

#[test]
fn glyph_numbers_of_a_font_that_every_reader_has_are_known() {
    let font = with(
        composite(name("Identity-H"), "Identity", dictionary! {}),
        "BaseFont",
        name("Arial,Bold"),
    );
    assert_eq!(Case::default().decode(&font, b"\0\xB3\0\x24\0\xB4\x02\0").0, "\u{201C}A\u{201D}?");
}

#[test]
fn a_to_unicode_without_texts_counts_last() {
    let mut case = Case::default();
    let map = case.stream(b"begincidrange <0000> <FFFF> 0 endcidrange");
    let font = with(composite(name("Identity-H"), "Identity", dictionary! {}), "ToUnicode", map);
    assert_eq!(case.decode(&font, b"\0\x41").0, "A");
    let font = with(font, "BaseFont", name("ArialMT"));
    assert_eq!(case.decode(&font, b"\0\x24\x02\0").0, "A?");
    // Where a map leads from CIDs to glyphs, CIDs are no glyph numbers.
    let glyphs = case.stream(&[0; 256]);
    let font = composite(name("Identity-H"), "Identity", dictionary! { "CIDToGIDMap" => glyphs });
    let font = with(with(font, "BaseFont", name("Arial")), "ToUnicode", name("Identity-H"));
    assert_eq!(case.decode(&font, b"\0\x24").0, "$");
}

#[test]
fn the_em_of_a_type_3_font_is_that_of_its_letters() {
    let font = |scale: i64, d: i64| {
        dictionary! {
            "Subtype" => "Type3",
            "FontMatrix" => vec![Object::from(scale), 0.into(), 0.into(), d.into(), 0.into(), 0.into()],
            "FontBBox" => vec![Object::from(0), 0.into(), 1.into(), (-1).into()],
            "CharProcs" => dictionary! {},
            "Widths" => vec![Object::from(40), 0.into(), 60.into()],
        }
    };
    let down = Case::default().load(&font(1, -1));
    assert!((down.em - 100.0).abs() < 1e-3, "{}", down.em);
    assert!((down.ascent - 25.0).abs() < 1e-3 && (down.descent + 75.0).abs() < 1e-3);
    let plain = Case::default().load(&simple("Type1", "Helvetica"));
    assert!((plain.em - 1.0).abs() < 1e-6);
}

#[test]
fn an_embedded_cmap_splits_strings_and_maps_cids() {
    let mut case = Case::default();
    let encoding = case.stream(
        b"/90ms-RKSJ-H usecmap begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange \
          begincidrange <8001> <8002> 843 endcidrange",
    );
    let font = composite(encoding, "Japan1", dictionary! {});
    assert_eq!(case.decode(&font, b"A\x80\x01\x80\x02").0, "A\u{3042}\u{3043}");
}

#[test]
fn cid_widths_come_in_both_forms() {
    let w: Vec<Object> = vec![
        1.into(),
        vec![Object::from(250), 300.into()].into(),
        10.into(),
        12.into(),
        700.into(),
    ];
    let font = composite(name("Identity-H"), "Identity", dictionary! { "DW" => 900, "W" => w });
    assert_eq!(Case::default().decode(&font, b"\0\x01\0\x02\0\x0B\0\x0D").1, [250, 300, 700, 900]);
}

#[test]
fn vertical_writing_has_advances_and_position_vectors() {
    let w2: Vec<Object> = vec![2.into(), 2.into(), (-500).into(), 250.into(), 800.into()];
    let font = composite(name("Identity-V"), "Identity", dictionary! { "DW" => 600, "W2" => w2 });
    let font = Case::default().load(&font);
    assert!(font.vertical);
    let mut seen = Vec::new();
    font.decode(b"\0\x01\0\x02", &mut |char| seen.push(char.vertical.unwrap()));
    assert_eq!(seen, [(-1.0, [0.3, 0.88]), (-0.5, [0.25, 0.8])]);
}

#[test]
fn extents_are_those_of_the_descriptor_within_reason() {
    let cases = [
        (dictionary! { "Ascent" => 800, "Descent" => -200 }, (0.8, -0.2)),
        (dictionary! { "Ascent" => 800, "Descent" => 200 }, (0.8, -0.2)),
        (dictionary! { "Ascent" => 1500, "Descent" => -900 }, (1.05, -0.4)),
        (
            dictionary! { "FontBBox" => vec![Object::from(0), (-250).into(), 1000.into(), 900.into()] },
            (0.9, -0.25),
        ),
        (dictionary! { "Ascent" => 9000, "Descent" => -200 }, (0.718, -0.207)),
    ];
    for (descriptor, (ascent, descent)) in cases {
        let font = Case::default().load(&with(
            simple("TrueType", "Verdana"),
            "FontDescriptor",
            descriptor,
        ));
        assert!((font.ascent - ascent).abs() < 1e-6 && (font.descent - descent).abs() < 1e-6);
    }
}

#[test]
fn a_hostile_font_costs_nothing() {
    let mut case = Case::default();
    let map = case.stream(b"beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange");
    let w: Vec<Object> = vec![0.into(), 4_294_967_295_i64.into(), 500.into()];
    let font = with(composite(map.clone(), "Identity", dictionary! { "W" => w }), "ToUnicode", map);
    assert_eq!(case.decode(&font, b"\0\x01"), ("B".into(), vec![500]));
    // A CMap that builds on itself, a font without anything, a program that is none.
    let looped = case.file.new_object_id();
    case.file
        .objects
        .insert(looped, Stream::new(dictionary! { "UseCMap" => looped }, Vec::new()).into());
    case.decode(&composite(looped, "Identity", dictionary! {}), b"\0\x01");
    case.decode(&dictionary! {}, b"A");
    let program = case.stream(&[0; 64]);
    let font =
        with(simple("TrueType", "X"), "FontDescriptor", dictionary! { "FontFile2" => program });
    assert_eq!(case.decode(&font, b"A").0, "A");
}
