//! Arithmetic that a value must pass. Named, in one table; rules refer to it by name.

/// A named test of a value.
#[derive(Clone, Copy)]
pub(crate) struct Validator {
    /// Its name in rules.
    pub(crate) name: &'static str,
    /// What it asks.
    pub(crate) about: &'static str,
    /// The test.
    pub(crate) test: fn(&str) -> bool,
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Validator {
    /// A validator by its name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        VALIDATORS.iter().find(|validator| validator.name == name)
    }
}

const fn validator(name: &'static str, about: &'static str, test: fn(&str) -> bool) -> Validator {
    Validator { name, about, test }
}

/// All validators.
pub(crate) const VALIDATORS: &[Validator] = &[
    validator("us-ssn", "area not 000, 666 or 9xx, group not 00, serial not 0000", is_ssn),
    validator("us-ssn-specimen", "a published or repeated number that is nobody's", is_specimen),
    validator("not-us-ssn-specimen", "no published or repeated number", |v| !is_specimen(v)),
    validator("us-itin", "9xx and a fourth and fifth digit that are issued", is_itin),
    validator("us-ein", "a prefix that is issued", is_ein),
    validator("luhn", "the Luhn check digit", |v| luhn(&digits(v))),
    validator("card", "an issuer's range, its length and the Luhn check digit", is_card),
    validator("card-test", "a published test card", is_test_card),
    validator("not-card-test", "no published test card", |v| !is_test_card(v)),
    validator("iban-mod97", "the country's length and the ISO 7064 remainder", is_iban),
    validator("aba", "a routing number's prefix and 3-7-1 sum", is_aba),
    validator("vin", "a vehicle identification number's check digit", is_vin),
    validator("imei", "15 digits with a Luhn check digit", |v| {
        let digits = digits(v);
        digits.len() == 15 && luhn(&digits) && !is_repeated(v)
    }),
    validator("mrz", "ICAO 9303 check digits of a machine readable zone", mrz::is_valid),
    validator("mrz-specimen", "a machine readable zone of the specimen state UTO", |v| {
        v.contains("UTO")
    }),
    validator("nanp-phone", "an area and exchange code of the North American plan", is_phone),
    validator("phone-fictitious", "a number 555-0100 to 555-0199", is_fictitious),
    validator("not-phone-fictitious", "no number 555-0100 to 555-0199", |v| !is_fictitious(v)),
    validator("phone-toll-free", "an area code 800, 833, 844, 855, 866, 877 or 888", is_toll_free),
    validator("not-phone-toll-free", "no toll-free area code", |v| !is_toll_free(v)),
    validator("email", "a mail address with a top-level domain", is_email),
    validator("not-role-mailbox", "no mailbox of an office", |v| !is_role_mailbox(v)),
    validator("date", "a day of the calendar", |v| date::parse(v).is_some()),
    validator("birth-date", "a day of the calendar from 1900 to ten years ago", date::is_birth),
    validator("us-state", "a code of a state, district or territory", states::is_state),
    validator("not-us-state", "no code of a state, district or territory", |v| {
        !states::is_state(v)
    }),
    validator("zip", "five digits, or nine with a hyphen", is_zip),
    validator("a-number", "seven to nine digits that are not all alike", |v| {
        (7..=9).contains(&digits(v).len()) && !is_repeated(v)
    }),
    validator("ipv4", "four numbers up to 255", |v| v.parse::<std::net::Ipv4Addr>().is_ok()),
    validator("ipv6", "an IPv6 address", |v| v.parse::<std::net::Ipv6Addr>().is_ok()),
    validator("not-repeated", "not one digit over and over", |v| !is_repeated(v)),
    validator("mixed", "letters and digits", |v| {
        v.bytes().any(|b| b.is_ascii_digit()) && v.bytes().any(|b| b.is_ascii_alphabetic())
    }),
];

mod date;
mod mrz;
mod states;

fn digits(value: &str) -> Vec<u32> {
    value.chars().filter_map(|c| c.to_digit(10)).collect()
}

fn number(digits: &[u32]) -> u64 {
    digits.iter().take(18).fold(0, |sum, &digit| sum * 10 + u64::from(digit))
}

fn part(digits: &[u32], range: std::ops::Range<usize>) -> u64 {
    digits.get(range).map_or(0, number)
}

fn is_ssn(value: &str) -> bool {
    let digits = digits(value);
    let (area, group, serial) = (part(&digits, 0..3), part(&digits, 3..5), part(&digits, 5..9));
    digits.len() == 9 && (1..900).contains(&area) && area != 666 && group != 0 && serial != 0
}

