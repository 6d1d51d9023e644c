//! Annotations and form fields.

use super::super::pdf::font::Face;
use super::super::pdf::text_string;
use super::leaf::{Area, LEFT, Leaf, quad_points, rect, rectangle};
use super::{Names, Row};

const SECTION: &str = "annotations and forms";
const COVERED: &str = "redaction.covered-text";
const BARE: Face = Face::Differences;

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        covers(&names.next()),
        highlights(&names.next()),
        unapplied(&names.next()),
        comments(&names.next(), &names.next()),
        fields(&names.next(), &names.next()),
        xfa(&names.next()),
        signatures(&names.next()),
    ]
}

/// A page with a name and an annotation over it.
fn over(face: Face, who: &str, annotation: impl Fn(&mut Leaf, Area) -> String) -> Vec<u8> {
    let mut leaf = Leaf::new(face);
    let area = leaf.tell(660.0, who);
    let entries = annotation(&mut leaf, area);
    leaf.annotate(&entries);
    leaf.finish()
}

/// An appearance that fills an area of the page.
fn filled(leaf: &mut Leaf, area: Area, colour: &str) -> String {
    let [x0, y0, x1, y1] = area;
    let look = leaf.form(
        &format!("{x0} {y0} {x1} {y1}"),
        format!("{colour} {} f", rectangle(area)).as_bytes(),
    );
    format!("/AP << /N {look} 0 R >>")
}

/// A square filled in black, without an appearance of its own.
fn square(_: &mut Leaf, area: Area) -> String {
    format!("/Subtype /Square {} /F 4 /C [0 0 0] /IC [0 0 0]", rect(area))
}

/// A field without an appearance, whose background is black.
fn widget(_: &mut Leaf, area: Area) -> String {
    format!("/Subtype /Widget /FT /Tx /T (a) {} /F 4 /MK << /BG [0 0 0] >>", rect(area))
}

fn covers(who: &str) -> Row {
    let drawn = |leaf: &mut Leaf, area| {
        format!("/Subtype /Square {} /F 4 {}", rect(area), filled(leaf, area, "0 g"))
    };
    let polygon = |_: &mut Leaf, area: Area| {
        let [x0, y0, x1, y1] = area;
        format!(
            "/Subtype /Polygon {} /F 4 /IC [0.1 0.1 0.1] /Vertices [{x0} {y0} {x1} {y0} {x1} {y1} {x0} {y1}]",
            rect(area)
        )
    };
    let line = |_: &mut Leaf, area: Area| {
        let ([x0, y0, x1, y1], middle) = (area, f32::midpoint(area[1], area[3]));
        format!(
            "/Subtype /Line /Rect [{x0} {} {x1} {}] /F 4 /C [0 0 0] /BS << /W 14 >> /L [{x0} {middle} {x1} {middle}]",
            y0 - 4.0,
            y1 + 4.0
        )
    };
    let ink = |_: &mut Leaf, area: Area| {
        let ([x0, y0, x1, y1], middle) = (area, f32::midpoint(area[1], area[3]));
        format!(
            "/Subtype /Ink /Rect [{x0} {} {x1} {}] /F 4 /C [0 0 0] /BS << /W 14 >> /InkList [[{x0} {middle} {x1} {middle}]]",
            y0 - 4.0,
            y1 + 4.0
        )
    };
    let stamp = |leaf: &mut Leaf, area| {
        format!("/Subtype /Stamp {} /F 4 {}", rect(area), filled(leaf, area, "0.2 g"))
    };
    let free = |leaf: &mut Leaf, area| {
        let look = filled(leaf, area, "1 g");
        format!("/Subtype /FreeText {} /F 4 /DA (/Helv 9 Tf 0 g) /Contents () {look}", rect(area))
    };
    let miss = |face| {
        over(face, "the man", |_, [x0, y0, x1, y1]| {
            format!(
                "/Subtype /Square /Rect [{} {} {} {}] /F 4 /C [1 0 0] /BS << /W 1 >>",
                x0 - 4.0,
                y0 - 4.0,
                x1 + 4.0,
                y1 + 4.0
            )
        })
    };
    let thin = over(BARE, "the man", |_, [x0, y0, x1, y1]| {
        format!(
            "/Subtype /Ink /Rect [{x0} {y0} {x1} {y1}] /F 4 /C [0 0 1] /BS << /W 1 >> /InkList [[{x0} {y0} {x1} {y0}]]"
        )
    });
    Row::new(SECTION, "Square/Circle/Polygon/Line/Ink/Stamp/FreeText cover", "annotation-cover")
        .both(|face| over(face, who, square), COVERED, who)
        .leak("square-appearance", over(BARE, who, drawn), COVERED, who)
        .leak("polygon", over(BARE, who, polygon), COVERED, who)
        .leak("line", over(BARE, who, line), COVERED, who)
        .leak("ink", over(BARE, who, ink), COVERED, who)
        .leak("stamp", over(BARE, who, stamp), COVERED, who)
        .leak("free-text", over(BARE, who, free), COVERED, who)
        .leak("widget-background", over(BARE, who, widget), COVERED, who)
        .both_miss(miss)
        .miss("thin-ink", thin)
}

fn highlights(who: &str) -> Row {
    let mark = |colour: &'static str| {
        move |_: &mut Leaf, area: Area| {
            format!("/Subtype /Highlight {} /F 4 /C [{colour}] {}", rect(area), quad_points(area))
        }
    };
    Row::new(SECTION, "black Highlight", "highlight")
        .both(|face| over(face, who, mark("0 0 0")), COVERED, who)
        .both_miss(|face| over(face, "the man", mark("1 1 0")))
}

