//! A PDF writer that is low enough to write files badly on purpose: plain objects in, bytes out, with a classic
//! cross-reference table or with object and cross-reference streams (ISO 32000-2 §7.5).

pub(crate) mod compose;
pub(crate) mod font;
pub(crate) mod glyphs;
pub(crate) mod metrics;
pub(crate) mod raster;
pub(crate) mod sheet;
pub(crate) mod truetype;

use flate2::{Compression, write::ZlibEncoder};
use std::fmt::Write as _;
use std::io::Write as _;

/// How the file is put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Storage {
    /// A table of offsets at the end.
    #[default]
    Classic,
    /// Object streams and a cross-reference stream.
    Streams,
    /// Encrypted with RC4, the user password empty.
    Encrypted,
    /// Encrypted with RC4, the user password unknown to whoever reads it.
    Locked,
}

/// A PDF in the making. Objects are numbered from 1 in the order of their making.
#[derive(Default)]
pub(crate) struct Pdf {
    objects: Vec<Vec<u8>>,
    /// More entries of the trailer, such as `/Info 3 0 R`.
    pub(crate) trailer: String,
}

impl Pdf {
    /// A number for an object that is written later.
    pub(crate) fn reserve(&mut self) -> usize {
        self.objects.push(b"null".to_vec());
        self.objects.len()
    }

    /// Writes a reserved object.
    pub(crate) fn set(&mut self, number: usize, body: impl Into<Vec<u8>>) {
        self.objects[number - 1] = body.into();
    }

    /// Writes a new object and gives its number.
    pub(crate) fn add(&mut self, body: impl Into<Vec<u8>>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    /// Writes a stream as it is; `entries` are those of its dictionary beside `/Length`.
    pub(crate) fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let body = stream(entries, data);
        self.add(body)
    }

    /// Writes a stream, deflated.
    pub(crate) fn packed(&mut self, entries: &str, data: &[u8]) -> usize {
        let body = packed(entries, data);
        self.add(body)
    }

    /// The file, with object `root` as its catalogue.
    pub(crate) fn finish(self, root: usize, storage: Storage) -> Vec<u8> {
        match storage {
            Storage::Classic => self.classic(root),
            Storage::Streams => self.in_streams(root),
            Storage::Encrypted => encrypted(&self.classic(root), ""),
            Storage::Locked => encrypted(&self.classic(root), "not for the reader"),
        }
    }

    fn classic(self, root: usize) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut offsets = Vec::new();
        for (index, body) in self.objects.iter().enumerate() {
            offsets.push(out.len());
            push_object(&mut out, index + 1, body);
        }
        let start = out.len();
        let size = offsets.len() + 1;
        out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
        for offset in offsets {
            out.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        let (id, more) = (file_id(&out), &self.trailer);
        out.extend(format!("trailer\n<< /Size {size} /Root {root} 0 R {id} {more} >>\n").bytes());
        out.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
        out
    }

    fn in_streams(self, root: usize) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let holder = self.objects.len() + 1;
        let (mut index, mut held, mut rows) =
            (String::new(), Vec::new(), vec![(0u8, 0usize, 255u8)]);
        let mut count = 0u8;
        for (at, body) in self.objects.iter().enumerate() {
            let is_stream = body.windows(7).any(|window| window == b"stream\n");
            if is_stream || count == u8::MAX {
                rows.push((1, out.len(), 0));
                push_object(&mut out, at + 1, body);
            } else {
                rows.push((2, holder, count));
                let _ = write!(index, "{} {} ", at + 1, held.len());
                held.extend_from_slice(body);
                held.push(b'\n');
                count += 1;
            }
        }
        let entries = format!("/Type /ObjStm /N {count} /First {}", index.len());
        rows.push((1, out.len(), 0));
        let all = [index.as_bytes(), &held].concat();
        push_object(&mut out, holder, &packed(&entries, &all));
        let start = out.len();
        rows.push((1, start, 0));
        let table: Vec<u8> = rows
            .iter()
            .flat_map(|&(kind, at, sub)| {
                let [.., a, b, c, d] = (at as u64).to_be_bytes();
                [kind, a, b, c, d, sub]
            })
            .collect();
        let (size, id, more) = (rows.len(), file_id(&out), &self.trailer);
        let entries = format!("/Type /XRef /Size {size} /W [1 4 1] /Root {root} 0 R {id} {more}");
        push_object(&mut out, holder + 1, &packed(&entries, &table));
        out.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
        out
    }
}

/// The body of a stream object as it is.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// The body of a deflated stream object.
pub(crate) fn packed(entries: &str, data: &[u8]) -> Vec<u8> {
    stream(&format!("{entries} /Filter /FlateDecode"), &deflate(data))
}

/// Zlib at its best: the bombs of the corpus have to be small.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).and_then(|()| encoder.finish()).unwrap_or_default()
}

/// A literal string, with what needs a backslash escaped (ISO 32000-2 §7.3.4.2).
pub(crate) fn literal(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![b'('];
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            _ => out.extend(format!("\\{byte:03o}").bytes()),
        }
    }
    out.push(b')');
    out
}

/// A text string for dictionaries: ASCII as it is.
pub(crate) fn text_string(text: &str) -> String {
    if text.is_ascii() {
        return String::from_utf8_lossy(&literal(text.as_bytes())).into_owned();
    }
    let units =
        text.encode_utf16().fold(String::from("FEFF"), |hex, unit| hex + &format!("{unit:04X}"));
    format!("<{units}>")
}

fn push_object(out: &mut Vec<u8>, number: usize, body: &[u8]) {
    out.extend(format!("{number} 0 obj\n").bytes());
    out.extend_from_slice(body);
    out.extend(b"\nendobj\n");
}

/// A file identifier that depends on the content alone (ISO 32000-2 §14.4 only asks that it be likely unique).
fn file_id(content: &[u8]) -> String {
    let hash = content.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("/ID [<{hash:016X}{hash:016X}> <{hash:016X}{hash:016X}>]")
}

fn encrypted(plain: &[u8], user: &str) -> Vec<u8> {
    use lopdf::{Document, EncryptionState, EncryptionVersion, Permissions};
    let encrypt = || -> Result<Vec<u8>, lopdf::Error> {
        let mut document = Document::load_mem(plain)?;
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version)?;
        document.encrypt(&state)?;
        settle_padding(&mut document)?;
        let mut out = Vec::new();
        document.save_to(&mut out)?;
        Ok(out)
    };
    encrypt().unwrap_or_default()
}

/// The second half of `/U` is padding that a reader ignores (ISO 32000-2 §7.6.4.4, algorithm 5); chance must not choose
/// it here.
fn settle_padding(document: &mut lopdf::Document) -> Result<(), lopdf::Error> {
    let number = document.trailer.get(b"Encrypt").and_then(lopdf::Object::as_reference)?;
    let entry = document.get_object_mut(number)?.as_dict_mut()?.get_mut(b"U")?.as_str_mut()?;
    entry.truncate(16);
    entry.resize(32, 0);
    Ok(())
}
