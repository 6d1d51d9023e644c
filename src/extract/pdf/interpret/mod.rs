//! The interpreter of content streams: one pass in paint order, glyphs and paints out.

mod annotations;
mod colour;
mod forms;
mod function;
mod graphics;
mod layers;
mod marked;
mod pictures;
mod programs;
mod session;
mod state;
mod text;

pub(super) use session::Session;

use super::canvas::{Canvas, Path};
use super::comments;
use super::content::PageContent;
use super::geometry::Matrix;
use super::images::{Placed, Unseen};
use super::pages::Page;
use super::tokens::{Operator, Token, Tokens};
use crate::model::Quad;
use lopdf::{Dictionary, Stream};
use marked::Marked;
use state::State;

/// How many operands are kept for one operator; a `TJ` array may be long.
const MAX_OPERANDS: usize = 1 << 16;
/// How many `q` may be open.
const MAX_STATES: usize = 512;
/// How many operators pass between two looks at the clock.
const BETWEEN_LOOKS: u32 = 4096;
/// How many forms and glyph programs one page may run: a few that call each other twice make millions.
const MAX_RUNS: u32 = 50_000;
/// How many glyphs one page may have.
const MAX_GLYPHS: usize = 1_000_000;

/// Interprets a page with its annotations.
pub(super) fn page<'o>(session: &mut Session<'o>, page: &Page<'o>, number: u32) -> Drawn {
    let ([width, height], matrix) = page.view(session.objects);
    let bounds = Quad([0.0, 0.0, width, height]);
    let fresh = session.fresh();
    let content = PageContent { number, width, height, ..fresh.content };
    let mut interpreter = Interpreter::new(session, Drawn { content, ..fresh }, matrix, bounds);
    interpreter.page(page);
    let mut drawn = interpreter.drawn;
    session.layers.show_watermarks(&mut drawn.content);
    drawn
}

/// Interprets a form by itself, on a page that is large enough for any.
pub(super) fn form<'o>(session: &mut Session<'o>, form: &'o Stream) -> Drawn {
    let fresh = session.fresh();
    let bounds = Quad([f32::MIN, f32::MIN, f32::MAX, f32::MAX]);
    let flip = Matrix([1.0, 0.0, 0.0, -1.0, 0.0, 0.0]);
    let mut interpreter = Interpreter::new(session, fresh, flip, bounds);
    interpreter.form(form, None);
    interpreter.drawn
}

/// A page as it was drawn.
#[derive(Default)]
pub(super) struct Drawn {
    /// Its glyphs.
    pub(super) content: PageContent,
    /// Its other paints.
    pub(super) canvas: Canvas,
    /// From which glyph on which clip of the canvas holds, where that is more than a box.
    pub(super) clips: Vec<(u32, u32)>,
    /// What the glyphs look like, taken together.
    pub(super) looks: Looks,
    /// Glyphs that stand apart from the one before them in the same string, ascending.
    pub(super) jumps: Vec<u32>,
    /// The comments in its content.
    pub(super) comments: Vec<String>,
    /// The pictures it draws.
    pub(super) placed: Vec<Placed>,
    /// Glyphs without Unicode, and those that follow one another without a break.
    pub(super) undecodable: Undecodable,
    /// What marked content says in place of its glyphs.
    pub(super) replacements: Vec<Replacement>,
    /// Whether the page's content could not be read in full because it is damaged.
    pub(super) damaged: bool,
    /// Whether a budget ran out before the end of the page.
    pub(super) over_budget: bool,
    /// Whether a content stream was cut at the limit.
    pub(super) over_budget_stream: bool,
    /// What could not be looked at because a picture could not be decoded.
    pub(super) unseen: Unseen,
}

/// What the glyphs of a page look like, noted string by string because there are so many glyphs.
#[derive(Default)]
pub(super) struct Looks {
    /// Their colours, until there are more than [`Looks::MANY`].
    pub(super) colours: Vec<[u8; 3]>,
    /// The largest size, in points.
    pub(super) largest: f32,
    /// Whether any is in render mode 3.
    pub(super) silent: bool,
}

impl Looks {
    /// More colours than this are not told apart.
    pub(super) const MANY: usize = 32;

    fn note(&mut self, colour: [u8; 3], size: f32, mode: u8) {
        self.largest = self.largest.max(size);
        self.silent |= mode == 3;
        if self.colours.len() <= Self::MANY && !self.colours.contains(&colour) {
            self.colours.push(colour);
        }
    }
}

/// How many glyphs have no Unicode.
#[derive(Clone, Copy, Default)]
pub(super) struct Undecodable {
    /// All of them.
    pub(super) glyphs: u32,
    /// The longest run of them.
    pub(super) longest_run: u32,
    /// The run that is going on.
    pub(super) run: u32,
}

