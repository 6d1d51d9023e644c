//! PDFs that loop, swell, break off or lie.

use super::super::marks::filler;
use super::super::pdf::compose::{Style, compose};
use super::super::pdf::font::Face;
use super::super::pdf::sheet::Sheet;
use super::super::pdf::{Pdf, Storage, deflate, stream};
use super::super::random::Random;
use super::super::story::{Block, Story};
use super::{Case, DAMAGED, OVER, OVER_OR_DAMAGED, case};
use flate2::{Compression, write::ZlibEncoder};
use std::fmt::Write as _;
use std::io::Write as _;

/// All of them.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = broken();
    cases.extend(loops());
    cases.extend(swelling());
    cases.extend(lying());
    cases
}

/// An ordinary record of a few pages.
fn ordinary(storage: Storage) -> Vec<u8> {
    let story = Story::new(90_001, filler(24).into_iter().map(Block::Para).collect());
    compose(&story, Style { storage, ..Style::of(Face::Helvetica) }).0
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let Some(at) = bytes.windows(from.len()).rposition(|window| window == from.as_bytes()) else {
        return bytes.to_vec();
    };
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

fn broken() -> Vec<Case> {
    let whole = ordinary(Storage::Classic);
    let modern = ordinary(Storage::Streams);
    let cut = |bytes: &[u8], per_cent: usize| bytes[..bytes.len() * per_cent / 100].to_vec();
    let encrypted = &["unread.encrypted"];
    let mut bad_offsets = replaced(&whole, "startxref\n", "startxref\n9");
    bad_offsets.splice(0..0, *b"junk before the header\n");
    let mut flipped = whole.clone();
    let mut random = Random::new(3);
    for _ in 0..60 {
        let at = 400 + random.below(flipped.len() - 400);
        flipped[at] ^= 0x55;
    }
    vec![
        case("locked.pdf", ordinary(Storage::Locked), encrypted),
        case("truncated-60.pdf", cut(&whole, 60), DAMAGED),
        case("truncated-20.pdf", cut(&whole, 20), DAMAGED),
        case("truncated-streams.pdf", cut(&modern, 70), DAMAGED),
        case("header-only.pdf", "%PDF-1.7\n", DAMAGED),
        Case {
            blocks: false,
            ..case("no-root.pdf", replaced(&whole, "/Root 1 0 R", "/Root 9999 0 R"), DAMAGED)
        },
        case("flipped-bytes.pdf", flipped, DAMAGED),
        Case { blocks: false, ..case("bad-xref.pdf", bad_offsets, DAMAGED) },
    ]
}

fn loops() -> Vec<Case> {
    let mut tree = Sheet::new();
    let (parent, page) = (tree.tree(), tree.page());
    let branch = tree.pdf.add(format!(
        "<< /Type /Pages /Parent {parent} 0 R /Kids [{page} 0 R {parent} 0 R] /Count 4 >>"
    ));
    tree.more_pages = vec![branch, parent];
    tree.draw("BT ET");

    let mut form = Sheet::new();
    let number = form.pdf.reserve();
    let resources = format!("/Resources << /XObject << /F {number} 0 R >> >>");
    let entries = format!("/Type /XObject /Subtype /Form /BBox [0 0 612 792] {resources}");
    form.pdf.set(number, stream(&entries, b"q /F Do /F Do Q"));
    form.resources = format!("/XObject << /F {number} 0 R >>");
    form.draw("/F Do");

    let mut font = Sheet::new();
    let number = font.pdf.reserve();
    font.pdf.set(
        number,
        format!("<< /Type /Font /Subtype /Type0 /BaseFont /Loop /Encoding {number} 0 R /DescendantFonts [{number} 0 R] /ToUnicode {number} 0 R >>"),
    );
    font.resources = format!("/Font << /F1 {number} 0 R >>");
    font.draw("BT /F1 12 Tf 72 700 Td <00410042004300440045> Tj ET");

    let whole = ordinary(Storage::Classic);
    let start = whole.windows(5).rposition(|window| window == b"xref\n").unwrap_or(0);
    // The offset of `xref` itself, not of the `startxref` after it.
    let table = whole[..start].windows(5).rposition(|window| window == b"xref\n").unwrap_or(0);
    let previous = replaced(&whole, "/Root 1 0 R", &format!("/Root 1 0 R /Prev {table}"));
    vec![
        case("page-tree-loop.pdf", tree.finish(Storage::Classic), OVER_OR_DAMAGED),
        // What lies outside the circle is read in full, so these need not block.
        Case {
            blocks: false,
            ..case("form-loop.pdf", form.finish(Storage::Classic), OVER_OR_DAMAGED)
        },
        case(
            "font-loop.pdf",
            font.finish(Storage::Classic),
            &["unread.damaged", "unread.text-undecodable"],
        ),
        Case { blocks: false, ..case("type3-loop.pdf", type3_loop(), OVER_OR_DAMAGED) },
        Case { blocks: false, ..case("xref-loop.pdf", previous, &[]) },
        Case { blocks: false, ..case("length-loop.pdf", length_loop(), &[]) },
    ]
}

/// A Type 3 glyph that shows itself.
fn type3_loop() -> Vec<u8> {
    let mut sheet = Sheet::new();
    let font = sheet.pdf.reserve();
    let glyph = sheet.pdf.stream("", b"600 0 d0 BT /F1 1 Tf (aa) Tj ET");
    sheet.pdf.set(
        font,
        format!("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [.001 0 0 .001 0 0] /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [600] /CharProcs << /a {glyph} 0 R >> /Resources << /Font << /F1 {font} 0 R >> >> >>"),
    );
    sheet.resources = format!("/Font << /F1 {font} 0 R >>");
    sheet.draw("BT /F1 12 Tf 72 700 Td (aaaa) Tj ET");
    sheet.finish(Storage::Classic)
}

/// A stream whose length is the stream itself.
fn length_loop() -> Vec<u8> {
    let mut sheet = Sheet::new();
    let content = sheet.pdf.reserve();
    let body = format!("<< /Length {content} 0 R >>\nstream\nBT /F1 12 Tf 72 700 Td (a) Tj ET");
    sheet.pdf.set(content, body);
    sheet.finish_with(content, Storage::Classic)
}

/// `total` bytes of a repeated pattern, deflated twice: a few kilobytes on disk.
fn twice_deflated(pattern: &[u8], total: usize) -> Vec<u8> {
    let chunk = pattern.repeat((1 << 20) / pattern.len());
    let mut encoder =
        ZlibEncoder::new(ZlibEncoder::new(Vec::new(), Compression::best()), Compression::fast());
    for _ in 0..total / chunk.len() {
        let _ = encoder.write_all(&chunk);
    }
    encoder.finish().and_then(ZlibEncoder::finish).unwrap_or_default()
}

const TWICE: &str = "/Filter [/FlateDecode /FlateDecode]";

fn swelling() -> Vec<Case> {
    let mut bomb = Sheet::new();
    let content = bomb.pdf.stream(TWICE, &twice_deflated(b"    ", 1 << 30));
    let mut many = Sheet::new();
    let part = twice_deflated(b"    ", 30 << 20);
    let parts: Vec<usize> = (0..100).map(|_| many.pdf.stream(TWICE, &part)).collect();
    let contents = many.pdf.add(format!("[{}]", super::super::pdf::sheet::references(&parts)));
    let mut operators = Sheet::new();
    let ten_million = operators.pdf.stream(TWICE, &twice_deflated(b"q Q ", 20 << 20));
    let mut strokes = Sheet::new();
    let lines = strokes.pdf.stream(TWICE, &twice_deflated(b"9 9 m 600 700 l S ", 30 << 20));
    let mut letters = Sheet::new();
    let font = Face::Helvetica.write(&mut letters.pdf, false);
    letters.resources = format!("/Font << /F1 {font} 0 R >>");
    letters.content = b"BT /F1 9 Tf 72 700 Td ".to_vec();
    let head = letters.pdf.add(stream("", b"BT /F1 9 Tf 72 700 Td"));
    let text = letters
        .pdf
        .stream(TWICE, &twice_deflated(b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)Tj ", 30 << 20));
    let both = letters.pdf.add(format!("[{head} 0 R {text} 0 R]"));
    vec![
        case("bomb-content.pdf", bomb.finish_with(content, Storage::Classic), OVER),
        case("bomb-many-streams.pdf", many.finish_with(contents, Storage::Classic), OVER),
        // Read in full or given up: both are fair, as long as it ends in time.
        Case {
            blocks: false,
            ..case(
                "ten-million-operators.pdf",
                operators.finish_with(ten_million, Storage::Classic),
                &[],
            )
        },
        Case {
            blocks: false,
            ..case("million-strokes.pdf", strokes.finish_with(lines, Storage::Classic), &[])
        },
        case("thirty-million-letters.pdf", letters.finish_with(both, Storage::Classic), OVER),
        case("forms-doubling.pdf", doubling(), OVER_OR_DAMAGED),
        case("deep-content.pdf", deep_content(), OVER_OR_DAMAGED),
        case("deep-object.pdf", deep_object(), OVER_OR_DAMAGED),
        case(
            "cmap-bomb.pdf",
            cmap_bomb(),
            &["unread.over-budget", "unread.text-undecodable", "unread.damaged"],
        ),
    ]
}

/// Forty forms, each drawing the next one twice.
fn doubling() -> Vec<u8> {
    let mut sheet = Sheet::new();
    let font = Face::Helvetica.write(&mut sheet.pdf, false);
    let entries = "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources";
    let mut next = sheet.pdf.stream(
        &format!("{entries} << /Font << /F1 {font} 0 R >> >>"),
        b"BT /F1 9 Tf 72 700 Td (laughs) Tj ET",
    );
    for _ in 0..40 {
        next = sheet
            .pdf
            .stream(&format!("{entries} << /XObject << /F {next} 0 R >> >>"), b"/F Do /F Do");
    }
    sheet.resources = format!("/XObject << /F {next} 0 R >>");
    sheet.draw("/F Do");
    sheet.finish(Storage::Classic)
}

fn deep_content() -> Vec<u8> {
    let mut sheet = Sheet::new();
    sheet.draw([b"[".repeat(200_000), b"]".repeat(200_000), b" TJ".to_vec()].concat());
    sheet.draw([b"<</A".repeat(200_000), b" 1".to_vec(), b">>".repeat(200_000)].concat());
    sheet.draw("q ".repeat(100_000));
    sheet.finish(Storage::Classic)
}

fn deep_object() -> Vec<u8> {
    let mut pdf = Pdf::default();
    let root = pdf.reserve();
    let deep = pdf.add(["[".repeat(20_000), "]".repeat(20_000)].concat());
    pdf.set(root, format!("<< /Type /Catalog /Pages {deep} 0 R >>"));
    pdf.finish(root, Storage::Classic)
}

/// A map whose ranges stand for billions of codes.
fn cmap_bomb() -> Vec<u8> {
    let mut sheet = Sheet::new();
    let ranges = "<00000000> <FFFFFFFF> <0041>\n".repeat(100);
    let map = format!(
        "begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange\n100 beginbfrange\n{ranges}endbfrange\nendcmap"
    );
    let map = sheet.pdf.packed("", map.as_bytes());
    let base = Face::CidMute.write(&mut sheet.pdf, false);
    let font = sheet.pdf.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Bomb /Encoding {map} 0 R /ToUnicode {map} 0 R \
         /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Bomb /W [0 4294967295 500] \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
    ));
    sheet.resources = format!("/Font << /F1 {font} 0 R /F2 {base} 0 R >>");
    sheet.draw("BT /F1 12 Tf 72 700 Td <0000004100000042FFFFFFFF> Tj /F2 12 Tf <00410042> Tj ET");
    sheet.finish(Storage::Classic)
}

