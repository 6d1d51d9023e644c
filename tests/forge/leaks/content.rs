//! Page content that covers text: the first dozen rows.

use super::super::pdf::Storage;
use super::super::pdf::font::Face;
use super::super::pdf::raster::Raster;
use super::super::pdf::sheet::references;
use super::leaf::{Area, LEFT, Leaf, rectangle};
use super::{FACES, Names, Row};
use std::fmt::Write as _;

const SECTION: &str = "page content";
const COVERED: &str = "redaction.covered-text";

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        boxes(&names.next()),
        paths(&names.next(), &names.next()),
        strokes(&names.next()),
        white_out(&names.next()),
        hatched(&names.next()),
        pictures(&names.next(), &names.next()),
        shadings(&names.next(), &names.next()),
        forms(&names.next(), &names.next()),
        alpha(&names.next(), &names.next()),
        partial(&names.next()),
        faces(&names.next()),
        placeholders(),
    ]
}

/// White text on a dark band that was painted first.
fn reversed(face: Face) -> Vec<u8> {
    let mut leaf = Leaf::new(face);
    leaf.draw("0.1 g 66 640 480 20 re f 1 g");
    leaf.say(LEFT, 646.0, "SECTION TWO: PEOPLE HEARD BY THE UNIT");
    leaf.draw("0 g");
    leaf.say(LEFT, 620.0, "Six people were heard.");
    leaf.finish()
}

fn boxed(face: Face, who: &str) -> Leaf {
    let mut leaf = Leaf::new(face);
    let area = leaf.tell(660.0, who);
    leaf.bar(area);
    leaf
}

fn boxes(who: &str) -> Row {
    let rotated = {
        let mut leaf = Leaf::empty(Face::Differences);
        leaf.sheet.boxes = "/MediaBox [0 0 792 612] /Rotate 90";
        leaf.draw("0 1 -1 0 792 0 cm");
        leaf.say(LEFT, 704.0, "Both books were found to agree.");
        let area = leaf.tell(660.0, who);
        leaf.bar(area);
        leaf.finish()
    };
    let split = {
        let mut leaf = Leaf::new(Face::Differences);
        let area = leaf.tell(660.0, who);
        let mut sheet = leaf.into_sheet();
        let text = std::mem::take(&mut sheet.content);
        let parts = [
            sheet.pdf.packed("", &text),
            sheet.pdf.packed("", format!("0 g {}", rectangle(area)).as_bytes()),
            sheet.pdf.packed("", b"f"),
        ];
        let all = sheet.pdf.add(format!("[{}]", references(&parts)));
        sheet.finish_with(all, Storage::Classic)
    };
    Row::new(SECTION, "box over text, `re f`, rotated, split, in object streams, encrypted", "box")
        .both(|face| boxed(face, who).finish(), COVERED, who)
        .leak("rotated", rotated, COVERED, who)
        .leak("split-content", split, COVERED, who)
        .leak("object-streams", boxed(Face::Cid, who).finish_as(Storage::Streams), COVERED, who)
        .leak("encrypted", boxed(Face::Helvetica, who).finish_as(Storage::Encrypted), COVERED, who)
        .both_miss(reversed)
}

fn paths(who: &str, other: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let [x0, y0, x1, y1] = leaf.tell(660.0, who);
        // A rounded bar.
        leaf.draw(format!(
            "0 g {x0} {y0} m {x1} {y0} l {a} {y0} {a} {y1} {x1} {y1} c {x0} {y1} l {b} {y1} {b} {y0} {x0} {y0} c h f",
            a = x1 + 3.0,
            b = x0 - 3.0
        ));
        // A slanting line of text under a slanting bar.
        leaf.draw("q 0.940 0.342 -0.342 0.940 120 420 cm");
        let area = leaf.say(0.0, 0.0, other);
        leaf.bar(area);
        leaf.draw("Q");
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let [x0, y0, x1, y1] = leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        let frame = rectangle([x0 - 6.0, y0 - 6.0, x1 + 6.0, y1 + 6.0]);
        // A frame of two nested rectangles, a path that is never painted, slanting bars beside a slanting line.
        leaf.draw(format!(
            "0 g {frame} {} f*",
            rectangle([x0 - 4.0, y0 - 4.0, x1 + 4.0, y1 + 4.0])
        ));
        leaf.draw(format!("{} n", rectangle([x0, y0, x1, y1])));
        leaf.draw("q 0.940 0.342 -0.342 0.940 120 420 cm");
        let [x0, _, x1, _] = leaf.say(0.0, 0.0, "The buyer came on foot.");
        leaf.bar([x0, 16.0, x1, 28.0]);
        leaf.bar([x0, -20.0, x1, -8.0]);
        leaf.draw("Q");
        leaf.finish()
    };
    let row = Row::new(SECTION, "path / curve / rotated box", "path").both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        row.leaks_all(name, failing(face), &[(COVERED, who), (COVERED, other)])
    })
}

