//! Control numbers over the pages of a document (Bates numbers): each page has the next one, so that a page that was
//! taken out, or put in twice, can be told.

use crate::model::{Confidence, Document, Hit, Part, Visibility};
use std::collections::BTreeMap;
use std::ops::Range;

/// The rule on control numbers that are missing or stand twice.
pub(crate) const PAGE_GAP: &str = "release.page-gap";
/// On so many pages a number has to stand before it counts its pages.
const FEWEST: usize = 3;
/// How many findings one document may give.
const MOST: usize = 200;
/// The fewest and the most digits of a number.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=12;

/// A control number where it stands.
struct Stamp {
    page: u32,
    number: u64,
    range: Range<usize>,
}

/// Pages at which the numbers do not go on by one.
pub(crate) fn gaps(document: &Document) -> Vec<Hit> {
    let mut series: BTreeMap<(String, usize), Vec<Stamp>> = BTreeMap::new();
    let edges = document.passages().filter(|passage| {
        matches!(passage.part(), Part::Header | Part::Footer)
            && passage.visibility() == Visibility::Shown
            && passage.page() > 0
    });
    for passage in edges {
        let mut start = passage.range().start;
        for line in passage.text().split_inclusive('\n') {
            let text = line.trim();
            let from = start.saturating_add(line.len().saturating_sub(line.trim_start().len()));
            start = start.saturating_add(line.len());
            if let Some((prefix, digits, number)) = parse(text) {
                let range = from..from.saturating_add(text.len());
                let stamp = Stamp { page: passage.page(), number, range };
                series.entry((prefix, digits)).or_default().push(stamp);
            }
        }
    }
    let mut hits: Vec<Hit> = series.into_values().flat_map(breaks).collect();
    hits.sort_by_key(|hit| hit.range.start);
    hits.truncate(MOST);
    hits
}

/// A number by itself on its line: its prefix, how many digits it has, and its value.
fn parse(line: &str) -> Option<(String, usize, u64)> {
    let bare = line.trim_start_matches('<').trim_end_matches('>').trim();
    if !(6..=40).contains(&bare.len()) || !bare.is_ascii() {
        return None;
    }
    let digits = bare.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, number) = bare.split_at_checked(bare.len().checked_sub(digits)?)?;
    let letters = prefix.bytes().filter(u8::is_ascii_uppercase).count();
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b' ');
    let is_one = DIGITS.contains(&digits)
        && letters >= 2
        && prefix.bytes().all(plain)
        && prefix.split_whitespace().count() <= 2;
    is_one.then(|| Some((prefix.to_owned(), digits, number.parse().ok()?)))?
}

/// Where a series breaks; nothing where it is no series: a case number stands on every page and never counts.
fn breaks(mut stamps: Vec<Stamp>) -> Vec<Hit> {
    stamps.sort_by_key(|stamp| (stamp.page, stamp.range.start));
    // A page that says its number above and below says it once.
    stamps.dedup_by_key(|stamp| (stamp.page, stamp.number));
    let step = |pair: &[Stamp]| match pair {
        [a, b] => Some((i128::from(b.number) - i128::from(a.number), b.page.checked_sub(a.page)?)),
        _ => None,
    };
    let steps: Vec<_> = stamps.windows(2).filter_map(step).collect();
    let regular = steps.iter().filter(|(number, pages)| *number == i128::from(*pages)).count();
    if stamps.len() < FEWEST || regular.saturating_mul(2) <= steps.len() {
        return Vec::new();
    }
    let later = stamps.iter().skip(1);
    steps.iter().zip(later).filter_map(|(step, stamp)| hit(*step, stamp)).collect()
}

fn hit((number, pages): (i128, u32), stamp: &Stamp) -> Option<Hit> {
    let missing = number.saturating_sub(i128::from(pages));
    let (what, message) = match (missing, number) {
        (1, _) => ("missing", "A control number is missing before this page.".to_owned()),
        (2.., _) => ("missing", format!("{missing} control numbers are missing before this page.")),
        (_, 0) => (
            "repeated",
            "The control number of this page stands on another page as well.".to_owned(),
        ),
        (_, ..0) => ("backwards", "The control numbers go back on this page.".to_owned()),
        // Pages without a number lie between.
        _ => return None,
    };
    let mut data: BTreeMap<String, _> = [("what".to_owned(), what.into())].into();
    if missing > 0 {
        data.insert("missing".to_owned(), u64::try_from(missing).unwrap_or(u64::MAX).into());
    }
    Some(Hit {
        rule: PAGE_GAP.to_owned(),
        confidence: Confidence::High,
        level: None,
        range: stamp.range.clone(),
        place: None,
        related: Vec::new(),
        evidence: None,
        message: Some(message),
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, PassageSpec};

    fn found(numbers: &[(u32, &str)]) -> Vec<(String, String)> {
        let mut builder = DocumentBuilder::new();
        for (page, text) in numbers {
            let spec = PassageSpec { part: Part::Footer, page: *page, ..PassageSpec::default() };
            builder.begin(spec);
            builder.push_unanchored(text);
        }
        let document = builder.finish();
        let at = |hit: &Hit| document.text().get(hit.range.clone()).unwrap().to_owned();
        let what = |hit: &Hit| hit.data["what"].as_str().unwrap().to_owned();
        gaps(&document).iter().map(|hit| (at(hit), what(hit))).collect()
    }

    #[test]
    fn a_page_that_is_missing_or_stands_twice_is_told() {
        let whole = [(1, "REL0000025240"), (2, "REL0000025241"), (3, "REL0000025242\n12")];
        assert_eq!(found(&whole), []);
        let [one, two, three] = whole;
        let missing = [one, two, three, (4, "REL0000025245")];
        assert_eq!(found(&missing), [("REL0000025245".to_owned(), "missing".to_owned())]);
        let twice = [one, two, (3, "REL0000025241"), (4, "REL0000025242"), (5, "REL0000025243")];
        assert_eq!(found(&twice), [("REL0000025241".to_owned(), "repeated".to_owned())]);
    }

    #[test]
    fn pages_without_a_number_and_numbers_that_do_not_count_pages_are_left_alone() {
        let unnumbered =
            [(1, "ICE.000001"), (2, "ICE.000002"), (3, "ICE.000003"), (6, "ICE.000004")];
        assert_eq!(found(&unnumbered), []);
        let case = [(1, "CASE-2004-00117"), (2, "CASE-2004-00117"), (3, "CASE-2004-00117")];
        assert_eq!(found(&case), []);
        let forms = [(1, "FORM 1001"), (2, "FORM 2044"), (3, "FORM 3117")];
        assert_eq!(found(&forms), []);
        assert_eq!(found(&[(1, "REL0001"), (2, "REL0009")]), []);
    }
}
