//! The procedure as data: which step applies to whom, and what it needs (`rulesets/procedure-*.yaml`).

use super::vocabulary::{CoordinationKind, Decision, Purpose, RecipientKind, RecordType, Role};
use crate::model::Level;
use crate::rules::{At, Problem};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The shipped policy profiles: name and file.
pub const PROFILES: &[(&str, &str)] = &[
    ("ice-6-4.0-2005", include_str!("../../rulesets/procedure-ice-6-4.0-2005.yaml")),
    ("dhs-current", include_str!("../../rulesets/procedure-dhs-current.yaml")),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ProfileSpec {
    schema: At<String>,
    profile: String,
    title: String,
    #[serde(default)]
    extends: Option<At<String>>,
    authority: AuthoritySpec,
    roles: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthoritySpec {
    title: String,
    edition: String,
}

/// A step of the procedure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Step {
    /// The rule that it upholds.
    pub(super) id: String,
    /// The section that demands it.
    pub(super) section: String,
    /// How much it harms a release when it is missing.
    pub(super) level: Level,
    /// Whether the first of these that fits ends the search.
    #[serde(default)]
    pub(super) route: bool,
    #[serde(default)]
    recipient: Vec<RecipientKind>,
    #[serde(default)]
    except_recipient: Vec<RecipientKind>,
    #[serde(default)]
    purpose: Vec<Purpose>,
    #[serde(default)]
    except_purpose: Vec<Purpose>,
    #[serde(default)]
    records: Vec<RecordType>,
    /// What it needs; all of it.
    pub(super) needs: Vec<Need>,
    /// The sentence of the finding.
    pub(super) message: String,
    /// Why it stands in the way.
    pub(super) why: String,
    /// What to do next.
    pub(super) help: String,
}

/// What a step can need of a manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) enum Need {
    /// Nothing cures it.
    Never,
    /// `recipient.need_to_know` in words.
    #[serde(rename = "need-to-know")]
    Articulation,
    /// `release.action` proposed, with reference and date.
    ProposedAction,
    /// A recipient inside ICE.
    InsideIce,
    /// The Office and the review it needs the record for, in words.
    DisseminationLimited,
    /// `release.request.tracking_number`.
    TrackingNumber,
    /// `redactions.exemption_codes`, where anything was removed.
    ExemptionCodes,
    /// An entry and a condition in `accounting`.
    Accounting,
    /// Counsel was consulted, or it is stated that this was not appropriate.
    OplaStated,
    /// `released_by` in one of these roles.
    ReleasedBy(Vec<Role>),
    /// `processed_by` in one of these roles.
    ProcessedBy(Vec<Role>),
    /// A coordination that covers the record.
    Coordination(CoordinationNeed),
}

/// A coordination of one of these kinds, by one of these roles, with one of these decisions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CoordinationNeed {
    pub(super) kinds: Vec<CoordinationKind>,
    pub(super) roles: Vec<Role>,
    pub(super) decisions: Vec<Decision>,
    /// Whether a reasoned `not-necessary` by anyone will do.
    #[serde(default)]
    pub(super) not_necessary: bool,
}

impl Step {
    /// Whether the step is about releases of this kind.
    pub(super) fn fits(&self, recipient: RecipientKind, purpose: Purpose) -> bool {
        let fits_recipient = self.recipient.is_empty() || self.recipient.contains(&recipient);
        let fits_purpose = self.purpose.is_empty() || self.purpose.contains(&purpose);
        let excepted =
            self.except_recipient.contains(&recipient) || self.except_purpose.contains(&purpose);
        fits_recipient && fits_purpose && !excepted
    }

    /// Whether the step is about records of this type. The directive does not govern records that are not OPR's.
    pub(super) fn fits_record(&self, record: RecordType) -> bool {
        record != RecordType::NonOpr && (self.records.is_empty() || self.records.contains(&record))
    }
}

/// What a report needs to know of a step.
#[derive(Clone, Debug)]
pub struct StepInfo {
    /// The rule id.
    pub id: String,
    /// The level.
    pub level: Level,
    /// The sentence of a finding.
    pub message: String,
    /// Why it stands in the way.
    pub why: String,
    /// What to do next.
    pub help: String,
    /// The section.
    pub citation: String,
}

/// The procedure of a policy profile.
#[derive(Debug)]
pub struct Procedure {
    /// The profile's name.
    pub profile: String,
    /// What it is, in a line.
    pub title: String,
    authority: AuthoritySpec,
    roles: BTreeMap<String, String>,
    pub(super) steps: Vec<Step>,
}

impl Procedure {
    /// The shipped profile of that name.
    pub fn shipped(profile: &str) -> Option<Self> {
        let (_, text) = PROFILES.iter().find(|(name, _)| *name == profile)?;
        // A test reads every shipped profile, so this does not fail at a user's desk.
        Self::parse(text).ok()
    }

    /// Every step, for `rules list` and the reports' rule metadata.
    pub fn steps(&self) -> impl Iterator<Item = StepInfo> + '_ {
        self.steps.iter().map(|step| StepInfo {
            id: step.id.clone(),
            level: step.level,
            message: step.message.clone(),
            why: step.why.clone(),
            help: step.help.clone(),
            citation: self.citation(&step.section),
        })
    }

    /// A role in the words of the profile.
    pub fn role(&self, role: Role) -> &str {
        self.roles.get(role.as_str()).map_or(role.as_str(), String::as_str)
    }

    /// A section as reports cite it. A citation of another authority stands by itself.
    pub(crate) fn citation(&self, section: &str) -> String {
        if section.contains("U.S.C.") || section.contains("CFR") {
            return section.to_owned();
        }
        format!("{}, {section}", self.authority.title)
    }

    /// The edition of the authority that is cited.
    pub fn edition(&self) -> &str {
        &self.authority.edition
    }

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let node = crate::rules::parse_yaml(text).map_err(|problem| vec![problem])?;
        let Some(spec) = node.read::<ProfileSpec>(&mut problems) else { return Err(problems) };
        if spec.schema.value != "obstat.procedure/1" {
            return Err(vec![Problem::new(spec.schema.span, "unknown schema")]);
        }
        let base =
            match &spec.extends {
                Some(name) => Some(Self::shipped(&name.value).ok_or_else(|| {
                    vec![Problem::new(name.span.clone(), "unknown policy profile")]
                })?),
                None => None,
            };
        let (mut roles, mut steps) = base.map(|base| (base.roles, base.steps)).unwrap_or_default();
        roles.extend(spec.roles);
        steps.extend(spec.steps);
        Ok(Self {
            profile: spec.profile,
            title: spec.title,
            authority: spec.authority,
            roles,
            steps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_can_be_read_and_names_every_role() {
        for (name, text) in PROFILES {
            let procedure = Procedure::parse(text).unwrap();
            assert_eq!(procedure.profile, *name);
            assert!(!procedure.steps.is_empty());
            for role in Role::ALL {
                assert_ne!(
                    procedure.role(*role),
                    role.as_str(),
                    "{name} does not say what {} is",
                    role.as_str()
                );
            }
        }
    }

    #[test]
    fn every_disclosure_of_an_opr_record_is_sent_one_way() {
        let procedure = Procedure::shipped("ice-6-4.0-2005").unwrap();
        for recipient in RecipientKind::ALL {
            for purpose in Purpose::ALL {
                let routed = procedure
                    .steps
                    .iter()
                    .any(|step| step.route && step.fits(*recipient, *purpose));
                assert!(routed || *recipient == RecipientKind::Opr, "{recipient:?}, {purpose:?}");
            }
        }
    }
}
