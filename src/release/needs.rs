//! What a step of the procedure can need, and whether a manifest has it.

use super::Manifest;
use super::cover::Cover;
use super::procedure::{CoordinationNeed, Need};
use super::spec::{CoordinationSpec, RecordSpec};
use super::vocabulary::{CoordinationKind, Decision, RecipientKind, RedactionMethod, Role};

/// Whether the manifest meets a need for one of its records.
pub(super) fn is_met(need: &Need, manifest: &Manifest, record: &RecordSpec) -> bool {
    let spec = &manifest.spec;
    match need {
        Need::Never => false,
        Need::Articulation => is_said(spec.recipient.need_to_know.as_deref()),
        Need::ProposedAction => spec.release.action.as_ref().is_some_and(|action| {
            action.proposed && is_said(action.reference.as_deref()) && action.date.is_some()
        }),
        Need::InsideIce => is_inside_ice(manifest.recipient()),
        Need::DisseminationLimited => {
            is_said(spec.release.articulated_need.as_deref())
                && is_said(spec.recipient.organization.as_deref())
        }
        Need::TrackingNumber => spec
            .release
            .request
            .as_ref()
            .is_some_and(|request| is_said(request.tracking_number.as_deref())),
        Need::ExemptionCodes => spec.redactions.as_ref().is_some_and(|redactions| {
            redactions.method == RedactionMethod::None
                || (redactions.exemption_codes && !redactions.exemptions.is_empty())
        }),
        Need::Accounting => spec.accounting.as_ref().is_some_and(|entry| {
            !entry.required
                || (is_said(entry.entry.as_deref()) && is_said(entry.condition.as_deref()))
        }),
        Need::OplaStated => spec.coordination.iter().any(|entry| states_opla(entry)),
        Need::ReleasedBy(roles) => {
            spec.released_by.as_ref().is_some_and(|person| roles.contains(&person.role))
        }
        Need::ProcessedBy(roles) => {
            spec.processed_by.as_ref().is_some_and(|person| roles.contains(&person.role))
        }
        Need::Coordination(need) => {
            spec.coordination.iter().any(|entry| meets(need, entry) && covers(entry, record))
        }
    }
}

fn meets(need: &CoordinationNeed, entry: &CoordinationSpec) -> bool {
    let judged = need.not_necessary && entry.decision.value == Decision::NotNecessary;
    let decided =
        need.roles.contains(&entry.role.value) && need.decisions.contains(&entry.decision.value);
    need.kinds.contains(&entry.kind.value) && (judged || decided)
}

/// A coordination that names no record is about the whole release; validation lets only those kinds through.
fn covers(entry: &CoordinationSpec, record: &RecordSpec) -> bool {
    let covered =
        |cover: &str| Cover::parse(cover).is_some_and(|cover| cover.record == record.id.value);
    entry.covers.is_empty() || entry.covers.iter().any(|cover| covered(&cover.value))
}

/// Whether it is stated that counsel was consulted, or that this was not appropriate.
fn states_opla(entry: &CoordinationSpec) -> bool {
    entry.kind.value == CoordinationKind::LegalConsultation
        && entry.role.value == Role::Opla
        && entry.decision.value != Decision::Pending
}

fn is_said(words: Option<&str>) -> bool {
    words.is_some_and(|words| words.chars().any(char::is_alphanumeric))
}

fn is_inside_ice(recipient: RecipientKind) -> bool {
    use RecipientKind::{DecidingOfficial, IceOffice, Opr, ProposingOfficial};
    matches!(recipient, IceOffice | Opr | ProposingOfficial | DecidingOfficial)
}
