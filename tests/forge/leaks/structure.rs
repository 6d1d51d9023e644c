//! What the file keeps beside the document: earlier revisions, orphans, unused resources, bytes between objects.

use super::super::pdf::font::Face;
use super::super::pdf::{Storage, packed};
use super::leaf::{LEFT, Leaf, SIZE};
use super::{FACES, Names, Row};
use std::fmt::Write as _;

const SECTION: &str = "file structure";

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        revisions(&names.next()),
        orphans(&names.next(), &names.next()),
        unused(&names.next()),
        stray_bytes(&names.next(), &names.next()),
        unreadable(&names.next()),
    ]
}

/// The position of the last `needle`.
fn last(bytes: &[u8], needle: &str) -> usize {
    bytes.windows(needle.len()).rposition(|window| window == needle.as_bytes()).unwrap_or(0)
}

/// The offset that the last `startxref` names.
fn table_of(bytes: &[u8]) -> String {
    let tail = &bytes[last(bytes, "startxref\n") + 10..];
    String::from_utf8_lossy(tail).lines().next().unwrap_or("0").to_owned()
}

/// `/Size` of the last trailer.
fn size_of(bytes: &[u8]) -> usize {
    let tail = &bytes[last(bytes, "/Size ") + 6..];
    String::from_utf8_lossy(tail).split(' ').next().and_then(|size| size.parse().ok()).unwrap_or(0)
}

/// Appends a revision that writes some objects anew (ISO 32000-2 §7.5.6).
fn updated(mut file: Vec<u8>, objects: &[(usize, Vec<u8>)], trailer: &str) -> Vec<u8> {
    let previous = table_of(&file);
    let mut table = String::from("xref\n");
    let mut size = size_of(&file);
    for (number, body) in objects {
        let _ = writeln!(table, "{number} 1\n{:010} 00000 n ", file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend_from_slice(body);
        file.extend(b"\nendobj\n");
        size = size.max(number + 1);
    }
    let start = file.len();
    file.extend(table.bytes());
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Prev {previous} {trailer} >>\nstartxref\n{start}\n%%EOF\n")
            .bytes(),
    );
    file
}

/// A file and the number of its page's content.
fn with_content(leaf: Leaf) -> (Vec<u8>, usize) {
    let mut sheet = leaf.into_sheet();
    let content = std::mem::take(&mut sheet.content);
    let number = sheet.pdf.packed("", &content);
    (sheet.finish_with(number, Storage::Classic), number)
}

fn revisions(who: &str) -> Row {
    let failing = |face| {
        let mut first = Leaf::new(face);
        first.tell(660.0, who);
        let mut second = Leaf::new(face);
        let hole = second.omit(660.0, 90.0);
        second.bar(hole);
        let content = second.sheet.content.clone();
        let (file, number) = with_content(first);
        updated(file, &[(number, packed("", &content))], "")
    };
    let signed_only = |face| {
        let mut leaf = Leaf::new(face);
        leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        let (file, _) = with_content(leaf);
        let info = b"<< /Producer (Forge) /ModDate (D:20050922120000Z) >>".to_vec();
        let number = size_of(&file);
        updated(file, &[(number, info)], &format!("/Info {number} 0 R"))
    };
    let identical = {
        let mut leaf = Leaf::new(Face::Differences);
        leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
        let content = leaf.sheet.content.clone();
        let (file, number) = with_content(leaf);
        updated(file, &[(number, packed("", &content))], "")
    };
    Row::new(SECTION, "earlier incremental revisions", "revision")
        .both(failing, "hidden.revision", who)
        .both_miss(signed_only)
        .miss("identical", identical)
        .miss("linearized", linearized())
}

