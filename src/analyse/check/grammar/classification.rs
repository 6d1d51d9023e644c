//! The classification grammar: 32 CFR 2001.21 to 2001.25 and the register of control markings; constraints by the
//! numbers of the ISM rule set.

use super::rollup::{self, Marked};
use super::{Grammar, Marking, Outcome, is_country_list, markings};
use crate::analyse::scan::Scan;
use crate::model::{Confidence, Hit, Level, MarkKind};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "classification",
    outcomes: &["banner", "portion", "malformed", "rollup", "aea", "fgi", "nato", "declassified"],
    triggers: &[
        "TOP SECRET",
        "SECRET",
        "CONFIDENTIAL",
        "UNCLASSIFIED",
        "COSMIC",
        "NATO",
        "JOINT",
        "(TS",
        "(S",
        "(C",
        "(U",
        "//NATO",
        "//COSMIC",
        "//JOINT",
    ],
    find,
};

/// Levels of classification, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Unclassified,
    Restricted,
    Confidential,
    Secret,
    TopSecret,
}

/// A marking taken apart.
#[derive(Debug)]
struct Parsed {
    rank: Rank,
    is_nato: bool,
    groups: Vec<Vec<String>>,
}

fn find(scan: &Scan<'_>, list: u32) -> Vec<Outcome> {
    let all = markings(scan, list);
    let parsed: Vec<(&Marking, Parsed)> =
        all.iter().filter_map(|marking| Some((marking, parse(marking)?))).collect();
    let has_bare =
        parsed.iter().any(|(marking, parsed)| marking.is_portion && parsed.groups.is_empty());
    let is_portioned = has_bare && is_portioned(scan, &parsed);
    let mut outcomes = Vec::new();
    for (marking, parsed) in &parsed {
        let bare = parsed.groups.is_empty();
        if marking.is_portion && bare && !is_portioned {
            continue;
        }
        one(scan, marking, parsed, &mut outcomes);
    }
    rollup(scan, &parsed, is_portioned, &mut outcomes);
    outcomes
}

fn one(scan: &Scan<'_>, marking: &Marking, parsed: &Parsed, outcomes: &mut Vec<Outcome>) {
    let name = if marking.is_portion { "portion" } else { "banner" };
    if parsed.rank > Rank::Unclassified {
        let mut outcome = Outcome::at(name, marking.range.clone());
        let is_weak =
            parsed.rank == Rank::Confidential && parsed.groups.is_empty() && !marking.is_portion;
        if is_struck(scan, &marking.range) {
            weaken(&mut outcome, Level::Note);
            outcomes.push(Outcome::at("declassified", marking.range.clone()));
        } else if is_weak {
            weaken(&mut outcome, Level::Warning);
        }
        outcomes.push(outcome);
        if !is_well_formed(parsed) {
            outcomes.push(Outcome::at("malformed", marking.range.clone()));
        }
    }
    if parsed.is_nato {
        outcomes.push(Outcome::at("nato", marking.range.clone()));
    }
    for token in parsed.groups.iter().flatten() {
        let name = match kind(token) {
            Some(Group::Atomic) => "aea",
            Some(Group::Foreign) => "fgi",
            _ => continue,
        };
        let own = scan.slice(marking.range.clone());
        let range = own.find(token.as_str()).map_or(marking.range.clone(), |at| {
            marking.range.start + at..marking.range.start + at + token.len()
        });
        outcomes.push(Outcome::at(name, range));
    }
}

/// One weak sign is for a person to look at; two signs, or a strong one, are not.
fn weaken(outcome: &mut Outcome, level: Level) {
    let range = outcome.found.range.clone();
    outcome.found.confidence = Some(Confidence::Low);
    outcome.found.hit = Some(Box::new(Hit {
        rule: String::new(),
        confidence: Confidence::Low,
        level: Some(level),
        range,
        place: None,
        related: Vec::new(),
        evidence: None,
        message: None,
        data: BTreeMap::new(),
    }));
}

/// Declassified pages keep the old banner with a line through it (32 CFR 2001.25(b)(4)).
fn is_struck(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    scan.document.marks.iter().filter(|mark| mark.kind == MarkKind::Strike).any(|mark| {
        mark.range
            .as_ref()
            .is_some_and(|struck| struck.start < range.end && range.start < struck.end)
    })
}

/// Bare letters in brackets are list labels and copyright signs, unless the document marks its portions: two
/// different signs, and no running labels around them.
fn is_portioned(scan: &Scan<'_>, parsed: &[(&Marking, Parsed)]) -> bool {
    let signs = parsed.len();
    let labels = ["(A)", "(B)", "(D)", "(R)", "(T)", "(N)"];
    let is_list = scan.document.passages().take(5_000).any(|passage| {
        passage.text().lines().take(200).any(|line| {
            labels.iter().any(|label| {
                line.trim_start().starts_with(label) || line.contains(&format!("; {label}"))
            })
        })
    });
    signs >= 2 && !is_list
}

