//! Where rulesets come from: the shipped ones, by name, and files.

use super::diagnostic::RulesetError;
use std::path::{Path, PathBuf};

/// The shipped rulesets, one file a theme.
pub(crate) const SHIPPED: &[(&str, &str)] = &[
    ("exempt.yaml", include_str!("../../rulesets/exempt.yaml")),
    ("hidden.yaml", include_str!("../../rulesets/hidden.yaml")),
    ("redaction.yaml", include_str!("../../rulesets/redaction.yaml")),
    ("identifiers.yaml", include_str!("../../rulesets/identifiers.yaml")),
    ("markings.yaml", include_str!("../../rulesets/markings.yaml")),
    ("ism.yaml", include_str!("../../rulesets/ism.yaml")),
    ("cui.yaml", include_str!("../../rulesets/cui.yaml")),
    ("classification.yaml", include_str!("../../rulesets/classification.yaml")),
    ("records.yaml", include_str!("../../rulesets/records.yaml")),
    ("categories.yaml", include_str!("../../rulesets/categories.yaml")),
    ("statutes.yaml", include_str!("../../rulesets/statutes.yaml")),
];

/// A ruleset file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its name in diagnostics.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// Its folder, for lists in files.
    pub(crate) folder: Option<PathBuf>,
    /// Whether examples were left out, because the file is known to be right.
    pub(crate) is_trusted: bool,
}

/// The shipped rulesets; `brief` leaves out the examples, which only tests and explanations need.
pub(crate) fn shipped(brief: bool) -> Vec<Source> {
    SHIPPED.iter().map(|shipped| one(shipped, brief)).collect()
}

fn one((name, text): &(&str, &str), brief: bool) -> Source {
    Source {
        name: format!("rulesets/{name}"),
        text: if brief { without_examples(text) } else { (*text).to_owned() },
        folder: None,
        is_trusted: brief,
    }
}

/// A shipped ruleset by its theme (`markings`) or pack id (`obstat.markings`), or a file.
pub(crate) fn named(name: &str) -> Result<Source, RulesetError> {
    find(name, true)
}

/// The same with its examples.
pub(crate) fn named_in_full(name: &str) -> Result<Source, RulesetError> {
    find(name, false)
}

fn find(name: &str, brief: bool) -> Result<Source, RulesetError> {
    let theme = name.strip_prefix("obstat.").unwrap_or(name);
    let is_it = |(name, _): &&(&str, &str)| name.strip_suffix(".yaml") == Some(theme);
    if let Some(known) = SHIPPED.iter().find(is_it) {
        return Ok(one(known, brief));
    }
    let path = Path::new(name);
    if !name.contains(['/', '\\', '.']) && !path.exists() {
        let themes: Vec<_> =
            SHIPPED.iter().map(|(name, _)| name.trim_end_matches(".yaml").to_owned()).collect();
        return Err(RulesetError::NotFound { name: name.to_owned(), known: themes.join(", ") });
    }
    let unreadable =
        |error: std::io::Error| RulesetError::Unreadable { name: name.to_owned(), source: error };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > super::tree::MAX_FILE_BYTES as u64 {
        return Err(RulesetError::TooLarge {
            name: name.to_owned(),
            limit: super::tree::MAX_FILE_BYTES,
        });
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let folder = path.parent().map(Path::to_path_buf);
    Ok(Source { name: name.to_owned(), text, folder, is_trusted: false })
}

/// The chosen rulesets and the shipped ones that they extend, to any depth.
pub(crate) fn with_extended(chosen: Vec<Source>) -> Vec<Source> {
    let mut all = chosen;
    let mut at = 0;
    while let Some(source) = all.get(at) {
        let needed: Vec<Source> = extended(&source.text)
            .into_iter()
            .filter_map(|name| named(&name).ok())
            .filter(|found| !all.iter().any(|known| known.name == found.name))
            .collect();
        all.extend(needed);
        at += 1;
    }
    all
}

/// What a ruleset extends; nothing where it cannot be read, which is told when it is compiled.
fn extended(text: &str) -> Vec<String> {
    let names = || {
        let mut root = super::tree::parse(text).ok()?;
        let names = root.take("pack")?.take("extends")?.into_items()?;
        Some(names.iter().filter_map(|name| name.scalar().map(str::to_owned)).collect())
    };
    names().unwrap_or_default()
}

/// The text without the blocks under `examples` and `counterexamples`. Half of a ruleset are examples; a run that
/// judges a packet need not read them.
fn without_examples(text: &str) -> String {
    let mut brief = String::with_capacity(text.len());
    let mut skipped: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(' ');
        let indent = line.len() - bare.len();
        if let Some(key) = skipped {
            let inside =
                bare.trim().is_empty() || indent > key || (indent == key && bare.starts_with('-'));
            if inside {
                continue;
            }
            skipped = None;
        }
        if indent > 0 && (bare.starts_with("examples:") || bare.starts_with("counterexamples:")) {
            skipped = Some(indent);
            continue;
        }
        brief.push_str(line);
    }
    brief
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_left_out_and_nothing_else() {
        let text = "rules:\n  - id: a\n    examples:\n      - |\n        x\n\n      - y\n    counterexamples: [z]\n    title: t\n  - id: b\n    examples:\n    - q\n  - id: c\n";
        assert_eq!(
            without_examples(text),
            "rules:\n  - id: a\n    title: t\n  - id: b\n  - id: c\n"
        );
    }
}