/// One revision with two ends: the cross-reference of the first page stands at the front (ISO 32000-2 annex F).
fn linearized() -> Vec<u8> {
    let mut leaf = Leaf::new(Face::Helvetica);
    leaf.say(LEFT, 660.0, "The buyer was not known to the guard.");
    let mut sheet = leaf.into_sheet();
    let content = std::mem::take(&mut sheet.content);
    let stream = packed("", &content);
    // Parts: 1 catalogue, 2 linearization, 3 page, 4 content, 5 font in front; 6 page tree at the end.
    let front: Vec<(usize, Vec<u8>)> = vec![
        (1, b"<< /Type /Catalog /Pages 6 0 R >>".to_vec()),
        (3, b"<< /Type /Page /Parent 6 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec()),
        (4, stream),
        (5, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec()),
    ];
    let tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec();
    let object = |number: usize, body: &[u8]| {
        [format!("{number} 0 obj\n").as_bytes(), body, b"\nendobj\n"].concat()
    };
    let head = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let dictionary = |length: usize, end: usize, main: usize| {
        format!("<< /Linearized 1 /L {length:010} /O 3 /E {end:010} /N 1 /T {main:010} >>")
    };
    let first = |offsets: &[usize], previous: usize| {
        let rows: String =
            offsets.iter().fold(String::new(), |out, at| out + &format!("{at:010} 00000 n \n"));
        format!(
            "xref\n1 5\n{rows}trailer\n<< /Size 7 /Root 1 0 R /Prev {previous:010} >>\nstartxref\n0\n%%EOF\n"
        )
    };
    let parameters = object(2, dictionary(0, 0, 0).as_bytes());
    let start = head.len() + parameters.len();
    let mut at = start + first(&[0; 5], 0).len();
    let mut offsets = Vec::new();
    for (number, body) in &front {
        if *number == 3 {
            offsets.push(head.len());
        }
        offsets.push(at);
        at += object(*number, body).len();
    }
    let tree_at = at;
    let main = tree_at + object(6, &tree).len();
    let end = format!(
        "xref\n0 1\n0000000000 65535 f \n6 1\n{tree_at:010} 00000 n \ntrailer\n<< /Size 7 >>\nstartxref\n{start}\n%%EOF\n"
    );
    let bodies: Vec<u8> = front.iter().flat_map(|(number, body)| object(*number, body)).collect();
    [
        head,
        object(2, dictionary(main + end.len(), tree_at, main).as_bytes()),
        first(&offsets, main).into_bytes(),
        bodies,
        object(6, &tree),
        end.into_bytes(),
    ]
    .concat()
}

fn orphans(who: &str, other: &str) -> Row {
    let failing = |face: Face| {
        let mut leaf = Leaf::new(face);
        let told = leaf.shown(LEFT, 660.0, &format!("The guard named {who}."));
        let on_page = leaf.shown(LEFT, 660.0, &format!("The guard named {other}."));
        let entries = leaf.entries();
        // Nobody refers to the first stream, nor to the page that shows the second.
        leaf.sheet.pdf.packed(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << {entries} >>"
            ),
            &told,
        );
        let content = leaf.sheet.pdf.packed("", &on_page);
        leaf.sheet.pdf.add(format!(
            "<< /Type /Page /MediaBox [0 0 612 792] /Resources << {entries} >> /Contents {content} 0 R >>"
        ));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        leaf.sheet.pdf.add("<< /Type /ExtGState /ca 1 >>");
        leaf.sheet.pdf.add("[0 0 0]");
        leaf.finish()
    };
    let row =
        Row::new(SECTION, "unreachable objects / freed page / templates", "orphan").both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.orphan-object";
        row.leaks_all(name, failing(face), &[(rule, who), (rule, other)])
    })
}