fn strokes(who: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let [x0, y0, x1, y1] = leaf.tell(660.0, who);
        let middle = f32::midpoint(y0, y1);
        leaf.draw(format!("0 G 14 w {x0} {middle} m {x1} {middle} l S"));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let [x0, y0, x1, y1] = leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.draw(format!("0 G 0.8 w {x0} {y0} m {x1} {y0} l S"));
        leaf.draw(format!("1 w {x0} {middle} m {x1} {middle} l S", middle = y0 + 6.0));
        leaf.draw(format!("2 w {} S", rectangle([x0 - 8.0, y0 - 8.0, x1 + 8.0, y1 + 8.0])));
        leaf.finish()
    };
    Row::new(SECTION, "thick stroke / marker line", "stroke")
        .both(failing, COVERED, who)
        .both_miss(miss)
}

fn white_out(who: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.tell(660.0, who);
        leaf.draw(format!("1 1 1 rg {} f 0 g", rectangle(area)));
        leaf.say(area[0] + 4.0, 660.0, "a person");
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        leaf.draw("1 1 1 rg 66 640 480 40 re f 0 g");
        leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.finish()
    };
    Row::new(SECTION, "white-out (+ retyped)", "white-out")
        .both(failing, COVERED, who)
        .both_miss(miss)
}

fn hatched(who: &str) -> Row {
    let lines = |[x0, y0, x1, y1]: Area, step: f32| {
        let mut out = String::from("0.4 w 0.5 G ");
        let mut x = x0;
        while x + 8.0 < x1 {
            let _ = write!(out, "{x:.1} {y0} m {:.1} {y1} l S ", x + 8.0);
            x += step;
        }
        out
    };
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.tell(660.0, who);
        leaf.draw(format!("0.75 g {} f", rectangle(area)));
        leaf.draw(lines(area, 3.0));
        leaf.draw("0 g");
        leaf.say(area[0] + 6.0, 660.0, "(b)(6)");
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.draw(lines(area, 12.0));
        leaf.finish()
    };
    Row::new(SECTION, "hatched / labelled box", "hatched")
        .both(failing, COVERED, who)
        .both_miss(miss)
}

fn pictures(who: &str, other: &str) -> Row {
    let placed = |[x0, y0, x1, y1]: Area| format!("q {} 0 0 {} {x0} {y0} cm", x1 - x0, y1 - y0);
    let picture = |leaf: &mut Leaf, more: &str, byte: u8| {
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 {more}"
        );
        leaf.sheet.pdf.packed(&entries, &[byte; 64])
    };
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let image = picture(&mut leaf, "", 0);
        leaf.resources = format!("/XObject << /Bar {image} 0 R >>");
        let area = leaf.tell(660.0, who);
        leaf.draw(format!("{} /Bar Do Q", placed(area)));
        let area = leaf.tell(640.0, other);
        leaf.draw(format!("{} BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 00> EI Q", placed(area)));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::empty(face);
        let letterhead = picture(&mut leaf, "", 0xEE);
        let clear = leaf.sheet.pdf.packed(
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8",
            &[0; 64],
        );
        let seen_through = picture(&mut leaf, &format!("/SMask {clear} 0 R"), 0);
        leaf.resources = format!("/XObject << /Head {letterhead} 0 R /Mask {seen_through} 0 R >>");
        leaf.draw("q 480 0 0 90 66 650 cm /Head Do Q");
        leaf.say(LEFT, 704.0, "FICTITIOUS FIELD OFFICE");
        let area = leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.draw(format!("{} /Mask Do Q", placed(area)));
        // A stencil with nothing to paint.
        leaf.draw(format!("{} BI /W 8 /H 1 /IM true /F /AHx ID FF> EI Q", placed(area)));
        leaf.finish()
    };
    let row = Row::new(SECTION, "image / inline image over text", "picture").both_miss(miss);
    let row = row
        .leak("bars-on-a-transparent-page", overlay(who, true), COVERED, who)
        .leak("stencil", stencil(who), COVERED, who)
        .miss("bars-beside-the-text", overlay(who, false));
    FACES.into_iter().fold(row, |row, (name, face)| {
        row.leaks_all(name, failing(face), &[(COVERED, who), (COVERED, other)])
    })
}

