//! Dates as people write them.

use jiff::civil::Date;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day of the calendar from `1970-01-31`, `01/31/1970`, `31.01.1970`, `31 January 1970`, `January 31st, 1970`,
/// `31st day of January, 1970`,
/// `31-JAN-70` or `19700131`. A year of two digits lies between 1930 and 2029.
pub(super) fn parse(value: &str) -> Option<Date> {
    let mut words = value.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        !word.is_empty() && !["of", "day"].iter().any(|filler| word.eq_ignore_ascii_case(filler))
    });
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some(run), None, None, None) if run.len() == 8 && run.is_ascii() => {
            let number = |range| run.get(range).and_then(|part: &str| part.parse().ok());
            let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
            day_of(year, month, day)
                .filter(|date| date.year() > 1800)
                .or_else(|| day_of(number(4..8)?, number(0..2)?, number(2..4)?))
        }
        (Some(first), Some(second), Some(third), None) => triple(first, second, third),
        _ => None,
    }
}

fn triple(first: &str, second: &str, third: &str) -> Option<Date> {
    if let Some(month) = month(first) {
        return day_of(year(third)?, month, ordinal(second)?);
    }
    if let Some(month) = month(second) {
        let is_year = first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit());
        let (of_year, of_day) = if is_year { (first, third) } else { (third, first) };
        return day_of(year(of_year)?, month, ordinal(of_day)?);
    }
    if first.len() == 4 {
        return day_of(year(first)?, second.parse().ok()?, third.parse().ok()?);
    }
    let (a, b): (i16, i16) = (first.parse().ok()?, second.parse().ok()?);
    day_of(year(third)?, a, b).or_else(|| day_of(year(third)?, b, a))
}

fn month(word: &str) -> Option<i16> {
    let begins = |month: &&str| {
        word.get(..month.len()).is_some_and(|first| first.eq_ignore_ascii_case(month))
    };
    let at = MONTHS.iter().position(begins)?;
    i16::try_from(at + 1).ok()
}

fn ordinal(word: &str) -> Option<i16> {
    word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

fn year(word: &str) -> Option<i16> {
    let year: i16 = word.parse().ok()?;
    match word.len() {
        4 => Some(year),
        2 if year < 30 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn day_of(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Someone's who can stand in a record: born from 1900 to ten years ago. "Ago" is counted from the year in which
/// this was written, so that the same packet is judged the same tomorrow.
pub(super) fn is_birth(value: &str) -> bool {
    parse(value).is_some_and(|date| (1900..=2016).contains(&date.year()))
}
