//! What can be worked out although it is gone, and what stands elsewhere in the packet.

use super::super::pdf::font::Face;
use super::super::pdf::truetype;
use super::super::pdf::{Storage, glyphs};
use super::leaf::{LEFT, Leaf, SIZE};
use super::{FACES, Names, Row};
use std::collections::BTreeSet;

const SECTION: &str = "inference";
const COVERED: &str = "redaction.covered-text";
const ELSEWHERE: &str = "release.missing-occurrence";

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        widths(&names.next()),
        subsets(&names.next()),
        file_names(&names.next()),
        occurrences(&names.next()),
        duplicates(&names.next()),
    ]
}

fn widths(who: &str) -> Row {
    let failing = |face: Face| {
        let mut leaf = Leaf::new(face);
        // The name is gone; what follows it has not moved.
        let gap = leaf.width(who);
        let displacement = format!("{:.0}", -gap * 1000.0 / SIZE);
        let line = [
            format!("BT /F1 {SIZE} Tf {LEFT} 660 Td [").as_bytes(),
            &face.show("The guard named "),
            displacement.as_bytes(),
            &face.show(" as the buyer."),
            b"] TJ ET",
        ]
        .concat();
        leaf.draw(line);
        let left = LEFT + leaf.width("The guard named ");
        leaf.bar([left, 657.0, left + gap, 669.5]);
        leaf.finish()
    };
    let miss = |face: Face| {
        let mut leaf = Leaf::new(face);
        // Tab stops, the blank of a form, and bars of one width whatever they replace.
        leaf.say(LEFT, 660.0, "Name");
        leaf.say(240.0, 660.0, "Date");
        leaf.draw("0.5 w 110 658 m 230 658 l S 280 658 m 400 658 l S");
        for y in [620.0, 600.0, 580.0] {
            let hole = leaf.omit(y, 60.0);
            leaf.bar(hole);
        }
        leaf.finish()
    };
    Row::new(SECTION, "residual width / glyph shifts", "width")
        .both(failing, "redaction.residual-width", "")
        .both_miss(miss)
}

/// A page whose embedded font has the letters of `stored`, while only `lines` are shown.
fn subset(lines: &[&str], stored: &str, mapped: bool) -> Vec<u8> {
    let letters: BTreeSet<char> = stored.chars().collect();
    let letters: Vec<char> = letters.into_iter().collect();
    let code =
        |letter: char| letters.iter().position(|&known| known == letter).map_or(0, |at| at + 1);
    let mut leaf = Leaf::empty(Face::Helvetica);
    let program = truetype::program(&letters, true);
    let pdf = &mut leaf.sheet.pdf;
    let file = pdf.packed(&format!("/Length1 {}", program.len()), &program);
    let descriptor = pdf.add(format!(
        "<< /Type /FontDescriptor /FontName /ABCDEF+ForgeDots /Flags 4 /FontBBox [0 -100 600 700] /ItalicAngle 0 \
         /Ascent 700 /Descent -100 /CapHeight 700 /StemV 100 /FontFile2 {file} 0 R >>"
    ));
    let advances = letters
        .iter()
        .fold(String::new(), |out, &letter| out + &format!("{} ", glyphs::shape(letter).1));
    let map = if mapped {
        let entries = letters.iter().enumerate().fold(String::new(), |out, (at, &letter)| {
            out + &format!("<{:04X}> <{:04X}>\n", at + 1, letter as u32)
        });
        let text = format!(
            "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{} beginbfchar\n{entries}endbfchar\nendcmap",
            letters.len()
        );
        format!("/ToUnicode {} 0 R", pdf.packed("", text.as_bytes()))
    } else {
        String::new()
    };
    let font = pdf.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+ForgeDots /Encoding /Identity-H {map} /DescendantFonts [<< \
         /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+ForgeDots /CIDToGIDMap /Identity /CIDSystemInfo << \
         /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [1 [{advances}]] /FontDescriptor {descriptor} 0 R \
         >>] >>"
    ));
    let mut sheet = leaf.into_sheet();
    sheet.resources = format!("/Font << /F2 {font} 0 R >>");
    for (index, line) in lines.iter().enumerate() {
        let hex =
            line.chars().fold(String::new(), |hex, letter| hex + &format!("{:04X}", code(letter)));
        sheet.draw(format!("BT /F2 {SIZE} Tf {LEFT} {} Td <{hex}> Tj ET", 704 - index * 16));
    }
    sheet.finish(Storage::Classic)
}

