//! What a document says about itself: metadata, bookmarks, replacement text, attachments, actions, private data.

use super::super::pdf::font::Face;
use super::super::pdf::text_string;
use super::leaf::{LEFT, Leaf};
use super::{FACES, Names, Row};

const SECTION: &str = "document data";
const COVERED: &str = "redaction.covered-text";

/// The rows.
pub(super) fn rows(names: &mut Names) -> Vec<Row> {
    vec![
        metadata(&names.next(), &names.next()),
        bookmarks(&names.next()),
        replacement(&names.next(), &names.next()),
        attachments(&names.next()),
        actions(&names.next()),
        private(&names.next()),
    ]
}

fn page() -> Leaf {
    Leaf::new(Face::Helvetica)
}

fn metadata(who: &str, other: &str) -> Row {
    let with = |info: &str, packet: &str| {
        let mut leaf = page();
        let info = leaf.sheet.pdf.add(format!("<< {info} >>"));
        leaf.sheet.pdf.trailer = format!("/Info {info} 0 R");
        let xmp = format!(
            "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
             xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">{packet}\
             </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
        );
        let stream = leaf.sheet.pdf.stream("/Type /Metadata /Subtype /XML", xmp.as_bytes());
        leaf.sheet.root_entries = format!("/Metadata {stream} 0 R");
        leaf.finish()
    };
    let info = format!(
        "/Producer (Forge) /Subject {} /Keywords (C:\\\\cases\\\\statement.doc)",
        text_string(&format!("Interview of {who}"))
    );
    let packet = format!(
        "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">Draft sent to {other}</rdf:li></rdf:Alt></dc:description>"
    );
    Row::new(SECTION, "Info / XMP, history, DerivedFrom, Ingredients, file paths", "metadata")
        .leaks_all(
            "info-and-xmp",
            with(&info, &packet),
            &[
                ("hidden.metadata", who),
                ("hidden.metadata", "statement.doc"),
                ("hidden.metadata", other),
            ],
        )
        .miss("producer-only", with("/Producer (Forge)", "<dc:format>application/pdf</dc:format>"))
}

fn bookmarks(who: &str) -> Row {
    let with = |leaf: &mut Leaf, title: &str| {
        let root = leaf.sheet.pdf.reserve();
        let target = leaf.sheet.page();
        let only = leaf.sheet.pdf.add(format!(
            "<< /Title {} /Parent {root} 0 R /Dest [{target} 0 R /Fit] >>",
            text_string(title)
        ));
        leaf.sheet.pdf.set(
            root,
            format!("<< /Type /Outlines /First {only} 0 R /Last {only} 0 R /Count 1 >>"),
        );
        leaf.sheet.root_entries = format!("/Outlines {root} 0 R");
    };
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        let area = leaf.tell(660.0, who);
        leaf.bar(area);
        with(&mut leaf, &format!("Statement of {who}"));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        let hole = leaf.omit(660.0, 90.0);
        leaf.bar(hole);
        with(&mut leaf, "Section 1");
        leaf.finish()
    };
    let row = Row::new(
        SECTION,
        "bookmarks, named dests, page labels, article threads, Collection schema",
        "bookmark",
    )
    .both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        row.leaks_all(name, failing(face), &[(COVERED, who), ("hidden.bookmark", who)])
    })
}

fn replacement(who: &str, other: &str) -> Row {
    let failing = |face| {
        let mut leaf = Leaf::new(face);
        leaf.draw(format!("/Span << /ActualText {} >> BDC", text_string(who)));
        leaf.say(LEFT, 660.0, "(b)(6)");
        leaf.draw("EMC");
        let words = text_string(&format!("Photograph of {other} at the gate"));
        leaf.draw(format!("/Figure << /Alt {words} >> BDC 0 g 72 500 120 120 re f EMC"));
        leaf.finish()
    };
    let miss = |face| {
        let mut leaf = Leaf::new(face);
        leaf.draw("/Span << /ActualText (The office was closed.) >> BDC");
        leaf.say(LEFT, 660.0, "The office was closed.");
        leaf.draw("EMC");
        leaf.finish()
    };
    let row = Row::new(
        SECTION,
        "Alt / ActualText / E / Lang / ClassMap, role-mapped attributes",
        "alt-text",
    )
    .both_miss(miss);
    FACES.into_iter().fold(row, |row, (name, face)| {
        let rule = "hidden.alt-text";
        // What stands in place of a code is text under a redaction.
        row.leaks_all(name, failing(face), &[(COVERED, who), (rule, other)])
    })
}

