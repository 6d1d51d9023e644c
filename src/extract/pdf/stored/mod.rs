//! What a file stores beside what its pages draw: every text string of every object, sorted by what it is for, and
//! embedded files as members. Nothing a recipient can extract is left out because nobody thought of its key.

mod gaps;
mod kind;
mod leftovers;
mod members;
mod undrawn;
mod xml;

pub(super) use undrawn::plain_text;
pub(super) use xml::properties as xml_properties;

use super::geometry::Matrix;
use super::interpret::Session;
use super::objects::{Objects, as_dictionary, text_string};
use super::pages::{Page, loose, rectangle};
use crate::model::{
    Block, Document, DocumentBuilder, Notice, NoticeCode, Part, PassageSpec, Place, Property, Quad,
    SensitiveText, Visibility,
};
use kind::Kind;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use std::collections::{HashMap, HashSet};

/// How deep direct objects may nest.
const MAX_DEPTH: usize = 64;
/// How many strings one file may store.
const MAX_STRINGS: usize = 500_000;
/// How many choices of a field are looked through for the one that was made; past that its own value is read.
const MAX_CHOICES: usize = 1000;

/// Writes everything that is stored as passages: in the order of the object numbers, then what nothing draws, then
/// what belongs to no object.
pub(super) fn read<'o>(
    bytes: &[u8],
    pages: &[Page<'o>],
    session: &mut Session<'o>,
    builder: &mut DocumentBuilder,
) -> Vec<Notice> {
    let mut sweep = Sweep::new(session.objects, pages);
    sweep.all();
    sweep.members();
    sweep.undrawn(session, pages);
    sweep.forget_copies();
    sweep.found.extend(gaps::find(bytes));
    let Sweep { found, members, notices, .. } = sweep;
    for one in found {
        one.write(builder);
    }
    builder.document_mut().members.extend(members);
    notices
}

/// The text strings that a file stores: their part, their place, their text.
pub(super) fn strings<'o>(
    objects: &'o Objects<'o>,
    pages: &[Page<'o>],
) -> Vec<(Part, String, String)> {
    let mut sweep = Sweep::new(objects, pages);
    sweep.all();
    let name = |place: Place| match place {
        Place::Property { property } => property,
        Place::Page { page, .. } => format!("annotation page {page}"),
        _ => String::new(),
    };
    sweep.found.into_iter().map(|one| (one.part, name(one.place), one.text)).collect()
}

/// A text that is stored.
struct Found {
    part: Part,
    page: u32,
    place: Place,
    text: String,
    is_property: bool,
    /// Whether nothing refers to the object it stands in.
    is_lost: bool,
}

impl Found {
    fn write(self, builder: &mut DocumentBuilder) {
        if self.is_property
            && let Place::Property { property } = &self.place
        {
            let value = SensitiveText::new(self.text.clone());
            let document: &mut Document = builder.document_mut();
            document.properties.push(Property { name: property.clone(), value });
        }
        let spec = PassageSpec {
            part: self.part,
            visibility: Visibility::Stored,
            block: Block::Line,
            page: self.page,
            ..PassageSpec::default()
        };
        builder.property(spec, self.place, &self.text);
    }
}

/// Where an annotation stands.
#[derive(Clone, Copy)]
struct Spot {
    page: u32,
    quad: Option<Quad>,
}

struct Sweep<'o> {
    objects: &'o Objects<'o>,
    information: Option<*const Dictionary>,
    /// Annotations by the addresses of their dictionaries.
    spots: HashMap<*const Dictionary, Spot>,
    reachable: HashSet<ObjectId>,
    /// The packets of XML forms.
    forms: HashSet<*const Stream>,
    producers: HashSet<ObjectId>,
    /// Contents of pages outside the page tree: they are read with their fonts.
    contents: HashSet<ObjectId>,
    found: Vec<Found>,
    members: Vec<crate::model::Member>,
    notices: Vec<Notice>,
}

