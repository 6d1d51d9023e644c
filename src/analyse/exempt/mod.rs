//! The (E) mark of ICE Directive 6-4.0, 7.2: tokens, scope, redaction status (marks-and-release.md A.1 to A.7).
//!
//! One scan over the text of the whole document finds the few places where a token may stand; only the passages
//! around those are looked at closely.

mod block;
mod cover;
mod margin;
mod ruling;
mod scope;
mod suspect;
mod token;
mod wording;

use crate::analyse::text::{Assessment, assess, collapsed, slice};
use crate::model::{Address, Confidence, Document, Hit, Level, MarkedPassage, Part, SensitiveText};
use block::{Block, previous};
use cover::Covers;
use ruling::{Position, Ruling};
use scope::Scoped;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use token::{Token, TokenKind};

/// How many elements up an attribute's element is looked for.
const MAX_ANCESTORS: usize = 256;

/// Every mark, suspect, orphan and ambiguity of the document, in reading order.
pub(crate) fn find(document: &Document) -> Vec<Hit> {
    let mut passages: Vec<usize> = token::candidates(document.text())
        .into_iter()
        .filter_map(|at| document.passage_at(at).map(|passage| passage.index()))
        .collect();
    passages.dedup();
    let blocks: Vec<Block<'_>> = passages
        .into_iter()
        .filter_map(|index| document.passage(index))
        .map(|passage| Block::new(document, passage))
        .filter(|block| block.tokens.iter().any(|(_, ruling)| *ruling != Ruling::Nothing))
        .collect();
    let attributes = suspect::attributes(document);
    if blocks.is_empty() && attributes.is_empty() {
        return Vec::new();
    }
    let search = Search { document, covers: Covers::new(document), blocks: &blocks };
    let mut hits: Vec<Hit> = blocks.iter().flat_map(|block| search.block(block)).collect();
    hits.extend(attributes.into_iter().map(|(attribute, about)| {
        let range = about.map_or(attribute.range(), |passage| passage.range());
        let scoped = Scoped { scope: "paragraph", pieces: vec![range], ..Scoped::default() };
        search.suspect(&scoped, attribute.range(), Confidence::Medium, "attribute")
    }));
    hits.sort_by(|a, b| (a.range.start, &a.rule).cmp(&(b.range.start, &b.rule)));
    hits
}

/// The marked passages among `hits`, for the checks over the whole package. The scan knows in which artifact.
pub(crate) fn marked(hits: &[Hit]) -> Vec<MarkedPassage> {
    hits.iter()
        .filter(|hit| {
            matches!(
                hit.rule.as_str(),
                "exempt.open" | "exempt.partial" | "exempt.redacted" | "exempt.covered"
            )
        })
        .map(|hit| MarkedPassage {
            artifact: Address::default(),
            status: hit.data.get("status").and_then(Value::as_str).unwrap_or_default().to_owned(),
            text: hit.evidence.clone().unwrap_or_default(),
        })
        .collect()
}

struct Search<'d, 'b> {
    document: &'d Document,
    covers: Covers<'d>,
    /// The blocks with tokens, in reading order.
    blocks: &'b [Block<'d>],
}

impl Search<'_, '_> {
    fn block(&self, block: &Block<'_>) -> Vec<Hit> {
        block.tokens.iter().flat_map(|(token, ruling)| self.token(block, token, *ruling)).collect()
    }

    fn token(&self, block: &Block<'_>, token: &Token, ruling: Ruling) -> Vec<Hit> {
        let mark = block.in_document(token.range.clone());
        match (ruling, token.kind) {
            (Ruling::Mark(position), TokenKind::Firm) => {
                let scoped = scope::in_block(self.document, block, token, position);
                let confidence = match position {
                    Position::BlockEnd | Position::AfterRedaction => Confidence::Medium,
                    _ => Confidence::High,
                };
                self.firm(&scoped, mark, confidence)
            }
            (Ruling::Mark(position), kind) => {
                if !is_suspicious(kind, position, slice(block.text(), token.range.clone())) {
                    return Vec::new();
                }
                let scoped = scope::in_block(self.document, block, token, position);
                let confidence =
                    if kind == TokenKind::Lower { Confidence::Low } else { Confidence::Medium };
                vec![self.suspect(&scoped, mark, confidence, "variant")]
            }
            (Ruling::AfterCode, TokenKind::Firm) => {
                let scoped = scope::in_block(self.document, block, token, Position::BlockEnd);
                vec![self.suspect(&scoped, mark, Confidence::Low, "after-exemption-code")]
            }
            (Ruling::Lone, kind) => self.lone(block, kind, mark),
            (Ruling::Leading, TokenKind::Firm) => self.leading(block, mark),
            (Ruling::Nothing | Ruling::AfterCode | Ruling::Leading, _) => Vec::new(),
        }
    }

