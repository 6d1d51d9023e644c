//! How well copies are found: measured over made-up passages with every kind of damage that a copy can suffer.

use super::{Builder, Key};
use crate::model::{Document, DocumentBuilder, PassageSpec};

const WORDS: &str = "agent office source badge depot night clerk officer money car house call phone record report case \
    witness subject north south river street morning evening door key copy list name order paper bag box van truck \
    driver guard desk chief unit team photo camera signal meeting lunch dinner brother sister cousin friend partner \
    bank cash check account number letter note folder drawer locker window garage fence gate corner market hotel room \
    met saw told sold took gave kept hid moved watched heard called paid asked offered carried opened closed copied \
    signed wrote sent showed pointed waited followed returned promised refused said knew thought wanted tried began \
    quietly often twice later early again never always once before after during behind under near beside against \
    blue grey old new small large heavy empty broken private second third local former senior younger unknown other \
    several many two three four five every another whole same last first the a his her their this that which who";

/// Xorshift (Marsaglia 2003): the same sequence everywhere.
struct Random {
    state: u64,
    words: Vec<&'static str>,
}

impl Random {
    fn new(seed: u64) -> Self {
        Self { state: seed, words: WORDS.split_whitespace().collect() }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % bound as u64).unwrap()
    }

    fn word(&mut self) -> &'static str {
        let at = self.below(self.words.len());
        self.words[at]
    }

    fn passage(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ") + "."
    }
}

fn with_wrong_letters(text: &str, random: &mut Random) -> String {
    let letters = "abcdefghijklmnopqrstuvwxyz".chars().collect::<Vec<_>>();
    text.chars()
        .map(
            |c| {
                if c.is_alphabetic() && random.below(100) < 3 {
                    letters[random.below(26)]
                } else {
                    c
                }
            },
        )
        .collect()
}

fn with_two_words_changed(text: &str, random: &mut Random) -> String {
    let mut words: Vec<_> = text.split(' ').collect();
    for _ in 0..2 {
        let at = random.below(words.len());
        words[at] = random.word();
    }
    words.join(" ")
}

fn rewrapped(text: &str, random: &mut Random) -> String {
    let break_word = |word: &str, random: &mut Random| match random.below(4) {
        0 if word.len() > 4 => format!("{}-\n{}", word.get(..3).unwrap(), word.get(3..).unwrap()),
        1 => format!("{word}\n"),
        _ => format!("{word} "),
    };
    text.split(' ').map(|word| break_word(word, random)).collect()
}

fn document(text: &str) -> Document {
    let mut builder = DocumentBuilder::new();
    builder.begin(PassageSpec::default());
    builder.push_unanchored(text);
    builder.finish()
}

fn recall(words: std::ops::Range<usize>, damage: impl Fn(&str, &mut Random) -> String) -> f64 {
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    let spread = words.end - words.start;
    let passages: Vec<String> =
        (0..400).map(|n| random.passage(words.start + n % spread)).collect();
    let mut builder = Builder::new(Key::new(b"0123456789abcdef").unwrap());
    let texts: Vec<&str> = passages.iter().map(String::as_str).collect();
    builder.record("roi.pdf", [0; 32], &texts);
    let register = builder.finish();
    let found = passages.iter().enumerate().filter(|(number, passage)| {
        let before = random.passage(30);
        let copy = damage(passage, &mut random);
        let found = register.copies(&document(&format!("{before} {copy} {}", random.passage(30))));
        found.iter().any(|copied| copied.passage as usize == *number)
    });
    let of = |count: usize| f64::from(u32::try_from(count).unwrap());
    of(found.count()) / of(passages.len())
}

#[test]
fn damaged_copies_are_found() {
    type Damage = fn(&str, &mut Random) -> String;
    let damages: [(&str, Damage); 5] = [
        ("unchanged", |text, _| text.to_owned()),
        ("re-wrapped and hyphenated", rewrapped),
        ("3 % of the characters wrong", with_wrong_letters),
        ("two words changed", with_two_words_changed),
        ("both", |text, random| with_two_words_changed(&with_wrong_letters(text, random), random)),
    ];
    for (name, damage) in damages {
        let (long, short) = (recall(20..40, damage), recall(12..20, damage));
        println!("{name}: {long:.3} from 20 words, {short:.3} from 12 words");
        assert!(
            long >= 0.98 && short >= 0.90,
            "{name}: {long} from 20 words, {short} from 12 words"
        );
    }
}

#[test]
fn other_text_of_the_same_words_is_not_a_copy() {
    let mut random = Random::new(42);
    let passages: Vec<String> = (0..1000).map(|_| random.passage(25)).collect();
    let mut builder = Builder::new(Key::new(b"0123456789abcdef").unwrap());
    builder.record("roi.pdf", [0; 32], &passages.iter().map(String::as_str).collect::<Vec<_>>());
    let register = builder.finish();
    let other: String = (0..2000).map(|_| random.passage(25) + " ").collect();
    assert_eq!(register.copies(&document(&other)), []);
}
