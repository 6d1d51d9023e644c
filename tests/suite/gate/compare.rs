//! What was removed, what stayed: pairs of an original and the file made of it.

use crate::corpus::forge;
use crate::support::{code, folder, run_in};
use serde_json::Value;

/// Spaces fall differently in each format.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_difference_of_twenty_pairs_is_listed_and_none_is_invented() {
    let folder = folder(&[("note", "pairs")]);
    let pairs = forge::bulk::pairs(folder.path().join("pairs").to_str().unwrap(), 20).unwrap();
    let mut all = 0;
    for (original, released, became) in pairs {
        let args = ["compare", &original, &released, "--format", "json", "--show-evidence"];
        let output = run_in(&folder.path().join("pairs"), &args);
        assert_eq!(code(&output), 1, "marked passages stayed in {original}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["notices"], serde_json::json!([]), "{original}");
        let told = report["changes"].as_array().unwrap().iter().map(|one| {
            let words = folded(one["evidence"].as_str().unwrap());
            (one["change"].as_str().unwrap().to_owned(), one["marked"] == true, words)
        });
        let made = became.iter().map(|one| (one.fate.to_owned(), one.marked, folded(&one.words)));
        let (mut told, mut made): (Vec<_>, Vec<_>) = (told.collect(), made.collect());
        told.sort();
        made.sort();
        all += made.len();
        assert_eq!(told, made, "{original}");
    }
    println!("compare: {all} changes in 20 pairs");
}
