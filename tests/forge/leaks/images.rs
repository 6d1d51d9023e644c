//! Pictures that keep what their page does not show.

use super::super::pdf::font::Face;
use super::super::pdf::raster::Raster;
use super::leaf::{Area, LEFT, Leaf, SIZE};
use super::{Names, Row};

const SECTION: &str = "images";
const STORED: &str = "hidden.image-data";
const LINES: [(f32, &str); 3] = [
    (728.0, "STATEMENT OF THE NIGHT GUARD"),
    (704.0, "The shift ledger was compared with the badge reader."),
    (690.0, "Both were found to agree."),
];

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        covered(&names.next()),
        searchable(&names.next()),
        clipped(&names.next()),
        masked(&names.next()),
        alternates(&names.next()),
        segments(&names.next()),
        mosaic(&names.next()),
        Row::new(SECTION, "steganographic printer dots", "printer-dots"),
    ]
}

/// A scan of a statement; with a name, also the sentence that has it and the area of the name.
fn scan(who: &str) -> (Raster, Area) {
    let mut raster = Raster::new();
    for (y, text) in LINES {
        raster.say(LEFT, y, SIZE, text);
    }
    let width = |text: &str| Face::Cid.width(text, SIZE, false);
    raster.say(LEFT, 660.0, SIZE, &format!("The guard named {who} as the buyer."));
    let left = LEFT + width("The guard named ");
    (raster, [left - 1.0, 657.0, left + width(who) + 1.0, 669.5])
}

/// A page that shows a picture through a matrix, with an invisible layer of the words where there is one.
fn shown(raster: &Raster, entries: &str, before: &str, layer: Option<&str>) -> Leaf {
    shown_in(Face::Cid, raster, entries, before, layer)
}

fn shown_in(face: Face, raster: &Raster, entries: &str, before: &str, layer: Option<&str>) -> Leaf {
    let mut leaf = Leaf::empty(face);
    let image = leaf.sheet.pdf.packed(&format!("{} {entries}", Raster::entries()), raster.pixels());
    leaf.resources = format!("/XObject << /Scan {image} 0 R >>");
    leaf.draw(format!("q {before} 612 0 0 792 0 0 cm /Scan Do Q"));
    if let Some(sentence) = layer {
        leaf.draw("3 Tr");
        for (y, text) in LINES {
            leaf.say(LEFT, y, text);
        }
        leaf.say(LEFT, 660.0, sentence);
        leaf.draw("0 Tr");
    }
    leaf
}

const LAYER: &str = "The guard named            as the buyer.";

fn covered(who: &str) -> Row {
    let boxed = {
        let (raster, area) = scan(who);
        let mut leaf = shown(&raster, "", "", Some(LAYER));
        leaf.bar(area);
        leaf.finish()
    };
    let annotated = {
        let (raster, area) = scan(who);
        let mut leaf = shown(&raster, "", "", Some(LAYER));
        leaf.annotate(&format!(
            "/Subtype /Square {} /F 4 /C [0 0 0] /IC [0 0 0]",
            super::leaf::rect(area)
        ));
        leaf.finish()
    };
    let burned = {
        let (mut raster, area) = scan(who);
        raster.fill(area, 0);
        let mut leaf = shown(&raster, "", "", Some(LAYER));
        leaf.bar(area);
        leaf.finish()
    };
    let blank = {
        let (raster, _) = scan("nobody");
        let mut leaf = shown(&raster, "", "", Some("The guard named nobody as the buyer."));
        leaf.bar([72.0, 300.0, 200.0, 320.0]);
        leaf.finish()
    };
    let rule = "redaction.covered-image";
    Row::new(SECTION, "vector box / annotation over image pixels", "picture-covered")
        .leak("box", boxed, rule, "")
        .leak("annotation", annotated, rule, "")
        .miss("burned-in", burned)
        .miss("blank-paper", blank)
}

fn searchable(who: &str) -> Row {
    let burned_in = |face: Face, sentence: &str| {
        let (mut raster, area) = scan(who);
        raster.fill(area, 0);
        shown_in(face, &raster, "", "", Some(sentence)).finish()
    };
    let burned = |sentence: &str| burned_in(Face::Cid, sentence);
    let normal = {
        let (raster, _) = scan("the driver");
        shown(&raster, "", "", Some("The guard named the driver as the buyer.")).finish()
    };
    Row::new(SECTION, "OCR layer over burned-in box", "text-layer")
        .leak(
            "burned-in",
            burned(&format!("The guard named {who} as the buyer.")),
            "redaction.covered-text",
            who,
        )
        .or("hidden.invisible-text")
        .leak(
            "burned-in-bare",
            burned_in(Face::CidBare, &format!("The guard named {who} as the buyer.")),
            "redaction.covered-text",
            who,
        )
        .or("hidden.invisible-text")
        .miss("searchable", normal)
        .miss("layer-without-the-name", burned(LAYER))
}