fn attachments(who: &str) -> Row {
    let file = |leaf: &mut Leaf, name: &str, kind: &str, content: &str| {
        let stream = leaf
            .sheet
            .pdf
            .packed(&format!("/Type /EmbeddedFile /Subtype /{kind}"), content.as_bytes());
        leaf.sheet.pdf.add(format!(
            "<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F {stream} 0 R >> >>"
        ))
    };
    let named = |leaf: &mut Leaf, name: &str, spec: usize| {
        leaf.sheet.root_entries =
            format!("/Names << /EmbeddedFiles << /Names [({name}) {spec} 0 R] >> >>");
    };
    let mut tree = page();
    let spec = file(
        &mut tree,
        "statement.txt",
        "text#2Fplain",
        &format!("The guard named {who} as the buyer.\n"),
    );
    named(&mut tree, "statement.txt", spec);
    let mut pinned = page();
    let spec = file(
        &mut pinned,
        "statement.txt",
        "text#2Fplain",
        &format!("The guard named {who} as the buyer.\n"),
    );
    pinned
        .annotate(&format!("/Subtype /FileAttachment /Rect [500 650 512 666] /F 4 /FS {spec} 0 R"));
    let mut empty = page();
    "/Names << /EmbeddedFiles << /Names [] >> >>".clone_into(&mut empty.sheet.root_entries);
    let mut invoice = page();
    let xml = "<rsm:CrossIndustryInvoice xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\"/>";
    let spec = file(&mut invoice, "factur-x.xml", "text#2Fxml", xml);
    named(&mut invoice, "factur-x.xml", spec);
    Row::new(SECTION, "EmbeddedFiles, AF, FileAttachment, portfolio", "attachment")
        .leak("name-tree", tree.finish(), "hidden.attachment", "")
        .leak("pinned", pinned.finish(), "hidden.attachment", "")
        .miss("empty-tree", empty.finish())
        .miss("factur-x", invoice.finish())
}

fn actions(who: &str) -> Row {
    let mailbox = who.to_lowercase().replace(' ', ".");
    let mut script = page();
    script.sheet.root_entries = format!(
        "/OpenAction << /S /JavaScript /JS {} >>",
        text_string(&format!("app.alert('Call {who} first');"))
    );
    let link = |leaf: &mut Leaf, action: &str| {
        leaf.annotate(&format!(
            "/Subtype /Link /Rect [72 600 200 614] /Border [0 0 0] /A << {action} >>"
        ));
    };
    let mut mail = page();
    link(&mut mail, &format!("/S /URI /URI (mailto:{mailbox}@field-office.example)"));
    let mut path = page();
    link(&mut path, &format!("/S /Launch /F (\\\\\\\\server.example\\\\cases\\\\{mailbox}.doc)"));
    let mut public = page();
    link(&mut public, "/S /URI /URI (https://www.field-office.example/forms)");
    Row::new(SECTION, "JavaScript, actions, URI/mailto, GoToR/Launch paths", "action")
        .leak("javascript", script.finish(), "hidden.script", who)
        .leak("mailto", mail.finish(), "hidden.link", &mailbox)
        .leak("launch", path.finish(), "hidden.link", &mailbox)
        .miss("public-link", public.finish())
}

fn private(who: &str) -> Row {
    let with = |data: &str| {
        let mut leaf = page();
        leaf.sheet.page_entries =
            format!("/PieceInfo << /ForgeDraw << /LastModified (D:20050922120000Z) {data} >> >>");
        leaf.finish()
    };
    let note =
        format!("/Private << /Layer1 {} >>", text_string(&format!("Name of the buyer: {who}")));
    Row::new(
        SECTION,
        "PieceInfo / private app data, Threads, SpiderInfo, embedded search index",
        "private-data",
    )
    .leak("piece-info", with(&note), "hidden.private-data", who)
    .miss("last-modified", with(""))
}
