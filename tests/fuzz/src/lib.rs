//! What the fuzz targets share: the check of what a reader gives back, and the PDF around a content stream or a font.

use obstat::extract::FORMATS;
use obstat::model::{Document, Place};
use obstat::read::Budget;
use std::fs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The time that a reader is given. The targets fail where it takes three times as much of the processor.
const TIME: Duration = Duration::from_secs(2);

/// Reads `bytes` as the named format and checks what comes back.
///
/// # Panics
/// Where the budget was not kept, or a place lies outside of the input.
pub fn read(format: &str, bytes: &[u8]) {
    let Some(reader) = FORMATS.iter().find(|reader| reader.name() == format) else {
        panic!("no reader for {format}");
    };
    let start = own_time();
    let document = reader.extract(bytes, &Budget::new(TIME)).value;
    assert!(own_time().saturating_sub(start) < 3 * TIME, "the budget was not kept");
    check(&document, bytes.len());
}

/// Processor time of this thread, so that a busy machine is no finding; wall time where it is not told.
fn own_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let nanoseconds = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = nanoseconds.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// Every passage can be located, and no span reaches beyond the input.
fn check(document: &Document, length: usize) {
    for passage in document.passages() {
        let range = passage.range();
        assert!(document.text().get(range.clone()).is_some(), "a passage cuts a character");
        if let Place::Page { quads, .. } = document.locate(range.clone()).place {
            let finite = quads.iter().flat_map(|quad| quad.0).all(f32::is_finite);
            assert!(finite, "a quad is not finite");
        }
        if let Some(span) = document.source_span(range) {
            assert!(span.start <= span.end && span.end <= length as u64, "a span leaves the file");
        }
    }
}

/// A PDF of one page with `content` as its content stream, and fonts, a form and a state for it to use.
pub fn page(content: &[u8]) -> Vec<u8> {
    let mut pdf = Objects::default();
    pdf.add(b"<</Type/Catalog/Pages 2 0 R>>");
    pdf.add(b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
    pdf.add(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R>>\
          /XObject<</X1 7 0 R>>/ExtGState<</G1<</ca 0.5/BM/Multiply>>>>/Properties<</P1<</Type/OCG>>>>>>>>",
    );
    pdf.add_stream("", content);
    pdf.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    pdf.add(b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>");
    pdf.add_stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>",
        content,
    );
    pdf.finish()
}

/// A PDF of one page that writes every byte in a font made of `data`; its first byte says what part `data` is.
pub fn font(data: &[u8]) -> Vec<u8> {
    let (kind, data) = data.split_first().map_or((0, data), |(first, rest)| (first % 6, rest));
    let mut pdf = Objects::default();
    pdf.add(b"<</Type/Catalog/Pages 2 0 R>>");
    pdf.add(b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
    pdf.add(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    );
    let every: String = (0..=255).map(|byte: u8| format!("{byte:02x}")).collect();
    pdf.add_stream(
        "",
        format!("BT /F1 9 Tf 20 500 Td <{every}> Tj 0 -40 Td <{every}> Tj ET").as_bytes(),
    );
    let composite = "<</Type/Font/Subtype/Type0/BaseFont/Made/DescendantFonts[<</Type/Font/Subtype/CIDFontType2\
                     /BaseFont/Made/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>/FontDescriptor 7 0 R>>]";
    let (font, descriptor, entries) = match kind {
        0 => (
            "<</Type/Font/Subtype/TrueType/BaseFont/Made/FontDescriptor 7 0 R>>".into(),
            "/FontFile2 6 0 R",
            "",
        ),
        1 => (
            "<</Type/Font/Subtype/Type1/BaseFont/Made/FontDescriptor 7 0 R>>".into(),
            "/FontFile 6 0 R",
            "",
        ),
        2 => (
            "<</Type/Font/Subtype/Type1/BaseFont/Made/FontDescriptor 7 0 R>>".into(),
            "/FontFile3 6 0 R",
            "/Subtype/Type1C",
        ),
        3 => (format!("{composite}/Encoding/Identity-H>>"), "/FontFile2 6 0 R", ""),
        4 => (format!("{composite}/Encoding/Identity-H/ToUnicode 6 0 R>>"), "", ""),
        _ => (format!("{composite}/Encoding 6 0 R>>"), "", "/Type/CMap"),
    };
    pdf.add(font.as_bytes());
    pdf.add_stream(entries, data);
    pdf.add(format!("<</Type/FontDescriptor/FontName/Made/Flags 4{descriptor}>>").as_bytes());
    pdf.finish()
}

/// Objects in the order of their numbers, and where each begins.
#[derive(Default)]
struct Objects {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Objects {
    fn add(&mut self, object: &[u8]) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(b"%PDF-1.7\n");
        }
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(format!("{} 0 obj\n", self.starts.len()).as_bytes());
        self.bytes.extend_from_slice(object);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    fn add_stream(&mut self, entries: &str, data: &[u8]) {
        let mut object = format!("<<{entries}/Length {}>>stream\n", data.len()).into_bytes();
        object.extend_from_slice(data);
        object.extend_from_slice(b"\nendstream");
        self.add(&object);
    }

    fn finish(mut self) -> Vec<u8> {
        let at = self.bytes.len();
        let count = self.starts.len() + 1;
        self.bytes.extend_from_slice(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes());
        for start in &self.starts {
            self.bytes.extend_from_slice(format!("{start:010} 00000 n \n").as_bytes());
        }
        let trailer = format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n");
        self.bytes.extend_from_slice(trailer.as_bytes());
        self.bytes
    }
}
