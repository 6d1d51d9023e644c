//! Tests of the XML reader as a whole.

use super::read;
use crate::model::{Block, Document, NoticeCode, Part, Place, Visibility};
use crate::read::{Budget, decode};
use proptest::prelude::*;

fn document(xml: &str) -> Document {
    let noted = read(decode(xml.as_bytes()), &Budget::default());
    assert!(noted.notices.is_empty(), "{xml}: {:?}", noted.notices);
    noted.value
}

fn notices(xml: &str) -> Vec<(NoticeCode, bool)> {
    let noted = read(decode(xml.as_bytes()), &Budget::default());
    noted.notices.iter().map(|notice| (notice.code, notice.blocking)).collect()
}

/// The texts of all passages that a reader sees.
fn shown(document: &Document) -> Vec<&str> {
    let seen = |visibility| visibility == Visibility::Shown;
    document.passages().filter(|p| seen(p.visibility())).map(|p| p.text()).collect()
}

fn stored(document: &Document) -> Vec<(Part, &str)> {
    let seen = |visibility| visibility == Visibility::Shown;
    document.passages().filter(|p| !seen(p.visibility())).map(|p| (p.part(), p.text())).collect()
}

#[test]
fn paragraphs_end_where_each_family_ends_them() {
    let w = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";
    let cases: &[(&str, &[&str])] = &[
        (
            "<r><Paragraph>The <b>blue</b> car. (E)</Paragraph><p>Sold.</p></r>",
            &["The blue car. (E)", "Sold."],
        ),
        ("<doc><p>The blue car. (<i>E</i>)</p></doc>", &["The blue car. (E)"]),
        ("<doc><p>On the car. &#40;E&#x29;</p></doc>", &["On the car. (E)"]),
        ("<p>See 552(b)(7)<i>(E)</i>.</p>", &["See 552(b)(7)(E)."]),
        ("<d><p>a</p><p>(E)</p><p>b</p></d>", &["a", "(E)", "b"]),
        ("<p>One<br/>two</p>", &["One\ntwo"]),
        ("<p>One<br/>\n  two<br/><br/>three</p>", &["One\ntwo", "three"]),
        (
            "<t>First line\n   goes on.\n\n   Second one.</t>",
            &["First line\ngoes on.", "Second one."],
        ),
        ("<t>a\r\nb\r\n\r\nc\rd</t>", &["a\nb", "c\nd"]),
        (
            "<n><NarrativeText>One.</NarrativeText><RemarksText>Two.</RemarksText></n>",
            &["One.", "Two."],
        ),
        ("<div>Intro <p>inner</p> tail</div>", &["Intro", "inner", "tail"]),
        ("<para>Seen by <persName>J. Roe</persName> twice.</para>", &["Seen by J. Roe twice."]),
        ("<para><persName>J. Roe</persName> was seen.</para>", &["J. Roe was seen."]),
        ("<rec><name>J. Roe</name><town>Elm</town></rec>", &["J. Roe", "Elm"]),
        ("<rec>\n <name>J. Roe</name>\n <town>Elm</town>\n</rec>", &["J. Roe", "Elm"]),
        ("<p>a<![CDATA[ <b> & ]]>c</p>", &["a <b> & c"]),
        ("<p>one <!-- no -->two<?pi x?> three</p>", &["one two three"]),
        ("<p xml:lang='en'>x &amp; y &lt;z&gt;</p>", &["x & y <z>"]),
        ("<p>a &#10;&#10; b</p>", &["a", "b"]),
    ];
    for (xml, expected) in cases {
        assert_eq!(shown(&document(xml)), *expected, "{xml}");
    }
    let word = format!(
        "<w:body {w}><w:p><w:r><w:t>Seen. (</w:t></w:r><w:r><w:t>E</w:t></w:r><w:r><w:t>)</w:t></w:r></w:p>\
         <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>\
         <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p></w:body>"
    );
    let word = document(&word);
    assert_eq!(shown(&word), ["Seen. (E)"]);
    let kept: Vec<_> = word.passages().map(|p| (p.visibility(), p.part())).collect();
    assert!(kept.contains(&(Visibility::Invisible, Part::Body)));
    assert!(kept.contains(&(Visibility::Stored, Part::TrackedChange)));
}

