//! What a redaction removed and what stayed: an original and the file made of it, passage by passage.

use crate::model::{Block, Document, Location, Place, SensitiveText};
use std::collections::BTreeMap;
use std::ops::Range;

/// Share of the words of a passage that has to be there again for it to be the same passage, changed.
const SAME: f64 = 0.5;
/// Passages of the released file that are compared with one of the original in detail.
const MAX_RIVALS: usize = 64;

/// What became of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is gone.
    Removed,
    /// Words of it are gone or others.
    Changed,
    /// It is new.
    Added,
    /// Marked (E), and still there.
    Stayed,
    /// Marked (E), and still there in part.
    StayedInPart,
}

impl Fate {
    /// The word that stands for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Stayed => "stayed",
            Self::StayedInPart => "stayed-in-part",
        }
    }
}

/// A difference between two documents, or a marked passage that makes none.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What became of it.
    pub fate: Fate,
    /// Whether it is marked (E) in the original.
    pub marked: bool,
    /// Where it stands in the original; for what is new, in the released file.
    pub location: Location,
    /// Its text in the original; for what is new, in the released file.
    pub text: SensitiveText,
    /// Its text in the released file, where that is another one.
    pub now: Option<SensitiveText>,
}

impl Change {
    /// The page it stands on; 0 where there are no pages.
    pub fn page(&self) -> u32 {
        match self.location.place {
            Place::Page { page, .. } => page,
            _ => 0,
        }
    }
}

/// A passage as its words.
struct Unit<'d> {
    range: Range<usize>,
    words: Vec<&'d str>,
}

/// Compares two documents; `marked` are the passages of the original that are marked (E), as bytes of its text.
pub fn compare(
    original: &Document,
    marked: &[(Range<usize>, SensitiveText)],
    released: &Document,
) -> Vec<Change> {
    let (before, after) = (units(original), units(released));
    let pairs = paired(&before, &after);
    let mut taken = vec![false; after.len()];
    let whole = folded(released.text());
    let mut changes: Vec<Change> =
        marked.iter().filter_map(|(range, text)| stayed(original, range, text, &whole)).collect();
    for (unit, pair) in before.iter().zip(&pairs) {
        let partner = pair.and_then(|at| after.get(at));
        pair.and_then(|at| taken.get_mut(at)).into_iter().for_each(|taken| *taken = true);
        let fate = match partner {
            None => Fate::Removed,
            Some(partner) if partner.words == unit.words => continue,
            Some(_) => Fate::Changed,
        };
        let is_marked = marked.iter().any(|(range, _)| overlap(range, &unit.range));
        changes.push(Change {
            fate,
            marked: is_marked,
            location: original.locate(unit.range.clone()),
            text: SensitiveText::new(unit.words.join(" ")),
            now: partner.map(|partner| SensitiveText::new(partner.words.join(" "))),
        });
    }
    let new = after.iter().zip(&taken).filter(|(_, taken)| !**taken);
    changes.extend(new.map(|(unit, _)| Change {
        fate: Fate::Added,
        marked: false,
        location: released.locate(unit.range.clone()),
        text: SensitiveText::new(unit.words.join(" ")),
        now: None,
    }));
    changes.sort_by_key(Change::page);
    changes
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The passages of a document, without those that say nothing.
fn units(document: &Document) -> Vec<Unit<'_>> {
    let unit = |passage: crate::model::Passage<'_>| {
        let range = passage.range();
        let words: Vec<&str> =
            document.text().get(range.clone()).unwrap_or_default().split_whitespace().collect();
        let furniture = passage.block() == Block::Line && words.len() < 2;
        (!words.is_empty() && !furniture).then_some(Unit { range, words })
    };
    document.passages().filter_map(unit).collect()
}

/// For each passage of the original the one of the released file that it became: first the equal ones in their
/// order, then those that share most words.
fn paired(before: &[Unit<'_>], after: &[Unit<'_>]) -> Vec<Option<usize>> {
    let mut equal: BTreeMap<&[&str], Vec<usize>> = BTreeMap::new();
    for (at, unit) in after.iter().enumerate().rev() {
        equal.entry(&unit.words).or_default().push(at);
    }
    let mut pairs: Vec<Option<usize>> =
        before.iter().map(|unit| equal.get_mut(unit.words.as_slice()).and_then(Vec::pop)).collect();
    let mut taken = vec![false; after.len()];
    for at in pairs.iter().flatten() {
        taken.get_mut(*at).into_iter().for_each(|taken| *taken = true);
    }
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let open = after.iter().enumerate().filter(|(at, _)| taken.get(*at) == Some(&false));
    for (at, unit) in open {
        for word in unit.words.iter().filter(|word| word.chars().count() > 3) {
            holders.entry(word).or_default().push(at);
        }
    }
    // The most alike first: a passage must not take the partner of another that fits it better.
    let mut alike: Vec<(f64, usize, usize)> = Vec::new();
    for (from, unit) in
        before.iter().enumerate().filter(|(from, _)| pairs.get(*from) == Some(&None))
    {
        let rivals = rivals(unit, &holders).into_iter();
        let share = |at: usize| Some((similarity(&unit.words, &after.get(at)?.words), from, at));
        alike.extend(rivals.filter_map(share).filter(|(share, _, _)| *share >= SAME));
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, from, at) in alike {
        if taken.get(at) == Some(&false)
            && let Some(pair) = pairs.get_mut(from).filter(|pair| pair.is_none())
        {
            *pair = Some(at);
            taken.get_mut(at).into_iter().for_each(|taken| *taken = true);
        }
    }
    pairs
}

