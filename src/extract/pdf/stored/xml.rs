//! Text of the XML that PDF files carry: XMP packets, rich text, XFA.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// How many values one packet may have.
const MAX_VALUES: usize = 20_000;

/// The values of an XMP packet or XFA packet with the names of the elements or attributes they stand in: what can
/// be read before an error.
pub(in crate::extract::pdf) fn properties(xml: &str) -> Vec<(String, String)> {
    values(xml, &|_| true, true)
}

/// What was filled into an XML form, and the wording of its template; not how it is laid out, nor the names of months
/// and days of its language.
pub(super) fn form_values(xml: &str) -> Vec<(String, String)> {
    const FRAME: [&str; 7] =
        ["config", "extras", "localeSet", "connectionSet", "sourceSet", "stylesheet", "xmpmeta"];
    const WORDING: [&str; 7] = ["text", "exData", "p", "span", "script", "speak", "toolTip"];
    let is_wanted = |names: &[String]| {
        let mut local = names.iter().map(|name| name.rsplit(':').next().unwrap_or(name));
        let last = names.last().map(|name| name.rsplit(':').next().unwrap_or(name));
        if local.clone().any(|name| FRAME.contains(&name)) {
            return false;
        }
        !local.any(|name| name == "template") || last.is_some_and(|name| WORDING.contains(&name))
    };
    values(xml, &is_wanted, false)
}

fn values(
    xml: &str,
    is_wanted: &dyn Fn(&[String]) -> bool,
    with_attributes: bool,
) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut names: Vec<String> = Vec::new();
    let mut values: Vec<(String, String)> = Vec::new();
    let mut stamped = false;
    while values.len() < MAX_VALUES {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if with_attributes {
                    attributes(&start, &mut values);
                }
                stamped = !with_attributes && names.last().is_some_and(|name| name == "desc");
                stamped &= is_version(&start);
                names.push(start.name().as_ref().to_owned());
            }
            Ok(Event::Empty(start)) if with_attributes => attributes(&start, &mut values),
            Ok(Event::End(_)) => {
                names.pop();
            }
            Ok(Event::Text(text)) if is_wanted(&names) => {
                if !(stamped && is_number(&text)) {
                    add(&mut values, &names, &text);
                }
            }
            Ok(Event::CData(text)) if is_wanted(&names) => {
                add(&mut values, &names, &text);
            }
            Ok(Event::GeneralRef(reference)) if is_wanted(&names) => {
                let text = entity(&reference);
                if let Some((_, value)) = values.last_mut() {
                    value.push_str(&text);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    values
}

/// The text of rich text without its tags.
pub(super) fn plain(xml: &str) -> String {
    let values = properties(xml);
    let texts: Vec<String> =
        values.into_iter().filter(|(name, _)| !name.contains('@')).map(|(_, text)| text).collect();
    if texts.is_empty() && !xml.contains('<') { xml.to_owned() } else { texts.join(" ") }
}

fn add(values: &mut Vec<(String, String)>, names: &[String], text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        // `rdf:li` and its containers say nothing; the property is the element around them.
        let name = names.iter().rev().find(|name| !name.starts_with("rdf:"));
        values.push((name.cloned().unwrap_or_default(), text.to_owned()));
    }
}

/// Whether an element holds the version of the program that a form was designed with (XFA 3.3, `desc`).
fn is_version(start: &BytesStart<'_>) -> bool {
    let is_it = |name: &str, value: &str| name == "name" && value == "version";
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .any(|one| is_it(one.key.as_ref(), one.value.as_ref()))
}

fn is_number(text: &str) -> bool {
    text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_digit() || b". \t\r\n".contains(&byte))
}

fn attributes(start: &BytesStart<'_>, values: &mut Vec<(String, String)>) {
    for attribute in start.attributes().with_checks(false).flatten() {
        let name = attribute.key.as_ref();
        let silent = ["xmlns", "rdf:", "xml:"].iter().any(|prefix| name.starts_with(prefix));
        if silent || attribute.value.is_empty() {
            continue;
        }
        let raw = &attribute.value;
        let value = quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_string(), Into::into);
        values.push((format!("@{name}"), value));
    }
}

fn entity(name: &str) -> String {
    let escaped = format!("&{name};");
    quick_xml::escape::unescape(&escaped).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_gives_its_elements_and_attributes() {
        let packet = r#"<?xpacket?><x:xmpmeta xmlns:x="a"><rdf:RDF><rdf:Description rdf:about=""
            xmp:CreatorTool="Tool"><dc:title><rdf:Alt><rdf:li xml:lang="x">The title</rdf:li></rdf:Alt>
            </dc:title></rdf:Description></rdf:RDF>"#;
        let expected = [("@xmp:CreatorTool", "Tool"), ("dc:title", "The title")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(properties(packet), expected);
    }

    #[test]
    fn a_form_gives_what_was_filled_in_and_its_wording() {
        let form = r#"<xdp:xdp><config><locale>en</locale></config><template><field name="a" w="9mm">
            <caption><value><text>Name</text></value></caption><bind match="none">x</bind></field>
            <desc><text name="version">9.0.1</text><text name="version">left here</text></desc>
            </template><xfa:datasets><xfa:data><name>A. Poe</name></xfa:data></xfa:datasets>
            <localeSet><month>May</month></localeSet></xdp:xdp>"#;
        let expected = [("text", "Name"), ("text", "left here"), ("name", "A. Poe")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(form_values(form), expected);
    }

    #[test]
    fn rich_text_loses_its_tags() {
        assert_eq!(plain("<body><p>one</p><p style='x'>two</p></body>"), "one two");
        assert_eq!(plain("no tags"), "no tags");
    }
}
