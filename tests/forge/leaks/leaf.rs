//! A page of a statement with a name in it, on which the rows of the leak table play their tricks.

use super::super::pdf::Storage;
use super::super::pdf::font::Face;
use super::super::pdf::sheet::Sheet;

/// `[x0, y0, x1, y1]` in points, origin at the bottom left.
pub(super) type Area = [f32; 4];

/// A page in the making.
pub(super) struct Leaf {
    /// The objects and operators.
    pub(super) sheet: Sheet,
    /// Of all text.
    pub(super) face: Face,
    /// The resource entries beside the font, such as `/ExtGState << ... >>`.
    pub(super) resources: String,
    fonts: String,
}

/// Of the text, in points.
pub(super) const SIZE: f32 = 11.0;
/// The left edge of the text.
pub(super) const LEFT: f32 = 72.0;

impl Leaf {
    /// A page with a heading and two sentences that nobody minds.
    pub(super) fn new(face: Face) -> Self {
        let mut leaf = Self::empty(face);
        leaf.say(LEFT, 728.0, "STATEMENT OF THE NIGHT GUARD");
        leaf.say(LEFT, 704.0, "The shift ledger was compared with the badge reader at the gate.");
        leaf.say(LEFT, 690.0, "Both were found to agree.");
        leaf
    }

    /// A page with nothing on it.
    pub(super) fn empty(face: Face) -> Self {
        let mut sheet = Sheet::new();
        let font = face.write(&mut sheet.pdf, false);
        Self { sheet, face, resources: String::new(), fonts: format!("/F1 {font} 0 R") }
    }

    /// The operators that show a text.
    pub(super) fn shown(&self, x: f32, y: f32, text: &str) -> Vec<u8> {
        let head = format!("BT /F1 {SIZE} Tf {x:.2} {y:.2} Td ");
        [head.as_bytes(), &self.face.show(text), b" Tj ET\n"].concat()
    }

    /// Shows a text and gives the area that it takes up.
    pub(super) fn say(&mut self, x: f32, y: f32, text: &str) -> Area {
        let operators = self.shown(x, y, text);
        self.sheet.draw(operators);
        self.area(x, y, text)
    }

    /// The area of a text, a little wider than its ink.
    pub(super) fn area(&self, x: f32, y: f32, text: &str) -> Area {
        [x - 1.0, y - 3.0, x + self.width(text) + 1.0, y + 9.5]
    }

    /// The width of a text in points.
    pub(super) fn width(&self, text: &str) -> f32 {
        self.face.width(text, SIZE, false)
    }

    /// Shows a sentence with a name in it and gives the area of the name.
    pub(super) fn tell(&mut self, y: f32, who: &str) -> Area {
        self.say(LEFT, y, &format!("The guard named {who} as the buyer."));
        self.area(LEFT + self.width("The guard named "), y, who)
    }

    /// Shows the same sentence with the name taken out, and gives the area of the hole.
    pub(super) fn omit(&mut self, y: f32, width: f32) -> Area {
        self.say(LEFT, y, "The guard named");
        let left = LEFT + self.width("The guard named ");
        self.say(left + width, y, " as the buyer.");
        [left, y - 3.0, left + width, y + 9.5]
    }

    /// Adds operators.
    pub(super) fn draw(&mut self, operators: impl AsRef<[u8]>) {
        self.sheet.draw(operators);
    }

    /// Fills an area in black.
    pub(super) fn bar(&mut self, area: Area) {
        self.draw(format!("0 g {} f", rectangle(area)));
    }

    /// Adds an annotation.
    pub(super) fn annotate(&mut self, entries: &str) -> usize {
        let number = self.sheet.pdf.add(format!("<< /Type /Annot {entries} >>"));
        self.sheet.annotations.push(number);
        number
    }

    /// The resource entries of the page, for forms.
    pub(super) fn entries(&self) -> String {
        format!("/Font << {} >> {}", self.fonts, self.resources)
    }

    /// Adds a form that is drawn in page space, and gives its number.
    pub(super) fn form(&mut self, bounds: &str, operators: &[u8]) -> usize {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [{bounds}] /Resources << {} >>",
            self.entries()
        );
        self.sheet.pdf.packed(&entries, operators)
    }

    /// The page, its font settled, for those who write the file themselves.
    pub(super) fn into_sheet(mut self) -> Sheet {
        self.sheet.resources = self.entries();
        self.sheet
    }

    /// The file.
    pub(super) fn finish(self) -> Vec<u8> {
        self.into_sheet().finish(Storage::Classic)
    }

    /// The file, put together in another way.
    pub(super) fn finish_as(self, storage: Storage) -> Vec<u8> {
        self.into_sheet().finish(storage)
    }
}

/// The path of an area.
pub(super) fn rectangle([x0, y0, x1, y1]: Area) -> String {
    format!("{x0:.2} {y0:.2} {:.2} {:.2} re", x1 - x0, y1 - y0)
}

/// `/Rect` of an area.
pub(super) fn rect([x0, y0, x1, y1]: Area) -> String {
    format!("/Rect [{x0:.2} {y0:.2} {x1:.2} {y1:.2}]")
}

/// `/QuadPoints` of an area, in the order that everybody uses (ISO 32000-2 §12.5.6.10 has another one).
pub(super) fn quad_points([x0, y0, x1, y1]: Area) -> String {
    format!("/QuadPoints [{x0:.2} {y1:.2} {x1:.2} {y1:.2} {x0:.2} {y0:.2} {x1:.2} {y0:.2}]")
}