/// A picture over the whole page that is transparent but for a bar.
fn overlay(who: &str, over: bool) -> Vec<u8> {
    let mut leaf = Leaf::new(Face::Cid);
    let told = leaf.tell(660.0, who);
    let mut mask = Raster::new();
    mask.fill([0.0, 0.0, 612.0, 792.0], 0);
    mask.fill(if over { told } else { [72.0, 300.0, 200.0, 320.0] }, 255);
    let mask = leaf.sheet.pdf.packed(&Raster::entries(), mask.pixels());
    let bars = leaf.sheet.pdf.packed(
        &format!(
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 /SMask {mask} 0 R"
        ),
        &[0; 64],
    );
    leaf.resources = format!("/XObject << /Bars {bars} 0 R >>");
    leaf.draw("q 612 0 0 792 0 0 cm /Bars Do Q");
    leaf.finish()
}

/// A stencil through which black is painted all over.
fn stencil(who: &str) -> Vec<u8> {
    let mut leaf = Leaf::new(Face::Cid);
    let [x0, y0, x1, y1] = leaf.tell(660.0, who);
    let (width, height) = (x1 - x0, y1 - y0);
    leaf.draw(format!(
        "q 0 g {width} 0 0 {height} {x0} {y0} cm BI /W 8 /H 1 /IM true /F /AHx ID 00> EI Q"
    ));
    leaf.finish()
}

fn shadings(who: &str, other: &str) -> Row {
    let shading = "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 612 0] /Extend [true true] /Function << \
                   /FunctionType 2 /Domain [0 1] /N 1";
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let tile = leaf.sheet.pdf.packed(
            "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 4 4] /XStep 4 /YStep 4 \
             /Resources << >>",
            b"0.2 g 0 0 4 4 re f 0.4 g 0 0 2 2 re f",
        );
        leaf.resources = format!(
            "/Shading << /S {shading} /C0 [0] /C1 [0.3] >> >> >> /Pattern << /P {tile} 0 R >>"
        );
        let area = leaf.tell(660.0, who);
        leaf.draw(format!("q {} W n /S sh Q", rectangle(area)));
        let area = leaf.tell(640.0, other);
        leaf.draw(format!("/Pattern cs /P scn {} f", rectangle(area)));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        leaf.resources = format!("/Shading << /S {shading} /C0 [0.8] /C1 [1] >> >> >>");
        leaf.draw("q 66 640 480 40 re W n /S sh Q");
        leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.finish()
    };
    let row = Row::new(SECTION, "shading / tiling pattern", "shading").both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        row.leaks_all(name, failing(face), &[(COVERED, who), (COVERED, other)])
    })
}