fn is_specimen(value: &str) -> bool {
    const PUBLISHED: &[u64] =
        &[78_051_120, 219_099_999, 123_456_789, 457_555_462, 987_654_321, 999_999_999, 12_345_678];
    let digits = digits(value);
    let number = number(&digits);
    digits.len() == 9
        && (PUBLISHED.contains(&number)
            || (987_654_320..=987_654_329).contains(&number)
            || is_repeated(value))
}

fn is_itin(value: &str) -> bool {
    let digits = digits(value);
    let group = part(&digits, 3..5);
    let issued = matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99);
    digits.len() == 9 && digits.first() == Some(&9) && issued && part(&digits, 5..9) != 0
}

fn is_ein(value: &str) -> bool {
    let digits = digits(value);
    let never = [0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97];
    digits.len() == 9 && !never.contains(&part(&digits, 0..2)) && !is_repeated(value)
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    digits.len() > 1 && sum.is_multiple_of(10)
}

/// Issuer ranges and lengths as of 2024.
fn is_card(value: &str) -> bool {
    let digits = digits(value);
    let (two, three, four) = (part(&digits, 0..2), part(&digits, 0..3), part(&digits, 0..4));
    let length = digits.len();
    let known = match two {
        40..=49 => matches!(length, 13 | 16 | 19),
        51..=55 => length == 16,
        22..=27 => length == 16 && (2221..=2720).contains(&four),
        34 | 37 => length == 15,
        36 | 38 | 39 => matches!(length, 14 | 16 | 19),
        30 => matches!(length, 14 | 16 | 19) && (300..=305).contains(&three),
        60 | 64 | 65 => {
            (16..=19).contains(&length)
                && (four == 6011 || two == 65 || (644..=649).contains(&three))
        }
        35 => (16..=19).contains(&length) && (3528..=3589).contains(&four),
        62 => (16..=19).contains(&length),
        _ => false,
    };
    known && luhn(&digits) && !is_repeated(value)
}

fn is_test_card(value: &str) -> bool {
    const PUBLISHED: &[u64] = &[
        4_111_111_111_111_111,
        4_242_424_242_424_242,
        4_012_888_888_881_881,
        4_222_222_222_222,
        5_555_555_555_554_444,
        5_105_105_105_105_100,
        2_223_003_122_003_222,
        378_282_246_310_005,
        371_449_635_398_431,
        378_734_493_671_000,
        6_011_111_111_111_117,
        6_011_000_990_139_424,
        30_569_309_025_904,
        38_520_000_023_237,
        3_530_111_333_300_000,
        3_566_002_020_360_505,
        4_000_056_655_665_556,
        5_200_828_282_828_210,
    ];
    PUBLISHED.contains(&number(&digits(value)))
}

/// ISO 13616: lengths by country; the remainder of the rearranged number modulo 97 is 1.
fn is_iban(value: &str) -> bool {
    let compact: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let compact = compact.to_ascii_uppercase();
    let Some((head, body)) = compact.split_at_checked(4) else { return false };
    let fits = states::iban_length(head.get(..2).unwrap_or_default())
        .is_some_and(|length| length == compact.len());
    let remainder = body.chars().chain(head.chars()).try_fold(0u32, |rest, c| {
        let digit = c.to_digit(36)?;
        Some(if digit > 9 { rest * 100 + digit } else { rest * 10 + digit } % 97)
    });
    fits && remainder == Some(1)
}

fn is_aba(value: &str) -> bool {
    let digits = digits(value);
    let prefix = part(&digits, 0..2);
    let weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
    digits.len() == 9
        && matches!(prefix, 0..=12 | 21..=32 | 61..=72 | 80)
        && sum.is_multiple_of(10)
        && number(&digits) != 0
}

/// 49 CFR 565.15: transliterated, weighted, modulo 11; 10 is X.
fn is_vin(value: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let upper = value.to_ascii_uppercase();
    let worth = |c: char| match c {
        '0'..='9' => c.to_digit(10),
        'A'..='H' => Some(u32::from(c) - u32::from('A') + 1),
        'J'..='N' => Some(u32::from(c) - u32::from('J') + 1),
        'P' => Some(7),
        'R' => Some(9),
        'S'..='Z' => Some(u32::from(c) - u32::from('S') + 2),
        _ => None,
    };
    let Some(worths) = upper.chars().map(worth).collect::<Option<Vec<_>>>() else { return false };
    let sum: u32 = worths.iter().zip(WEIGHTS).map(|(worth, weight)| worth * weight).sum();
    let check =
        upper.chars().nth(8).map(|c| if c == 'X' { 10 } else { c.to_digit(10).unwrap_or(99) });
    worths.len() == 17 && check == Some(sum % 11)
}

fn phone_digits(value: &str) -> Vec<u32> {
    let mut digits = digits(value);
    if digits.len() == 11 && digits.first() == Some(&1) {
        digits.remove(0);
    }
    digits
}

