//! PDF (ISO 32000-2): objects, content streams, fonts, layout.

mod bars;
mod canvas;
mod coarse;
mod comments;
mod conclude;
mod content;
mod filters;
mod font;
mod geometry;
mod images;
mod inference;
mod interpret;
mod layout;
mod marks;
mod notices;
mod objects;
mod open;
mod owner;
mod pages;
mod relevance;
mod replaced;
mod revisions;
mod stored;
#[cfg(test)]
mod testing;
mod tokens;
mod visibility;

use super::Extractor;
use crate::model::{Document, DocumentBuilder, Noted, Notice, NoticeCode};
use crate::read::Budget;
use comments::Comments;
use inference::Inference;
use interpret::Session;
use layout::Layout;
use marks::Marks;
use objects::Objects;
use pages::Page;
use replaced::Replaced;
use revisions::Latest;

/// The reader for PDF.
pub(super) struct Pdf;

impl Extractor for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["pdf"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        memchr::memmem::find(bytes.get(..1024).unwrap_or(bytes), b"%PDF").is_some()
    }

    fn extract(&self, bytes: &[u8], budget: &Budget) -> Noted<Document> {
        match open::open(bytes, budget) {
            Ok(opened) => read(bytes, &opened, budget),
            Err(notice) => Noted { value: Document::default(), notices: vec![*notice] },
        }
    }
}

fn read(bytes: &[u8], opened: &open::Opened, budget: &Budget) -> Noted<Document> {
    let objects = Objects::new(&opened.file, budget);
    let (pages, broken) = open::pages_of(&objects);
    let mut reading = Reading {
        session: Session::new(&objects),
        layout: Layout::new(),
        marks: Marks::default(),
        replaced: Replaced::default(),
        inference: Inference::default(),
        comments: Comments::default(),
        latest: Latest::new(bytes, opened.file.linearization.is_some()),
        illustrated: Vec::new(),
        uncompared: Vec::new(),
        notices: opened.notices.iter().cloned().chain(broken).collect(),
    };
    for (number, page) in (1..).zip(&pages) {
        if budget.is_over_time() {
            reading.notices.push(notices::out_of_time(number));
            break;
        }
        reading.page(page, number);
    }
    reading.finish(bytes, &pages)
}

/// What is gathered page by page.
struct Reading<'o> {
    session: Session<'o>,
    layout: Layout,
    marks: Marks,
    replaced: Replaced,
    inference: Inference,
    comments: Comments,
    latest: Latest,
    /// Pages with pictures and text.
    illustrated: Vec<u32>,
    /// Pages whose text layer could not be compared with its picture.
    uncompared: Vec<u32>,
    notices: Vec<Notice>,
}

impl<'o> Reading<'o> {
    fn page(&mut self, page: &Page<'o>, number: u32) {
        let mut drawn = interpret::page(&mut self.session, page, number);
        visibility::judge(&mut drawn, self.session.objects.budget);
        images::judge(&mut self.session, &mut drawn);
        bars::judge(&mut drawn, self.session.objects.budget);
        self.inference.page(&drawn);
        self.comments.page(number, &mut drawn.comments);
        let missed = notices::of_page(&drawn);
        let blocks = missed.iter().any(|notice| notice.code == NoticeCode::ImageOnly);
        self.illustrated.extend((drawn.content.pictures > 0 && !blocks).then_some(number));
        self.uncompared.extend(drawn.unseen.layer.then_some(number));
        self.notices.extend(missed);
        if self.latest.has_earlier() {
            self.latest.add(&stored::plain_text(&drawn.content));
        }
        self.layout.page(&drawn.content);
        self.marks.page(&drawn.content);
        self.replaced.page(&drawn);
        self.session.recycle(drawn);
    }

    fn finish(mut self, bytes: &[u8], pages: &[Page<'o>]) -> Noted<Document> {
        let budget = self.session.objects.budget;
        let mut notices = self.notices;
        notices.extend(notices::of_pictures(&self.illustrated));
        notices.extend(notices::of_layers(&self.uncompared));
        let mut builder = DocumentBuilder::new();
        builder.document_mut().pages = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        self.layout.finish(&mut builder);
        self.marks.write(builder.document_mut());
        self.replaced.write(&mut builder);
        let mut session = self.session;
        images::read(&mut session, pages, &mut builder);
        self.comments.write(&mut builder);
        self.inference.write(&mut session, builder.document_mut());
        notices.extend(stored::read(bytes, pages, &mut session, &mut builder));
        if self.latest.has_earlier() {
            for (_, _, text) in stored::strings(session.objects, pages) {
                self.latest.add(&text);
            }
            notices.extend(self.latest.write_earlier(bytes, budget, &mut builder));
        }
        Noted { value: builder.finish(), notices }
    }
}