/// Text that stands in for glyphs: `ActualText`, `Alt` or `E` of marked content.
#[derive(Clone)]
pub(super) struct Replacement {
    /// The text.
    pub(super) text: String,
    /// The first glyph it stands for.
    pub(super) first: u32,
    /// One past the last.
    pub(super) end: u32,
}

struct Interpreter<'s, 'o> {
    session: &'s mut Session<'o>,
    drawn: Drawn,
    state: State,
    stack: Vec<State>,
    path: Path,
    pending_clip: Option<super::canvas::Rule>,
    marked: Marked,
    /// Addresses of the content streams being interpreted, outermost first.
    forms: Vec<usize>,
    scratch: Vec<u8>,
    in_annotation: bool,
    page: Quad,
    steps: u32,
    /// How many forms and glyph programs have been run.
    runs: u32,
}

impl<'s, 'o> Interpreter<'s, 'o> {
    fn new(session: &'s mut Session<'o>, drawn: Drawn, matrix: Matrix, page: Quad) -> Self {
        Self {
            session,
            drawn,
            state: State::new(matrix, Quad([f32::MIN, f32::MIN, f32::MAX, f32::MAX])),
            stack: Vec::new(),
            path: Path::default(),
            pending_clip: None,
            marked: Marked::default(),
            forms: Vec::new(),
            scratch: Vec::new(),
            in_annotation: false,
            page,
            steps: 0,
            runs: 0,
        }
    }
}

impl<'o> Interpreter<'_, 'o> {
    fn page(&mut self, page: &Page<'o>) {
        let content = self.session.page_content(page, &mut self.drawn);
        let start = self.state;
        self.drawn.comments = comments::find(&content);
        self.run(&content, page.resources);
        self.close_marked_to(0);
        self.path.clear();
        self.pending_clip = None;
        self.annotations(page, start);
    }

    /// Whether another form or glyph program may be run.
    fn may_run(&mut self) -> bool {
        self.runs = self.runs.saturating_add(1);
        self.drawn.over_budget |= self.runs > MAX_RUNS;
        !self.drawn.over_budget
    }

    /// Interprets a content stream.
    fn run(&mut self, content: &[u8], resources: Option<&'o Dictionary>) {
        let mut tokens = Tokens::new(content);
        let mut operands: Vec<Token<'_>> = Vec::with_capacity(32);
        while let Some(token) = tokens.next() {
            let Token::Operator(operator) = token else {
                if operands.len() < MAX_OPERANDS {
                    operands.push(token);
                }
                continue;
            };
            if is_literal(operator) {
                continue;
            }
            if operator == Operator::new(b"BI") {
                self.inline_picture(&mut tokens, resources);
            } else {
                self.execute(operator, &operands, resources);
            }
            operands.clear();
            if !self.may_go_on() {
                return;
            }
        }
    }

    fn may_go_on(&mut self) -> bool {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(BETWEEN_LOOKS) && self.session.is_over(BETWEEN_LOOKS)
            || self.drawn.content.glyphs.len() > MAX_GLYPHS
        {
            self.drawn.over_budget = true;
        }
        !self.drawn.over_budget
    }

    fn execute(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) {
        let done = self.text_operator(operator, operands, resources)
            || self.path_operator(operator, operands)
            || self.state_operator(operator, operands, resources)
            || self.colour_operator(operator, operands, resources);
        if !done {
            self.other_operator(operator, operands, resources);
        }
    }

    fn save(&mut self) {
        // Beyond the limit the count must still agree, or every later `Q` would restore the wrong state.
        if self.stack.len() < MAX_STATES {
            self.stack.push(self.state);
        } else {
            self.drawn.damaged = true;
        }
    }

    fn restore(&mut self) {
        if let Some(state) = self.stack.pop() {
            self.state = state;
        }
    }
}

/// `true`, `false` and `null` are operands; nothing here needs them.
fn is_literal(operator: Operator) -> bool {
    const TRUE: Operator = Operator::new(b"true");
    const NULL: Operator = Operator::new(b"null");
    matches!(operator, TRUE | NULL | Operator::OTHER)
}

/// The last `N` operands, if they are all numbers.
fn numbers<const N: usize>(operands: &[Token<'_>]) -> Option<[f32; N]> {
    let tail = operands.get(operands.len().checked_sub(N)?..)?;
    let mut numbers = [0.0; N];
    for (number, token) in numbers.iter_mut().zip(tail) {
        let Token::Number(value) = token else { return None };
        *number = *value;
    }
    Some(numbers)
}

/// The last operand, if it is a name.
fn last_name<'s>(operands: &[Token<'s>]) -> Option<&'s [u8]> {
    match operands.last() {
        Some(Token::Name(name)) => Some(name),
        _ => None,
    }
}
