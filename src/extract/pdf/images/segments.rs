//! What a JPEG file carries beside its pixels: comments, Exif, XMP, IPTC (ITU-T T.81 §B.1.1.4, Exif 2.3 §4.6).

use crate::extract::pdf::stored::xml_properties;

/// How many segments of one picture are looked at.
const MAX_SEGMENTS: usize = 256;
/// How many values of one picture are kept.
const MAX_VALUES: usize = 256;
/// The longest value, in bytes.
const MAX_VALUE: usize = 1 << 16;

/// A value and its name.
pub(super) type Value = (String, String);

/// What was found in one picture.
#[derive(Default)]
pub(super) struct Carried<'d> {
    /// Values that can be read.
    pub(super) values: Vec<Value>,
    /// The thumbnail in the Exif segment, a JPEG file.
    pub(super) thumbnail: Option<&'d [u8]>,
}

/// Calls back with the marker and the content of every segment before the pixels.
pub(super) fn walk<'d>(data: &'d [u8], segment: &mut dyn FnMut(u8, &'d [u8])) {
    let mut rest = data.strip_prefix(b"\xff\xd8").unwrap_or_default();
    for _ in 0..MAX_SEGMENTS {
        let [0xff, marker, high, low, ..] = *rest else { return };
        if marker == 0xff {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let content = rest.get(4..length.saturating_add(2)).unwrap_or_default();
        segment(marker, content);
        if marker == 0xda {
            return;
        }
        rest = rest.get(length.saturating_add(2)..).unwrap_or_default();
    }
}

/// Everything in the segments of a JPEG file that can be read.
pub(super) fn carried(data: &[u8]) -> Carried<'_> {
    let mut carried = Carried::default();
    walk(data, &mut |marker, content| match marker {
        0xfe => carried.add("comment", &text(content)),
        0xe1 => {
            if let Some(exif) = content.strip_prefix(b"Exif\0\0") {
                read_exif(exif, &mut carried);
            } else if let Some(packet) = content.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                for (name, value) in xml_properties(&String::from_utf8_lossy(packet)) {
                    carried.add(&name, &value);
                }
            }
        }
        0xed => iptc(content, &mut carried),
        _ => {}
    });
    carried
}

impl Carried<'_> {
    fn add(&mut self, name: &str, value: &str) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if !value.is_empty() && self.values.len() < MAX_VALUES {
            self.values.push((name.to_owned(), value.to_owned()));
        }
    }
}

/// Text in whatever encoding: UTF-8, else Latin-1.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.get(..MAX_VALUE).unwrap_or(bytes);
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|&byte| char::from(byte)).collect(), str::to_owned)
}

/// A TIFF structure in memory.
struct Tiff<'d> {
    data: &'d [u8],
    little: bool,
}

impl<'d> Tiff<'d> {
    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.data.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.data.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn offset(&self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }

    /// The fields of a directory: tag, type, number of values, where they lie.
    fn fields(&self, directory: usize) -> Vec<(u16, u16, usize, usize)> {
        let count = usize::from(self.u16(directory).unwrap_or(0)).min(MAX_VALUES);
        let field = |index: usize| {
            let at = directory.checked_add(2)?.checked_add(index.checked_mul(12)?)?;
            let (tag, kind) = (self.u16(at)?, self.u16(at.checked_add(2)?)?);
            let number = self.offset(at.checked_add(4)?)?;
            let unit = match kind {
                1 | 2 | 6 | 7 => 1,
                3 | 8 => 2,
                4 | 9 | 11 => 4,
                5 | 10 | 12 => 8,
                _ => return None,
            };
            let value = at.checked_add(8)?;
            let inline = number.checked_mul(unit)? <= 4;
            Some((tag, kind, number, if inline { value } else { self.offset(value)? }))
        };
        (0..count).filter_map(field).collect()
    }

    fn bytes(&self, at: usize, length: usize) -> &'d [u8] {
        self.data.get(at..at.saturating_add(length.min(MAX_VALUE))).unwrap_or_default()
    }

    /// Three fractions, as degrees.
    fn degrees(&self, at: usize) -> Option<f64> {
        let part = |index: usize| {
            let at = at.checked_add(index.checked_mul(8)?)?;
            let (above, below) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
            (below != 0).then(|| f64::from(above) / f64::from(below))
        };
        let degrees = part(0)? + part(1).unwrap_or(0.0) / 60.0 + part(2).unwrap_or(0.0) / 3600.0;
        Some(degrees)
    }
}

fn read_exif<'d>(data: &'d [u8], carried: &mut Carried<'d>) {
    let tiff = Tiff { data, little: data.starts_with(b"II") };
    let Some(first) = tiff.offset(4) else { return };
    let mut open = vec![first];
    let mut further = Vec::new();
    for (tag, _, _, at) in tiff.fields(first) {
        match tag {
            0x8769 => further.extend(tiff.offset(at)),
            0x8825 => gps(&tiff, tiff.offset(at), carried),
            _ => {}
        }
    }
    open.extend(further);
    for directory in open {
        for (tag, kind, number, at) in tiff.fields(directory) {
            field(&tiff, (tag, kind, number, at), carried);
        }
    }
    let next = usize::from(tiff.u16(first).unwrap_or(0))
        .checked_mul(12)
        .and_then(|length| tiff.offset(first.checked_add(length)?.checked_add(2)?));
    let second = next.filter(|&next| next > 0).map(|next| tiff.fields(next)).unwrap_or_default();
    let number = |wanted: u16| {
        let found = second.iter().find(|(tag, ..)| *tag == wanted);
        found.and_then(|&(_, _, _, at)| tiff.offset(at))
    };
    if let (Some(at), Some(length)) = (number(0x0201), number(0x0202)) {
        carried.thumbnail = data.get(at..at.saturating_add(length)).filter(|t| !t.is_empty());
    }
}

