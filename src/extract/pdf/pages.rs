//! The page tree and the geometry of a page (ISO 32000-2 §7.7.3, §14.11.2).

use super::geometry::{Matrix, intersection, is_empty};
use super::objects::{Objects, as_dictionary};
use crate::model::Quad;
use lopdf::{Dictionary, Object};
use std::collections::HashSet;

/// How deep a page tree may be.
const MAX_TREE_DEPTH: usize = 64;
/// How many pages are read in one file.
const MAX_PAGES: usize = 200_000;
/// US Letter, for pages without a usable `MediaBox`.
const LETTER: Quad = Quad([0.0, 0.0, 612.0, 792.0]);
/// The largest width or height of a page that is taken seriously, in points.
const MAX_SIDE: f32 = 1.0e6;

/// A page with the attributes it inherits.
#[derive(Clone, Copy)]
pub(super) struct Page<'o> {
    /// Its own dictionary.
    pub(super) dictionary: &'o Dictionary,
    /// Its resources.
    pub(super) resources: Option<&'o Dictionary>,
    /// What is shown of it: `CropBox` within `MediaBox`, in user space.
    pub(super) shown: Quad,
    rotation: i64,
}

impl Page<'_> {
    /// Width and height of the page as shown, and the way there from its user space.
    pub(super) fn view(&self, objects: &Objects<'_>) -> ([f32; 2], Matrix) {
        let unit = objects
            .number(self.dictionary, b"UserUnit")
            .filter(|unit| (0.01..=1000.0).contains(unit))
            .unwrap_or(1.0);
        let Quad([x0, y0, x1, y1]) = self.shown;
        let (width, height) = ((x1 - x0) * unit, (y1 - y0) * unit);
        let u = unit;
        match self.rotation {
            90 => ([height, width], Matrix([0.0, u, u, 0.0, -y0 * u, -x0 * u])),
            180 => ([width, height], Matrix([-u, 0.0, 0.0, u, x1 * u, -y0 * u])),
            270 => ([height, width], Matrix([0.0, -u, -u, 0.0, y1 * u, x1 * u])),
            _ => ([width, height], Matrix([u, 0.0, 0.0, -u, -x0 * u, y1 * u])),
        }
    }
}

/// What walking the page tree came to.
pub(super) struct Tree<'o> {
    /// The pages in order.
    pub(super) pages: Vec<Page<'o>>,
    /// Whether a node is missing, visited twice or too deep.
    pub(super) broken: bool,
}

#[derive(Clone, Copy, Default)]
struct Inherited<'o> {
    resources: Option<&'o Dictionary>,
    media: Option<Quad>,
    crop: Option<Quad>,
    rotation: Option<i64>,
}

impl<'o> Inherited<'o> {
    fn extended(self, objects: &'o Objects<'o>, node: &'o Dictionary) -> Self {
        Self {
            resources: objects.dictionary(node, b"Resources").or(self.resources),
            media: rectangle(objects, node, b"MediaBox").or(self.media),
            crop: rectangle(objects, node, b"CropBox").or(self.crop),
            rotation: objects.integer(node, b"Rotate").or(self.rotation),
        }
    }

    fn page(self, dictionary: &'o Dictionary) -> Page<'o> {
        let media = self.media.unwrap_or(LETTER);
        let shown = self.crop.map(|crop| intersection(crop, media)).filter(|both| !is_empty(*both));
        // A rotation that is no multiple of 90 is rounded, as viewers do.
        let quarter = self.rotation.unwrap_or(0).rem_euclid(360).saturating_add(45) / 90;
        Page {
            dictionary,
            resources: self.resources,
            shown: shown.unwrap_or(media),
            rotation: (quarter % 4).saturating_mul(90),
        }
    }
}

/// Walks the page tree from the catalog.
pub(super) fn tree<'o>(objects: &'o Objects<'o>) -> Tree<'o> {
    let mut tree = Tree { pages: Vec::new(), broken: false };
    let root = objects
        .dictionary(&objects.file.trailer, b"Root")
        .and_then(|catalog| catalog.get(b"Pages").ok());
    if let Some(root) = root {
        let mut walk = Walk { objects, tree: &mut tree, seen: HashSet::new() };
        walk.node(root, Inherited::default(), 0);
    }
    tree
}

struct Walk<'o, 't> {
    objects: &'o Objects<'o>,
    tree: &'t mut Tree<'o>,
    seen: HashSet<*const Dictionary>,
}

impl<'o> Walk<'o, '_> {
    fn node(&mut self, object: &'o Object, inherited: Inherited<'o>, depth: usize) {
        let Some(node) = as_dictionary(self.objects.resolve(object)) else {
            // `null` among the kids stands for a page that was taken out.
            self.tree.broken |= super::open::is_lost(self.objects.file, object);
            return;
        };
        if depth > MAX_TREE_DEPTH
            || self.tree.pages.len() >= MAX_PAGES
            || !self.seen.insert(std::ptr::from_ref(node))
        {
            self.tree.broken = true;
            return;
        }
        let inherited = inherited.extended(self.objects, node);
        match self.objects.get(node, b"Kids") {
            Some(Object::Array(kids)) => {
                let before = self.tree.pages.len();
                for kid in kids {
                    self.node(kid, inherited, depth.saturating_add(1));
                }
                self.tree.broken |= self.lacks_kids(node, kids, before);
            }
            _ if self.objects.name(node, b"Type") == Some(b"Pages") => {}
            _ => self.tree.pages.push(inherited.page(node)),
        }
    }

