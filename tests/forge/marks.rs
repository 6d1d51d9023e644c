//! The (E) mark in every position of marks-and-release.md A.5 and every status of A.6, each with the passage that the
//! document gives it. Written from the document; nothing here was taken from what obstat prints.

use super::story::{Block, Para, para};

/// Marks by sentence and by paragraph: S1 to S6.
pub(crate) fn sentences_and_paragraphs() -> Vec<Block> {
    vec![
        Block::Heading(para("DETAILS OF INVESTIGATION")),
        Block::Para(para(
            "The duty desk opened the file in March. A recorder was placed in the break room. (E) The officer \
             came back to work on a Monday.",
        ).sentence("A recorder was placed in the break room.")),
        Block::Para(para(
            "The second meeting took place at the depot. The driver was paid for each crate (E).",
        ).sentence("The driver was paid for each crate.")),
        Block::Para(para(
            "A camera faced the loading door. (E) The clerk never saw it. The film was changed each night by \
             the unit. (E)",
        )
        .sentence("A camera faced the loading door.")
        .sentence("The film was changed each night by the unit.")),
        Block::Para(para(
            "The caller used a public telephone. She named the officer twice. (E)",
        ).whole("The caller used a public telephone. She named the officer twice.")),
        Block::Para(para(
            "The caller gave the number of the locker. (E)",
        ).whole("The caller gave the number of the locker.")),
        Block::Para(para(
            "The van was hired under a cover name from a yard in the next county.\n(E)",
        ).whole("The van was hired under a cover name from a yard in the next county.")),
        Block::Para(para(
            "Two neighbours watched the house for the unit. Neither was paid.",
        ).whole("Two neighbours watched the house for the unit. Neither was paid.")),
        Block::Para(para("(E)")),
        Block::Para(para(
            "The officer was told of the complaint on the following day and took no notes.",
        )),
    ]
}

/// Spellings of the token and what may stand before it: A.1, A.2, R14, R15.
pub(crate) fn tokens() -> Vec<Block> {
    vec![
        Block::Heading(para("INTERVIEWS")),
        Block::Para(para(
            "Who gave the officer the keys? ( E ) Nobody on the shift could say.",
        ).sentence("Who gave the officer the keys?")),
        Block::Para(para(
            "The guard said, \u{201C}I let the truck out for the man in the grey coat.\u{201D} (E) He was then \
             shown the log.",
        ).sentence("The guard said, \u{201C}I let the truck out for the man in the grey coat.\u{201D}")),
        Block::Para(para(
            "The tip came from a man who works in the mail room.(E) The tip was logged at noon.",
        ).sentence("The tip came from a man who works in the mail room.")),
        Block::Para(para(
            "Access to the notes was refused under 5 U.S.C. 552(b)(7)(D). (E)",
        ).whole("Access to the notes was refused under 5 U.S.C. 552(b)(7)(D).")),
        Block::Para(para(
            "Mr. Quill met Sgt. Tamsin at 9 p.m. on the pier. (E) They left in separate cars.",
        ).sentence("Mr. Quill met Sgt. Tamsin at 9 p.m. on the pier.")),
        Block::Para(para(
            "The source asked for help with the rent! (E) (E)",
        ).whole("The source asked for help with the rent!")),
        Block::Heading(para("WATCH KEPT ON THE DEPOT (E)").whole("WATCH KEPT ON THE DEPOT")),
        Block::Para(para("The depot closes at six and has one gate.")),
    ]
}

/// Items, cells and a run of labels: S8, S9, S10, R12.
pub(crate) fn lists_and_tables() -> Vec<Block> {
    let row = |left: Para, middle: Para, right: Para| vec![left, middle, right];
    vec![
        Block::Heading(para("STEPS TAKEN")),
        Block::Item("1.", para("The gate log was copied on 3 May.")),
        Block::Item(
            "2.",
            para("The man at the kiosk told agents which shift to watch. (E)")
                .whole("The man at the kiosk told agents which shift to watch."),
        ),
        Block::Item("3.", para("The log was compared with the duty roster.")),
        Block::Para(para("The results were entered in the following table.")),
        Block::Table(vec![
            row(para("Step"), para("Result"), para("Closed")),
            row(
                para("Interview"),
                para("The kiosk owner pointed out the buyer. (E)")
                    .whole("The kiosk owner pointed out the buyer."),
                para("12 May"),
            ),
            row(para("Records"), para("No entry was found."), para("14 May")),
        ]),
        Block::Heading(para("ALLEGATIONS")),
        Block::Para(para("(A) The first allegation was not borne out by the records.")),
        Block::Para(para("(B) The second allegation was not borne out by the records.")),
        Block::Para(para("(C) The third allegation was sustained by two witnesses.")),
        Block::Para(
            para("(D) The fourth allegation came from a relative of the officer. (E)")
                .whole("The fourth allegation came from a relative of the officer."),
        ),
        Block::Para(para("(E) The fifth allegation was sent to the local police.")),
    ]
}