/// What a string is being looked for in.
#[derive(Clone, Copy)]
struct Context<'c> {
    id: ObjectId,
    kind: Kind,
    key: &'c [u8],
    spot: Option<Spot>,
    /// The choices of a field: pairs of what is exported and what is shown (ISO 32000-2 §12.7.5.4).
    choices: &'c [Object],
    depth: usize,
}

impl<'o> Sweep<'o> {
    fn new(objects: &'o Objects<'o>, pages: &[Page<'_>]) -> Self {
        let mut spots = HashMap::new();
        for (number, page) in (1..).zip(pages) {
            let (_, view) = page.view(objects);
            for annotation in objects.array(page.dictionary, b"Annots") {
                if let Some(annotation) = as_dictionary(objects.resolve(annotation)) {
                    let spot = Spot { page: number, quad: place_of(objects, annotation, &view) };
                    spots.entry(std::ptr::from_ref(annotation)).or_insert(spot);
                }
            }
        }
        Self {
            objects,
            information: objects.dictionary(&objects.file.trailer, b"Info").map(std::ptr::from_ref),
            spots,
            reachable: reachable(objects),
            forms: xml_forms(objects),
            producers: leftovers::producers(objects),
            contents: loose_contents(objects),
            found: Vec::new(),
            members: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn all(&mut self) {
        self.trailer();
        for (&id, object) in &self.objects.file.objects {
            if self.found.len() > MAX_STRINGS || self.objects.budget.is_over_time() {
                self.notices.push(Notice::blocking(
                    NoticeCode::OverBudget,
                    "The file stores more text beside its pages than the budget allows.",
                ));
                return;
            }
            self.object(id, object);
        }
    }

    fn trailer(&mut self) {
        // The trailer's own strings are its identifiers; only direct dictionaries in it matter.
        for (key, value) in &self.objects.file.trailer {
            if let Object::Dictionary(dictionary) = value {
                let context = Context {
                    id: (0, 0),
                    kind: Kind::Other,
                    key,
                    spot: None,
                    choices: &[],
                    depth: 0,
                };
                self.dictionary(dictionary, context);
            }
        }
    }

    fn object(&mut self, id: ObjectId, object: &'o Object) {
        let is_producers = self.producers.contains(&id) && matches!(object, Object::String(..));
        let kind = if self.reachable.contains(&id) { Kind::Other } else { Kind::Unreachable };
        let key: &[u8] = if is_producers { b"Producer" } else { b"" };
        self.value(object, Context { id, kind, key, spot: None, choices: &[], depth: 0 });
    }

    fn value(&mut self, value: &'o Object, context: Context<'_>) {
        if context.depth > MAX_DEPTH {
            return;
        }
        match value {
            Object::String(bytes, _) => self.string(bytes, context),
            Object::Array(elements) => self.array(elements, context),
            Object::Dictionary(dictionary) => self.dictionary(dictionary, context),
            Object::Stream(stream) => {
                self.dictionary(&stream.dict, context);
                self.stream(stream, context);
            }
            _ => {}
        }
    }

    fn array(&mut self, elements: &'o [Object], context: Context<'_>) {
        // The table of an indexed colour space is a string, but not text.
        if let Some(Object::Name(family)) = elements.first()
            && matches!(family.as_slice(), b"Indexed" | b"I")
        {
            return;
        }
        let deeper = Context { depth: context.depth.saturating_add(1), ..context };
        for element in elements {
            self.value(element, deeper);
        }
    }

    fn dictionary(&mut self, dictionary: &'o Dictionary, context: Context<'_>) {
        let address = std::ptr::from_ref(dictionary);
        let kind = if self.information == Some(address) {
            Kind::Information
        } else {
            kind::of(self.objects, dictionary, context.kind, context.key)
        };
        let spot = self.spots.get(&address).copied().or(context.spot);
        let choices =
            if kind == Kind::Field { self.objects.array(dictionary, b"Opt") } else { &[] };
        for (key, value) in dictionary {
            let depth = context.depth.saturating_add(1);
            let inner = Context { kind, key, spot, choices, depth, ..context };
            if matches!(key.as_slice(), b"JS" | b"RC" | b"RV")
                && let Object::Stream(stream) = self.objects.resolve(value)
            {
                self.string(&self.objects.data(stream).0, inner);
            }
            self.value(value, inner);
        }
    }

    fn string(&mut self, bytes: &[u8], context: Context<'_>) {
        // What saving anew left behind of these is no secret, and is read as they are.
        let is_left = context.kind == Kind::Unreachable && kind::is_producers(context.key);
        let context =
            if is_left { Context { kind: Kind::Information, ..context } } else { context };
        let Some(part) = context.kind.part(context.key) else { return };
        let text = text_string(self.chosen(bytes, context));
        let text = if kind::is_rich(context.key) { xml::plain(&text) } else { text };
        if is_legible(&text) {
            self.push(part, context, text);
        }
    }

    /// What a viewer shows for the value of a choice field: the second half of the pair it is exported by.
    fn chosen<'s>(&'s self, value: &'s [u8], context: Context<'s>) -> &'s [u8] {
        if !matches!(context.key, b"V" | b"DV") {
            return value;
        }
        let shown = context.choices.iter().take(MAX_CHOICES).find_map(|choice| {
            let [export, shown] = self.objects.resolve(choice).as_array().ok()?.as_slice() else {
                return None;
            };
            let is_it = self.objects.resolve(export).as_str().ok() == Some(value);
            is_it.then(|| self.objects.resolve(shown).as_str().ok())?
        });
        shown.unwrap_or(value)
    }

    fn push(&mut self, part: Part, context: Context<'_>, text: String) {
        // What a signature says is named, wherever its field stands.
        let place = match context.spot.filter(|_| context.kind != Kind::Signature) {
            Some(Spot { page, quad }) => Place::Page { page, quads: quad.into_iter().collect() },
            None => Place::Property { property: context.kind.property(context.id.0, context.key) },
        };
        self.found.push(Found {
            part,
            page: context.spot.map_or(0, |spot| spot.page),
            place,
            text,
            is_property: context.kind == Kind::Information,
            is_lost: context.kind == Kind::Unreachable,
        });
    }

    fn stream(&mut self, stream: &'o Stream, context: Context<'_>) {
        let objects = self.objects;
        let subtype = objects.name(&stream.dict, b"Subtype");
        if self.forms.contains(&std::ptr::from_ref(stream)) {
            return self.packet(stream, context, Part::FormField, "XFA/");
        }
        match objects.name(&stream.dict, b"Type") {
            Some(b"Metadata") => self.packet(stream, context, Part::Metadata, ""),
            // What these hold is known already: members, and objects of their own.
            Some(b"EmbeddedFile" | b"ObjStm" | b"XRef") => {}
            _ if subtype == Some(b"XML") => self.packet(stream, context, Part::Metadata, ""),
            _ if self.reachable.contains(&context.id) => {}
            _ => self.unreachable_stream(stream, context),
        }
    }

    /// An XMP packet, or a packet of an XML form.
    fn packet(&mut self, stream: &'o Stream, context: Context<'_>, part: Part, prefix: &str) {
        let data = self.objects.data(stream).0;
        let text = text_of(&data);
        let values = match part {
            Part::FormField => xml::form_values(&text),
            _ => xml::properties(&text),
        };
        for (name, text) in values {
            if is_legible(&text) {
                self.found.push(Found {
                    part,
                    page: context.spot.map_or(0, |spot| spot.page),
                    place: Place::Property { property: format!("{prefix}{name}") },
                    text,
                    is_property: part == Part::Metadata,
                    is_lost: false,
                });
            }
        }
    }

    /// The strings of a content stream that nothing refers to.
    fn unreachable_stream(&mut self, stream: &'o Stream, context: Context<'_>) {
        // Pictures and font programs have no text, and forms are drawn to be read.
        let has = |key: &[u8]| stream.dict.has(key);
        let is_page = self.contents.contains(&context.id);
        if is_page || has(b"Width") || has(b"Length1") || has(b"BBox") {
            return;
        }
        let data = self.objects.data(stream).0;
        let text = super::tokens::shown_text(&data);
        if is_legible(&text) {
            self.push(
                Part::Other,
                Context { kind: Kind::Unreachable, key: b"stream", ..context },
                text,
            );
        }
    }
}

/// Data that should be text, in whatever encoding its byte order mark says.
fn text_of(data: &[u8]) -> String {
    match data {
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => text_string(data),
        _ => String::from_utf8_lossy(data).into_owned(),
    }
}

/// Whether a string holds words, not key material or other binary data.
fn is_legible(text: &str) -> bool {
    let (mut letters, mut strange, mut all) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        all = all.saturating_add(1);
        letters = letters.saturating_add(usize::from(c.is_alphanumeric()));
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        strange = strange.saturating_add(usize::from(control || c == '\u{fffd}'));
    }
    letters > 0 && strange.saturating_mul(10) <= all
}