#[test]
fn cells_know_their_row_and_column() {
    let xml = "<table><tr><th>Name</th><th>State</th></tr>\
               <tr><td colspan='2'>Both</td><td><p>x</p><p>y</p></td></tr></table>";
    let document = document(xml);
    let cells: Vec<_> = document
        .passages()
        .filter(|p| p.part() == Part::Table)
        .map(|p| (p.text(), p.block(), p.cell().map(|cell| (cell.table, cell.row, cell.column))))
        .collect();
    let cell = |text, row, column| (text, Block::Cell, Some((0, row, column)));
    let expected = [
        cell("Name", 0, 0),
        cell("State", 0, 1),
        cell("Both", 1, 0),
        cell("x", 1, 2),
        cell("y", 1, 2),
    ];
    assert_eq!(cells, expected);
}

#[test]
fn attributes_comments_and_instructions_are_stored_after_their_paragraph() {
    let xml = "<Tags><Tag TagName='Synopsis' TagValue='Named the seller. (E) Closed.'/>\
               <p>See <a href='http://host.example/x'>this</a> one.<!-- to do --></p><?go on?></Tags>";
    let document = document(xml);
    assert_eq!(shown(&document), ["See this one."]);
    let expected = [
        (Part::Attribute, "Synopsis"),
        (Part::Attribute, "Named the seller. (E) Closed."),
        (Part::Attribute, "http://host.example/x"),
        (Part::Comment, "to do"),
        (Part::Other, "go on"),
    ];
    assert_eq!(stored(&document), expected);
    let paths: Vec<_> = document
        .passages()
        .filter_map(|p| p.element())
        .map(|element| document.element_path(element))
        .collect();
    let expected = [
        "/Tags[1]/Tag[1]/@TagName",
        "/Tags[1]/Tag[1]/@TagValue",
        "/Tags[1]/p[1]",
        "/Tags[1]/p[1]/a[1]/@href",
        "/Tags[1]/p[1]/comment()[1]",
        "/Tags[1]/processing-instruction()[1]",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn scanned_pages_give_one_paragraph_a_block() {
    let alto = "<alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'><TextBlock ID='b'><TextLine>\
                <String CONTENT='Source'/><SP/><String CONTENT='named'/></TextLine><TextLine>\
                <String CONTENT='the'/><String CONTENT='sel'/><HYP CONTENT='-'/></TextLine><TextLine>\
                <String CONTENT='ler.'/><String CONTENT='&#40;E)'/></TextLine></TextBlock>\
                <TextBlock><TextLine><String CONTENT='Next'/></TextLine></TextBlock></alto>";
    assert_eq!(shown(&document(alto)), ["Source named\nthe sel-\nler. (E)", "Next"]);
    let equivalent = |text: &str| format!("<TextEquiv><Unicode>{text}</Unicode></TextEquiv>");
    let word = |text: &str| format!("<Word>{}</Word>", equivalent(text));
    let page = format!(
        "<PcGts><Page><TextRegion><TextLine>{}{}{}</TextLine><TextLine>{}{}</TextLine>{}</TextRegion></Page></PcGts>",
        word("Source"),
        word("spoke"),
        equivalent("Source spoke"),
        word("twice."),
        equivalent("twice."),
        equivalent("Source spoke\ntwice."),
    );
    let document = document(&page);
    assert_eq!(shown(&document), ["Source spoke\ntwice."]);
    assert_eq!(stored(&document).len(), 2);
    let hocr = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p class='ocr_par'>\
                <span class='ocr_line'><span class='ocrx_word'>Source</span><span class='ocrx_word'>spoke.</span></span>\n\
                <span class='ocr_line'><span class='ocrx_word'>(E)</span></span></p></body></html>";
    let hocr = super::tests::document(hocr);
    assert_eq!(shown(&hocr), ["Source spoke.\n(E)"]);
}

#[test]
fn hidden_parts_of_a_page_are_not_shown() {
    let xml = "<html xmlns='http://www.w3.org/1999/xhtml'><head><meta name='d' content='About it'/>\
               <style>p {}</style></head><body><h1>Title</h1><p style='display: none'>Secret</p>\
               <p>Seen <code>x</code> <img src='a.png' alt='A map'/></p></body></html>";
    let document = document(xml);
    assert_eq!(shown(&document), ["Title", "Seen x"]);
    let hidden = stored(&document);
    for expected in [
        (Part::Metadata, "About it"),
        (Part::Other, "p {}"),
        (Part::Body, "Secret"),
        (Part::AltText, "A map"),
    ] {
        assert!(hidden.contains(&expected), "{expected:?} in {hidden:?}");
    }
    assert_eq!(document.passages().find(|p| p.text() == "Title").unwrap().block(), Block::Heading);
}

#[test]
fn names_carry_their_namespace() {
    let xml = "<a xmlns='urn:one' xmlns:i='urn:us:gov:ic:ism'><f i:classification='U' c='x y z'>t</f>\
               <f xmlns=''>u</f></a>";
    let document = document(xml);
    let of = |text: &str| {
        let element = document.passages().find(|p| p.text() == text).unwrap().element().unwrap();
        (document.element(element).unwrap().0.to_owned(), document.namespace(element))
    };
    assert_eq!(of("U"), ("@classification".to_owned(), Some("urn:us:gov:ic:ism")));
    assert_eq!(of("x y z"), ("@c".to_owned(), None));
    assert_eq!(of("t"), ("f".to_owned(), Some("urn:one")));
    assert_eq!(of("u"), ("f".to_owned(), None));
}

#[test]
fn payloads_become_members() {
    use base64::Engine as _;
    let inner = base64::engine::general_purpose::STANDARD
        .encode("The source lives near the depot on Elm Street. (E)");
    let xml = format!(
        "<Root><File><InlineContent>{inner}</InlineContent></File><x a='data:text/plain;base64,{inner}'/></Root>"
    );
    let document = document(&xml);
    let names: Vec<_> = document.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["payload-1.txt", "payload-2.txt"]);
    assert!(document.members[0].bytes.ends_with(b"Street. (E)"));
    assert_eq!(document.passage_count(), 0);
}

#[test]
fn entities_expand_within_limits_and_never_from_outside() {
    let xml = "<!DOCTYPE r [<!ENTITY who 'J. Roe'><!ENTITY par '<p>Told by &who;.</p>'>]>\
               <r><p>Seen by &who; twice.</p>&par;<q a='by &who;!'/></r>";
    let document = document(xml);
    assert_eq!(shown(&document), ["Seen by J. Roe twice.", "Told by J. Roe."]);
    assert!(stored(&document).contains(&(Part::Attribute, "by J. Roe!")));
    assert!(stored(&document).contains(&(Part::Other, "J. Roe")));

    let tenfold = |n: usize| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10));
    let laughs: String = std::iter::once("<!DOCTYPE r [<!ENTITY l0 'ha ha'>".to_owned())
        .chain((1..12).map(tenfold))
        .collect();
    let big = "x".repeat(100_000);
    let quadratic = format!("<!DOCTYPE r [<!ENTITY q '{big}'>]><r>{}</r>", "&q;".repeat(5000));
    let damaged = (NoticeCode::Damaged, true);
    let over = (NoticeCode::OverBudget, true);
    let cases: &[(String, (NoticeCode, bool))] = &[
        (format!("{laughs}]><r>&l11;</r>"), over),
        (format!("{laughs}]><r a='&l11;'/>"), over),
        (quadratic, over),
        ("<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><r>&a;</r>".into(), damaged),
        ("<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><r x='&a;'/>".into(), damaged),
        (
            "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///x'>]><r>&x;</r>".into(),
            (NoticeCode::Unsupported, true),
        ),
        ("<!DOCTYPE r SYSTEM 'r.dtd'><r>x</r>".into(), (NoticeCode::Unsupported, false)),
        ("<!DOCTYPE r [<!ENTITY a '<p>'>]><r>&a;</p></r>".into(), damaged),
    ];
    for (xml, expected) in cases {
        let found = notices(xml);
        assert!(
            found.contains(expected),
            "{}: {found:?}",
            xml.chars().take(120).collect::<String>()
        );
    }
}