fn subsets(who: &str) -> Row {
    let lines = ["the guard had no idea", "he had seen no one"];
    let shown = lines.concat();
    let whole: String = (' '..='~').collect();
    let failing = |mapped| subset(&lines, &format!("{shown}{who}"), mapped);
    Row::new(SECTION, "subset font glyph list, ToUnicode, /Widths, CharSet", "font-subset")
        .leak("mapped", failing(true), "redaction.font-subset", "")
        .leak("bare", failing(false), "redaction.font-subset", "")
        .miss("mapped", subset(&lines, &shown, true))
        .miss("bare", subset(&lines, &shown, false))
        .miss("full-font", subset(&lines, &whole, true))
}

fn boxed(face: Face, who: &str) -> Vec<u8> {
    let mut leaf = Leaf::new(face);
    let area = leaf.tell(660.0, who);
    leaf.bar(area);
    leaf.finish()
}

/// A page that says one more sentence.
fn clear(face: Face, sentence: &str) -> Vec<u8> {
    let mut leaf = Leaf::new(face);
    leaf.say(LEFT, 660.0, sentence);
    leaf.finish()
}

fn file_names(who: &str) -> Row {
    let file = format!("statement-{}", who.to_lowercase().replace(' ', "-"));
    let last = who.split(' ').next_back().unwrap_or_default();
    let mut row = Row::new(
        SECTION,
        "file name, folder name, zip comment, e-mail subject equals redacted term",
        "file-name",
    )
    .leaks_all(&file, boxed(Face::Cid, who), &[(COVERED, who), (ELSEWHERE, last)])
    .leak(
        &format!("{file}-2"),
        clear(Face::Differences, "The buyer came on foot."),
        ELSEWHERE,
        last,
    )
    .or("hidden.metadata");
    for (name, face) in FACES {
        row = row.miss(&format!("statement-0017-{name}"), clear(face, "The buyer came on foot."));
    }
    row
}

fn occurrences(who: &str) -> Row {
    let told = format!("On the next day {who} came back for the rest.");
    let mut row = Row::new(SECTION, "missed occurrence", "occurrence");
    for (name, face) in FACES {
        row = row.leak(&format!("{name}-covered"), boxed(face, who), COVERED, who);
        row = row.leak(&format!("{name}-clear"), clear(face, &told), ELSEWHERE, who);
        // What was taken out here is a common word elsewhere.
        row = row.miss(&format!("{name}-removed"), removed(face));
        row = row.miss(
            &format!("{name}-clear"),
            clear(face, "On the next day a man came back for the rest."),
        );
    }
    row
}

/// A page with a bar where nothing is left.
fn removed(face: Face) -> Vec<u8> {
    let mut leaf = Leaf::new(face);
    let hole = leaf.omit(660.0, 60.0);
    leaf.bar(hole);
    leaf.finish()
}

fn duplicates(who: &str) -> Row {
    let mut row =
        Row::new(SECTION, "different redaction of duplicate documents in one packet", "duplicate");
    for (name, face) in FACES {
        let mut copy = Leaf::new(face);
        copy.tell(660.0, who);
        let mut stamped = Leaf::new(face);
        stamped.tell(660.0, "[REDACTED]");
        row = row.leaks_all(&format!("{name}-first-copy"), stamped.finish(), &[]);
        row = row.leak(&format!("{name}-second-copy"), copy.finish(), ELSEWHERE, who);
        row = row.miss(&format!("{name}-draft"), clear(face, "The guard did not know the buyer."));
        row = row.miss(
            &format!("{name}-final"),
            clear(face, "The guard did not know who the buyer was."),
        );
    }
    row
}