fn place_of(objects: &Objects<'_>, annotation: &Dictionary, view: &Matrix) -> Option<Quad> {
    rectangle(objects, annotation, b"Rect").map(|Quad(sides)| view.bounds(sides))
}

/// The packets of the XML form, if there is one (ISO 32000-2 §12.7.8): a stream, or pairs of names and streams.
fn xml_forms(objects: &Objects<'_>) -> HashSet<*const Stream> {
    let form = objects
        .dictionary(&objects.file.trailer, b"Root")
        .and_then(|catalog| objects.dictionary(catalog, b"AcroForm"))
        .and_then(|form| objects.get(form, b"XFA"));
    let packets = match form {
        Some(Object::Array(packets)) => packets.iter().map(|one| objects.resolve(one)).collect(),
        other => other.into_iter().collect::<Vec<_>>(),
    };
    packets.into_iter().filter_map(|one| one.as_stream().ok()).map(std::ptr::from_ref).collect()
}

/// The content streams of all page dictionaries.
fn loose_contents(objects: &Objects<'_>) -> HashSet<ObjectId> {
    let mut found = HashSet::new();
    for page in loose(objects) {
        let contents = page.dictionary.get(b"Contents").ok();
        found.extend(contents.and_then(|one| one.as_reference().ok()));
        let parts = contents.map(|one| objects.resolve(one)).and_then(|one| one.as_array().ok());
        found.extend(parts.into_iter().flatten().filter_map(|one| one.as_reference().ok()));
    }
    found
}

