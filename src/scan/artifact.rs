//! One file and everything inside it: read, extract, check, judge.

use super::{Lookouts, exposed, lookouts::is_marked, readers};
use crate::analyse::imprint::Imprint;
use crate::extract::Extractor;
use crate::judge::{self, Judging, Site, Terms};
use crate::model::{
    Address, Artifact, ArtifactReport, Confidence, Document, Facts, Hit, Level, MarkedPassage,
    Member, Notice, NoticeCode, Occasion, RegisteredPassage, SensitiveText, Status,
};
use crate::read::budget::MAX_DEPTH;
use crate::read::{self, Budget};
use crate::rules::{self, Checked, Ruleset, Scratch};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// The format of what is not recognised.
const UNKNOWN: &str = "unknown";

/// One file to be judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Where it lies below its package's root.
    pub address: Address,
    /// Where it lies on disk.
    #[serde(with = "super::path_bytes")]
    pub path: PathBuf,
    /// What was removed elsewhere in its package. Where there is any, the file is only searched for it.
    #[serde(with = "crate::model::all_in_clear")]
    pub removed: Vec<SensitiveText>,
    /// What its package goes out for, and what is certain in it elsewhere.
    pub occasion: Occasion,
}

impl Task {
    /// A file to be judged by all rules.
    pub fn new(address: Address, path: PathBuf) -> Self {
        Self { address, path, removed: Vec::new(), occasion: Occasion::default() }
    }
}

/// An artifact as it was read, before any rule looked at it.
pub struct ReadArtifact {
    /// What it is. Its status holds until a rule fails on it.
    pub artifact: Artifact,
    /// What each of its readers made of it; one, but for an artifact that is several things at once.
    pub documents: Vec<Document>,
    /// What could not be seen.
    pub notices: Vec<Notice>,
    /// Whether its content is not what its name says.
    pub mismatch: bool,
}

/// Reads a file and, one after the other, whatever artifacts lie inside it; hands over one at a time.
pub fn read_artifacts(task: &Task, mut visit: impl FnMut(ReadArtifact)) {
    let budget = Budget::default();
    let mut waiting = match read::load(&task.path) {
        Ok(bytes) => vec![Member { name: String::new(), bytes }],
        Err(unread) => {
            let mut read = ReadArtifact::new(&task.address, String::new(), UNKNOWN);
            read.note(vec![unread.into()]);
            return visit(read);
        }
    };
    let mut addresses = vec![task.address.clone()];
    while let (Some(member), Some(address)) = (waiting.pop(), addresses.pop()) {
        let (mut read, members) = ReadArtifact::of(&address, member.bytes, &budget);
        for inner in members.into_iter().rev() {
            let room = address.depth() < MAX_DEPTH && budget.take_member();
            if !room {
                let message = "It holds more members, or deeper ones, than are read.";
                read.note(vec![Notice::blocking(NoticeCode::OverBudget, message)]);
                break;
            }
            addresses.push(address.member(&inner.name));
            waiting.push(inner);
        }
        visit(read);
    }
}