fn lying() -> Vec<Case> {
    let mut pages = Sheet::new();
    pages.draw("BT ET");
    let count = replaced(&pages.finish(Storage::Classic), "/Count 1", "/Count 2147483647");
    let mut image = Sheet::new();
    let picture = image.pdf.packed(
        "/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 8",
        &[0; 64],
    );
    image.resources = format!("/XObject << /I {picture} 0 R >>");
    image.draw("q 612 0 0 792 0 0 cm /I Do Q");
    let mut filter = Sheet::new();
    let content = filter.pdf.stream("/Filter /FlateDecode", b"this was never deflated at all");
    let mut unknown = Sheet::new();
    let odd = unknown.pdf.stream("/Filter /FutureDecode", &deflate(b"BT ET"));
    let mut endless = Sheet::new();
    endless.draw(".e23999999 0 0 -.24 0 792 cm BT /F1 12 Tf 1 0 0 1e400 72 700 Tm (Far off) Tj ET");
    let endless = endless.finish(Storage::Classic);
    let mut edge = Sheet::new();
    let piece = |number: usize| format!("1 0 0 1 {} 780 Tm (ab) Tj\n", 20 * number);
    let pieces: String = (0..20_000).map(piece).collect();
    let pieces = edge.pdf.packed("", format!("BT /F1 6 Tf\n{pieces}ET").as_bytes());
    let edge = edge.finish_with(pieces, Storage::Classic);
    vec![
        Case { blocks: false, ..case("page-count.pdf", count, &[]) },
        Case { blocks: false, ..case("endless-numbers.pdf", endless, &[]) },
        Case { blocks: false, ..case("pieces-at-the-edge.pdf", edge, &[]) },
        case(
            "huge-picture.pdf",
            image.finish(Storage::Classic),
            &["unread.image-only", "unread.over-budget", "unread.damaged"],
        ),
        case("hostile-font.pdf", hostile_font(), &["unread.text-undecodable", "unread.damaged"]),
        case("broken-filter.pdf", filter.finish_with(content, Storage::Classic), DAMAGED),
        case(
            "unknown-filter.pdf",
            unknown.finish_with(odd, Storage::Classic),
            &["unread.unsupported", "unread.damaged"],
        ),
    ]
}

