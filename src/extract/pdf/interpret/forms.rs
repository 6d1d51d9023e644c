//! External objects, inline pictures and shadings (ISO 32000-2 §8.7.4, §8.9, §8.10).

use super::session::note;
use super::state::Blend;
use super::{Interpreter, last_name};
use crate::extract::pdf::canvas::{Rule, Shape, Tool};
use crate::extract::pdf::geometry::Matrix;
use crate::extract::pdf::pages::rectangle;
use crate::extract::pdf::tokens::{Operator, Token};
use crate::model::Quad;
use lopdf::{Dictionary, Object, Stream};

/// How deep forms may lie in one another.
pub(super) const MAX_FORMS: usize = 24;

impl<'o> Interpreter<'_, 'o> {
    /// Executes what is left; unknown operators are passed over, as the standard asks.
    pub(super) fn other_operator(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) {
        const DO: Operator = Operator::new(b"Do");
        const SH: Operator = Operator::new(b"sh");
        if self.marked_operator(operator, operands, resources) {
            return;
        }
        let Some(name) = last_name(operands) else { return };
        match operator {
            DO => {
                if let Some(Object::Stream(stream)) =
                    self.session.resource(resources, b"XObject", name)
                {
                    self.external(stream, resources);
                }
            }
            SH => self.shading(),
            _ => {}
        }
    }

    fn external(&mut self, stream: &'o Stream, resources: Option<&'o Dictionary>) {
        let hidden = self.session.hides(&stream.dict);
        let depth = self.marked.depth();
        if hidden {
            self.open_marked(true, Vec::new());
        }
        match self.session.objects.name(&stream.dict, b"Subtype") {
            Some(b"Image") => self.external_picture(stream),
            // A form without a subtype occurs; a picture has a width.
            Some(b"Form") | None if !stream.dict.has(b"Width") => self.form(stream, resources),
            _ => {}
        }
        self.close_marked_to(depth);
    }

    /// Interprets a form in its own graphics state.
    pub(super) fn form(&mut self, form: &'o Stream, resources: Option<&'o Dictionary>) {
        let address = std::ptr::from_ref(form) as usize;
        if self.forms.len() >= MAX_FORMS || self.forms.contains(&address) {
            return;
        }
        self.session.draws(form);
        if !self.may_run() {
            return;
        }
        let objects = self.session.objects;
        let decoded = objects.decoded(form);
        note(&mut self.drawn, decoded.shortfall);
        let saved = self.state;
        let stack = std::mem::take(&mut self.stack);
        let marked = self.marked.depth();
        if let Some(matrix) = objects.numbers::<6>(&form.dict, b"Matrix") {
            self.state.matrix = Matrix(matrix).then(&self.state.matrix);
        }
        self.clip_to_box(&form.dict);
        if objects.dictionary(&form.dict, b"Group").is_some() {
            self.begin_group();
        }
        self.forms.push(address);
        let own = objects.dictionary(&form.dict, b"Resources").or(resources);
        self.run(&decoded.data, own);
        self.forms.pop();
        self.close_marked_to(marked);
        self.path.clear();
        self.pending_clip = None;
        self.stack = stack;
        self.state = saved;
    }

    fn clip_to_box(&mut self, form: &Dictionary) {
        if let Some(Quad(bounds)) = rectangle(self.session.objects, form, b"BBox") {
            let mut path = std::mem::take(&mut self.path);
            path.set_corners(self.state.matrix.corners(bounds));
            self.clip(&path, Rule::NonZero);
            path.clear();
            self.path = path;
        }
    }

    /// A transparency group begins with a fresh state; the alpha outside applies to it as a whole
    /// (ISO 32000-2 §11.6.6).
    fn begin_group(&mut self) {
        let state = &mut self.state;
        state.group_alpha *= state.fill.alpha;
        if state.soft_mask || state.blend != Blend::Normal {
            state.group_alpha = state.group_alpha.min(0.5);
        }
        state.tints |= state.blend == Blend::Other;
        (state.fill.alpha, state.stroke.alpha) = (1.0, 1.0);
        (state.blend, state.soft_mask) = (Blend::Normal, false);
    }

    fn shading(&mut self) {
        if let Some(bounds) = self.visible(self.page).filter(|_| !self.marked.is_hidden()) {
            let ink = self.state.fill;
            self.record(Shape::Box(bounds), bounds, &ink, Tool::Shading);
        }
    }
}