fn clipped(who: &str) -> Row {
    let (raster, _) = scan(who);
    let mut cut = shown(&raster, "", "0 675 612 117 re W n", None);
    cut.draw("3 Tr");
    for (y, text) in LINES {
        cut.say(LEFT, y, text);
    }
    cut.draw("0 Tr");
    let off = {
        let mut leaf = shown(&raster, "", "1 0 0 1 0 180 cm", None);
        leaf.sheet.boxes = "/MediaBox [0 0 612 792] /CropBox [0 0 612 792]";
        leaf.draw("3 Tr 0 Tr");
        leaf.say(LEFT, 400.0, "The upper part of the sheet was not copied.");
        leaf.finish()
    };
    let bleed = {
        let (raster, _) = scan("the driver");
        let mut leaf = Leaf::empty(Face::Cid);
        let image = leaf.sheet.pdf.packed(&Raster::entries(), raster.pixels());
        leaf.resources = format!("/XObject << /Scan {image} 0 R >>");
        leaf.draw("q 620 0 0 800 -4 -4 cm /Scan Do Q 3 Tr q 1.013 0 0 1.01 -4 -4 cm");
        for (y, text) in LINES {
            leaf.say(LEFT, y, text);
        }
        leaf.say(LEFT, 660.0, "The guard named the driver as the buyer.");
        leaf.draw("Q 0 Tr");
        leaf.finish()
    };
    Row::new(SECTION, "pixels outside clip / off page", "picture-clipped")
        .leak("clip", cut.finish(), STORED, "")
        .leak("off-page", off, STORED, "")
        .miss("bleed", bleed)
}

fn masked(who: &str) -> Row {
    let mask_of =
        |leaf: &mut Leaf, mask: &Raster| leaf.sheet.pdf.packed(&Raster::entries(), mask.pixels());
    let failing = {
        let (raster, area) = scan(who);
        let mut mask = Raster::new();
        mask.fill(area, 0);
        let mut leaf = Leaf::empty(Face::Cid);
        let soft = mask_of(&mut leaf, &mask);
        let image = leaf
            .sheet
            .pdf
            .packed(&format!("{} /SMask {soft} 0 R", Raster::entries()), raster.pixels());
        leaf.resources = format!("/XObject << /Scan {image} 0 R >>");
        leaf.draw("q 612 0 0 792 0 0 cm /Scan Do Q 3 Tr");
        for (y, text) in LINES {
            leaf.say(LEFT, y, text);
        }
        leaf.draw("0 Tr");
        leaf.finish()
    };
    let logo = {
        let mut leaf = Leaf::new(Face::Cid);
        let mut edge = vec![0xFF; 64 * 64];
        for (at, sample) in edge.iter_mut().enumerate() {
            let from_edge = (at % 64).min(63 - at % 64).min(at / 64).min(63 - at / 64);
            *sample = u8::try_from(from_edge * 40).unwrap_or(0xFF);
        }
        let entries = "/Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceGray /BitsPerComponent 8";
        let soft = leaf.sheet.pdf.packed(entries, &edge);
        let image =
            leaf.sheet.pdf.packed(&format!("{entries} /SMask {soft} 0 R"), &[0x60; 64 * 64]);
        leaf.resources = format!("/XObject << /Logo {image} 0 R >>");
        leaf.draw("q 48 0 0 48 500 720 cm /Logo Do Q");
        leaf.finish()
    };
    Row::new(SECTION, "SMask / Mask / Matte / Decode hides", "picture-masked")
        .leak("soft-mask", failing, STORED, "")
        .miss("soft-edge", logo)
}

