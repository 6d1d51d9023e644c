//! What a banner has to cover: the portions on its page, and at the front of a document everything behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A marking as roll-up sees it: a level, and the controls that have to be repeated above.
#[derive(Clone, Debug)]
pub(super) struct Marked<L> {
    pub(super) page: u32,
    pub(super) range: Range<usize>,
    pub(super) is_portion: bool,
    pub(super) level: L,
    pub(super) controls: BTreeSet<String>,
}

/// The banners and portions of one page, or of all pages behind the front.
struct Sum<L> {
    banner: Option<(L, Range<usize>)>,
    stated: BTreeSet<String>,
    portion: Option<L>,
    held: BTreeSet<String>,
}

impl<L: Ord + Copy> Sum<L> {
    fn new() -> Self {
        Self { banner: None, stated: BTreeSet::new(), portion: None, held: BTreeSet::new() }
    }

    fn add(&mut self, marked: &Marked<L>) {
        let controls = marked.controls.iter().cloned();
        if marked.is_portion {
            self.portion = self.portion.max(Some(marked.level));
            self.held.extend(controls);
        } else {
            if self.banner.as_ref().is_none_or(|(level, _)| *level < marked.level) {
                self.banner = Some((marked.level, marked.range.clone()));
            }
            self.stated.extend(controls);
        }
    }

    /// Where the banner stands, if it does not cover this.
    fn fault(&self, level: Option<L>, held: &BTreeSet<String>) -> Option<Range<usize>> {
        let (own, range) = self.banner.as_ref()?;
        let is_below = level.is_some_and(|level| *own < level);
        (is_below || !held.is_subset(&self.stated)).then(|| range.clone())
    }
}

/// The banners that stand below what they have to cover, each once.
pub(super) fn faults<L: Ord + Copy>(all: &[Marked<L>]) -> BTreeSet<(usize, usize)> {
    let mut pages: BTreeMap<u32, Sum<L>> = BTreeMap::new();
    for marked in all {
        pages.entry(marked.page).or_insert_with(Sum::new).add(marked);
    }
    let own = pages.values().filter_map(|page| page.fault(page.portion, &page.held));
    let mut faults: BTreeSet<(usize, usize)> = own.map(|range| (range.start, range.end)).collect();
    let mut rest = pages.values().skip_while(|page| page.banner.is_none());
    if let Some(front) = rest.next() {
        let (mut level, mut held) = (None, BTreeSet::new());
        for page in rest {
            let banner = page.banner.as_ref().map(|(level, _)| *level);
            level = level.max(banner).max(page.portion);
            held.extend(page.stated.iter().chain(&page.held).cloned());
        }
        faults.extend(front.fault(level, &held).map(|range| (range.start, range.end)));
    }
    faults
}
