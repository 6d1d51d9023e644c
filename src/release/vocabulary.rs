//! The closed vocabularies of the release manifest. A word that is not here is an error, never ignored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Defines a closed vocabulary: an enum, its words in kebab-case, and the way back to the word.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word, in the order of the directive.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word as it stands in the manifest.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

vocabulary! {
    /// Who receives the packet.
    RecipientKind {
        /// Not known: treated as the public.
        Unknown = "unknown",
        /// The employee whom the action concerns.
        Employee = "employee",
        /// The employee's representative.
        EmployeeRepresentative = "employee-representative",
        /// A labour organisation.
        Union = "union",
        /// The official who proposes the action.
        ProposingOfficial = "proposing-official",
        /// The official who decides it.
        DecidingOfficial = "deciding-official",
        /// Another ICE Office (4.8).
        IceOffice = "ice-office",
        /// OPR itself.
        Opr = "opr",
        /// The Government Accountability Office.
        Gao = "gao",
        /// The DHS Office of the Inspector General.
        DhsOig = "dhs-oig",
        /// Who asked under 5 U.S.C. 552.
        FoiaRequester = "foia-requester",
        /// Who asked under 5 U.S.C. 552a.
        PrivacyActRequester = "privacy-act-requester",
        /// A member or committee of Congress.
        Congress = "congress",
        /// A court.
        Court = "court",
        /// The MSPB, the EEOC or an arbitrator.
        MspbEeocArbitrator = "mspb-eeoc-arbitrator",
        /// A prosecutor.
        Prosecutor = "prosecutor",
        /// Another law enforcement agency.
        LawEnforcement = "law-enforcement",
        /// A contractor.
        Contractor = "contractor",
        /// A foreign government or person.
        Foreign = "foreign",
        /// Press and broadcast.
        Media = "media",
        /// Anyone.
        Public = "public",
        /// Someone else, to be named.
        Other = "other",
    }
}

vocabulary! {
    /// What the release is for.
    Purpose {
        /// Discipline is proposed against the employee (4.10).
        AdministrativeAction = "administrative-action",
        /// An Office reviews a management inspection (7.4).
        AdministrativeReview = "administrative-review",
        /// Budget, planning, personnel (4.11).
        RoutineAdministrativeUse = "routine-administrative-use",
        /// Any other request for access (7.3).
        AccessRequest = "access-request",
        /// An initial request under the Freedom of Information Act.
        Foia = "foia",
        /// An initial request under the Privacy Act.
        PrivacyAct = "privacy-act",
        /// An appeal of a FOIA determination.
        FoiaAppeal = "foia-appeal",
        /// An appeal of a Privacy Act determination.
        PaAppeal = "pa-appeal",
        /// An audit by GAO.
        GaoAudit = "gao-audit",
        /// An inquiry, audit or investigation by OIG.
        OigInquiry = "oig-inquiry",
        /// Litigation; released by Headquarters (7.6).
        Litigation = "litigation",
        /// Anything else.
        Other = "other",
    }
}

vocabulary! {
    /// What a record is (4.1 to 4.4).
    RecordType {
        /// 4.2.
        ReportOfInvestigation = "report-of-investigation",
        /// 4.3.
        PersonnelSecurity = "personnel-security",
        /// 4.1.
        Audit = "audit",
        /// 4.4.
        ProactiveProgram = "proactive-program",
        /// 4.1, 7.4.
        ManagementInspection = "management-inspection",
        /// Another record of OPR.
        OtherOpr = "other-opr",
        /// Not a record of OPR: the directive does not govern it.
        NonOpr = "non-opr",
    }
}

vocabulary! {
    /// Who acts. What stands behind a role is data of the policy profile.
    Role {
        /// The Director, OPR (4.7).
        OprDirector = "opr-director",
        /// Headquarters OPR staff.
        OprHq = "opr-hq",
        /// The local OPR office.
        OprLocal = "opr-local",
        /// Employee and Labor Management Relations.
        Elmr = "elmr",
        /// The Office of the Principal Legal Advisor.
        Opla = "opla",
        /// An ICE Office (4.8).
        IceOffice = "ice-office",
        /// A Principal Field Office (4.9).
        FieldOffice = "field-office",
        /// Who processes initial FOIA and Privacy Act requests.
        FoiaInitial = "foia-initial",
        /// Who processes their appeals.
        FoiaAppeal = "foia-appeal",
        /// A supervisor.
        Supervisor = "supervisor",
        /// Someone else.
        Other = "other",
    }
}