fn field(
    tiff: &Tiff<'_>,
    (tag, kind, number, at): (u16, u16, usize, usize),
    carried: &mut Carried<'_>,
) {
    let bytes = tiff.bytes(at, number);
    let name = match tag {
        0x010e => "ImageDescription",
        0x010f => "Make",
        0x0110 => "Model",
        0x0131 => "Software",
        0x0132 | 0x9003 | 0x9004 => "DateTime",
        0x013b => "Artist",
        0x013c => "HostComputer",
        0x8298 => "Copyright",
        0x9286 => "UserComment",
        0xa430 => "CameraOwnerName",
        0xa431 => "BodySerialNumber",
        0xa435 => "LensSerialNumber",
        0xa420 => "ImageUniqueID",
        0x9c9b..=0x9c9f => "XPText",
        _ if kind == 2 => "Text",
        _ => return,
    };
    let value = match tag {
        // UTF-16, little endian whatever the file's order is.
        0x9c9b..=0x9c9f => {
            let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
            let units: Vec<u16> = units.map(u16::from_le_bytes).collect();
            String::from_utf16_lossy(&units)
        }
        // Eight bytes name the encoding.
        0x9286 => text(bytes.get(8..).unwrap_or_default()),
        _ => text(bytes),
    };
    // Offsets of time zones, interoperability marks and the like are no text.
    if name != "Text" || value.chars().filter(|c| c.is_alphabetic()).count() > 3 {
        carried.add(name, &value);
    }
}

fn gps(tiff: &Tiff<'_>, directory: Option<usize>, carried: &mut Carried<'_>) {
    let Some(directory) = directory else { return };
    let fields = tiff.fields(directory);
    let find = |wanted: u16| fields.iter().find(|(tag, ..)| *tag == wanted).map(|field| field.3);
    let side = |tag: u16| find(tag).map(|at| text(tiff.bytes(at, 1))).unwrap_or_default();
    if let (Some(latitude), Some(longitude)) =
        (find(2).and_then(|at| tiff.degrees(at)), find(4).and_then(|at| tiff.degrees(at)))
        && (latitude > 0.0 || longitude > 0.0)
    {
        let value = format!("{latitude:.5} {} {longitude:.5} {} GPS", side(1), side(3));
        carried.add("GPS", &value);
    }
}

/// The data sets of IPTC inside a Photoshop resource block (IIM 4.2 §1.5).
fn iptc(content: &[u8], carried: &mut Carried<'_>) {
    let mut rest = content;
    for _ in 0..MAX_VALUES {
        let Some(at) = memchr::memmem::find(rest, b"\x1c\x02") else { return };
        let Some([_, _, set, high, low, tail @ ..]) = rest.get(at..) else { return };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // 0 is the version of the record.
        if *set != 0
            && let Some(value) = tail.get(..length)
        {
            carried.add(&format!("IPTC/{set}"), &text(value));
        }
        rest = tail;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, content].concat()
    }

    /// A directory with one field of text and a link to one with a position.
    fn exif() -> Vec<u8> {
        let mut data = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        data.extend(b"\x01\x3b\0\x02\0\0\0\x0c\0\0\0\x26");
        data.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x32\0\0\0\0");
        data.extend(b"Ada Ostrove\0");
        data.extend(
            b"\0\x02\0\x02\0\x05\0\0\0\x03\0\0\0\x50\0\x04\0\x05\0\0\0\x03\0\0\0\x50\0\0\0\0",
        );
        data.extend([0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        data
    }

    #[test]
    fn names_positions_and_comments_are_found_in_their_segments() {
        let iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x50\0\x09A. Beamon";
        let data = [
            b"\xff\xd8".to_vec(),
            segment(0xe0, b"JFIF\0\x01\x01"),
            segment(0xe1, &exif()),
            segment(0xfe, b"taken at the gate"),
            segment(0xed, iptc),
            segment(0xda, b""),
            segment(0xfe, b"behind the pixels"),
        ]
        .concat();
        let values = carried(&data).values;
        let named =
            |name: &str| values.iter().find(|(own, _)| own == name).map(|(_, v)| v.as_str());
        assert_eq!(named("Artist"), Some("Ada Ostrove"));
        assert_eq!(named("GPS").map(|gps| gps.starts_with("48.50000")), Some(true));
        assert_eq!(named("comment"), Some("taken at the gate"));
        assert_eq!(named("IPTC/80"), Some("A. Beamon"));
        assert_eq!(values.len(), 4);
    }

    #[test]
    fn a_plain_picture_and_a_broken_one_carry_nothing() {
        let plain = [b"\xff\xd8".to_vec(), segment(0xe0, b"JFIF\0\x01\x01"), segment(0xda, b"")];
        assert!(carried(&plain.concat()).values.is_empty());
        for cut in 0..exif().len() {
            let whole = exif();
            let data = [b"\xff\xd8".to_vec(), segment(0xe1, &whole[..cut])].concat();
            assert!(carried(&data).values.len() <= 2);
        }
    }
}