#[test]
fn documents_that_are_not_well_formed_are_noted_and_still_read() {
    let cases = [
        "<a>(E) text</b>",
        "<a>(E) text",
        "<a>(E) text</a><b/>",
        "(E) text<a/>",
        "<a/>(E) text",
        "<a x='1' x='2'>(E) text</a>",
        "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'>(E) text</a>",
        "<a x='<'>(E) text</a>",
        "<a x=1>(E) text</a>",
        "<a x>(E) text</a>",
        "<a x='1'y='2'>(E) text</a>",
        "<a>(E) text ]]> </a>",
        "<a>(E) text <!-- a -- b --></a>",
        "<a>(E) text <!-- a ---></a>",
        "<a>(E) text &unknown;</a>",
        "<a>(E) text & more</a>",
        "<a>(E) text AT&T</a>",
        "<a>(E) text &#0;</a>",
        "<a>(E) text \u{1}</a>",
        "<a>(E) text <1/></a>",
        "<a>(E) text < 5 and more</a>",
        "<a>(E) text <?xml version='1.0'?></a>",
        "<a>(E) text <?XML x?></a>",
        " <?xml version='1.0'?><a>(E) text</a>",
        "<?xml version='1'?><a>(E) text</a>",
        "<?xml encoding='UTF-8'?><a>(E) text</a>",
        "<?xml version='1.0' standalone='maybe'?><a>(E) text</a>",
        "<!DOCTYPE a [<!ENTITY>]><a>(E) text</a>",
        "<a>(E) text</a><!DOCTYPE a>",
        "<a>(E) text <![CDATA[ open</a>",
        "<a>(E) text <b x='1></b></a>",
        "<a>(E) text <!foo></a>",
        "<a>(E) text <b/ ></a>",
        "<a>(E) text</ a>",
        "<a x='&b'>(E) text</a>",
        "<a:b:c>(E) text</a:b:c>",
    ];
    for xml in cases {
        let noted = read(decode(xml.as_bytes()), &Budget::default());
        let found: Vec<_> = noted.notices.iter().map(|n| (n.code, n.blocking)).collect();
        assert_eq!(found, [(NoticeCode::Damaged, true)], "{xml}");
        assert!(matches!(noted.notices[0].place, Some(Place::Line { .. })), "{xml}");
        assert!(noted.value.text().contains("(E) text"), "{xml}");
    }
    assert!(notices("").contains(&(NoticeCode::Damaged, true)));
}