fn unused(who: &str) -> Row {
    let failing = |face: Face| {
        let mut leaf = Leaf::new(face);
        let told = leaf.shown(LEFT, 660.0, &format!("The guard named {who}."));
        let form = leaf.form("0 0 612 792", &told);
        leaf.resources = format!("/XObject << /Old {form} 0 R >>");
        leaf.finish()
    };
    let miss = |face: Face| {
        let mut leaf = Leaf::new(face);
        let blank = leaf.form("0 0 612 792", b"q Q");
        // One resource dictionary for two pages, each of which draws its own form.
        let front = leaf.shown(LEFT, 660.0, "The first page has a form of its own.");
        let front = leaf.form("0 0 612 792", &front);
        let back = leaf.shown(LEFT, 660.0, "The second page has a form of its own.");
        let back = leaf.form("0 0 612 792", &back);
        leaf.resources =
            format!("/XObject << /Blank {blank} 0 R /Front {front} 0 R /Back {back} 0 R >>");
        leaf.draw("/Front Do");
        let (entries, tree) = (leaf.entries(), leaf.sheet.tree());
        let content = leaf.sheet.pdf.packed("", b"/Back Do");
        let second = leaf.sheet.pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 612 792] /Resources << {entries} >> /Contents {content} 0 R >>"
        ));
        leaf.sheet.more_pages.push(second);
        leaf.finish()
    };
    Row::new(SECTION, "unused XObject/image/font in Resources", "unused")
        .both(failing, "hidden.orphan-object", who)
        .both_miss(miss)
}

fn stray_bytes(who: &str, other: &str) -> Row {
    let page = || Leaf::new(Face::Helvetica);
    let after =
        [page().finish(), format!("Statement of {who}: the buyer came on foot.\n").into_bytes()]
            .concat();
    let before = {
        let head = format!("Statement of {who}: the buyer came on foot.\n");
        let body = page().finish();
        // Offsets count from the header, as most readers allow.
        [head.into_bytes(), body].concat()
    };
    let gap = {
        let file = page().finish();
        let at = last(&file, "xref\n0 ");
        let note = format!("% statement of {other}: the buyer came on foot\n");
        let start = at + note.len();
        let tail = String::from_utf8_lossy(&file[at..])
            .replace(&format!("startxref\n{at}\n"), &format!("startxref\n{start}\n"));
        [&file[..at], note.as_bytes(), tail.as_bytes()].concat()
    };
    let comment = {
        let mut leaf = page();
        leaf.draw(format!("% name of the buyer: {who}"));
        leaf.finish()
    };
    let plain = [page().finish(), b"\r\n".to_vec()].concat();
    let rule = "hidden.trailing-bytes";
    Row::new(
        SECTION,
        "content-stream comments, `%` comments in file, bytes before header/after EOF, xref gaps",
        "stray-bytes",
    )
    .leak("after-the-end", after, rule, who)
    .leak("before-the-header", before, rule, who)
    .leak("between-objects", gap, rule, other)
    .leak("content-comment", comment, rule, who)
    .or("hidden.private-data")
    .miss("line-break-at-the-end", plain)
}

fn unreadable(who: &str) -> Row {
    let told = |storage| {
        let mut leaf = Leaf::new(Face::Helvetica);
        leaf.tell(660.0, who);
        leaf.finish_as(storage)
    };
    let mut unknown = Leaf::new(Face::Helvetica);
    unknown.tell(660.0, who);
    let mut sheet = unknown.into_sheet();
    let content = std::mem::take(&mut sheet.content);
    let number = sheet.pdf.stream("/Filter /FutureDecode", &content);
    let unknown = sheet.finish_with(number, Storage::Classic);
    let whole = told(Storage::Classic);
    let cut = whole[..whole.len() / 2].to_vec();
    let mut row = Row::new(SECTION, "user-password / damaged / unsupported filter", "unreadable");
    for (name, bytes, code) in [
        ("locked", told(Storage::Locked), "unread.encrypted"),
        ("cut-off", cut, "unread.damaged"),
        ("unknown-filter", unknown, "unread.unsupported"),
    ] {
        row = row.leaks_all(name, bytes, &[]).notice(code);
    }
    let mut clear = Leaf::new(Face::Helvetica);
    clear.say(LEFT, 660.0 - SIZE, "The buyer was not known to the guard.");
    row.miss("empty-password", clear.finish_as(Storage::Encrypted))
}
