//! Text as record sets hold it, for measuring: prose, records of labelled fields and tables, by turns.
//!
//! A record is a file on one matter: a head of labelled fields, which in one of three gives a person's particulars, and
//! a narrative. A table is a log, a register of exhibits, hours or payments; in one of six each row is a person. What
//! is dense with particulars from the first line to the last, as a dump of a personnel system is, comes by itself.

use super::random::Random;
use std::fmt::Write as _;

/// The kinds of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sentences.
    Prose,
    /// Labelled fields and narratives.
    Records,
    /// Rows with commas between the cells.
    Tables,
    /// Rows of persons, each with a date of birth, a telephone and an account.
    Dense,
}

/// The kinds that record sets mix.
pub(crate) const KINDS: [(&str, Kind); 3] =
    [("prose", Kind::Prose), ("records", Kind::Records), ("tables", Kind::Tables)];

/// The text of that kind and number, at least `size` bytes long. The same number gives the same text.
pub(crate) fn sample(kind: Kind, number: usize, size: usize) -> String {
    let mut random = Random::new(9_000 + number as u64);
    let mut text = String::with_capacity(size + 4096);
    let (head, row): (&str, fn(&mut Random, &mut String)) = match kind {
        Kind::Prose => ("", paragraph),
        Kind::Records => ("", record),
        Kind::Tables => TABLES[random.below(TABLES.len())],
        Kind::Dense => PERSONS,
    };
    text += head;
    while text.len() < size {
        row(&mut random, &mut text);
    }
    text
}