fn forms(who: &str, other: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        // The text in a form, moved by its matrix; the cover on the page.
        let told = leaf.shown(0.0, 0.0, who);
        let entries = leaf.entries();
        let text = leaf.sheet.pdf.packed(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [-5 -5 400 20] /Matrix [1 0 0 1 72 660] /Resources << {entries} >>"
            ),
            &told,
        );
        // The text on the page, the cover in a form inside a form.
        let area = leaf.area(LEFT, 640.0, other);
        let inner = leaf.form("0 0 612 792", format!("0 g {} f", rectangle(area)).as_bytes());
        let outer = leaf.sheet.pdf.packed(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /In {inner} 0 R >> >>"
            ),
            b"q /In Do Q",
        );
        leaf.resources = format!("/XObject << /Text {text} 0 R /Cover {outer} 0 R >>");
        leaf.draw("/Text Do");
        let first = leaf.area(LEFT, 660.0, who);
        leaf.bar(first);
        leaf.say(LEFT, 640.0, other);
        leaf.draw("/Cover Do");
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let form = leaf.form("400 100 500 120", b"0 g 0 0 612 792 re f");
        leaf.resources = format!("/XObject << /Cover {form} 0 R >>");
        leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.draw("/Cover Do");
        leaf.finish()
    };
    let row = Row::new(SECTION, "Form XObject holds text or cover", "form").both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        row.leaks_all(name, failing(face), &[(COVERED, who), (COVERED, other)])
    })
}

fn alpha(who: &str, other: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        "/ExtGState << /A << /ca 0.95 >> /M << /BM /Multiply >> >>".clone_into(&mut leaf.resources);
        let area = leaf.tell(660.0, who);
        leaf.draw(format!("q /A gs 0 g {} f Q", rectangle(area)));
        let area = leaf.tell(640.0, other);
        leaf.draw(format!("q /M gs 0.05 g {} f Q", rectangle(area)));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        "/ExtGState << /A << /ca 0.4 >> /M << /BM /Multiply >> >>".clone_into(&mut leaf.resources);
        let area = leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.draw(format!("q /M gs 1 1 0 rg {} f Q", rectangle(area)));
        let area = leaf.say(LEFT, 640.0, "The buyer came on foot.");
        leaf.draw(format!("q /A gs 1 0.8 0 rg {} f Q", rectangle(area)));
        leaf.finish()
    };
    let stacked = |who: &str, times: usize| {
        let mut leaf = Leaf::new(Face::Cid);
        "/ExtGState << /A << /ca 0.6 >> >>".clone_into(&mut leaf.resources);
        let area = leaf.tell(660.0, who);
        leaf.draw(format!("q /A gs 0 g {} Q", format!("{} f ", rectangle(area)).repeat(times)));
        leaf.finish()
    };
    let row = Row::new(SECTION, "nearly opaque alpha, blend modes", "alpha").both_miss(miss);
    let row = row.leak("veils-on-veils", stacked(who, 4), COVERED, who);
    let row = row.miss("one-veil", stacked("nobody", 1));
    FACES.into_iter().fold(row, |row, (name, face)| {
        row.leaks_all(name, failing(face), &[(COVERED, who), (COVERED, other)])
    })
}

fn partial(who: &str) -> Row {
    let (first, last) = who.split_once(' ').unwrap_or_default();
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let [x0, y0, x1, y1] = leaf.tell(660.0, who);
        let start = x0 + leaf.width(&format!("{first} "));
        leaf.bar([start, y0, x1, y1]);
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.omit(664.0, 90.0);
        // The bar of the line above shaves what is tall in this one.
        leaf.say(
            LEFT,
            652.0,
            "The lamp hung above the back door of the hall until the end of the month.",
        );
        leaf.bar([area[0], 659.2, area[2], 674.0]);
        leaf.finish()
    };
    Row::new(SECTION, "partial cover", "partial").both(failing, COVERED, last).both_miss(miss)
}

fn faces(who: &str) -> Row {
    let all = [
        ("type3", Face::Type3),
        ("type3-mapped", Face::Type3Mapped),
        ("cid-bare", Face::CidBare),
        ("cid", Face::Cid),
        ("differences", Face::Differences),
        ("truetype", Face::TrueType),
        ("times", Face::Times),
    ];
    let row = Row::new(SECTION, "CID / Type3 / no ToUnicode", "faces");
    all.into_iter().fold(row, |row, (name, face)| {
        row.leak(name, boxed(face, who).finish(), COVERED, who).miss(name, reversed(face))
    })
}

fn placeholders() -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.tell(660.0, "XXXXXXXXXX");
        leaf.bar(area);
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.tell(660.0, "            ");
        leaf.bar(area);
        leaf.finish()
    };
    Row::new(SECTION, "placeholder under box", "placeholder")
        .both(failing, "redaction.placeholder", "XXXXXXXXXX")
        .both_miss(miss)
}
