//! What stands next to page breaks and is no part of the text: running titles, page numbers, control numbers,
//! marking banners (marks-and-release.md A.1 N6, E.1).

/// How a line at a page edge reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Furniture by its form.
    Certain,
    /// A line in capitals: furniture beside furniture, else a heading.
    Title,
    /// A bare number: a page number where there are pages.
    Number,
    /// Text.
    Text,
}

/// The form of a line.
pub(super) fn edge(line: &str) -> Edge {
    let line = line.trim();
    if line.len() > 120 {
        Edge::Text
    } else if is_page_number(line) || is_control_number(line) || is_banner(line) {
        Edge::Certain
    } else if (1..=4).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit()) {
        Edge::Number
    } else if is_title(line) {
        Edge::Title
    } else {
        Edge::Text
    }
}

/// A line of capitals without terminal punctuation, two words or more.
fn is_title(line: &str) -> bool {
    is_capitals(line) && line.split_whitespace().count() >= 2
}

/// A line of capitals without terminal punctuation.
pub(super) fn is_capitals(line: &str) -> bool {
    let line = line.trim();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 4
        && !line.chars().any(char::is_lowercase)
        && !line.ends_with(['.', '!', '?', ')', ';'])
}

/// `- 4 -`, `Page 3 of 9`, `Page 3`, `3 of 9`, `3/9`.
fn is_page_number(line: &str) -> bool {
    let number = |text: &str| {
        let text = text.trim();
        (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let dashed = line.trim_matches(['-', '–', '—', ' ', '|', '[', ']', '*']);
    if dashed.len() < line.len() && number(dashed) {
        return true;
    }
    let lower = dashed.to_ascii_lowercase();
    let named = ["page", "pg.", "pg", "p."].iter().find_map(|name| lower.strip_prefix(name));
    let rest = named.unwrap_or(&lower);
    let parts: Vec<&str> = rest.split(" of ").collect();
    match parts.as_slice() {
        [one] => named.is_some() && number(one),
        [one, all] => number(one) && number(all),
        _ => false,
    }
}

/// `REL0000099901`, `2018-ICLI-00007-R-0189`, `2018-ICLI-00007 7185`, `ICE.000001`, `DHS-001-02-000123`,
/// `<< ABC0000001 >>`: capitals and digits in one to three groups that end in digits.
pub(super) fn is_control_number(line: &str) -> bool {
    let line = line.trim().trim_start_matches('<').trim_end_matches('>').trim();
    // Scanners read the capital I as a small L.
    let sound = line.chars().all(|c| {
        c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | ' ' | 'l')
    });
    if !sound || line.len() > 48 || line.matches('l').count() > 2 {
        return false;
    }
    let groups: Vec<&str> = line.split(' ').collect();
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let letters = |text: &str| text.bytes().filter(u8::is_ascii_alphabetic).count();
    let tail = line.bytes().rev().take_while(u8::is_ascii_digit).count();
    let mixed = groups.iter().any(|group| digits(group) > 0 && letters(group) > 0);
    groups.len() <= 3
        && groups.iter().all(|group| !group.is_empty())
        && letters(line) >= 2
        && tail >= 4
        && digits(line) >= 5
        && (mixed || (groups.len() == 2 && tail >= 5))
}

/// A control number of one word that nothing else looks like, wherever it stands alone.
pub(super) fn is_strict_control_number(line: &str) -> bool {
    let line = line.trim();
    let letters = line.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = line.get(letters..).unwrap_or_default();
    let digits = rest.strip_prefix(['-', '_', '.']).unwrap_or(rest);
    (2..=10).contains(&letters)
        && (6..=12).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `<< ABC0000001 >>`: where some processors write the beginning of a page.
pub(super) fn is_page_line(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("<<") && line.ends_with(">>") && is_control_number(line)
}

/// A line that is nothing but a control marking.
fn is_banner(line: &str) -> bool {
    const FIRST: &[&str] = &[
        "TOP SECRET",
        "SECRET",
        "CONFIDENTIAL",
        "UNCLASSIFIED",
        "CUI",
        "CONTROLLED",
        "FOUO",
        "FOR OFFICIAL USE ONLY",
        "OFFICIAL USE ONLY",
        "LIMITED OFFICIAL USE",
        "LAW ENFORCEMENT SENSITIVE",
        "SENSITIVE BUT UNCLASSIFIED",
        "SENSITIVE SECURITY INFORMATION",
        "LES",
        "SBU",
        "U//FOUO",
    ];
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    !bare.chars().any(char::is_lowercase)
        && FIRST.iter().any(|marking| {
            bare.strip_prefix(marking).is_some_and(|rest| {
                rest.is_empty()
                    || (rest.starts_with(['/', ' ', '-', ',']) && rest.contains("//"))
                    || FIRST.contains(&rest.trim_matches(['/', ' ', '-', ',']))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_known_by_its_form() {
        let certain = [
            "- 4 -",
            "Page 3 of 9",
            "Page 12",
            "3 of 9",
            "REL0000099901",
            "2018-ICLI-00007-R-0189",
            "2018-ICLI-00007 7185",
            "2018-ICLl-00007",
            "ICE.000001",
            "DHS-001-02-000123",
            "<< ABC0000001 >>",
            "EFTA01325321",
            "LAW ENFORCEMENT SENSITIVE",
            "SECRET//NOFORN",
            "FOR OFFICIAL USE ONLY / LAW ENFORCEMENT SENSITIVE",
            "CUI",
        ];
        for line in certain {
            assert_eq!(edge(line), Edge::Certain, "{line}");
        }
        for line in
            ["MAY 12 2005", "The van left.", "Page of the log", "SECRET PLANS OF THE UNIT", "A1 12"]
        {
            assert_ne!(edge(line), Edge::Certain, "{line}");
        }
        assert_eq!(edge("RELEASE OF RECORDS"), Edge::Title);
        assert_eq!(edge("4"), Edge::Number);
    }
}
