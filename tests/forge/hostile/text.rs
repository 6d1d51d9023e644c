//! XML and other text that swells, nests, breaks off or is something else.

use super::{Case, DAMAGED, OVER_OR_DAMAGED, case};
use std::fmt::Write as _;

/// All of them.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = entities();
    cases.extend(malformed());
    cases.extend(foreign());
    cases
}

fn entities() -> Vec<Case> {
    let mut laughs =
        String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE r [\n<!ENTITY l0 \"laugh \">\n");
    for level in 1..12 {
        let calls = format!("&l{};", level - 1).repeat(10);
        let _ = writeln!(laughs, "<!ENTITY l{level} \"{calls}\">");
    }
    laughs += "]>\n<r><p>&l11;</p></r>\n";
    let block = "many words in a row ".repeat(500);
    let calls = "&b;".repeat(20_000);
    let quadratic = format!("<!DOCTYPE r [<!ENTITY b \"{block}\">]>\n<r><p>{calls}</p></r>\n");
    let itself = "<!DOCTYPE r [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>\n<r><p>&a;</p></r>\n";
    let external = "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/hostname\">\n\
                    <!ENTITY n SYSTEM \"http://host.example/secret\">]>\n<r><p>Before &f; and &n; after.</p></r>\n";
    vec![
        case("billion-laughs.xml", laughs, OVER_OR_DAMAGED),
        case("quadratic-entities.xml", quadratic, OVER_OR_DAMAGED),
        case("entity-loop.xml", itself, OVER_OR_DAMAGED),
        case("external-entity.xml", external, &["unread.damaged", "unread.unsupported"]),
    ]
}

fn malformed() -> Vec<Case> {
    let deep = format!(
        "<?xml version=\"1.0\"?>\n{}text{}\n",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let attributes =
        (0..5_000).fold(String::new(), |out, at| out + &format!(" a{at}=\"some words here\""));
    let mut bad_bytes =
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r><p>The clerk saw ".to_vec();
    bad_bytes.extend([0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80]);
    bad_bytes.extend(b" at the gate.</p></r>\n");
    let odd_utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("<r><p>half".encode_utf16().flat_map(u16::to_le_bytes))
        .chain([0x3C])
        .collect();
    vec![
        case("deep.xml", deep, OVER_OR_DAMAGED),
        Case { blocks: false, ..case("many-attributes.xml", format!("<r{attributes}/>\n"), &[]) },
        case("truncated.xml", "<?xml version=\"1.0\"?>\n<report><para>The clerk saw the", DAMAGED),
        case("mismatched.xml", "<report><para>The clerk saw the van.</report></para>\n", DAMAGED),
        case("two-roots.xml", "<report>One.</report>\n<report>Two.</report>\n", DAMAGED),
        case("duplicate-attribute.xml", "<report a=\"one\" a=\"two\">Text.</report>\n", DAMAGED),
        case("bad-utf8.xml", bad_bytes, DAMAGED),
        case("half-utf16.xml", odd_utf16, DAMAGED),
        case(
            "undeclared-entity.xml",
            "<?xml version=\"1.0\"?>\n<r>Before &nobody; after.</r>\n",
            DAMAGED,
        ),
    ]
}

fn foreign() -> Vec<Case> {
    let unknown = &["unread.unsupported", "unread.damaged"];
    let mut zip = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
    zip.extend([0; 40]);
    vec![
        case("archive.zip", zip, unknown),
        case(
            "noise.bin",
            (0..2048u64)
                .flat_map(|at| ((at * 7919) >> 3).to_le_bytes().into_iter().take(1))
                .collect::<Vec<_>>(),
            unknown,
        ),
        case(
            "picture.png",
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec(),
            &["unread.image-only", "unread.unsupported"],
        ),
    ]
}
