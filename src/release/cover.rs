//! What an approval or determination covers: a record, a marked passage of it, or a page of it.

/// `rec-1`, `rec-1#E2` or `rec-1#p4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cover<'a> {
    /// The record's id.
    pub(super) record: &'a str,
    /// Which part of it.
    pub(super) part: CoverPart,
}

/// Which part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CoverPart {
    /// All of it.
    Whole,
    /// A marked passage, from 1, in reading order.
    Mark(u32),
    /// A page, from 1.
    Page(u32),
}

impl<'a> Cover<'a> {
    /// Reads a cover; `None` where it is not of one of the three forms.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let Some((record, part)) = text.split_once('#') else {
            return (!text.is_empty()).then_some(Self { record: text, part: CoverPart::Whole });
        };
        let number = |digits: &str| digits.parse().ok().filter(|&number| number > 0);
        let part = match (part.strip_prefix('E'), part.strip_prefix('p')) {
            (Some(digits), _) => CoverPart::Mark(number(digits)?),
            (_, Some(digits)) => CoverPart::Page(number(digits)?),
            _ => return None,
        };
        (!record.is_empty()).then_some(Self { record, part })
    }

    /// Whether it covers mark `number` of a record, which begins on `page` (0: no pages).
    pub(super) fn covers_mark(&self, record: &str, number: u32, page: u32) -> bool {
        self.record == record
            && match self.part {
                CoverPart::Whole => true,
                CoverPart::Mark(mark) => mark == number,
                CoverPart::Page(covered) => covered == page,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_is_a_record_a_mark_or_a_page() {
        let parsed = |text| Cover::parse(text).map(|cover| (cover.record, cover.part));
        assert_eq!(parsed("rec-1"), Some(("rec-1", CoverPart::Whole)));
        assert_eq!(parsed("rec-1#E2"), Some(("rec-1", CoverPart::Mark(2))));
        assert_eq!(parsed("rec-1#p4"), Some(("rec-1", CoverPart::Page(4))));
        for wrong in ["", "#E1", "rec-1#", "rec-1#E0", "rec-1#Ex", "rec-1#q2"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