/// A banner may not stand below the portions on its page, and the front page not below any (32 CFR 2001.21(b)).
fn rollup(
    scan: &Scan<'_>,
    parsed: &[(&Marking, Parsed)],
    is_portioned: bool,
    outcomes: &mut Vec<Outcome>,
) {
    let counts = |(marking, parsed): &&(&Marking, Parsed)| {
        !marking.is_portion || is_portioned || !parsed.groups.is_empty()
    };
    let all: Vec<Marked<Rank>> = parsed
        .iter()
        .filter(counts)
        .filter(|(marking, _)| !is_struck(scan, &marking.range))
        .map(|(marking, parsed)| Marked {
            page: marking.page,
            range: marking.range.clone(),
            is_portion: marking.is_portion,
            level: parsed.rank,
            controls: parsed.groups.iter().flatten().filter_map(|token| control(token)).collect(),
        })
        .collect();
    let faults = rollup::faults(&all).into_iter();
    outcomes.extend(faults.map(|(start, end)| Outcome::at("rollup", start..end)));
}

/// A control that has to be in the banner if it is in a portion, as banners have it.
fn control(token: &str) -> Option<String> {
    let word = token.split(['-', ' ']).next().unwrap_or_default();
    let canonical = match word {
        "NF" | "NOFORN" => "NOFORN",
        "OC" | "ORCON" => "ORCON",
        "IMC" | "IMCON" => "IMCON",
        "SI" | "TK" | "HCS" | "FISA" | "RD" => word,
        _ => return None,
    };
    Some(canonical.to_owned())
}

fn parse(marking: &Marking) -> Option<Parsed> {
    let text = marking.text.trim();
    let foreign = text.strip_prefix("//").map(str::trim);
    let mut fields = foreign.unwrap_or(text).split("//").map(str::trim);
    let head = fields.next()?;
    let (rank, is_nato) = match foreign {
        Some(_) => foreign_rank(head)?,
        None => rank(head, marking.is_portion)
            .map(|rank| (rank, false))
            .or_else(|| foreign_rank(head).filter(|(_, nato)| *nato))?,
    };
    let groups: Vec<Vec<String>> = fields
        .map(|field| {
            field.trim_matches('/').split('/').map(|token| token.trim().to_owned()).collect()
        })
        .collect();
    // What only begins like a marking is prose in capitals.
    let is_known = groups.first().is_none_or(|group| group.iter().any(|token| looks_known(token)));
    is_known.then_some(Parsed { rank, is_nato, groups })
}

fn looks_known(token: &str) -> bool {
    kind(token).is_some() || matches!(token, "CUI" | "CONTROLLED") || token.len() <= 24
}

fn rank(head: &str, is_portion: bool) -> Option<Rank> {
    Some(match (head, is_portion) {
        ("TOP SECRET", false) | ("TS", true) => Rank::TopSecret,
        ("SECRET", false) | ("S", true) => Rank::Secret,
        ("CONFIDENTIAL", false) | ("C", true) => Rank::Confidential,
        ("UNCLASSIFIED", false) | ("U", true) => Rank::Unclassified,
        _ => return None,
    })
}

/// `NATO SECRET`, `COSMIC TOP SECRET`, `GBR SECRET`, `JOINT SECRET CAN GBR USA`.
fn foreign_rank(head: &str) -> Option<(Rank, bool)> {
    let is_nato = head.starts_with("NATO ") || head.starts_with("COSMIC ");
    let owner = head.split(' ').next()?;
    let is_country = owner.len() == 3 && owner.chars().all(|c| c.is_ascii_uppercase());
    let rest = head.strip_prefix(owner)?.trim();
    if !(is_nato || owner == "JOINT" || is_country) {
        return None;
    }
    let rank = [
        ("TOP SECRET", Rank::TopSecret),
        ("SECRET", Rank::Secret),
        ("CONFIDENTIAL", Rank::Confidential),
        ("RESTRICTED", Rank::Restricted),
    ]
    .into_iter()
    .find(|(word, _)| rest == *word || (owner == "JOINT" && rest.starts_with(word)))?;
    Some((rank.1, is_nato))
}

/// The groups of a marking, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Compartment,
    Special,
    Atomic,
    Foreign,
    Dissemination,
    Other,
}

fn kind(token: &str) -> Option<Group> {
    let starts = |words: &[&str]| {
        words.iter().any(|word| {
            token == *word
                || token.strip_prefix(word).is_some_and(|rest| rest.starts_with(['-', ' ']))
        })
    };
    if starts(&["SI", "TK", "HCS", "RSV", "KDK", "EL", "G"]) {
        Some(Group::Compartment)
    } else if starts(&["SAR", "SPECIAL ACCESS REQUIRED"]) {
        Some(Group::Special)
    } else if starts(&["RD", "FRD", "DOD UCNI", "DOE UCNI", "TFNI", "DCNI", "UCNI"]) {
        Some(Group::Atomic)
    } else if starts(&["FGI"]) {
        Some(Group::Foreign)
    } else if is_dissemination(token) {
        Some(Group::Dissemination)
    } else if starts(&[
        "LIMDIS",
        "EXDIS",
        "NODIS",
        "DS",
        "XD",
        "ND",
        "SBU",
        "LES",
        "SSI",
        "ACCM",
        "NNPI",
        "SBU NOFORN",
        "LES NOFORN",
    ]) {
        Some(Group::Other)
    } else {
        None
    }
}

