//! Optional content: which layers are switched off (ISO 32000-2 §8.11).

use crate::extract::pdf::content::PageContent;
use crate::extract::pdf::objects::{Objects, as_dictionary};
use crate::model::Visibility;
use lopdf::{Dictionary, Object};
use std::collections::HashSet;

/// How deep visibility expressions may nest.
const MAX_DEPTH: usize = 16;
/// From which size on, in points, words across a page are a watermark.
const WATERMARK: f32 = 24.0;

/// The layers that the default configuration hides.
#[derive(Default)]
pub(in crate::extract::pdf) struct Layers {
    /// Addresses of the groups' dictionaries, which stay where they are while the file is read.
    off: HashSet<*const Dictionary>,
    /// Whether a group is there for paper only.
    prints: bool,
}

impl Layers {
    /// Reads the default configuration.
    pub(super) fn read(objects: &Objects<'_>) -> Self {
        let mut layers = Self::default();
        let catalog = objects.dictionary(&objects.file.trailer, b"Root");
        let Some(properties) =
            catalog.and_then(|catalog| objects.dictionary(catalog, b"OCProperties"))
        else {
            return layers;
        };
        let groups = objects.array(properties, b"OCGs");
        let Some(default) = objects.dictionary(properties, b"D") else { return layers };
        if objects.name(default, b"BaseState") == Some(b"OFF") {
            layers.switch(objects, groups, false);
        }
        layers.switch(objects, objects.array(default, b"ON"), true);
        layers.switch(objects, objects.array(default, b"OFF"), false);
        for usage in objects.array(default, b"AS") {
            if let Some(usage) = as_dictionary(objects.resolve(usage)) {
                layers.apply_usage(objects, usage);
            }
        }
        layers
    }

    fn switch(&mut self, objects: &Objects<'_>, groups: &[Object], on: bool) {
        for group in groups.iter().filter_map(|group| as_dictionary(objects.resolve(group))) {
            if on {
                self.off.remove(&std::ptr::from_ref(group));
            } else {
                self.off.insert(std::ptr::from_ref(group));
            }
        }
    }

    /// A usage application dictionary switches groups by what they are for: here, by whether they are to be viewed.
    fn apply_usage(&mut self, objects: &Objects<'_>, usage: &Dictionary) {
        let event = objects.name(usage, b"Event");
        self.prints |= event == Some(b"Print");
        if event != Some(b"View") {
            return;
        }
        for group in objects.array(usage, b"OCGs") {
            let state = as_dictionary(objects.resolve(group))
                .and_then(|group| objects.dictionary(group, b"Usage"))
                .and_then(|usage| objects.dictionary(usage, b"View"))
                .and_then(|view| objects.name(view, b"ViewState"));
            if let Some(state) = state {
                self.switch(objects, std::slice::from_ref(group), state == b"ON");
            }
        }
    }

    /// A watermark that only paper shows is not hidden from anyone: large words across the page.
    pub(super) fn show_watermarks(&self, content: &mut PageContent) {
        if !self.prints {
            return;
        }
        for glyph in &mut content.glyphs {
            let oblique = glyph.direction.iter().all(|part| part.abs() > 0.1);
            if glyph.visibility == Visibility::HiddenLayer && oblique && glyph.size > WATERMARK {
                glyph.visibility = Visibility::Shown;
            }
        }
    }

    /// Whether what stands under this group or membership dictionary is hidden.
    pub(super) fn hides(&self, objects: &Objects<'_>, membership: &Object) -> bool {
        if self.off.is_empty() {
            return false;
        }
        as_dictionary(objects.resolve(membership)).is_some_and(|one| !self.shows(objects, one))
    }

    fn shows(&self, objects: &Objects<'_>, membership: &Dictionary) -> bool {
        if objects.name(membership, b"Type") != Some(b"OCMD") {
            return self.is_on(membership);
        }
        if let Some(expression @ Object::Array(_)) = objects.get(membership, b"VE") {
            return self.holds(objects, expression, 0);
        }
        let groups: Vec<bool> = match objects.get(membership, b"OCGs") {
            Some(Object::Array(groups)) => groups
                .iter()
                .filter_map(|group| as_dictionary(objects.resolve(group)))
                .map(|group| self.is_on(group))
                .collect(),
            Some(Object::Dictionary(group)) => vec![self.is_on(group)],
            _ => return true,
        };
        if groups.is_empty() {
            return true;
        }
        match objects.name(membership, b"P") {
            Some(b"AllOn") => groups.iter().all(|&on| on),
            Some(b"AnyOff") => groups.iter().any(|&on| !on),
            Some(b"AllOff") => groups.iter().all(|&on| !on),
            _ => groups.iter().any(|&on| on),
        }
    }

    fn holds(&self, objects: &Objects<'_>, expression: &Object, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        let deeper = depth.saturating_add(1);
        match objects.resolve(expression) {
            Object::Array(parts) => {
                let operator =
                    parts.first().and_then(|first| objects.resolve(first).as_name().ok());
                let mut rest = parts.iter().skip(1).map(|part| self.holds(objects, part, deeper));
                match operator {
                    Some(b"And") => rest.all(|holds| holds),
                    Some(b"Not") => !rest.next().unwrap_or(false),
                    _ => rest.any(|holds| holds),
                }
            }
            other => as_dictionary(other).is_none_or(|group| self.is_on(group)),
        }
    }

    fn is_on(&self, group: &Dictionary) -> bool {
        !self.off.contains(&std::ptr::from_ref(group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use lopdf::{Document, dictionary};

    #[test]
    fn membership_follows_its_policy_and_its_expression() {
        let id = |number: u32| Object::Reference((number, 0));
        let mut file = Document::new();
        let configuration = dictionary! {"BaseState" => "OFF", "ON" => vec![id(2)]};
        let properties = dictionary! {"OCGs" => vec![id(1), id(2)], "D" => configuration};
        file.objects.insert((1, 0), dictionary! {"Type" => "OCG"}.into());
        file.objects.insert((2, 0), dictionary! {"Type" => "OCG", "Name" => "on"}.into());
        file.objects.insert((3, 0), dictionary! {"OCProperties" => properties}.into());
        file.trailer.set("Root", id(3));
        let budget = Budget::default();
        let objects = Objects::new(&file, &budget);
        let layers = Layers::read(&objects);
        let both = |policy: &str| {
            dictionary! {"Type" => "OCMD", "OCGs" => vec![id(1), id(2)], "P" => policy}.into()
        };
        let expression = vec!["Not".into(), vec!["And".into(), id(1), id(2)].into()];
        let cases: [(Object, bool); 6] = [
            (id(1), true),
            (id(2), false),
            (both("AnyOn"), false),
            (both("AllOn"), true),
            (both("AllOff"), true),
            (dictionary! {"Type" => "OCMD", "VE" => expression}.into(), false),
        ];
        for (index, (membership, hidden)) in cases.iter().enumerate() {
            assert_eq!(layers.hides(&objects, membership), *hidden, "case {index}");
        }
    }
}
