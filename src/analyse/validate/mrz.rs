//! Machine readable zones of travel documents (ICAO Doc 9303).

/// Whether the check digits of a machine readable zone of three lines of 30 (TD1), two of 36 (TD2) or two of
/// 44 (TD3) are right.
pub(super) fn is_valid(value: &str) -> bool {
    let lines: Vec<String> = value
        .split_whitespace()
        .map(str::to_ascii_uppercase)
        .filter(|line| line.chars().all(|c| c.is_ascii_alphanumeric() || c == '<'))
        .collect();
    match lines.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, second] | [second] if second.len() == 44 => td3(second),
        [_, second] if second.len() == 36 => td2(second),
        [first, second, _] if first.len() == 30 && second.len() == 30 => td1(first, second),
        _ => false,
    }
}

fn td3(line: &str) -> bool {
    let fields = checks(line, &[(0..9, 9), (13..19, 19), (21..27, 27)]);
    let optional = check(line, 28..42, 42) || (at(line, 28..42).chars().all(|c| c == '<'));
    fields && optional && composite(line, &[0..10, 13..20, 21..43], 43)
}

fn td2(line: &str) -> bool {
    checks(line, &[(0..9, 9), (13..19, 19), (21..27, 27)])
        && composite(line, &[0..10, 13..20, 21..35], 35)
}

fn td1(first: &str, second: &str) -> bool {
    let joined = format!("{}{}", at(first, 5..30), second);
    checks(first, &[(5..14, 14)])
        && checks(second, &[(0..6, 6), (8..14, 14)])
        && composite(&joined, &[0..25, 25..32, 33..40, 43..54], 54)
}

fn checks(line: &str, fields: &[(std::ops::Range<usize>, usize)]) -> bool {
    fields.iter().all(|(field, digit)| check(line, field.clone(), *digit))
}

fn check(line: &str, field: std::ops::Range<usize>, digit: usize) -> bool {
    weigh(at(line, field)) == at(line, digit..digit + 1).chars().next().and_then(|c| c.to_digit(10))
}

fn composite(line: &str, fields: &[std::ops::Range<usize>], digit: usize) -> bool {
    let all: String = fields.iter().map(|field| at(line, field.clone())).collect();
    weigh(&all) == at(line, digit..digit + 1).chars().next().and_then(|c| c.to_digit(10))
}

fn at(line: &str, range: std::ops::Range<usize>) -> &str {
    line.get(range).unwrap_or_default()
}

/// Weights 7-3-1; letters count from 10, the filler counts 0.
fn weigh(field: &str) -> Option<u32> {
    let mut sum = 0;
    for (c, weight) in field.chars().zip([7, 3, 1].iter().cycle()) {
        sum += weight * if c == '<' { 0 } else { c.to_digit(36)? };
    }
    (!field.is_empty()).then_some(sum % 10)
}