fn unapplied(who: &str) -> Row {
    let failing = |face| {
        over(face, who, |_, area| {
            format!(
                "/Subtype /Redact {} /F 4 /C [1 0 0] /IC [0 0 0] {}",
                rect(area),
                quad_points(area)
            )
        })
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let hole = leaf.omit(660.0, 90.0);
        leaf.bar(hole);
        leaf.finish()
    };
    Row::new(SECTION, "unapplied /Redact", "unapplied")
        .both(failing, "redaction.unapplied", who)
        .both_miss(miss)
}

fn comments(who: &str, other: &str) -> Row {
    let mut note = Leaf::new(Face::Helvetica);
    let first = note.annotate(&format!(
        "/Subtype /Text /Rect [500 650 520 670] /F 4 /T (A. Poe) /Contents {}",
        text_string(&format!("Ask {who} about the van."))
    ));
    note.annotate(&format!(
        "/Subtype /Text /Rect [500 650 520 670] /F 2 /IRT {first} 0 R /RC {}",
        text_string(&format!("<body><p>{other} was asked.</p></body>"))
    ));
    let mut link = Leaf::new(Face::Helvetica);
    link.annotate(
        "/Subtype /Link /Rect [72 600 200 614] /Contents (Go to the next section) /Dest [3 0 R /Fit] /Border [0 0 0]",
    );
    let button = link.annotate(
        "/Subtype /Widget /FT /Btn /Ff 65536 /T (print) /Rect [72 560 160 580] /MK << /CA (Print this page) >>",
    );
    link.sheet.root_entries = format!("/AcroForm << /Fields [{button} 0 R] >>");
    Row::new(SECTION, "/Contents, /RC, popups, replies, authors, hidden flags", "comment")
        .leaks_all("notes", note.finish(), &[("hidden.comment", who), ("hidden.comment", other)])
        .miss("link-and-button", link.finish())
}

fn fields(who: &str, other: &str) -> Row {
    let field = |leaf: &mut Leaf, y: f32, value: &str, shown: &str, flags: u32| {
        let told = leaf.shown(2.0, 4.0, shown);
        let look = leaf.form("0 0 240 18", &told);
        leaf.annotate(&format!(
            "/Subtype /Widget /FT /Tx /T (field{y}) /F {flags} /Rect [72 {y} 312 {}] /V {} /AP << /N {look} 0 R >>",
            y + 18.0,
            text_string(value)
        ))
    };
    let form = |leaf: &mut Leaf, fields: &[usize]| {
        let list = super::super::pdf::sheet::references(fields);
        leaf.sheet.root_entries = format!("/AcroForm << /Fields [{list}] >>");
    };
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let first = field(&mut leaf, 640.0, who, "", 4);
        let second = field(&mut leaf, 600.0, other, "", 4 | 2);
        form(&mut leaf, &[first, second]);
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let only = field(&mut leaf, 640.0, "The night guard", "The night guard", 4);
        form(&mut leaf, &[only]);
        leaf.finish()
    };
    let row = Row::new(
        SECTION,
        "field /V not shown, /DV, /TU, /Opt, /RV, /MaxLen hidden widget",
        "form-value",
    )
    .both_miss(miss);
    super::FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.form-value";
        row.leaks_all(name, failing(face), &[(rule, who), (rule, other)])
    })
}

fn xfa(who: &str) -> Row {
    let with = |data: &str| {
        let mut leaf = Leaf::new(Face::Helvetica);
        let head = "<xfa:datasets xmlns:xfa=\"http://www.xfa.org/schema/xfa-data/1.0/\"><xfa:data><statement>";
        let packet = format!("{head}{data}</statement></xfa:data></xfa:datasets>");
        let stream = leaf.sheet.pdf.packed("", packet.as_bytes());
        leaf.sheet.root_entries =
            format!("/AcroForm << /Fields [] /XFA [(datasets) {stream} 0 R] >>");
        leaf.finish()
    };
    Row::new(SECTION, "XFA datasets / template", "xfa")
        .leak("datasets", with(&format!("<buyer>{who}</buyer><date/>")), "hidden.form-value", who)
        .miss("empty-datasets", with("<buyer></buyer><date/>"))
}

fn signatures(who: &str) -> Row {
    let with = |value: &str| {
        let mut leaf = Leaf::new(Face::Helvetica);
        let field = leaf.annotate(&format!(
            "/Subtype /Widget /FT /Sig /T (signature) /F 4 /Rect [72 600 252 640] {value}"
        ));
        leaf.sheet.root_entries = format!("/AcroForm << /Fields [{field} 0 R] /SigFlags 1 >>");
        leaf.say(LEFT, 580.0, "Signature of the night guard");
        leaf.finish()
    };
    let signed = format!(
        "/V << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Name {} /Location (Fictitious Field \
         Office) /Reason {} /Contents <00> /ByteRange [0 0 0 0] >>",
        text_string(who),
        text_string(&format!("Agreed with {who}"))
    );
    Row::new(
        SECTION,
        "signature fields (Name, Location, Reason), timestamps, certificates",
        "signature",
    )
    .leak("signed", with(&signed), "hidden.form-value", who)
    .or("hidden.metadata")
    .miss("unsigned", with(""))
}