fn alternates(who: &str) -> Row {
    let paired = |other: &Raster, key: &str| {
        let (mut seen, area) = scan(who);
        seen.fill(area, 0);
        let mut leaf = Leaf::empty(Face::Cid);
        let second = leaf.sheet.pdf.packed(&Raster::entries(), other.pixels());
        let entries = if key == "alternate" {
            format!("/Alternates [<< /Image {second} 0 R /DefaultForPrinting false >>]")
        } else {
            leaf.sheet.page_entries = format!("/Thumb {second} 0 R");
            String::new()
        };
        let image =
            leaf.sheet.pdf.packed(&format!("{} {entries}", Raster::entries()), seen.pixels());
        leaf.resources = format!("/XObject << /Scan {image} 0 R >>");
        leaf.draw("q 612 0 0 792 0 0 cm /Scan Do Q 3 Tr");
        for (y, text) in LINES {
            leaf.say(LEFT, y, text);
        }
        leaf.say(LEFT, 660.0, LAYER);
        leaf.draw("0 Tr");
        leaf.finish()
    };
    let (full, area) = scan(who);
    let (mut equal, _) = scan(who);
    equal.fill(area, 0);
    Row::new(SECTION, "Alternates, Thumb, unused image, OPI", "picture-alternate")
        .leak("alternate", paired(&full, "alternate"), STORED, "")
        .leak("thumbnail", paired(&full, "thumbnail"), STORED, "")
        .miss("equal-alternate", paired(&equal, "alternate"))
        .miss("equal-thumbnail", paired(&equal, "thumbnail"))
}

/// A baseline JPEG of one grey block (ITU-T T.81), with `segment` after its JFIF header.
fn jpeg(segment: &[u8]) -> Vec<u8> {
    let mut out = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00".to_vec();
    out.extend_from_slice(segment);
    out.extend(b"\xFF\xDB\x00\x43\x00");
    out.extend([1; 64]);
    out.extend(b"\xFF\xC0\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00");
    for class in [0x00, 0x10] {
        // One code of one bit: category 0, or the end of the block.
        out.extend([0xFF, 0xC4, 0x00, 0x14, class, 1]);
        out.extend([0; 15]);
        out.push(0);
    }
    out.extend(b"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\x3F\xFF\xD9");
    out
}

/// A little-endian TIFF block with one ASCII tag, `ImageDescription`, behind an EXIF header.
fn exif(words: &str) -> Vec<u8> {
    let text = format!("{words}\0");
    let length = u32::try_from(text.len()).unwrap_or(0);
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0E\x01\x02\0".to_vec();
    tiff.extend(length.to_le_bytes());
    tiff.extend(26u32.to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(text.bytes());
    let size = u16::try_from(tiff.len() + 2).unwrap_or(0);
    [&[0xFF, 0xE1][..], &size.to_be_bytes(), &tiff].concat()
}

fn segments(who: &str) -> Row {
    let with = |segment: &[u8]| {
        let mut leaf = Leaf::new(Face::Cid);
        let image = leaf.sheet.pdf.stream(
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter \
             /DCTDecode",
            &jpeg(segment),
        );
        leaf.resources = format!("/XObject << /Photo {image} 0 R >>");
        leaf.draw("q 120 0 0 120 72 500 cm /Photo Do Q");
        leaf.finish()
    };
    Row::new(
        SECTION,
        "EXIF/XMP/IPTC/maker notes/ICC desc/GPS in DCT/JPX, EXIF thumbnail",
        "picture-segments",
    )
    .leak("exif", with(&exif(&format!("{who} at the gate"))), STORED, who)
    .or("hidden.metadata")
    .miss("jfif-only", with(&[]))
}

fn mosaic(who: &str) -> Row {
    let failing = {
        let (mut raster, area) = scan(who);
        raster.pixelate(area, 6);
        shown(&raster, "", "", Some(LAYER)).finish()
    };
    let photo = {
        let mut leaf = Leaf::new(Face::Cid);
        // A small photograph: smooth, with some grain, and no grid.
        let samples: Vec<u8> = (0..96usize * 96)
            .map(|at| {
                let (x, y) = (at % 96, at / 96);
                u8::try_from(60 + x + y / 2 + (x * 31 + y * 17) % 7).unwrap_or(0xFF)
            })
            .collect();
        let image = leaf.sheet.pdf.packed(
            "/Type /XObject /Subtype /Image /Width 96 /Height 96 /ColorSpace /DeviceGray /BitsPerComponent 8",
            &samples,
        );
        leaf.resources = format!("/XObject << /Photo {image} 0 R >>");
        leaf.draw("q 192 0 0 192 72 400 cm /Photo Do Q");
        leaf.finish()
    };
    Row::new(SECTION, "mosaic / blur / see-through marker", "mosaic")
        .leak("mosaic", failing, "redaction.pixelated", "")
        .miss("photograph", photo)
}