/// The head of a table, and what writes a row of it.
type Table = (&'static str, fn(&mut Random, &mut String));

const PERSONS: Table =
    ("case,opened,subject,date of birth,phone,account,amount,status,remarks\r\n", person);
const TABLES: [Table; 6] = [
    ("entry,date,time,place,officer,vehicle,mileage,remarks\r\n", log),
    ("exhibit,date received,description,quantity,shelf,status,remarks\r\n", exhibit),
    ("week of,employee,monday,tuesday,wednesday,thursday,friday,total,remarks\r\n", hours),
    ("voucher,date,vendor,purpose,amount,paid,status\r\n", payment),
    ("item,make,model,serial number,purchased,cost,room,remarks\r\n", equipment),
    PERSONS,
];

const FIRST: [&str; 16] = [
    "Avery", "Blaise", "Corin", "Delphine", "Emeric", "Fenna", "Garrick", "Hollis", "Imogen",
    "Jorrit", "Katrin", "Lorcan", "Mirabel", "Nevin", "Odalys", "Petra",
];
const LAST: [&str; 16] = [
    "Ashdown",
    "Brandreth",
    "Carrow",
    "Dunmere",
    "Ellsworthy",
    "Farrowgate",
    "Gannick",
    "Hathersby",
    "Ingleton",
    "Jessamy",
    "Kestrelby",
    "Lanyon",
    "Marchbanks",
    "Nethercott",
    "Osgathorpe",
    "Quenby",
];
const WHO: [&str; 24] = [
    "The office",
    "The clerk of the court",
    "A supervisor",
    "The agency",
    "The applicant",
    "The review board",
    "An officer of the district",
    "The contractor",
    "The bureau",
    "Each member of the staff",
    "The committee",
    "The program manager",
    "A second reviewer",
    "The records division",
    "The carrier",
    "The inspector",
    "The witness",
    "The field team",
    "The department",
    "The administrator",
    "The owner of the vehicle",
    "No employee",
    "The secretary",
    "Any person",
];
const DID: [&str; 24] = [
    "shall submit",
    "reviewed",
    "must keep",
    "has received",
    "may request",
    "returned",
    "did not sign",
    "approved",
    "described",
    "compared",
    "is required to provide",
    "collected",
    "had already seen",
    "could not find",
    "will publish",
    "considered",
    "forwarded",
    "counted",
    "was asked for",
    "prepared",
    "explained",
    "has to account for",
    "reported",
    "withdrew",
];
const WHAT: [&str; 32] = [
    "a written statement",
    "the annual report",
    "the second draft of the plan",
    "two copies of the form",
    "the list of deliveries",
    "an inventory of equipment",
    "the results of the survey",
    "a description of the facility",
    "the notice of hearing",
    "the records of the meeting",
    "the minutes",
    "all receipts for fuel",
    "the training schedule",
    "a summary of comments",
    "the number of hours worked",
    "the proposed rule",
    "the terms of the agreement",
    "the map of the site",
    "the cost of repairs",
    "the service contract",
    "a corrected page",
    "the application",
    "the claim for payment",
    "the standards for safety",
    "the state of the building",
    "the test data",
    "the name of the vessel",
    "the request for information",
    "the license agreement",
    "the draft environmental statement",
    "the register of visitors",
    "the date of the inspection",
];
const MORE: [&str; 32] = [
    "within thirty days of the end of the fiscal year",
    "at the regional office",
    "before the work began",
    "under this part",
    "in accordance with the guidance",
    "for the purposes of this section",
    "after the public hearing",
    "by first class mail",
    "unless the director agrees otherwise",
    "on the form that the office provides",
    "together with the supporting documents",
    "in the order in which they were received",
    "as described in paragraph (a) of this section",
    "during normal business hours",
    "at the address on the notice",
    "on behalf of the owner",
    "from the previous contractor",
    "with respect to each item",
    "to the extent practicable",
    "in the absence of a quorum",
    "because the first copy was damaged",
    "without further comment",
    "at no cost to the public",
    "as soon as the water had gone down",
    "in each calendar quarter",
    "for up to five years",
    "at the request of the carrier",
    "in the presence of two witnesses",
    "between the two gates",
    "under the supervision of the site manager",
    "with a copy to the file",
    "while the system was out of service",
];
const STREETS: [&str; 8] =
    ["Alder", "Birch", "Cooper", "Dock", "Elm", "Fulling", "Granary", "Harbor"];
const STATUS: [&str; 6] = ["open", "closed", "pending review", "referred", "returned", "on hold"];

fn name(random: &mut Random) -> (&'static str, &'static str) {
    (random.pick(&FIRST), random.pick(&LAST))
}

fn sentence(random: &mut Random, text: &mut String) {
    let (who, did) = (random.pick(&WHO), random.pick(&DID));
    let _ = write!(text, "{who} {did} {} {}", random.pick(&WHAT), random.pick(&MORE));
    match random.below(8) {
        0 | 1 => {
            let (what, more) = (random.pick(&WHAT), random.pick(&MORE));
            let _ = write!(text, ", and {} {what} {more}", random.pick(&DID));
        }
        2 => {
            let (section, item) = (random.below(400) + 100, random.below(30) + 1);
            let _ = write!(text, " (see section {section}.{item})");
        }
        _ => {}
    }
    text.push_str(". ");
}

/// Wrapped lines; now and then a sentence that some rule looks at.
fn paragraph(random: &mut Random, text: &mut String) {
    let mut whole = String::new();
    for _ in 0..3 + random.below(5) {
        sentence(random, &mut whole);
    }
    let (first, last) = name(random);
    let (day, year) = (random.below(28) + 1, 1998 + random.below(12));
    match random.below(40) {
        0 => {
            let _ = write!(whole, "Call {first} {last} at 555-01{:02}. ", random.below(100));
        }
        1 | 2 => {
            let _ = write!(whole, "On March {day}, {year}, {first} {last} signed the log. ");
        }
        3 => whole.push_str("The draft was marked for official use only until it was released. "),
        4 => {
            let _ = write!(whole, "Interested persons may consult {day} CFR {}.7. ", year - 1900);
        }
        5 => whole.push_str("A confidential source was named in an earlier report. "),
        _ => {}
    }
    let mut column = 0;
    for word in whole.split(' ').filter(|word| !word.is_empty()) {
        if column + word.len() > 90 {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
        }
        text.push_str(word);
        column += word.len() + 1;
    }
    text.push_str("\n\n");
}

fn record(random: &mut Random, text: &mut String) {
    let (first, last) = name(random);
    let (month, day, year) = (random.below(12) + 1, random.below(28) + 1, 1998 + random.below(10));
    let _ = write!(
        text,
        "Case number: OPR-{year}-{:05}\nSubject: {last}, {first}\nDate opened: {month:02}/{day:02}/{year}\n",
        random.below(90_000) + 10_000
    );
    if random.below(3) == 0 {
        particulars(random, first, last, text);
    }
    let _ = writeln!(
        text,
        "Unit: {:03}  Exhibit: {}  Control no. REL{:010}\nStatus: {}\n\nNarrative:",
        random.below(999),
        random.below(40),
        random.bits() % 9_999_999_999,
        random.pick(&STATUS)
    );
    for _ in 0..2 + random.below(4) {
        paragraph(random, text);
    }
}

/// The fields of a record that say who somebody is and where to be found.
fn particulars(random: &mut Random, first: &str, last: &str, text: &mut String) {
    let (month, day, year) = (random.below(12) + 1, random.below(28) + 1, 1950 + random.below(40));
    let (a, b) = (random.below(899) + 1, random.below(99) + 1);
    let _ = writeln!(text, "DOB: {month:02}/{day:02}/{year}");
    let _ = writeln!(text, "SSN: {a:03}-{b:02}-{:04}", random.below(9_999) + 1);
    let _ = writeln!(
        text,
        "Address: {} {} Street, Millbrook, OH {:05}\nPhone: (202) 555-01{:02}\nE-mail: {}.{}@depot.example",
        random.below(900) + 10,
        random.pick(&STREETS),
        random.below(90_000) + 10_000,
        random.below(100),
        first.to_lowercase(),
        last.to_lowercase()
    );
}

/// The last cell of a row.
fn remark(random: &mut Random, text: &mut String) {
    text.push_str(",\"");
    sentence(random, text);
    text.push_str("\"\r\n");
}

fn log(random: &mut Random, text: &mut String) {
    let (first, last) = name(random);
    let _ = write!(
        text,
        "{},2004-{:02}-{:02},{:02}:{:02},{} Street gate,{first} {last},{},{}",
        random.below(9_000) + 1,
        random.below(12) + 1,
        random.below(28) + 1,
        random.below(24),
        random.below(60),
        random.pick(&STREETS),
        random.below(80) + 1,
        random.below(90_000)
    );
    remark(random, text);
}

fn exhibit(random: &mut Random, text: &mut String) {
    let _ = write!(
        text,
        "{},{:02}/{:02}/2004,{},{},{}-{:02},{}",
        random.below(900) + 1,
        random.below(12) + 1,
        random.below(28) + 1,
        random.pick(&WHAT),
        random.below(12) + 1,
        random.pick(&STREETS),
        random.below(40),
        random.pick(&STATUS)
    );
    remark(random, text);
}

fn hours(random: &mut Random, text: &mut String) {
    let (first, last) = name(random);
    let _ = write!(
        text,
        "2004-{:02}-{:02},\"{last}, {first}\"",
        random.below(12) + 1,
        random.below(28) + 1
    );
    let mut total = 0;
    for _ in 0..5 {
        let day = random.below(11);
        total += day;
        let _ = write!(text, ",{day}.{}", random.pick(&["0", "5"]));
    }
    let _ = write!(text, ",{total}");
    remark(random, text);
}

fn payment(random: &mut Random, text: &mut String) {
    let _ = writeln!(
        text,
        "V-{:05},{:02}/{:02}/2004,{} {} Company,{} {},\"{},{:03}.{:02}\",{},{}\r",
        random.below(90_000),
        random.below(12) + 1,
        random.below(28) + 1,
        random.pick(&LAST),
        random.pick(&STREETS),
        random.pick(&WHAT),
        random.pick(&MORE),
        random.below(90) + 1,
        random.below(1_000),
        random.below(100),
        random.pick(&["yes", "no"]),
        random.pick(&STATUS)
    );
}

fn equipment(random: &mut Random, text: &mut String) {
    let _ = write!(
        text,
        "{},{},{}-{:03},{}{:07},{},{}.{:02},{:03}",
        random.below(9_000) + 1,
        random.pick(&LAST),
        random.pick(&["TX", "RB", "KL"]),
        random.below(1_000),
        random.pick(&["SN", "A", "K"]),
        random.below(9_999_999),
        1998 + random.below(7),
        random.below(4_000),
        random.below(100),
        random.below(400)
    );
    remark(random, text);
}

fn person(random: &mut Random, text: &mut String) {
    let (first, last) = name(random);
    let (month, day, year) = (random.below(12) + 1, random.below(28) + 1, 1950 + random.below(50));
    let _ = write!(
        text,
        "C-{:06},2004-{month:02}-{day:02},\"{last}, {first}\",{year}-{month:02}-{day:02},(202) 555-01{:02},{:010},{}.{:02},{}",
        random.below(1_000_000),
        random.below(100),
        random.bits() % 9_999_999_999,
        random.below(90_000),
        random.below(100),
        random.pick(&STATUS)
    );
    remark(random, text);
}