    fn lone(&self, block: &Block<'_>, kind: TokenKind, mark: Range<usize>) -> Vec<Hit> {
        // A value is not set after a passage; what an attribute's name says is looked at in `suspect`.
        if block.passage.part() == Part::Attribute {
            return Vec::new();
        }
        let is_item = suspect::is_emptied_item(self.document, block);
        if kind != TokenKind::Firm && (is_item || !self.ends_sentence_before(block)) {
            return Vec::new();
        }
        let Some(scoped) = scope::lone(self.document, block) else { return Vec::new() };
        if kind != TokenKind::Firm {
            return vec![self.suspect(&scoped, mark, Confidence::Low, "variant")];
        }
        match scoped.scope {
            "none" => vec![orphan(mark)],
            "page" => vec![picture(mark)],
            _ if is_item => vec![self.suspect(&scoped, mark, Confidence::Low, "emptied-item")],
            _ => self.firm(&scoped, mark, Confidence::High),
        }
    }

    fn ends_sentence_before(&self, block: &Block<'_>) -> bool {
        previous(self.document, block.passage)
            .is_some_and(|before| before.text().trim_end().ends_with(['.', '!', '?', '"', '”']))
    }

    fn leading(&self, block: &Block<'_>, mark: Range<usize>) -> Vec<Hit> {
        let confidence = match suspect::leading(self.document, block.passage) {
            suspect::Leading::Label => return Vec::new(),
            suspect::Leading::Misplaced if scope::opens_page(self.document, block.passage) => {
                let Some(scoped) = scope::across_page(self.document, block.passage) else {
                    return Vec::new();
                };
                return self.firm(&scoped, mark, Confidence::Medium);
            }
            suspect::Leading::Misplaced => Confidence::Low,
            suspect::Leading::Repeated => Confidence::Medium,
        };
        let rest = mark.end..block.passage.range().end.max(mark.end);
        let scoped = Scoped { scope: "paragraph", pieces: Vec::from([rest]), ..Scoped::default() };
        vec![self.suspect(&scoped, mark, confidence, "wrong-side")]
    }

    /// A firm mark, and the ambiguity of what it covers where that matters.
    fn firm(&self, scoped: &Scoped, mark: Range<usize>, confidence: Confidence) -> Vec<Hit> {
        let text = self.evidence(&scoped.pieces);
        let found = assess(status_text(&text));
        let covered = found.status() != "redacted" && self.covers.touch(&scoped.pieces);
        let status = if covered { "covered" } else { found.status() };
        let mut data = described(scoped, status, &found);
        let message = scoped.note.map(|note| {
            data.insert("note".to_owned(), json!(note));
            "A heading is marked (E); perhaps the section under it is meant.".to_owned()
        });
        let mut hits = vec![Hit {
            rule: format!("exempt.{status}"),
            confidence,
            level: None,
            range: span(&scoped.pieces, &mark),
            place: None,
            related: vec![("the mark".to_owned(), mark.clone())],
            evidence: Some(SensitiveText::new(text)),
            message,
            data,
        }];
        hits.extend(self.ambiguity(scoped, status, mark));
        hits
    }

    fn ambiguity(&self, scoped: &Scoped, status: &str, mark: Range<usize>) -> Option<Hit> {
        let other = scoped.other.as_ref()?;
        let text = self.evidence(other);
        let found = assess(status_text(&text));
        let differs = found.status() != status && status != "covered";
        differs.then(|| Hit {
            rule: "exempt.ambiguous".to_owned(),
            confidence: Confidence::Medium,
            level: None,
            range: span(&scoped.pieces, &mark),
            place: None,
            related: vec![("the mark".to_owned(), mark.clone())],
            evidence: Some(SensitiveText::new(text)),
            message: None,
            data: BTreeMap::from([
                ("scope".to_owned(), json!(scoped.scope)),
                ("status".to_owned(), json!(status)),
                ("other_status".to_owned(), json!(found.status())),
            ]),
        })
    }

    fn suspect(
        &self,
        scoped: &Scoped,
        mark: Range<usize>,
        confidence: Confidence,
        why: &str,
    ) -> Hit {
        let text = self.evidence(&scoped.pieces);
        let found = assess(status_text(&text));
        let mut data = described(scoped, found.status(), &found);
        data.insert("reason".to_owned(), json!(why));
        Hit {
            rule: "exempt.suspect".to_owned(),
            confidence,
            level: None,
            range: span(&scoped.pieces, &mark),
            place: None,
            related: vec![("the token".to_owned(), mark)],
            evidence: Some(SensitiveText::new(text)),
            message: None,
            data,
        }
    }

