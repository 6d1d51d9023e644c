//! The CUI grammar of 32 CFR 2002.20 and the registry's marking notes.

use super::categories::{Kind, kind};
use super::rollup::{self, Marked};
use super::{Grammar, Marking, Outcome, is_country_list, markings};
use crate::analyse::scan::Scan;

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "cui",
    outcomes: &["banner", "portion", "malformed", "rollup"],
    triggers: &["CUI", "CONTROLLED", "TOP SECRET", "SECRET", "CONFIDENTIAL", "UNCLASSIFIED"],
    find,
};

fn find(scan: &Scan<'_>, list: u32) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut marked = Vec::new();
    for marking in markings(scan, list) {
        let Some(fields) = fields(&marking) else { continue };
        let name = if marking.is_portion { "portion" } else { "banner" };
        outcomes.push(Outcome::at(name, marking.range.clone()));
        if !is_well_formed(&fields, &marking) {
            outcomes.push(Outcome::at("malformed", marking.range.clone()));
        }
        marked.push(rolled(&marking, &fields));
    }
    // Where a block lists the categories, the banner need not.
    let has_block = || {
        let mut labels = scan.text.match_indices("ategor");
        labels.any(|(at, _)| {
            scan.text
                .get(..at)
                .is_some_and(|lead| lead.ends_with("CUI C") || lead.ends_with("CUI c"))
        })
    };
    let faults = rollup::faults(&marked);
    if !faults.is_empty() && !has_block() {
        outcomes.extend(faults.into_iter().map(|(start, end)| Outcome::at("rollup", start..end)));
    }
    outcomes
}

/// What of a marking has to be in the banner above it: Specified categories and dissemination controls. Basic
/// categories may be left out (32 CFR 2002.20(b)).
fn rolled(marking: &Marking, fields: &[String]) -> Marked<()> {
    let tokens = fields.iter().skip(1).flat_map(|group| group.split('/')).map(str::trim);
    let control = |token: &str| match token {
        "NF" => Some("NOFORN".to_owned()),
        "AC" => Some("Attorney-Client".to_owned()),
        "AWP" => Some("Attorney-WP".to_owned()),
        _ => (token.starts_with("SP-") || is_dissemination(token, false)).then(|| token.to_owned()),
    };
    Marked {
        page: marking.page,
        range: marking.range.clone(),
        is_portion: marking.is_portion,
        level: (),
        controls: tokens.filter_map(control).collect(),
    }
}

/// What stands behind the control marking; none where there is no control marking.
fn fields(marking: &Marking) -> Option<Vec<String>> {
    let mut fields: Vec<String> = marking
        .text
        .split("//")
        .map(|field| field.trim().trim_matches('/').trim().to_owned())
        .collect();
    // Mixed with classified information, the control marking stands behind the level.
    let is_control = |field: &String| {
        let word = field.split('/').next().unwrap_or_default().trim();
        word == "CUI"
            || (matches!(word, "CONTROLLED" | "CONTROLLED UNCLASSIFIED INFORMATION")
                && !marking.is_portion)
    };
    let at = fields.iter().take(6).position(is_control)?;
    let leads_with_level = at == 0 || fields.first().is_some_and(|first| is_level(first));
    leads_with_level.then(|| fields.split_off(at))
}

fn is_level(field: &str) -> bool {
    matches!(
        field,
        "TOP SECRET" | "SECRET" | "CONFIDENTIAL" | "TS" | "S" | "C" | "U" | "UNCLASSIFIED"
    )
}

fn is_well_formed(fields: &[String], marking: &Marking) -> bool {
    let Some((control, groups)) = fields.split_first() else { return false };
    let is_mixed = !marking.text.starts_with(control.as_str());
    let mut groups: Vec<&String> = groups.iter().collect();
    // Behind the controls of CUI those of the classified part may follow.
    if is_mixed && groups.len() > 2 {
        groups.truncate(2);
    }
    if control.contains('/') || groups.len() > 2 {
        return false;
    }
    let tokens = |group: &str| -> Vec<String> {
        group.split('/').map(|token| token.trim().to_owned()).collect()
    };
    let (categories, controls) = match groups.as_slice() {
        [] => return true,
        [one] if tokens(one).iter().all(|token| is_dissemination(token, marking.is_portion)) => {
            (Vec::new(), tokens(one))
        }
        [one] => (tokens(one), Vec::new()),
        [first, second, ..] => (tokens(first), tokens(second)),
    };
    are_categories(&categories)
        && controls.iter().all(|token| is_dissemination(token, marking.is_portion))
        && (!controls
            .iter()
            .any(|token| token.starts_with("Attorney-") || token == "AC" || token == "AWP")
            || categories.iter().any(|category| category == "PRIVILEGE"))
}

/// Specified categories first, then Basic ones, each by the alphabet, each in a kind that exists.
fn are_categories(categories: &[String]) -> bool {
    let exists = |token: &String| match token.strip_prefix("SP-") {
        Some(code) => matches!(kind(code), Some(Kind::Specified | Kind::Both)),
        None => matches!(kind(token), Some(Kind::Basic | Kind::Both)),
    };
    let specified = categories.iter().take_while(|token| token.starts_with("SP-")).count();
    let (first, rest) = categories.split_at_checked(specified).unwrap_or((categories, &[]));
    categories.iter().all(exists)
        && first.is_sorted()
        && rest.is_sorted()
        && !rest.iter().any(|token| token.starts_with("SP-"))
}

fn is_dissemination(token: &str, is_portion: bool) -> bool {
    let list = token.strip_prefix("REL TO ").or_else(|| token.strip_prefix("DISPLAY ONLY "));
    if let Some(list) = list {
        return is_country_list(list);
    }
    match token {
        "FED ONLY" | "FEDCON" | "NOCON" | "DL ONLY" | "RELIDO" => true,
        "NOFORN" | "Attorney-Client" | "Attorney-WP" => !is_portion,
        "NF" | "AC" | "AWP" => is_portion,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, is_portion: bool) -> Option<bool> {
        let marking = Marking { range: 0..text.len(), text: text.to_owned(), is_portion, page: 0 };
        fields(&marking).map(|fields| is_well_formed(&fields, &marking))
    }

    #[test]
    fn banners_are_read_and_judged() {
        for (text, expected) in [
            ("CUI", Some(true)),
            ("CONTROLLED", Some(true)),
            ("CUI//SP-CHRI/LEI//NOCON", Some(true)),
            ("CUI//INF//REL TO USA, CAN", Some(true)),
            ("CUI//NOFORN", Some(true)),
            ("CUI//PRIVILEGE//Attorney-Client", Some(true)),
            ("SECRET//CUI//SP-INV//NOFORN", Some(true)),
            ("CUI//FOUO", Some(false)),
            ("CUI//SP-LES", Some(false)),
            ("CUI//CHRI", Some(false)),
            ("CUI//LEI/INV", Some(false)),
            ("CUI//LEI/SP-CHRI", Some(false)),
            ("CUI//SP-PRVCY//AC-WP", Some(false)),
            ("CUI//SP-PRVCY//DRAFT", Some(false)),
            ("CUI//PRVCY//Attorney-WP", Some(false)),
            ("CUI/SP-PRVCY", Some(false)),
            ("CONTROLLED SUBSTANCES", None),
            ("SECRET//NOFORN", None),
        ] {
            assert_eq!(judged(text, false), expected, "{text}");
        }
        assert_eq!(judged("CUI//SP-INV//FED ONLY", true), Some(true));
        assert_eq!(judged("CUI//SP-INV//NOFORN", true), Some(false));
        assert_eq!(judged("CONTROLLED", true), None);
    }
}
