//! Text as record sets hold it, for measuring: prose, records of labelled fields and tables, by turns.
//!
//! Few sentences of it concern a rule, as in life; records and tables are dense with numbers and names.

use super::random::Random;
use std::fmt::Write as _;

/// The document of that number, at least `size` bytes long. The same number gives the same text.
pub(crate) fn sample(number: usize, size: usize) -> String {
    let mut random = Random::new(9_000 + number as u64);
    let mut text = String::with_capacity(size + 4096);
    match number % 3 {
        0 => {
            while text.len() < size {
                paragraph(&mut random, &mut text);
            }
        }
        1 => {
            while text.len() < size {
                record(&mut random, &mut text);
            }
        }
        _ => {
            text += "case,opened,subject,date of birth,phone,account,amount,status,remarks\r\n";
            while text.len() < size {
                row(&mut random, &mut text);
            }
        }
    }
    text
}

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
    let (month, day, year) = (random.below(12) + 1, random.below(28) + 1, 1950 + random.below(50));
    let _ = write!(
        text,
        "Case number: OPR-{year}-{:05}\nSubject: {last}, {first}\nDate opened: {month:02}/{day:02}/2004\n",
        random.below(90_000) + 10_000
    );
    if random.below(4) == 0 {
        let (a, b) = (random.below(899) + 1, random.below(99) + 1);
        let _ = writeln!(text, "SSN: {a:03}-{b:02}-{:04}", random.below(9_999) + 1);
        let _ = writeln!(text, "DOB: {month:02}/{day:02}/{year}");
    }
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
    let _ = writeln!(
        text,
        "Unit: {:03}  Exhibit: {}  Control no. REL{:010}\nStatus: {}",
        random.below(999),
        random.below(40),
        random.bits() % 9_999_999_999,
        random.pick(&STATUS)
    );
    text.push_str("Narrative: ");
    for _ in 0..2 + random.below(3) {
        sentence(random, text);
    }
    text.push_str("\n\n");
}

fn row(random: &mut Random, text: &mut String) {
    let (first, last) = name(random);
    let (month, day, year) = (random.below(12) + 1, random.below(28) + 1, 1950 + random.below(50));
    let _ = write!(
        text,
        "C-{:06},2004-{month:02}-{day:02},\"{last}, {first}\",{year}-{month:02}-{day:02},(202) 555-01{:02},{:010},{}.{:02},{},\"",
        random.below(1_000_000),
        random.below(100),
        random.bits() % 9_999_999_999,
        random.below(90_000),
        random.below(100),
        random.pick(&STATUS)
    );
    sentence(random, text);
    text.push_str("\"\r\n");
}