    /// The passage without marks and footnote calls before them, white space collapsed.
    fn evidence(&self, pieces: &[Range<usize>]) -> String {
        let mut out = String::new();
        for piece in pieces {
            let mut from = piece.start;
            for (start, end) in self.removed(piece) {
                out.push_str(slice(self.document.text(), from..start.max(from)));
                from = end.max(from);
            }
            out.push_str(slice(self.document.text(), from..piece.end));
            out.push(' ');
        }
        collapsed(&out)
    }

    /// Marks inside a piece, with the white space before them.
    fn removed(&self, piece: &Range<usize>) -> Vec<(usize, usize)> {
        let index = self.document.passage_at(piece.start).map(|passage| passage.index());
        let found = self.blocks.binary_search_by_key(&index, |block| Some(block.passage.index()));
        let Some(block) = found.ok().and_then(|at| self.blocks.get(at)) else { return Vec::new() };
        let first = block.tokens.partition_point(|(token, _)| {
            block.in_document(token.range.clone()).start < piece.start
        });
        block
            .tokens
            .iter()
            .skip(first)
            .map(|(token, ruling)| (token, ruling, block.in_document(token.range.clone())))
            .take_while(|(_, _, mark)| mark.end <= piece.end)
            .filter(|(token, ruling, _)| match ruling {
                Ruling::Mark(position) => {
                    token.kind == TokenKind::Firm
                        || is_suspicious(
                            token.kind,
                            *position,
                            slice(block.text(), token.range.clone()),
                        )
                }
                _ => false,
            })
            .map(|(_, _, mark)| mark)
            .map(|mark| {
                let before = slice(self.document.text(), piece.start..mark.start);
                let bare = wording::without_footnote_call(before.trim_end());
                (piece.start + bare.len(), mark.end)
            })
            .collect()
    }
}

/// Which suspect tokens count where: `[E]` only after the last sentence of a block, `(e)` and currency signs only
/// after a sentence.
fn is_suspicious(kind: TokenKind, position: Position, token: &str) -> bool {
    let after_sentence = matches!(position, Position::AfterSentence | Position::AfterLast);
    match kind {
        TokenKind::Firm => true,
        TokenKind::Square => position == Position::AfterLast,
        TokenKind::Lower => after_sentence,
        TokenKind::Variant if token.contains(['€', '£']) => after_sentence,
        TokenKind::Variant => position != Position::AfterRedaction,
    }
}

/// The text a status is judged by: a footnote's number is no word left over.
fn status_text(passage: &str) -> &str {
    let bare = passage.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = passage.len() - bare.len();
    if (1..=3).contains(&digits) && bare.starts_with(' ') { bare } else { passage }
}

fn described(scoped: &Scoped, status: &str, found: &Assessment) -> BTreeMap<String, Value> {
    let mut data = BTreeMap::from([
        ("scope".to_owned(), json!(scoped.scope)),
        ("status".to_owned(), json!(status)),
    ]);
    if scoped.other.is_some() {
        data.insert("ambiguous".to_owned(), json!(true));
    }
    if status == "partial" {
        data.insert("words_left".to_owned(), json!(found.words_left));
        let share = (found.share_removed * 100.0).round() / 100.0;
        data.insert("share_removed".to_owned(), json!(share));
    }
    data
}

fn span(pieces: &[Range<usize>], mark: &Range<usize>) -> Range<usize> {
    let start = pieces.iter().map(|piece| piece.start).min();
    let end = pieces.iter().map(|piece| piece.end).max();
    start.zip(end).map_or_else(|| mark.clone(), |(start, end)| start..end)
}

fn orphan(mark: Range<usize>) -> Hit {
    unread(mark, "exempt.orphan", "none", "redacted")
}

/// S17: the mark covers a picture, and no text tells whether that was redacted.
fn picture(mark: Range<usize>) -> Hit {
    Hit {
        level: Some(Level::Warning),
        confidence: Confidence::Medium,
        message: Some(
            "A page without text of its own is marked (E); look at its picture.".to_owned(),
        ),
        ..unread(mark, "exempt.open", "page", "open")
    }
}