/// Redacted and partly redacted passages: A.6.
pub(crate) fn redactions() -> Vec<Block> {
    vec![
        Block::Heading(para("FINDINGS")),
        Block::Para(para("[REDACTED] (E)").redacted("paragraph", "[REDACTED]")),
        Block::Para(para(
            "The file was opened in May. [REDACTED] (E) The subject was heard in June.",
        ).redacted("sentence", "[REDACTED]")),
        Block::Para(para(
            "XXXXXXXXXX XXXXXXXXXXXXXXX XXXXXXX. (E)",
        ).redacted("paragraph", "XXXXXXXXXX XXXXXXXXXXXXXXX XXXXXXX.")),
        Block::Para(para("(b)(6), (b)(7)(C), (b)(7)(D). (E)")
            .redacted("paragraph", "(b)(6), (b)(7)(C), (b)(7)(D).")),
        Block::Para(para(
            "[Withheld: (b)(7)(D)] of the [REDACTED] at [REDACTED]. (E)",
        ).redacted("paragraph", "[Withheld: (b)(7)(D)] of the [REDACTED] at [REDACTED].")),
        Block::Para(para(
            "The source, [REDACTED], works nights in the parcel hall of the depot. (E)",
        ).partial("paragraph", "The source, [REDACTED], works nights in the parcel hall of the depot.")),
        Block::Para(para(
            "The hearing was short. (b)(6), (b)(7)(C) told agents about the second truck. (E) Nothing was signed.",
        ).partial("sentence", "(b)(6), (b)(7)(C) told agents about the second truck.")),
        Block::Para(para("The hearing ended at four.")),
    ]
}

/// A marked paragraph that runs over the foot of a page, and a mark that is the first thing on one: S13, S14.
pub(crate) fn over_pages() -> Vec<Block> {
    let mut blocks = vec![Block::Heading(para("CHRONOLOGY"))];
    blocks.extend(filler(4).into_iter().map(Block::Para));
    blocks.push(Block::FillPage);
    let long = "The man at the kiosk said that he had been asked to keep the side door open on the last Friday of \
                each month, that a grey van without plates came at about eleven, that the same two people carried \
                between four and seven parcels to it, that neither wore a uniform, that one of them was called \
                Harrow by the other, and that he was given a folded newspaper with money in it on the next \
                working day by someone who never spoke to him and whom he would know again.";
    blocks.push(Block::Para(para(format!("{long} (E)")).whole(long)));
    blocks.push(Block::Para(
        para("The unit then asked for a list of all people with a key to the side door.")
            .whole("The unit then asked for a list of all people with a key to the side door."),
    ));
    blocks.push(Block::PageBreak);
    blocks.push(Block::Para(para("(E)")));
    blocks.push(Block::Para(para("The list was handed over in the same week.")));
    blocks
}

/// Unmarked paragraphs that fill pages.
pub(crate) fn filler(count: usize) -> Vec<Para> {
    const SENTENCES: [&str; 8] = [
        "The shift ledger was compared with the badge reader at the north gate, and both were found to agree.",
        "The officer explained that the stock room is counted twice a week by a person of another section.",
        "Three crates were opened in the presence of the supervisor and held office paper.",
        "The supervisor had no complaint about the officer and had signed every return in time.",
        "The vehicle was inspected on the ramp; its mileage agreed with the trip book.",
        "A copy of the trip book was placed in the file together with the fuel receipts.",
        "The training record shows that the officer had passed the yearly course on the handling of property.",
        "No further step was thought useful before the return of the property clerk.",
    ];
    (0..count)
        .map(|at| {
            let pick = |step: usize| SENTENCES[(at * 3 + step) % SENTENCES.len()];
            para(format!("{} {} {} {}", pick(0), pick(1), pick(4), pick(6)))
        })
        .collect()
}

/// What looks like the mark and is not: R1 to R12. Nothing is to be found here.
pub(crate) fn look_alikes() -> Vec<Block> {
    let plain = |text: &str| Block::Para(para(text));
    vec![
        Block::Heading(para("AUTHORITIES AND REFERENCES")),
        plain(
            "Disclosure is governed by 5 U.S.C. 552(b)(7)(E) and by 5 U.S.C. 552a(k)(2). Nothing in 8 CFR \
               287.8(c)(2)(E) changes that.",
        ),
        plain(
            "Exemptions 7(C), (D), and (E) were considered for the annex; (A) through (E) were listed in the \
               letter.",
        ),
        plain("The redacted parts of the manual carry exemption 7 (E) in the margin."),
        plain(
            "The key plan is Exhibit (E) to the statement. See also Attachment (E), Appendix (E) and paragraph \
               (E) of the agreement.",
        ),
        plain(
            "In this log (E) means that the reader at the east door was out of order. (E) = east, (W) = west.",
        ),
        plain(
            "The car drove 40 degrees (E) of the pier, then from gate (N) to gate (E) and on to gate (S).",
        ),
        plain("The employee may choose option (E) on the form."),
        plain(
            "The [E]mployee handbook was revised in the spring, and call f()(E) in the appendix was dropped.",
        ),
        Block::Heading(para("CHECKLIST")),
        plain("(A) The record was numbered by the clerk."),
        plain("(B) The record was copied by the clerk."),
        plain("(C) The record was bound by the clerk."),
        plain("(D) The record was shelved by the clerk."),
        plain("(E) The record was signed out by the clerk."),
        Block::Heading(para("POSITION")),
        plain("Grade: (E)"),
        Block::Table(vec![
            vec![para("Item"), para("Cost"), para("Status")],
            vec![para("Locks"), para("1,250 (E)"), para("open")],
            vec![para("Lamps"), para("310 (A)"), para("done")],
        ]),
        plain("The supervisor thanked the staff of building (E) for the quick repair."),
    ]
}