fn is_phone(value: &str) -> bool {
    let digits = phone_digits(value);
    let (area, exchange) = (part(&digits, 0..3), part(&digits, 3..6));
    digits.len() == 10
        && (200..1000).contains(&area)
        && (200..1000).contains(&exchange)
        && exchange % 100 != 11
        && area % 100 != 11
}

fn is_fictitious(value: &str) -> bool {
    let digits = phone_digits(value);
    let local = digits.len().saturating_sub(7);
    part(&digits, local..local + 5) == 55_501
}

fn is_toll_free(value: &str) -> bool {
    let digits = phone_digits(value);
    digits.len() == 10 && matches!(part(&digits, 0..3), 800 | 833 | 844 | 855 | 866 | 877 | 888)
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let labels: Vec<_> = domain.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let is_top = labels
        .last()
        .is_some_and(|top| top.len() >= 2 && top.chars().all(|c| c.is_alphabetic() || c == '-'));
    !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && labels.len() >= 2
        && labels.iter().all(is_label)
        && is_top
}

/// Names of mailboxes that belong to a task and not to a person (RFC 2142 and usage of agencies).
fn is_role_mailbox(value: &str) -> bool {
    const ROLES: &[&str] = &[
        "abuse",
        "admin",
        "admissions",
        "billing",
        "careers",
        "comments",
        "contact",
        "contactus",
        "customerservice",
        "donotreply",
        "feedback",
        "foia",
        "foiarequests",
        "help",
        "helpdesk",
        "hotline",
        "hostmaster",
        "info",
        "information",
        "inquiries",
        "jobs",
        "mail",
        "mailbox",
        "media",
        "news",
        "newsletter",
        "noreply",
        "office",
        "operations",
        "postmaster",
        "press",
        "privacy",
        "publicaffairs",
        "records",
        "reception",
        "registrar",
        "sales",
        "security",
        "service",
        "servicedesk",
        "support",
        "sysadmin",
        "team",
        "tips",
        "webmaster",
        "www",
    ];
    let local = value.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let local: String = local.chars().filter(|c| !matches!(c, '.' | '-' | '_')).collect();
    ROLES.contains(&local.as_str())
}

fn is_zip(value: &str) -> bool {
    let digits = digits(value).len();
    (digits == 5 && value.len() == 5) || (digits == 9 && value.len() == 10)
}

fn is_repeated(value: &str) -> bool {
    let digits = digits(value);
    digits.iter().all(|digit| Some(digit) == digits.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(name: &str, value: &str) -> bool {
        (Validator::named(name).unwrap().test)(value)
    }

    #[test]
    fn each_validator_accepts_and_rejects() {
        for (name, good, bad) in [
            ("us-ssn", "219-45-9998", "666-45-9998"),
            ("us-ssn-specimen", "078-05-1120", "219-45-9998"),
            ("us-itin", "900-70-1234", "900-70-0000"),
            ("us-ein", "12-3456789", "07-3456789"),
            ("luhn", "79927398713", "79927398714"),
            ("card", "4111 1111 1111 1111", "4111 1111 1111 1112"),
            ("card-test", "4242-4242-4242-4242", "4929-4212-3456-7899"),
            ("iban-mod97", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
            ("aba", "110000000", "110000001"),
            ("vin", "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"),
            ("imei", "490154203237518", "490154203237519"),
            (
                "mrz",
                "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
                "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<11",
            ),
            ("nanp-phone", "(202) 555-0142", "102-555-0142"),
            ("phone-fictitious", "1-202-555-0142", "202-555-0242"),
            ("phone-toll-free", "1-800-555-0199", "202-555-0199"),
            ("email", "jane.roe@mail.example", "jane@mail"),
            ("not-role-mailbox", "j.roe@mail.example", "No-Reply@mail.example"),
            ("date", "31 January 1970", "31 February 1970"),
            ("birth-date", "01/31/1970", "01/31/1870"),
            ("us-state", "TX", "ZZ"),
            ("zip", "20536-0001", "205360001"),
            ("a-number", "A000 000 811", "A000 000 000"),
            ("ipv4", "192.0.2.7", "192.0.2.700"),
            ("ipv6", "2001:db8::7", "2001:db8::7::1"),
            ("not-repeated", "1211", "1111"),
            ("mixed", "A1", "AB"),
        ] {
            assert!(passes(name, good), "{name} should accept {good}");
            assert!(!passes(name, bad), "{name} should reject {bad}");
        }
    }

    #[test]
    fn no_validator_trips_over_odd_values() {
        let odd = ["", "é", "9", &"9".repeat(500), "@", "<<<", "99/99/9999", "\u{1e}"];
        for validator in VALIDATORS {
            for value in odd {
                let _ = (validator.test)(value);
            }
        }
    }
}