fn unread(mark: Range<usize>, rule: &str, scope: &str, status: &str) -> Hit {
    Hit {
        rule: rule.to_owned(),
        confidence: Confidence::High,
        level: None,
        range: mark.clone(),
        place: None,
        related: vec![("the mark".to_owned(), mark)],
        evidence: Some(SensitiveText::default()),
        message: None,
        data: BTreeMap::from([
            ("scope".to_owned(), json!(scope)),
            ("status".to_owned(), json!(status)),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Block as Kind, DocumentBuilder, Mark, MarkKind, PassageSpec, Place, Quad, Target,
        Visibility,
    };

    /// A page with a column of text from 72 to 540 points; every passage one line of 12 points.
    #[derive(Default)]
    struct Page {
        builder: DocumentBuilder,
    }

    impl Page {
        fn line(&mut self, text: &str, visibility: Visibility, quad: [f32; 4]) -> Range<usize> {
            let spec = PassageSpec { visibility, page: 1, ..PassageSpec::default() };
            self.builder.begin(spec);
            self.builder.push(text, Target::Page { page: 1, quad: Quad(quad) });
            self.builder.end().unwrap()
        }

        fn found(mut self) -> Vec<(String, String)> {
            self.builder.document_mut().pages = 1;
            let document = self.builder.finish();
            find(&document)
                .iter()
                .map(|hit| (hit.rule.clone(), hit.evidence.as_ref().unwrap().reveal().to_owned()))
                .collect()
        }
    }

    fn one(rule: &str, evidence: &str) -> Vec<(String, String)> {
        vec![(rule.to_owned(), evidence.to_owned())]
    }

    #[test]
    fn a_passage_under_a_cover_is_covered_however_it_is_told() {
        let text = "The source lives at the depot. (E)";
        let row = [72.0, 100.0, 300.0, 112.0];
        let mut whole = Page::default();
        whole.line(text, Visibility::Covered, row);
        assert_eq!(whole.found(), one("exempt.covered", "The source lives at the depot."));

        let mut above = Page::default();
        above.line("The source lives at the depot.", Visibility::Covered, row);
        above.line("(E)", Visibility::Shown, [302.0, 100.0, 320.0, 112.0]);
        assert_eq!(above.found(), one("exempt.covered", "The source lives at the depot."));

        let mut fragment = Page::default();
        fragment.line("John Roe", Visibility::Covered, [100.0, 101.0, 150.0, 111.0]);
        fragment.line("The source lives at the depot. (E)", Visibility::Shown, row);
        assert_eq!(fragment.found(), one("exempt.covered", "The source lives at the depot."));

        let mut marked = Page::default();
        let range = marked.line(text, Visibility::Shown, row);
        marked.builder.document_mut().marks.push(Mark {
            kind: MarkKind::Redact,
            place: Place::Page { page: 1, quads: vec![Quad(row)] },
            range: Some(range.start + 4..range.start + 10),
            description: String::new(),
        });
        assert_eq!(marked.found(), one("exempt.covered", "The source lives at the depot."));
    }

    #[test]
    fn what_is_hidden_elsewhere_does_not_cover_and_blank_covers_hide_nothing() {
        let mut page = Page::default();
        page.line("John Roe", Visibility::Covered, [100.0, 301.0, 150.0, 311.0]);
        page.line("--", Visibility::Covered, [100.0, 101.0, 150.0, 111.0]);
        page.line("The source left. (E)", Visibility::Shown, [72.0, 100.0, 300.0, 112.0]);
        assert_eq!(page.found(), one("exempt.open", "The source left."));
    }

    #[test]
    fn a_mark_in_the_margin_stands_for_the_block_beside_it() {
        let mut page = Page::default();
        page.line("The source left early.", Visibility::Shown, [72.0, 100.0, 540.0, 112.0]);
        page.line("He came back at night.", Visibility::Shown, [72.0, 130.0, 540.0, 142.0]);
        page.line("(E)", Visibility::Shown, [40.0, 100.0, 60.0, 112.0]);
        assert_eq!(page.found(), one("exempt.open", "The source left early."));
    }

    #[test]
    fn furniture_and_stored_text_do_not_split_the_body() {
        let mut builder = DocumentBuilder::new();
        let mut add = |part, visibility, block, text: &str| {
            builder.begin(PassageSpec {
                part,
                visibility,
                block,
                page: 1,
                ..PassageSpec::default()
            });
            builder.push_unanchored(text);
        };
        let (shown, stored) = (Visibility::Shown, Visibility::Stored);
        add(Part::Body, shown, Kind::Paragraph, "The source lives at the depot.");
        add(Part::Footer, shown, Kind::Line, "REL0000099901");
        add(Part::Metadata, stored, Kind::Line, "A note on the case. (E) More of it.");
        add(Part::Footnote, shown, Kind::Footnote, "3 See the log.");
        add(Part::Body, shown, Kind::Paragraph, "(E)");
        let document = builder.finish();
        let found: Vec<_> = find(&document)
            .iter()
            .map(|hit| hit.evidence.as_ref().unwrap().reveal().to_owned())
            .collect();
        assert_eq!(found, ["The source lives at the depot.", "A note on the case."]);
    }

    #[test]
    fn marked_passages_are_handed_on_with_their_status() {
        let mut builder = DocumentBuilder::new();
        builder.push_unanchored("The source left. (E) ██████. (E) [E]");
        let marked = marked(&find(&builder.finish()));
        let statuses: Vec<_> = marked.iter().map(|passage| passage.status.as_str()).collect();
        assert_eq!(statuses, ["open", "redacted"]);
    }
}
