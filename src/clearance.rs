//! The clearance: a signed statement of what was judged, by what, and that nothing stands in the way.
//!
//! An in-toto Statement v1 (in-toto attestation framework, spec v1) in a DSSE envelope (secure-systems-lab/dsse, v1.0),
//! signed with Ed25519 (RFC 8032). Every file of the package is a subject; anyone with the public key can tell whether
//! a package is, byte for byte and name for name, the one that was cleared.

mod keys;

pub use keys::{KeyError, PublicKey, SigningKey};

use crate::model::{LevelCounts, NoticeCounts};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the envelope holds (DSSE).
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// What the payload is (in-toto).
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What the statement says.
const PREDICATE_TYPE: &str = "https://obstat.example/clearance/v1";

/// A file that belongs to a clearance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its path below the package's root.
    pub name: String,
    /// Its digests, by algorithm; `sha256` counts.
    pub digest: BTreeMap<String, String>,
}

impl Subject {
    /// A file with its digest as reports write it, `sha256:` first.
    pub fn new(name: impl Into<String>, digest: &str) -> Self {
        let digits = digest.trim_start_matches("sha256:").to_owned();
        Self { name: name.into(), digest: [("sha256".to_owned(), digits)].into() }
    }
}

/// How a package was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The version of obstat.
    pub tool: String,
    /// Always `gate`.
    pub mode: String,
    /// The policy profile.
    pub profile: String,
    /// Always `clear`.
    pub verdict: String,
    /// Findings by level.
    pub findings: LevelCounts,
    /// Notices by what they mean.
    pub notices: NoticeCounts,
    /// Artifacts, members of containers included.
    pub artifacts: u64,
    /// The rulesets: name and version to digest.
    pub rulesets: BTreeMap<String, String>,
    /// The manifest, where it lies at the root of the package.
    pub manifest_in_package: bool,
    /// Digests of what else decided: `manifest`, `register`, `watchlist`, `suppressions`.
    pub inputs: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Judged,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    #[serde(rename = "payloadType")]
    payload_type: String,
    payload: String,
    signatures: Vec<Signature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// What was cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearance {
    /// Every file of the package.
    pub files: Vec<Subject>,
    /// How it was judged.
    pub judged: Judged,
}

/// Why a clearance clears nothing.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ClearanceError {
    /// It was cut, changed, or is something else.
    #[error("this is not a clearance, or it is damaged: {reason}")]
    #[diagnostic(code(obstat::clearance::damaged), help("Do not send; check the package again."))]
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
    /// It was changed after it was signed, or signed with another key.
    #[error("the signature does not hold")]
    #[diagnostic(
        code(obstat::clearance::signature),
        help(
            "Do not send: the clearance was changed, or this is not the public key of whoever signed it."
        )
    )]
    Signature,
    /// Only a clear package at the gate is cleared.
    #[error("nothing is cleared: the mode is {mode} and the verdict {verdict}")]
    #[diagnostic(
        code(obstat::clearance::not_clear),
        help("A clearance is written by `--mode gate`, for a package whose verdict is clear.")
    )]
    NotClear {
        /// The mode.
        mode: String,
        /// The verdict.
        verdict: String,
    },
}

/// How a package differs from the one that was cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file that was not cleared.
    Added(String),
    /// A file that was cleared and is gone.
    Removed(String),
    /// A file with other bytes.
    Changed(String),
}

