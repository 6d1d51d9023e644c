//! Elements as the builder knows them, and the encoded files in them.

use super::payload::{self, Payload};
use super::reading::{FEW, NONE, Reading};
use super::shape::Role;
use crate::model::Member;
use crate::read::budget::MAX_MEMBERS;
use std::collections::HashMap;

impl Reading<'_> {
    /// The number of the current element in the builder.
    pub(super) fn current_element(&mut self) -> Option<u32> {
        let known = self.frames.iter().rposition(|frame| frame.element != NONE);
        let mut parent = known.and_then(|at| self.frames.get(at)).map(|frame| frame.element);
        for frame in self.frames.iter_mut().skip(known.map_or(0, |at| at + 1)) {
            let element = self.flow.builder.element(parent, frame.builder_name, frame.position);
            frame.element = element;
            parent = Some(element);
        }
        parent
    }

    /// Decodes encoded bytes into a member; false where the text is none.
    pub(super) fn take_payload(&mut self, text: &str) -> bool {
        let declared = self.frames.last().is_some_and(|frame| frame.role == Role::Payload);
        if !payload::may_be_payload(text, declared) {
            return false;
        }
        match payload::decode(text, declared, self.budget) {
            Payload::None => return false,
            Payload::Decoded(bytes, extension) => {
                let size = bytes.len() as u64;
                if (self.members as usize) < MAX_MEMBERS && self.budget.take_inflated(size) {
                    self.members += 1;
                    let name = format!("payload-{}.{extension}", self.members);
                    self.flow.builder.document_mut().members.push(Member { name, bytes });
                    return true;
                }
            }
            Payload::OverBudget => {}
        }
        self.over_budget("Encoded files inside the document are more than may be decoded.");
        true
    }

    /// The position of the next child named `local` of the current element, from 1.
    pub(super) fn count_child(&mut self, local: u32) -> u32 {
        let start = self.frames.last().map_or(0, |frame| frame.counts);
        let counts = self.counts.get_mut(start..).unwrap_or_default();
        if let Some((_, count)) = counts.iter_mut().find(|(name, _)| *name == local) {
            *count += 1;
            return *count;
        }
        if counts.len() < FEW {
            self.counts.push((local, 1));
            return 1;
        }
        // Records have few kinds of children; whoever has many gets a map.
        let depth = self.frames.len();
        if self.many.last().is_none_or(|&(last, _)| last != depth) {
            self.many.push((depth, HashMap::new()));
        }
        let count = self.many.last_mut().map(|(_, many)| many.entry(local).or_insert(0));
        count.map_or(1, |count| {
            *count += 1;
            *count
        })
    }
}