/// The passages that share most of the longer words.
fn rivals(unit: &Unit<'_>, holders: &BTreeMap<&str, Vec<usize>>) -> Vec<usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for word in &unit.words {
        for at in holders.get(word).into_iter().flatten().take(MAX_RIVALS * 4) {
            *shared.entry(*at).or_default() += 1;
        }
    }
    let mut rivals: Vec<_> = shared.into_iter().map(|(at, count)| (count, at)).collect();
    rivals.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    rivals.into_iter().take(MAX_RIVALS).map(|(_, at)| at).collect()
}

/// Share of words, counted as often as they occur, that the shorter of the two passages finds in the longer one.
fn similarity(a: &[&str], b: &[&str]) -> f64 {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for word in a {
        *counts.entry(word).or_default() += 1;
    }
    let shared = b.iter().filter(|word| {
        counts.get_mut(**word).is_some_and(|count| {
            *count -= 1;
            *count >= 0
        })
    });
    #[expect(clippy::cast_precision_loss, reason = "passages have far fewer than 2^52 words")]
    let share = shared.count() as f64 / a.len().min(b.len()).max(1) as f64;
    share
}

/// A marked passage that can still be read, in whole or in part, in these folded letters.
fn stayed(
    original: &Document,
    range: &Range<usize>,
    text: &SensitiveText,
    whole: &str,
) -> Option<Change> {
    let letters = folded(text.reveal());
    if letters.is_empty() {
        return None;
    }
    let fate = if whole.contains(&letters) {
        Fate::Stayed
    } else if longest_shared(&letters, whole) * 2 >= letters.len() {
        Fate::StayedInPart
    } else {
        return None;
    };
    Some(Change {
        fate,
        marked: true,
        location: original.locate(range.clone()),
        text: text.clone(),
        now: None,
    })
}

/// Letters and digits in lower case: how lines break and which quotes are used does not count.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Bytes of the longest beginning or end of `part` that stands in `whole`.
fn longest_shared(part: &str, whole: &str) -> usize {
    let head = |count: usize| part.get(..part.floor_char_boundary(count));
    let tail = |count: usize| part.get(part.ceil_char_boundary(part.len() - count)..);
    let longest = |cut: &dyn Fn(usize) -> bool| {
        let (mut low, mut high) = (0, part.len());
        while low < high {
            let middle = usize::midpoint(low, high + 1);
            if cut(middle) { low = middle } else { high = middle - 1 }
        }
        low
    };
    let stands = |shown: Option<&str>| shown.is_some_and(|shown| whole.contains(shown));
    longest(&|count| stands(head(count))).max(longest(&|count| stands(tail(count))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, PassageSpec};

    fn document(paragraphs: &[&str]) -> Document {
        let mut builder = DocumentBuilder::new();
        for text in paragraphs {
            builder.begin(PassageSpec::default());
            builder.push_unanchored(text);
        }
        builder.finish()
    }

    fn changes(original: &[&str], marked: &[&str], released: &[&str]) -> Vec<(Fate, bool, String)> {
        let (original, released) = (document(original), document(released));
        let find = |text: &&str| {
            let start = original.text().find(text).unwrap();
            (start..start + text.len(), SensitiveText::new(*text))
        };
        let marked: Vec<_> = marked.iter().map(find).collect();
        let changes = compare(&original, &marked, &released);
        changes
            .into_iter()
            .map(|one| (one.fate, one.marked, one.text.reveal().to_owned()))
            .collect()
    }

    const NOON: &str = "Lunch was served at noon to all guests.";
    const SECRET: &str = "The source met the agent at the old pier.";

    #[test]
    fn what_is_the_same_is_not_told() {
        assert!(changes(&[NOON, NOON], &[], &[NOON, NOON]).is_empty());
    }

    #[test]
    fn removed_changed_added_and_stayed_are_told_apart() {
        let marked = format!("{SECRET} (E)");
        let gone = changes(&[NOON, &marked], &[SECRET], &[NOON]);
        assert_eq!(gone, [(Fate::Removed, true, marked.clone())]);
        let kept = changes(&[NOON, &marked], &[SECRET], &[NOON, &marked]);
        assert_eq!(kept, [(Fate::Stayed, true, SECRET.to_owned())]);
        let bare = changes(&[NOON, &marked], &[SECRET], &[NOON, SECRET]);
        assert_eq!(bare.iter().map(|one| one.0).collect::<Vec<_>>(), [Fate::Stayed, Fate::Changed]);
        let part = changes(&[&marked], &[SECRET], &["The source met the agent at ███. (E)"]);
        assert_eq!(
            part.iter().map(|one| one.0).collect::<Vec<_>>(),
            [Fate::StayedInPart, Fate::Changed]
        );
        let new = changes(&[NOON], &[], &[NOON, "Something else entirely."]);
        assert_eq!(new, [(Fate::Added, false, "Something else entirely.".to_owned())]);
    }
}