/// Judges a file and whatever lies inside it, in this process.
pub fn judge_file(
    task: &Task,
    ruleset: &Ruleset,
    lookouts: &Lookouts,
    scratch: &mut Scratch,
    judging: &Judging,
) -> ArtifactReport {
    if !task.removed.is_empty() {
        return super::sweep::search(task, ruleset, judging);
    }
    let mut report = ArtifactReport::default();
    let (mut marks, mut imprint) = (0, Some(Imprint::default()));
    read_artifacts(task, |mut read| {
        imprint = imprint.take().and_then(|imprint| add_to(imprint, &read));
        for document in std::mem::take(&mut read.documents) {
            let look = |mut checked: Checked| {
                lookouts.look(&document, &mut checked);
                checked
            };
            let check = || look(ruleset.check_for(&task.occasion, &document, scratch));
            let checked = guarded(check).unwrap_or_else(|| {
                let message = "The rules failed on it; it was not judged in full.";
                let notice = Notice::blocking(NoticeCode::Crashed, message);
                Checked { notices: vec![notice], ..Checked::default() }
            });
            read.note(checked.notices);
            let mut hits = checked.hits;
            report.facts.shared.push(ruleset.shared(&document, &hits));
            number_marks(&mut hits, &mut marks);
            let site = Site {
                address: &read.artifact.address,
                digest: &read.artifact.digest,
                document: &document,
            };
            hits.extend(guarded(|| rules::page_gaps(&document)).unwrap_or_default());
            take_hits(hits, ruleset, &site, judging, &mut report);
            take_facts(checked.facts, &read.artifact.address, &mut report.facts);
        }
        if read.mismatch && read.artifact.status == Status::Read {
            let terms = terms(ruleset, judge::TYPE_MISMATCH, Level::Warning);
            report.findings.push(judge::mismatch(&read.artifact, &terms, judging));
        }
        report.notices.append(&mut read.notices);
        report.artifacts.push(read.artifact);
    });
    report.facts.imprint = imprint.map(Imprint::finish).unwrap_or_default();
    if !report.facts.record_types.is_empty() && exposed::is_exposed(&task.path) {
        report.facts.exposed.push(task.address.clone());
    }
    report
}

/// Takes an artifact into the imprint of its file. There is none of a file that may be read differently the next time.
fn add_to(mut imprint: Imprint, read: &ReadArtifact) -> Option<Imprint> {
    let differs = |notice: &Notice| {
        matches!(notice.code, NoticeCode::OverBudget | NoticeCode::Crashed | NoticeCode::Io)
    };
    if read.notices.iter().any(differs) {
        return None;
    }
    imprint.add(&read.artifact.address.to_string());
    guarded(|| read.documents.iter().for_each(|document| imprint.add_document(document)))?;
    Some(imprint)
}

/// The report on a file that could not be judged: its digest, no more.
pub fn unjudged(task: &Task, notice: Notice) -> ArtifactReport {
    let mut read = ReadArtifact::new(&task.address, String::new(), UNKNOWN);
    read.artifact.digest = read::digest_file(&task.path);
    read.note(vec![notice]);
    ArtifactReport {
        artifacts: vec![read.artifact],
        notices: read.notices,
        ..ArtifactReport::default()
    }
}

impl ReadArtifact {
    fn new(address: &Address, digest: String, format: &str) -> Self {
        let artifact = Artifact {
            address: address.clone(),
            format: format.to_owned(),
            digest,
            status: Status::Read,
        };
        Self { artifact, documents: Vec::new(), notices: Vec::new(), mismatch: false }
    }

    /// Reads the bytes of one artifact; the artifacts inside it are handed back unread.
    fn of(address: &Address, mut bytes: Vec<u8>, budget: &Budget) -> (Self, Vec<Member>) {
        let digest = read::digest(&bytes);
        let Some(choice) = guarded(|| readers::choose(address.name(), &bytes)) else {
            let mut read = Self::new(address, digest, UNKNOWN);
            let message = "Finding out its format failed; it was not read.";
            read.note(vec![Notice::blocking(NoticeCode::Crashed, message)]);
            return (read, Vec::new());
        };
        let mut read = Self::new(address, digest, &choice.format);
        let mut members = Vec::new();
        for (number, reader) in choice.readers.iter().enumerate() {
            // The last one gets the bytes to keep, so that a large text is not there twice.
            let last = number + 1 == choice.readers.len() && choice.fallback.is_none();
            let given =
                if last { Cow::Owned(std::mem::take(&mut bytes)) } else { Cow::Borrowed(&*bytes) };
            read.extract(*reader, given, budget, &mut members);
        }
        if let Some(reader) = choice.fallback.filter(|_| read.artifact.status != Status::Read) {
            read = Self::new(address, read.artifact.digest, reader.name());
            members.clear();
            read.extract(reader, Cow::Owned(bytes), budget, &mut members);
        }
        read.note(choice.notices);
        if choice.mismatch {
            read.note_mismatch();
        }
        (read, members)
    }

