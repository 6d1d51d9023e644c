//! What a fictitious record says, before it is put into any format: blocks in reading order, and for each mark the
//! passage that marks-and-release.md A.5 gives it.

/// A passage that a check has to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expect {
    /// The rule's id.
    pub(crate) rule: &'static str,
    /// The evidence: white space collapsed, without the mark and without a list label.
    pub(crate) words: String,
    /// `data.scope`, where the rule has one.
    pub(crate) scope: Option<&'static str>,
    /// `data.status`, where the rule has one.
    pub(crate) status: Option<&'static str>,
}

/// A stretch of text. `\n` is a forced line break.
#[derive(Clone, Debug, Default)]
pub(crate) struct Para {
    /// With its marks in it, without a list label.
    pub(crate) text: String,
    /// What has to be found in it.
    pub(crate) expects: Vec<Expect>,
}

/// A block of a record.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A heading, set in bold.
    Heading(Para),
    /// A paragraph.
    Para(Para),
    /// A list item with its label, such as `1.`.
    Item(&'static str, Para),
    /// Rows of cells.
    Table(Vec<Vec<Para>>),
    /// Short entries of a ledger until only a few lines are left on the page, where the format has pages.
    FillPage,
    /// The next block begins on a new page.
    PageBreak,
}

/// A whole record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Story {
    /// The running title at the top of each page.
    pub(crate) title: &'static str,
    /// The control number of the first page, less its prefix `REL`; 0 for none.
    pub(crate) control: u64,
    /// In reading order.
    pub(crate) blocks: Vec<Block>,
}

impl Story {
    /// A record with the directive's own running title.
    pub(crate) fn new(control: u64, blocks: Vec<Block>) -> Self {
        Self { title: "RELEASE OF OFFICE OF PROFESSIONAL RESPONSIBILITY RECORDS", control, blocks }
    }

    /// Every stretch of text in reading order; renderers count them in the same order.
    pub(crate) fn paras(&self) -> Vec<&Para> {
        let mut out = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Heading(para) | Block::Para(para) | Block::Item(_, para) => out.push(para),
                Block::Table(rows) => out.extend(rows.iter().flatten()),
                Block::FillPage | Block::PageBreak => {}
            }
        }
        out
    }

    /// The control number of a page, from 0.
    pub(crate) fn control_number(&self, page: usize) -> Option<String> {
        (self.control > 0).then(|| format!("REL{:010}", self.control + page as u64))
    }
}

/// Where each word of each stretch of text came to stand: the byte in `Para::text`, and the page or line from 1.
pub(crate) type Places = Vec<Vec<(usize, u32)>>;

/// The entry of a ledger that `FillPage` sets for a line.
pub(crate) fn ledger_entry(number: usize) -> String {
    format!("Day {number}: no entry was made in the ledger.")
}

/// Plain text.
pub(crate) fn para(text: impl Into<String>) -> Para {
    Para { text: text.into(), expects: Vec::new() }
}

impl Para {
    /// The same with something that has to be found.
    pub(crate) fn expecting(
        mut self,
        rule: &'static str,
        scope: Option<&'static str>,
        status: Option<&'static str>,
        words: impl Into<String>,
    ) -> Self {
        self.expects.push(Expect { rule, words: words.into(), scope, status });
        self
    }

    /// The same with an open passage of one sentence.
    pub(crate) fn sentence(self, words: &str) -> Self {
        self.expecting("exempt.open", Some("sentence"), Some("open"), words)
    }

    /// The same with an open passage of a whole block.
    pub(crate) fn whole(self, words: &str) -> Self {
        self.expecting("exempt.open", Some("paragraph"), Some("open"), words)
    }

    /// The same with a redacted passage.
    pub(crate) fn redacted(self, scope: &'static str, words: &str) -> Self {
        self.expecting("exempt.redacted", Some(scope), Some("redacted"), words)
    }

    /// The same with a passage that was redacted in part.
    pub(crate) fn partial(self, scope: &'static str, words: &str) -> Self {
        self.expecting("exempt.partial", Some(scope), Some("partial"), words)
    }

    /// The place of a passage among the places of the words of this text.
    pub(crate) fn place_of(&self, words: &str, places: &[(usize, u32)]) -> Option<u32> {
        let start = self.text.find(words).unwrap_or(0);
        let after = places.partition_point(|&(offset, _)| offset <= start);
        places.get(after.saturating_sub(1)).map(|&(_, place)| place)
    }
}