/// The objects that the trailer leads to.
fn reachable(objects: &Objects<'_>) -> HashSet<ObjectId> {
    let mut seen = HashSet::new();
    let mut open: Vec<&Object> = objects.file.trailer.iter().map(|(_, value)| value).collect();
    while let Some(object) = open.pop() {
        match object {
            Object::Reference(id) => {
                if let Some(target) = objects.file.objects.get(id).filter(|_| seen.insert(*id)) {
                    open.push(target);
                }
            }
            Object::Array(elements) => open.extend(elements),
            Object::Dictionary(dictionary) => {
                open.extend(dictionary.iter().map(|(_, value)| value));
            }
            Object::Stream(stream) => open.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::super::testing::{file, numbers};
    use super::*;
    use crate::read::Budget;
    use lopdf::dictionary;

    #[test]
    fn the_value_of_a_choice_is_what_a_viewer_shows_for_it() {
        let text = Object::string_literal;
        let pair = Object::Array(vec![text("code 7"), text("Seventh")]);
        for (value, expected) in [("code 7", "Seventh"), ("other", "other")] {
            let widget = dictionary! {"Subtype" => "Widget", "FT" => "Ch", "V" => text(value),
            "Opt" => vec![pair.clone()], "Rect" => numbers(&[0.0, 0.0, 9.0, 9.0])};
            let extra = dictionary! {"Annots" => vec![Object::Dictionary(widget)]};
            let file = file("", &Dictionary::new(), &extra, Vec::new());
            let budget = Budget::default();
            let objects = Objects::new(&file, &budget);
            let (pages, _) = super::super::open::pages_of(&objects);
            let found = strings(&objects, &pages);
            let values = found.iter().filter(|(part, ..)| *part == Part::FormField);
            let values: Vec<_> = values.map(|(_, _, text)| text.as_str()).collect();
            assert_eq!(values, [expected]);
        }
    }
}