    fn extract(
        &mut self,
        reader: &dyn Extractor,
        bytes: Cow<'_, [u8]>,
        budget: &Budget,
        members: &mut Vec<Member>,
    ) {
        let extracted = guarded(|| match bytes {
            Cow::Owned(bytes) => reader.extract_owned(bytes, budget),
            Cow::Borrowed(bytes) => reader.extract(bytes, budget),
        });
        let Some(mut noted) = extracted else {
            let message = format!("The reader for {} failed; it was not read.", reader.name());
            return self.note(vec![Notice::blocking(NoticeCode::Crashed, message)]);
        };
        members.append(&mut noted.value.members);
        self.documents.push(noted.value);
        self.note(noted.notices);
    }

    /// Files notices under this artifact; a blocking one takes its status down.
    fn note(&mut self, notices: Vec<Notice>) {
        let blocks = notices.iter().any(|notice| notice.blocking);
        self.notices.extend(
            notices.into_iter().map(|n| Notice { artifact: self.artifact.address.clone(), ..n }),
        );
        if blocks {
            let seen = self.documents.iter().any(|document| document.passage_count() > 0);
            self.artifact.status = if seen { Status::Partly } else { Status::Unread };
        }
    }

    /// A mismatch blocks only where the content was not read in full either (contract.md).
    fn note_mismatch(&mut self) {
        let message =
            format!("Its name promises something else; its content is {}.", self.artifact.format);
        let notice = Notice::blocking(NoticeCode::TypeMismatch, message);
        let blocking = self.artifact.status != Status::Read;
        self.mismatch = true;
        self.note(vec![Notice { blocking, ..notice }]);
    }
}

/// Runs what may panic on hostile input. What it borrows is not used again after a panic, or holds nothing but
/// caches.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Gives each firm mark its number in reading order, counted over the file and its members: what `rec-1#E2` means.
fn number_marks(hits: &mut [Hit], marks: &mut u64) {
    for hit in hits.iter_mut().filter(|hit| is_marked(hit)) {
        *marks += 1;
        hit.data.insert("mark".to_owned(), (*marks).into());
    }
}

pub(super) fn take_hits(
    hits: Vec<Hit>,
    ruleset: &Ruleset,
    site: &Site<'_>,
    judging: &Judging,
    report: &mut ArtifactReport,
) {
    for hit in hits {
        if hit.confidence == Confidence::Candidate {
            *report.candidates.entry(hit.rule.clone()).or_default() += 1;
            if !judging.show_candidates {
                continue;
            }
        }
        // A hit whose rule nobody knows must not vanish: it stands at error.
        let terms = terms(ruleset, &hit.rule, Level::Error);
        report.findings.push(judge::finding(hit, &terms, site, judging));
    }
}

/// What the rule of that id says; where there is none, its findings stand at `level`.
pub(super) fn terms<'a>(ruleset: &'a Ruleset, id: &str, level: Level) -> Terms<'a> {
    ruleset.rule(id).map_or(Terms { level, message: "", citation: "" }, |rule| Terms {
        level: rule.level,
        message: &rule.message,
        citation: &rule.citation,
    })
}

fn take_facts(facts: Facts, address: &Address, all: &mut Facts) {
    let marked = facts.marked.into_iter();
    all.marked.extend(marked.map(|passage| MarkedPassage { artifact: address.clone(), ..passage }));
    all.record_types.extend(facts.record_types);
    all.control_numbers.extend(facts.control_numbers);
    all.removed.extend(facts.removed);
    let registered = facts.registered.into_iter();
    all.registered
        .extend(registered.map(|one| RegisteredPassage { artifact: address.clone(), ..one }));
}