#[test]
fn what_hostile_documents_nest_or_repeat_is_read_in_time() {
    let deep = format!("{}(E) text{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let noted = read(decode(deep.as_bytes()), &Budget::default());
    assert!(noted.value.text().contains("(E) text"));
    assert_eq!(noted.notices[0].code, NoticeCode::OverBudget);
    let many = |n: usize, one: &dyn Fn(usize) -> String| (0..n).map(one).collect::<String>();
    let attributes = many(20_000, &|n| format!(" a{n}='{n}'"));
    let spaces = many(20_000, &|n| format!(" xmlns:a{n}='u{n}'"));
    let kinds = many(20_000, &|n| format!("<a{n}/>"));
    for xml in [
        format!("<r{attributes}>(E) text</r>"),
        format!("<r{spaces}>(E) text{}</r>", "<b/>".repeat(1000)),
        format!("<r>(E) text{kinds}</r>"),
        format!("<r>(E) text{}", "<b c='".repeat(20_000)),
        format!("<r>(E) text{}", "<!b".repeat(20_000)),
    ] {
        let started = std::time::Instant::now();
        let noted = read(decode(xml.as_bytes()), &Budget::default());
        assert!(noted.value.text().contains("(E) text"));
        assert!(started.elapsed().as_secs() < 30, "{}", xml.chars().take(20).collect::<String>());
    }
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

proptest! {
    #[test]
    fn every_passage_leads_back_to_its_bytes(
        texts in proptest::collection::vec("[a-zé(][a-zé ().]{0,20}[a-zé)]", 1..6),
        bold in any::<bool>(),
    ) {
        let item = |text: &String| {
            let before = if bold { "<b>x</b>" } else { "" };
            format!("<p title='{text}'>\n   {text}\n</p>{before}<!--{text}-->")
        };
        let body: String = texts.iter().map(item).collect();
        let latin = format!("<?xml version='1.0' encoding='ISO-8859-1'?><r>{body}</r>");
        let bytes: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let plain = format!("<r>{body}</r>");
        for (bytes, encoding) in [
            (bytes, encoding_rs::WINDOWS_1252),
            (plain.as_bytes().to_vec(), encoding_rs::UTF_8),
            (utf16(&plain), encoding_rs::UTF_16LE),
        ] {
            let noted = read(decode(&bytes), &Budget::default());
            prop_assert!(noted.notices.is_empty());
            let mut found = 0;
            for passage in noted.value.passages() {
                let span = noted.value.locate(passage.range()).span.unwrap();
                let slice = &bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
                let (back, _) = encoding.decode_without_bom_handling(slice);
                prop_assert_eq!(back, passage.text());
                found += 1;
            }
            prop_assert!(found >= 3 * texts.len());
        }
    }

    #[test]
    fn no_input_is_too_odd(xml in "(<|>|/|!|\\?|a|b|&|;|#|'|=| |\\[|\\]|-|xmlns|CDATA|DOCTYPE|<a>|</a>|\n){0,60}") {
        let noted = read(decode(xml.as_bytes()), &Budget::default());
        prop_assert!(noted.value.passages().all(|p| p.text() == p.text().trim()));
    }
}
