//! XML: every text, attribute, comment and processing instruction, in paragraphs, with the way back to the bytes.
//!
//! quick-xml cuts the decoded text into events; everything that makes a document well formed is checked here, since
//! quick-xml accepts most documents that are not. Nothing is ever fetched from outside the file.

mod attributes;
mod beside;
mod chars;
mod cutting;
mod dtd;
mod dtd_lexing;
mod elements;
mod flow;
mod names;
mod payload;
mod reading;
mod references;
mod regions;
mod shape;
mod tables;
mod tags;

use super::Extractor;
use crate::model::{Document, Noted, Source};
use crate::read::{Budget, decode, decode_owned};
use reading::Reading;

/// The reader for XML.
pub(super) struct Xml;

impl Extractor for Xml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xml", "xhtml", "xml1", "alto", "mets", "edrm", "fodt", "svg", "xmp", "tei", "dita"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        // In UTF-16 and UTF-32 every other byte is zero.
        let head: Vec<u8> = bytes.iter().copied().filter(|&byte| byte != 0).take(1024).collect();
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        let head = head.strip_prefix(b"\xff\xfe").unwrap_or(head);
        let head = head.strip_prefix(b"\xfe\xff").unwrap_or(head).trim_ascii_start();
        match head {
            [b'<', b'?', b'x', b'm', b'l', ..] | [b'<', b'!', b'-', b'-', ..] => true,
            [b'<', b'!', rest @ ..] => rest.starts_with(b"DOCTYPE") && !is_html(rest),
            [b'<', first, ..]
                if first.is_ascii_alphabetic() || *first == b'_' || *first >= 0x80 =>
            {
                let name = head.iter().skip(1).position(|byte| b" \t\r\n>/".contains(byte));
                name.is_some() && !is_old_html(head)
            }
            _ => false,
        }
    }

    fn extract(&self, bytes: &[u8], budget: &Budget) -> Noted<Document> {
        read(decode(bytes), budget)
    }

    fn extract_owned(&self, bytes: Vec<u8>, budget: &Budget) -> Noted<Document> {
        read(decode_owned(bytes), budget)
    }
}

/// `<!DOCTYPE html>` without an XML declaration is HTML, unless it names an XHTML document type.
fn is_html(doctype: &[u8]) -> bool {
    let head = doctype.get(..200).unwrap_or(doctype).to_ascii_lowercase();
    let rest = head.strip_prefix(b"doctype").unwrap_or(&head).trim_ascii_start();
    rest.starts_with(b"html") && memchr::memmem::find(&head, b"xhtml").is_none()
}

fn is_old_html(head: &[u8]) -> bool {
    let head = head.get(..64).unwrap_or(head).to_ascii_lowercase();
    head.starts_with(b"<html") && memchr::memmem::find(&head, b"xmlns").is_none()
}

fn read(source: Source, budget: &Budget) -> Noted<Document> {
    let declaration = dtd::read(source.text());
    let empty = dtd::Dtd::default();
    let mut reading = Reading::new(&source, declaration.as_ref().unwrap_or(&empty), budget);
    reading.run();
    let (builder, notices) = reading.finish();
    Noted { value: builder.finish_with(source), notices }
}

#[cfg(test)]
mod tests;
