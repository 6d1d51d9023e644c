//! Text that is drawn and not seen, with nothing over it.

use super::super::pdf::font::Face;
use super::super::pdf::raster::Raster;
use super::leaf::{LEFT, Leaf, SIZE, rectangle};
use super::{FACES, Names, Row};

const SECTION: &str = "page content";

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        white(&names.next(), &names.next()),
        modes(&names.next(), &names.next(), &names.next()),
        micro(&names.next(), &names.next()),
        off_page(&names.next(), &names.next()),
        layers(&names.next()),
    ]
}

fn white(who: &str, other: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        leaf.draw("1 1 1 rg");
        leaf.tell(660.0, who);
        leaf.draw("0.01 0 0 0 k");
        leaf.tell(640.0, other);
        leaf.draw("0 g");
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        // The head of a table and a label on a coloured bar.
        leaf.draw("0.2 0.2 0.5 rg 66 640 240 18 re f 1 1 1 rg");
        leaf.say(LEFT, 645.0, "Step taken by the unit");
        leaf.draw("0 0 0 0.8 k 66 600 240 18 re f 0 0 0 0 k");
        leaf.say(LEFT, 605.0, "People heard by the unit");
        leaf.draw("0 g");
        leaf.finish()
    };
    let pictured = |colour: &str, who: &str| {
        let mut leaf = Leaf::empty(Face::Cid);
        let paper = leaf.sheet.pdf.packed(&Raster::entries(), Raster::new().pixels());
        leaf.resources = format!("/XObject << /Paper {paper} 0 R >>");
        leaf.draw("q 612 0 0 792 0 0 cm /Paper Do Q");
        leaf.say(LEFT, 704.0, "The shift ledger was compared with the badge reader at the gate.");
        leaf.draw(colour);
        leaf.tell(660.0, who);
        leaf.draw("0 g");
        leaf.finish()
    };
    let row =
        Row::new(SECTION, "white / near-white text, any colour space", "white").both_miss(miss);
    let row = row
        .leak("on-a-picture-of-paper", pictured("1 g", who), "hidden.invisible-text", who)
        .miss("black-on-a-picture-of-paper", pictured("0 g", "nobody"));
    FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.invisible-text";
        row.leaks_all(name, failing(face), &[(rule, who), (rule, other)])
    })
}

/// A scan with the words that are told in its invisible layer.
pub(super) fn searchable_scan(face: Face, lines: &[(f32, String)]) -> Vec<u8> {
    let mut raster = Raster::new();
    let mut leaf = Leaf::empty(face);
    for (y, text) in lines {
        raster.say(LEFT, *y, SIZE, text);
    }
    let image = leaf.sheet.pdf.packed(&Raster::entries(), raster.pixels());
    leaf.resources = format!("/XObject << /Scan {image} 0 R >>");
    leaf.draw("q 612 0 0 792 0 0 cm /Scan Do Q 3 Tr");
    for (y, text) in lines {
        leaf.say(LEFT, *y, text);
    }
    leaf.draw("0 Tr");
    leaf.finish()
}

fn modes(who: &str, other: &str, third: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        "/ExtGState << /None << /ca 0 /CA 0 >> >>".clone_into(&mut leaf.resources);
        leaf.draw("3 Tr");
        leaf.tell(660.0, who);
        leaf.draw("0 Tr q");
        leaf.draw("7 Tr");
        leaf.tell(640.0, other);
        leaf.draw("Q q /None gs");
        leaf.tell(620.0, third);
        leaf.draw("Q");
        leaf.finish()
    };
    let scan = |face| {
        let lines = [
            (704.0, "The shift ledger was compared with the reader."),
            (690.0, "Both were found to agree."),
        ];
        searchable_scan(face, &lines.map(|(y, text)| (y, text.to_owned())))
    };
    let clip = {
        let mut leaf = Leaf::new(Face::Cid);
        leaf.draw("q 7 Tr");
        let area = leaf.say(LEFT, 660.0, "FICTITIOUS FIELD OFFICE");
        leaf.draw(format!("0.2 0.2 0.6 rg {} f Q", rectangle(area)));
        leaf.finish()
    };
    // A scan is set in dots whatever the face; only a face of dots lies on its letters.
    let row = Row::new(SECTION, "Tr 3, Tr 7 w/o paint, ca 0", "render-mode")
        .miss("mapped", scan(Face::Cid))
        .miss("bare", scan(Face::TrueType))
        .miss("clip", clip);
    FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.invisible-text";
        row.leaks_all(name, failing(face), &[(rule, who), (rule, other), (rule, third)])
    })
}

fn micro(who: &str, other: &str) -> Row {
    let failing = |face: Face| {
        let mut leaf = Leaf::new(face);
        let tiny = [
            b"BT /F1 0.4 Tf 72 660 Td ".as_slice(),
            &face.show(&format!("The buyer was {who}.")),
            b" Tj ET",
        ];
        leaf.draw(tiny.concat());
        let thin = [
            b"BT /F1 11 Tf 2 Tz 72 640 Td ".as_slice(),
            &face.show(&format!("The buyer was {other}.")),
            b" Tj 100 Tz ET",
        ];
        leaf.draw(thin.concat());
        leaf.finish()
    };
    let miss = |face: Face| {
        let mut leaf = Leaf::new(face);
        let text = face.show("The buyer was not known to the guard.");
        leaf.draw([b"BT /F1 1 Tf 11 0 0 11 72 660 Tm ".as_slice(), &text, b" Tj ET"].concat());
        leaf.draw(
            [b"q 0.1 0 0 0.1 0 0 cm BT /F1 110 Tf 720 6400 Td ".as_slice(), &text, b" Tj ET Q"]
                .concat(),
        );
        leaf.finish()
    };
    let row = Row::new(SECTION, "micro text, Tz 0", "micro").both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.micro-text";
        row.leaks_all(name, failing(face), &[(rule, who), (rule, other)])
    })
}