/// Embedded programs of noise behind the right first bytes.
fn hostile_font() -> Vec<u8> {
    let mut sheet = Sheet::new();
    let mut random = Random::new(17);
    let mut fonts = String::new();
    for (index, (key, magic)) in [
        ("FontFile2", &b"\0\x01\0\0\xFF\xFF"[..]),
        ("FontFile3", b"OTTO\xFF\xFF"),
        ("FontFile", b"%!PS-AdobeFont"),
    ]
    .into_iter()
    .enumerate()
    {
        let noise = (0..4096).flat_map(|_| random.bits().to_le_bytes().into_iter().take(1));
        let program: Vec<u8> = magic.iter().copied().chain(noise).collect();
        let file = sheet.pdf.packed("/Subtype /OpenType /Length1 4294967295 /Length2 1", &program);
        let descriptor = sheet.pdf.add(format!(
            "<< /Type /FontDescriptor /FontName /Noise /Flags 4 /FontBBox [0 0 1 1] /ItalicAngle 0 /Ascent 1 \
             /Descent 0 /CapHeight 1 /StemV 1 /{key} {file} 0 R >>"
        ));
        let font = sheet.pdf.add(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Noise /Encoding /Identity-H /DescendantFonts [<< /Type /Font \
             /Subtype /CIDFontType2 /BaseFont /Noise /FontDescriptor {descriptor} 0 R /CIDSystemInfo << /Registry \
             (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
        ));
        let _ = write!(fonts, "/F{index} {font} 0 R ");
    }
    sheet.resources = format!("/Font << {fonts} >>");
    sheet.draw("BT /F0 12 Tf 72 700 Td <004100420043> Tj /F1 12 Tf <004100420043> Tj /F2 12 Tf <004100420043> Tj ET");
    sheet.finish(Storage::Classic)
}