    /// Whether kids cannot be found that the node still counts: a file that was cut off and rebuilt has no trace of
    /// them in its cross-references.
    fn lacks_kids(&self, node: &Dictionary, kids: &[Object], before: usize) -> bool {
        let is_missing = |kid: &Object| {
            kid.as_reference().is_ok_and(|id| !self.objects.file.objects.contains_key(&id))
        };
        let found = self.tree.pages.len().saturating_sub(before);
        let counted =
            self.objects.integer(node, b"Count").and_then(|count| usize::try_from(count).ok());
        kids.iter().any(is_missing) && counted.is_none_or(|counted| counted > found)
    }
}

/// All page dictionaries of a file, in the order of their object numbers, without regard to the page tree.
pub(super) fn loose<'o>(objects: &'o Objects<'o>) -> Vec<Page<'o>> {
    objects
        .file
        .objects
        .values()
        .filter_map(as_dictionary)
        .filter(|dictionary| objects.name(dictionary, b"Type") == Some(b"Page"))
        .take(MAX_PAGES)
        .map(|dictionary| {
            let parent = objects.dictionary(dictionary, b"Parent");
            let inherited = parent
                .map(|parent| Inherited::default().extended(objects, parent))
                .unwrap_or_default();
            inherited.extended(objects, dictionary).page(dictionary)
        })
        .collect()
}

/// A rectangle with its corners in order; `None` where it is missing or has no area.
pub(super) fn rectangle(
    objects: &Objects<'_>,
    dictionary: &Dictionary,
    key: &[u8],
) -> Option<Quad> {
    let [a, b, c, d] = objects.numbers::<4>(dictionary, key)?;
    let quad = Quad([a.min(c), b.min(d), a.max(c), b.max(d)]);
    let sane = quad.0.iter().all(|side| side.abs() < MAX_SIDE);
    (sane && !is_empty(quad)).then_some(quad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use lopdf::{Document, dictionary};

    fn file(kids: Vec<Object>) -> Document {
        let mut file = Document::new();
        let id = |number: u32| Object::Reference((number, 0));
        file.objects.insert((1, 0), dictionary! {"Pages" => id(2)}.into());
        file.objects.insert(
            (2, 0),
            dictionary! {"Type" => "Pages", "Kids" => kids, "Rotate" => 90,
            "MediaBox" => vec![0.into(), 0.into(), 200.into(), 100.into()]}
            .into(),
        );
        file.objects.insert(
            (3, 0),
            dictionary! {"Type" => "Page", "Parent" => id(2),
            "CropBox" => vec![110.into(), 90.into(), 10.into(), Object::Integer(-5)]}
            .into(),
        );
        file.trailer.set("Root", id(1));
        file
    }

    #[test]
    fn a_rotated_page_is_measured_as_it_is_shown() {
        let file = file(vec![Object::Reference((3, 0))]);
        let budget = Budget::default();
        let objects = Objects::new(&file, &budget);
        let tree = tree(&objects);
        assert_eq!((tree.pages.len(), tree.broken), (1, false));
        let ([width, height], view) = tree.pages[0].view(&objects);
        assert_eq!((width, height), (90.0, 100.0));
        let [x, y] = view.apply(10.0, 90.0);
        assert!((x - 90.0).abs() < 1e-4 && y.abs() < 1e-4);
    }

    #[test]
    fn a_tree_that_counts_a_page_it_cannot_find_is_broken() {
        for (count, broken) in [(2, true), (1, false)] {
            let mut file = file(vec![Object::Reference((3, 0)), Object::Reference((9, 0))]);
            let root = file.objects.get_mut(&(2, 0)).and_then(|root| root.as_dict_mut().ok());
            root.unwrap().set("Count", count);
            let budget = Budget::default();
            let objects = Objects::new(&file, &budget);
            assert_eq!(tree(&objects).broken, broken, "a page of {count} was taken out");
        }
    }

    #[test]
    fn a_tree_that_bites_its_tail_ends() {
        let file = file(vec![Object::Reference((2, 0)), Object::Reference((3, 0))]);
        let budget = Budget::default();
        let objects = Objects::new(&file, &budget);
        let tree = tree(&objects);
        assert_eq!((tree.pages.len(), tree.broken), (1, true));
        assert_eq!(loose(&objects).len(), 1);
    }
}