impl Clearance {
    /// The envelope as a file.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, ClearanceError> {
        self.check()?;
        let statement = Statement {
            kind: STATEMENT_TYPE.to_owned(),
            subject: self.files.clone(),
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: self.judged.clone(),
        };
        let payload = serde_json::to_vec(&statement).map_err(|error| damaged(&error))?;
        let signature = key.sign(&authenticated(PAYLOAD_TYPE, &payload));
        let envelope = Envelope {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: STANDARD.encode(&payload),
            signatures: vec![Signature {
                keyid: key.public_key().id(),
                sig: STANDARD.encode(signature),
            }],
        };
        let mut bytes = serde_json::to_vec_pretty(&envelope).map_err(|error| damaged(&error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads an envelope and believes it only if the signature holds.
    pub fn verify(bytes: &[u8], key: &PublicKey) -> Result<Self, ClearanceError> {
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
        let payload = STANDARD.decode(&envelope.payload).map_err(|error| damaged(&error))?;
        let signed = authenticated(&envelope.payload_type, &payload);
        let holds = |signature: &Signature| {
            STANDARD.decode(&signature.sig).is_ok_and(|bytes| key.holds(&signed, &bytes))
        };
        if !envelope.signatures.iter().any(holds) {
            return Err(ClearanceError::Signature);
        }
        let statement: Statement =
            serde_json::from_slice(&payload).map_err(|error| damaged(&error))?;
        let known = envelope.payload_type == PAYLOAD_TYPE
            && statement.kind == STATEMENT_TYPE
            && statement.predicate_type == PREDICATE_TYPE;
        if !known {
            return Err(damaged(&"it states something else"));
        }
        let cleared = Self { files: statement.subject, judged: statement.predicate };
        cleared.check()?;
        Ok(cleared)
    }

    fn check(&self) -> Result<(), ClearanceError> {
        let Judged { mode, verdict, .. } = &self.judged;
        if mode != "gate" || verdict != "clear" {
            let (mode, verdict) = (mode.clone(), verdict.clone());
            return Err(ClearanceError::NotClear { mode, verdict });
        }
        let is_digest = |digest: &String| {
            digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let names: BTreeSet<_> = self.files.iter().map(|file| &file.name).collect();
        let whole = names.len() == self.files.len()
            && !names.is_empty()
            && self.files.iter().all(|file| file.digest.get("sha256").is_some_and(is_digest));
        if whole {
            Ok(())
        } else {
            Err(damaged(&"a file has no digest, or none or two have a name"))
        }
    }

    /// How these files differ from the cleared ones; nothing where the package is what was cleared.
    pub fn differences(&self, files: &[Subject]) -> Vec<Difference> {
        let digests = |files: &[Subject]| -> BTreeMap<String, Option<String>> {
            files
                .iter()
                .map(|file| (file.name.clone(), file.digest.get("sha256").cloned()))
                .collect()
        };
        let (cleared, found) = (digests(&self.files), digests(files));
        // Two names that are written alike: one of the two files was not cleared.
        let mut names = BTreeSet::new();
        let again = files.iter().filter(|file| !names.insert(&file.name));
        let mut differences: Vec<_> =
            again.map(|file| Difference::Added(file.name.clone())).collect();
        for (name, digest) in &found {
            match cleared.get(name) {
                None => differences.push(Difference::Added(name.clone())),
                Some(other) if other != digest => {
                    differences.push(Difference::Changed(name.clone()));
                }
                Some(_) => {}
            }
        }
        let gone = cleared.keys().filter(|name| !found.contains_key(*name));
        differences.extend(gone.map(|name| Difference::Removed(name.clone())));
        differences
    }
}

/// What is signed: type and payload with their lengths (DSSE, pre-authentication encoding).
fn authenticated(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn damaged(reason: &dyn std::fmt::Display) -> ClearanceError {
    ClearanceError::Damaged { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clearance() -> Clearance {
        let judged = Judged {
            tool: "0.1.0".to_owned(),
            mode: "gate".to_owned(),
            profile: "ice-6-4.0-2005".to_owned(),
            verdict: "clear".to_owned(),
            findings: LevelCounts::default(),
            notices: NoticeCounts::default(),
            artifacts: 2,
            rulesets: [("obstat.exempt 0.1.0".to_owned(), "sha256:1".to_owned())].into(),
            manifest_in_package: true,
            inputs: [("manifest".to_owned(), "sha256:2".to_owned())].into(),
        };
        let file =
            |name: &str, digit: &str| Subject::new(name, &format!("sha256:{}", digit.repeat(64)));
        Clearance { files: vec![file("a.txt", "a"), file("b/c.txt", "b")], judged }
    }

    /// The envelope with its payload changed as text, the signature left as it was.
    fn forged(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
        let mut envelope: Envelope = serde_json::from_slice(bytes).unwrap();
        let payload = String::from_utf8(STANDARD.decode(&envelope.payload).unwrap()).unwrap();
        assert!(payload.contains(from), "{payload}");
        envelope.payload = STANDARD.encode(payload.replace(from, to));
        serde_json::to_vec(&envelope).unwrap()
    }

    #[test]
    fn what_is_signed_is_what_is_read() {
        let key = SigningKey::from_secret(&[7; 32]);
        let bytes = clearance().sign(&key).unwrap();
        assert_eq!(Clearance::verify(&bytes, &key.public_key()).unwrap(), clearance());
    }

    #[test]
    fn every_change_of_the_envelope_is_caught() {
        let key = SigningKey::from_secret(&[7; 32]);
        let bytes = clearance().sign(&key).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let (_, tail) = text.split_once("\"sig\": \"").unwrap();
        let other = if tail.starts_with('A') { "B" } else { "A" };
        let signature = text.replace(tail, &(other.to_owned() + tail.get(1..).unwrap()));
        let cases = [
            forged(&bytes, "\"verdict\":\"clear\"", "\"verdict\":\"obstructed\""),
            forged(&bytes, "a.txt", "d.txt"),
            forged(&bytes, "sha256:1", "sha256:9"),
            forged(&bytes, "ice-6-4.0-2005", "dhs-current"),
            signature.into_bytes(),
            text.replace("in-toto+json", "in-toto+yaml").into_bytes(),
            text.replace("\"signatures\"", "\"extra\": 1, \"signatures\"").into_bytes(),
            bytes[..bytes.len() / 2].to_vec(),
            Vec::new(),
        ];
        for (number, case) in cases.iter().enumerate() {
            assert!(Clearance::verify(case, &key.public_key()).is_err(), "case {number}");
        }
        let stranger = SigningKey::from_secret(&[8; 32]).public_key();
        assert!(matches!(Clearance::verify(&bytes, &stranger), Err(ClearanceError::Signature)));
    }

    #[test]
    fn only_a_clear_package_at_the_gate_is_signed() {
        let key = SigningKey::from_secret(&[7; 32]);
        for (mode, verdict) in
            [("review", "clear"), ("gate", "undetermined"), ("gate", "obstructed")]
        {
            let mut clearance = clearance();
            (clearance.judged.mode, clearance.judged.verdict) =
                (mode.to_owned(), verdict.to_owned());
            assert!(matches!(clearance.sign(&key), Err(ClearanceError::NotClear { .. })));
        }
    }

    #[test]
    fn files_that_were_added_removed_changed_or_renamed_are_told() {
        let clearance = clearance();
        let [a, c] = clearance.files.as_slice() else { panic!("two files") };
        let renamed = Subject { name: "d.txt".to_owned(), ..a.clone() };
        let changed = Subject { digest: c.digest.clone(), ..a.clone() };
        assert_eq!(clearance.differences(&clearance.files), []);
        let cases = [
            (
                vec![changed.clone(), a.clone(), c.clone()],
                vec![Difference::Added("a.txt".to_owned())],
            ),
            (vec![a.clone()], vec![Difference::Removed("b/c.txt".to_owned())]),
            (vec![changed, c.clone()], vec![Difference::Changed("a.txt".to_owned())]),
            (
                vec![renamed, c.clone()],
                vec![
                    Difference::Added("d.txt".to_owned()),
                    Difference::Removed("a.txt".to_owned()),
                ],
            ),
        ];
        for (files, expected) in cases {
            assert_eq!(clearance.differences(&files), expected);
        }
    }
}
