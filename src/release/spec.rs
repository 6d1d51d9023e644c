//! The release manifest as it is written: closed types that keep where each value stands, and do nothing else.
//! Field names are the trade's own; `obstat release schema` prints these types as a JSON Schema.

#![expect(
    dead_code,
    reason = "some fields are for people and for the schema: that they can be read is what is checked"
)]

use super::vocabulary::{
    CaseStatus, Category, CategoryDecision, CoordinationKind, Custody, Decision, DisputeStatus,
    MarkingAction, Purpose, RecipientKind, RecordType, RedactionMethod, Role,
};
use crate::rules::At;
use schemars::JsonSchema;
use serde::Deserialize;

/// A release manifest, `release.yaml`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestSpec {
    /// Always `obstat-release/1`.
    pub(super) schema: At<String>,
    /// The policy that applies: `ice-6-4.0-2005` or `dhs-current`.
    pub(super) policy_profile: At<String>,
    /// What is released, and why.
    pub(super) release: At<ReleaseSpec>,
    /// To whom.
    pub(super) recipient: At<RecipientSpec>,
    /// In whose hands the records are.
    pub(super) custodian: Option<CustodianSpec>,
    /// Who put the packet together.
    pub(super) prepared_by: Option<At<PersonSpec>>,
    /// Who releases it.
    pub(super) released_by: Option<At<PersonSpec>>,
    /// Who processed the FOIA or Privacy Act request.
    pub(super) processed_by: Option<At<PersonSpec>>,
    /// The records in the packet.
    pub(super) records: Vec<At<RecordSpec>>,
    /// Consultations, approvals, authorisations, referrals and determinations.
    #[serde(default)]
    pub(super) coordination: Vec<At<CoordinationSpec>>,
    /// Disputes over marked passages (7.2).
    #[serde(default)]
    pub(super) disputes: Vec<At<DisputeSpec>>,
    /// Decisions about the categories of section 5.
    #[serde(default)]
    pub(super) determinations: Vec<At<DeterminationSpec>>,
    /// What was done about control markings.
    #[serde(default)]
    pub(super) marking_dispositions: Vec<At<DispositionSpec>>,
    /// How passages were removed.
    pub(super) redactions: Option<At<RedactionsSpec>>,
    /// The accounting of disclosure (5 U.S.C. 552a(c)).
    pub(super) accounting: Option<At<AccountingSpec>>,
    /// Pictures that a person has looked at.
    #[serde(default)]
    pub(super) inspections: Vec<At<InspectionSpec>>,
}

/// What is released, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleaseSpec {
    /// The release's number.
    pub(super) id: String,
    /// Its date, as `YYYY-MM-DD`.
    pub(super) date: At<String>,
    /// What it is for.
    pub(super) purpose: At<Purpose>,
    /// The administrative action, for that purpose.
    pub(super) action: Option<At<ActionSpec>>,
    /// Why the recipient needs it, in words.
    pub(super) articulated_need: Option<String>,
    /// The request, for releases on request.
    pub(super) request: Option<At<RequestSpec>>,
}

/// A proposal of administrative action (4.10).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionSpec {
    /// Whether it has been proposed.
    pub(super) proposed: bool,
    /// Its number.
    pub(super) reference: Option<String>,
    /// The date of the proposal.
    pub(super) date: Option<At<String>>,
}

/// A request for records.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestSpec {
    /// Its tracking number.
    pub(super) tracking_number: Option<String>,
    /// The date it came in.
    pub(super) received: Option<At<String>>,
}

/// Who receives the packet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecipientSpec {
    /// What kind of recipient.
    pub(super) kind: At<RecipientKind>,
    /// The name.
    pub(super) name: Option<String>,
    /// The organisation.
    pub(super) organization: Option<String>,
    /// The articulated need-to-know (4.6).
    pub(super) need_to_know: Option<String>,
}

/// In whose hands the records are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustodianSpec {
    /// The Office.
    pub(super) office: Option<String>,
    /// Lent, or its own.
    pub(super) custody: Custody,
}

/// A person in a role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSpec {
    /// The name.
    pub(super) name: String,
    /// The role.
    pub(super) role: Role,
}