vocabulary! {
    /// What was done before the release.
    CoordinationKind {
        /// Asked for advice (7.1).
        Consultation = "consultation",
        /// Approved the release of marked passages (7.2).
        Approval = "approval",
        /// Authorised a dissemination (7.4).
        Authorization = "authorization",
        /// Decided on a request (7.3, 7.5).
        Determination = "determination",
        /// Passed a request on (7.3, 7.5).
        Referral = "referral",
        /// Counsel was, or did not need to be, consulted (7.2, 7.5).
        LegalConsultation = "legal-consultation",
        /// Resolved a dispute over a marked passage (7.2).
        DisputeResolution = "dispute-resolution",
    }
}

vocabulary! {
    /// How it came out.
    Decision {
        /// Yes.
        Granted = "granted",
        /// For some of what was asked.
        GrantedInPart = "granted-in-part",
        /// No.
        Denied = "denied",
        /// Nothing against it.
        NoObjection = "no-objection",
        /// It was not needed.
        NotNecessary = "not-necessary",
        /// It was not appropriate.
        NotAppropriate = "not-appropriate",
        /// Not decided yet.
        Pending = "pending",
    }
}

vocabulary! {
    /// Whose custody the record is in.
    Custody {
        /// Lent to an Office (7.1, 7.4).
        Temporary = "temporary",
        /// OPR's own.
        Permanent = "permanent",
    }
}

vocabulary! {
    /// Whether the investigation goes on (5.6).
    CaseStatus {
        /// It goes on.
        Open = "open",
        /// It has ended.
        Closed = "closed",
    }
}

vocabulary! {
    /// What came of a dispute over a marked passage.
    DisputeStatus {
        /// Nobody has decided.
        Open = "open",
        /// The Director of OPR has decided.
        Resolved = "resolved",
    }
}

vocabulary! {
    /// What the Director of OPR decided about a category of section 5.
    CategoryDecision {
        /// It is withheld: then it must not be readable anywhere.
        Withhold = "withhold",
        /// It may go out.
        Release = "release",
    }
}

vocabulary! {
    /// The categories of section 5.
    Category {
        /// Confidential sources.
        ConfidentialSource = "5.1",
        /// Life and physical safety.
        PersonalSafety = "5.2",
        /// Classified information.
        Classified = "5.3",
        /// Techniques and procedures.
        Technique = "5.4",
        /// Internal documents.
        Internal = "5.5",
        /// An ongoing investigation.
        OngoingInvestigation = "5.6",
        /// Personal privacy.
        Privacy = "5.7",
    }
}

vocabulary! {
    /// What was done about a control marking.
    MarkingAction {
        /// Taken off by its authority.
        Removed = "removed",
        /// Replaced by another.
        Remarked = "remarked",
        /// Decontrolled or declassified.
        Decontrolled = "decontrolled",
        /// Left on for a recipient who may have it.
        Retained = "retained",
    }
}

vocabulary! {
    /// How passages were removed.
    RedactionMethod {
        /// Taken out of the file by the redaction tool.
        Applied = "applied",
        /// The pages were printed or flattened to pictures.
        Rasterized = "rasterized",
        /// Nothing was removed.
        None = "none",
    }
}

/// Rules that tell a record's type by its content.
pub(super) const TYPE_RULES: &[(&str, RecordType)] = &[
    ("record.report-of-investigation", RecordType::ReportOfInvestigation),
    ("record.personnel-security", RecordType::PersonnelSecurity),
    ("record.audit", RecordType::Audit),
    ("record.management-inspection", RecordType::ManagementInspection),
    ("record.proactive-program", RecordType::ProactiveProgram),
];

impl RecordType {
    /// The type that a finding of this rule speaks for.
    pub fn found_by(rule: &str) -> Option<Self> {
        TYPE_RULES.iter().find(|(id, _)| *id == rule).map(|(_, kind)| *kind)
    }
}