fn off_page(who: &str, other: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        leaf.sheet.boxes = "/MediaBox [0 0 612 900] /CropBox [0 0 612 792]";
        leaf.tell(840.0, who);
        // Cut away by a clip that lies elsewhere.
        leaf.draw("q 400 100 20 20 re W n");
        leaf.tell(640.0, other);
        leaf.draw("Q");
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        leaf.sheet.boxes = "/MediaBox [-100 -100 712 892] /CropBox [-60 -60 672 852]";
        leaf.say(-40.0, -30.0, "The guard signs at the foot of the page.");
        // Printers' marks outside the crop box.
        leaf.draw("0.3 w -60 -90 m -60 -70 l S -90 -60 m -70 -60 l S 672 -90 m 672 -70 l S");
        leaf.draw("q 66 630 480 50 re W n");
        leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        leaf.draw("Q");
        leaf.finish()
    };
    let row =
        Row::new(SECTION, "outside MediaBox/CropBox, clipped out", "off-page").both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.off-page-text";
        row.leaks_all(name, failing(face), &[(rule, who), (rule, other)])
    })
}

/// Adds a layer and gives its number; `choices` are those of `/D`, with `%` for the number.
fn layer(leaf: &mut Leaf, entries: &str, choices: &str) -> usize {
    let group = leaf.sheet.pdf.add(format!("<< /Type /OCG /Name (Notes) {entries} >>"));
    let choices = choices.replace('%', &format!("{group} 0 R"));
    leaf.sheet.root_entries =
        format!("/OCProperties << /OCGs [{group} 0 R] /D << /Order [{group} 0 R] {choices} >> >>");
    group
}

/// Text on a layer that a membership dictionary switches off.
fn membership(who: &str) -> Vec<u8> {
    let mut leaf = Leaf::new(Face::Differences);
    let group = layer(&mut leaf, "", "/OFF [%]");
    let member = leaf.sheet.pdf.add(format!("<< /Type /OCMD /OCGs [{group} 0 R] /P /AllOn >>"));
    leaf.resources = format!("/Properties << /Layer {member} 0 R >>");
    leaf.draw("/OC /Layer BDC");
    leaf.tell(660.0, who);
    leaf.draw("EMC");
    leaf.finish()
}

fn layers(who: &str) -> Row {
    let on_layer = |face, entries: &str, choices: &str, who: &str| {
        let mut leaf = Leaf::new(face);
        let group = layer(&mut leaf, entries, choices);
        leaf.resources = format!("/Properties << /Layer {group} 0 R >>");
        leaf.draw("/OC /Layer BDC");
        leaf.tell(660.0, who);
        leaf.draw("EMC");
        leaf.finish()
    };
    let object = {
        let mut leaf = Leaf::new(Face::Differences);
        let group = layer(&mut leaf, "", "/BaseState /OFF");
        let told = leaf.shown(LEFT, 660.0, &format!("The guard named {who}."));
        let entries = leaf.entries();
        let form = leaf.sheet.pdf.packed(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /OC {group} 0 R /Resources << {entries} >>"),
            &told,
        );
        leaf.resources = format!("/XObject << /Note {form} 0 R >>");
        leaf.draw("/Note Do");
        leaf.finish()
    };
    let annotation = {
        let mut leaf = Leaf::new(Face::Differences);
        let group = layer(&mut leaf, "", "/OFF [%]");
        let told = leaf.shown(4.0, 4.0, &format!("The guard named {who}."));
        let look = leaf.form("0 0 300 20", &told);
        leaf.annotate(&format!(
            "/Subtype /Stamp /Rect [72 650 372 670] /F 4 /OC {group} 0 R /AP << /N {look} 0 R >>"
        ));
        leaf.finish()
    };
    let rule = "hidden.layer";
    let print_only = "/Usage << /Print << /PrintState /ON >> /View << /ViewState /OFF >> >>";
    let by_event = "/ON [%] /AS [<< /Event /View /Category [/View] /OCGs [%] >> << /Event /Print /Category [/Print] \
                    /OCGs [%] >>]";
    let watermark = {
        let mut leaf = Leaf::new(Face::Cid);
        let group = layer(&mut leaf, print_only, by_event);
        leaf.resources = format!("/Properties << /Layer {group} 0 R >>");
        leaf.draw("/OC /Layer BDC q 0.85 g 0.7 0.7 -0.7 0.7 150 200 cm 8 0 0 8 0 0 cm");
        leaf.say(0.0, 0.0, "DRAFT");
        leaf.draw("Q EMC");
        leaf.finish()
    };
    Row::new(SECTION, "layer OFF (BDC /OC, XObject /OC, OCMD, annotation /OC, usage)", "layer")
        .both(|face| on_layer(face, "", "/OFF [%]", who), rule, who)
        .leak("base-state-form", object, rule, who)
        .leak("membership", membership(who), rule, who)
        .leak("annotation", annotation, rule, who)
        .leak("print-usage", on_layer(Face::Differences, print_only, by_event, who), rule, who)
        .both_miss(|face| on_layer(face, "", "/ON [%]", "the man"))
        .miss("watermark-print-only", watermark)
}