/// A record in the packet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordSpec {
    /// Its name in this manifest.
    pub(super) id: At<String>,
    /// Its file, relative to the package root.
    pub(super) file: At<String>,
    /// The SHA-256 of the file, in hexadecimal.
    pub(super) sha256: Option<At<String>>,
    /// What it is.
    #[serde(rename = "type")]
    pub(super) kind: At<RecordType>,
    /// Whose it is.
    pub(super) originator: Option<String>,
    /// Whether the investigation goes on.
    pub(super) case_status: Option<CaseStatus>,
    /// Whether the proposed action rests on it (7.1).
    #[serde(default)]
    pub(super) basis_for_action: bool,
    /// Whether the proposal relies on it (5 CFR 752.404(b)(1)).
    #[serde(default)]
    pub(super) relied_on: bool,
    /// A statement that what is withheld of it is not relied on.
    #[serde(default)]
    pub(super) withheld_not_relied_on: bool,
    /// Whose personal data it holds; `recipient` is the recipient's own.
    #[serde(default)]
    pub(super) data_subjects: Vec<String>,
    /// First and last control number.
    pub(super) control_numbers: Option<String>,
    /// What OPR marked in it.
    pub(super) marked_passages: Option<At<MarkedPassagesSpec>>,
    /// The date it was last changed.
    pub(super) changed: Option<At<String>>,
}

/// What OPR marked in a record.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkedPassagesSpec {
    /// How many passages.
    pub(super) count: u32,
    /// The keyed digest of each, in reading order: `hmac-sha256:` and 64 hexadecimal digits.
    #[serde(default)]
    pub(super) digests: Vec<At<String>>,
}

/// A consultation, approval, authorisation, referral or determination.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CoordinationSpec {
    /// What was done.
    pub(super) kind: At<CoordinationKind>,
    /// By whom.
    pub(super) role: At<Role>,
    /// Their name.
    pub(super) name: Option<String>,
    /// Their office, where the decision is `not-necessary`.
    pub(super) office: Option<String>,
    /// When.
    pub(super) date: Option<At<String>>,
    /// Which records or marked passages: `rec-1`, `rec-1#E2`.
    #[serde(default)]
    pub(super) covers: Vec<At<String>>,
    /// How it came out.
    pub(super) decision: At<Decision>,
    /// Why.
    pub(super) reason: Option<String>,
    /// Where it is on file.
    pub(super) reference: Option<String>,
}

/// A dispute over a marked passage (7.2).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DisputeSpec {
    /// The passage, as `rec-1#E3`.
    pub(super) passage: At<String>,
    /// Who raised it.
    pub(super) raised_by: Option<Role>,
    /// What came of it.
    pub(super) status: At<DisputeStatus>,
    /// To whom it was referred.
    pub(super) referred_to: Option<Role>,
    /// Who resolved it: has to be the Director of OPR.
    pub(super) resolved_by: Option<Role>,
    /// Whether counsel was consulted: has to be stated when resolved.
    pub(super) opla: Option<Decision>,
}

/// A decision about a category of section 5.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeterminationSpec {
    /// The category, `"5.1"` to `"5.7"`.
    pub(super) category: At<Category>,
    /// Withheld or released.
    pub(super) decision: At<CategoryDecision>,
    /// By whom.
    pub(super) by: At<Role>,
    /// Why the need to protect does, or does not, outweigh.
    pub(super) reason: Option<String>,
    /// Which records or pages: `rec-1`, `rec-1#p4`.
    #[serde(default)]
    pub(super) covers: Vec<At<String>>,
}

/// What was done about a control marking.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DispositionSpec {
    /// The marking.
    pub(super) marking: String,
    /// What was done.
    pub(super) action: MarkingAction,
    /// By whom.
    pub(super) by: Role,
    /// By what authority.
    pub(super) authority: Option<String>,
}

/// How passages were removed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedactionsSpec {
    /// How.
    pub(super) method: RedactionMethod,
    /// Whether every deletion bears its exemption (6 CFR 5.6(f)).
    #[serde(default)]
    pub(super) exemption_codes: bool,
    /// The exemptions used.
    #[serde(default)]
    pub(super) exemptions: Vec<String>,
    /// Who looked them over.
    pub(super) verified_by: Option<String>,
}

/// The accounting of disclosure (5 U.S.C. 552a(c)).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountingSpec {
    /// Whether the release has to be accounted for.
    pub(super) required: bool,
    /// The entry.
    pub(super) entry: Option<String>,
    /// The condition or routine use of 5 U.S.C. 552a(b) that allows it.
    pub(super) condition: Option<String>,
}

/// A picture, or pages of pictures, that a person has looked at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectionSpec {
    /// Which records or pages: `rec-1`, `rec-1#p4`.
    pub(super) covers: Vec<At<String>>,
    /// Who looked.
    pub(super) by: String,
    /// When.
    pub(super) date: At<String>,
}