fn is_dissemination(token: &str) -> bool {
    let list =
        ["REL TO ", "REL ", "DISPLAY ONLY "].iter().find_map(|word| token.strip_prefix(word));
    if let Some(list) = list {
        return is_country_list(list) || list.len() <= 60;
    }
    token.ends_with("EYES ONLY")
        || matches!(
            token,
            "RS" | "FOUO"
                | "ORCON"
                | "ORCON-USGOV"
                | "OC"
                | "OC-USGOV"
                | "IMCON"
                | "IMC"
                | "NOFORN"
                | "NF"
                | "PROPIN"
                | "PR"
                | "RELIDO"
                | "REL"
                | "DEA SENSITIVE"
                | "DSEN"
                | "FISA"
        )
}

fn is_well_formed(parsed: &Parsed) -> bool {
    let tokens: Vec<&str> = parsed.groups.iter().flatten().map(String::as_str).collect();
    if tokens.iter().any(|token| matches!(*token, "CUI" | "CONTROLLED")) {
        // The rest follows the CUI grammar, which has its own checks.
        return true;
    }
    let kinds: Option<Vec<Group>> = parsed
        .groups
        .iter()
        .map(|group| {
            let kinds: Option<Vec<Group>> = group.iter().map(|token| kind(token)).collect();
            let kinds = kinds?;
            let first = kinds.first().copied()?;
            kinds.iter().all(|kind| *kind == first).then_some(first)
        })
        .collect();
    let Some(kinds) = kinds else { return false };
    kinds.is_sorted_by(|a, b| a < b) && are_compatible(parsed.rank, &tokens)
}

/// ISM rules 28, 30, 33, 37, 43 to 49, 313, 314.
fn are_compatible(rank: Rank, tokens: &[&str]) -> bool {
    let has = |words: &[&str]| tokens.iter().any(|token| words.contains(token));
    let begins = |word: &str| {
        tokens.iter().any(|token| *token == word || token.starts_with(&format!("{word}-")))
    };
    let lists = tokens.iter().filter_map(|token| token.strip_prefix("REL TO "));
    let noforn = has(&["NOFORN", "NF", "LES NOFORN", "SBU NOFORN"]);
    let orcon = tokens.iter().any(|token| token.starts_with("ORCON") || *token == "OC");
    let rel = tokens.iter().any(|token| token.starts_with("REL ") || *token == "REL");
    let eyes = tokens.iter().any(|token| token.ends_with("EYES ONLY"));
    (rank == Rank::Unclassified || !has(&["FOUO"]))
        && (rank >= Rank::Confidential || !orcon)
        && usize::from(noforn) + usize::from(rel) + usize::from(eyes) <= 1
        && (!begins("HCS") || noforn)
        && (!tokens.iter().any(|token| token.starts_with("SI-G"))
            || (rank == Rank::TopSecret && orcon))
        && (!begins("TK") || rank >= Rank::Secret)
        && (!has(&["EXDIS", "NODIS", "XD", "ND"]) || noforn)
        && lists.into_iter().all(is_country_list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, is_portion: bool) -> Option<(Rank, bool)> {
        let marking = Marking { range: 0..text.len(), text: text.to_owned(), is_portion, page: 0 };
        parse(&marking).map(|parsed| (parsed.rank, is_well_formed(&parsed)))
    }

    #[test]
    fn markings_are_read_and_judged() {
        for (text, expected) in [
            ("TOP SECRET//SI/TK//NOFORN", Some((Rank::TopSecret, true))),
            ("SECRET//NOFORN", Some((Rank::Secret, true))),
            ("TOP SECRET//HCS-P//ORCON/NOFORN", Some((Rank::TopSecret, true))),
            ("SECRET//FGI GBR//REL TO USA, GBR", Some((Rank::Secret, true))),
            ("SECRET//RD-SIGMA 18//NOFORN", Some((Rank::Secret, true))),
            ("//NATO SECRET", Some((Rank::Secret, true))),
            ("COSMIC TOP SECRET", Some((Rank::TopSecret, true))),
            ("//GBR SECRET", Some((Rank::Secret, true))),
            ("UNCLASSIFIED", Some((Rank::Unclassified, true))),
            ("CONFIDENTIAL//TK//NOFORN", Some((Rank::Confidential, false))),
            ("SECRET//HCS", Some((Rank::Secret, false))),
            ("SECRET//NOFORN/REL TO USA, GBR", Some((Rank::Secret, false))),
            ("SECRET//REL TO GBR, USA", Some((Rank::Secret, false))),
            ("SECRET//NOFORN//SI", Some((Rank::Secret, false))),
            ("SECRET//FOUO", Some((Rank::Secret, false))),
            ("TOP SECRET RECIPES", None),
        ] {
            assert_eq!(judged(text, false), expected, "{text}");
        }
        assert_eq!(judged("S//NF", true), Some((Rank::Secret, true)));
        assert_eq!(judged("SECRET", true), None);
    }
}
