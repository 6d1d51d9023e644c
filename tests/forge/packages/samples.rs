//! The three packets that the README shows: one that must not go out, one that may, one that nobody can judge yet.

use super::super::Files;
use super::super::formats::times;
use super::super::marks::filler;
use super::super::pdf::Storage;
use super::super::pdf::compose::Style;
use super::super::pdf::font::Face;
use super::super::pdf::raster::Raster;
use super::super::pdf::sheet::Sheet;
use super::super::story::{Block, Story, para};
use super::super::xml::Family;
use super::{Packet, head, numbered};

/// Adds the samples.
pub(crate) fn add(files: &mut Files) {
    obstructed(files);
    clear(files);
    undetermined(files);
}

fn obstructed(files: &mut Files) {
    let about = "A packet with marked passages still in it.";
    let mut packet = Packet::new("sample-obstructed", about, "obstructed");
    packet.pdf("report.pdf", &open_report(), times());
    packet.xml("interviews.xml", &open_interviews(), Family::Generic);
    packet.plain("memo.txt", &memo());
    packet.close(files);
}

fn clear(files: &mut Files) {
    let about = "The same packet after the marked passages were taken out.";
    let mut packet = Packet::new("sample-clear", about, "clear");
    packet.pdf("report.pdf", &redacted_report(), times());
    packet.xml("interviews.xml", &redacted_interviews(), Family::Generic);
    packet.plain("memo.txt", &memo());
    packet.close(files);
}

fn undetermined(files: &mut Files) {
    let about = "A clear packet with an encrypted annex and a scanned page.";
    let mut packet = Packet::new("sample-undetermined", about, "undetermined");
    packet.pdf("report.pdf", &redacted_report(), times());
    packet.plain("memo.txt", &memo());
    let locked = Style { storage: Storage::Locked, ..Style::of(Face::Helvetica) };
    packet.file("annex-1.pdf", super::compose(&memo(), locked).0);
    packet.expected.notice("annex-1.pdf", "unread.encrypted");
    packet.file("annex-2.pdf", scan());
    packet.expected.notice("annex-2.pdf", "unread.image-only");
    packet.close(files);
}

fn synopsis() -> Block {
    Block::Para(para(
        "The Fictitious Field Office received a complaint that an officer of the parcel hall had let goods pass \
         without a check. The office looked into the duty rosters, the gate log and the trip book, and heard six \
         people. One allegation was sustained.",
    ))
}

fn exhibits() -> Vec<Block> {
    let row = |number: &str, what: &str, pages: &str| vec![para(number), para(what), para(pages)];
    vec![
        Block::Heading(para("EXHIBITS")),
        Block::Table(vec![
            row("Exhibit", "Description", "Pages"),
            row("A", "Duty roster of the parcel hall", "4"),
            row("B", "Gate log, north gate", "11"),
            row("C", "Statement of the supervisor", "3"),
            row("D", "Trip book of the grey van", "6"),
            row("E", "Photographs of the loading door", "8"),
        ]),
        Block::Para(para(
            "The photographs are Exhibit (E). Records about third parties were withheld under 5 U.S.C. \
             552(b)(7)(C) and (E).",
        )),
    ]
}

fn report(details: Vec<super::Para>) -> Story {
    let mut blocks = head("OPR-000-117", "Harrow, parcel hall officer");
    blocks.push(synopsis());
    blocks.push(Block::Heading(para("DETAILS OF INVESTIGATION")));
    blocks.extend(numbered(details));
    blocks.extend(exhibits());
    blocks.push(Block::Heading(para("DISPOSITION")));
    blocks.push(Block::Para(para(
        "The case is closed. The record was sent to the proposing official.",
    )));
    Story::new(99_901, blocks)
}

fn open_report() -> Story {
    let [one, two, three, four, five] = fillers();
    report(vec![
        one,
        para(
            "The kiosk owner, who asked that this be kept from the officer, told agents that a grey van came to \
             the side door on the last Friday of each month. (E) The gate log shows no entry for that van.",
        )
        .sentence(
            "The kiosk owner, who asked that this be kept from the officer, told agents that a grey van came to \
             the side door on the last Friday of each month.",
        ),
        two,
        three,
        para(
            "A camera was kept in the lamp above the loading door from March to May. It was served from the roof \
             of the neighbouring bakery. (E)",
        )
        .whole(
            "A camera was kept in the lamp above the loading door from March to May. It was served from the roof \
             of the neighbouring bakery.",
        ),
        four,
        para(
            "The driver of the grey van, [REDACTED], is a brother of the night guard and was paid in cash (E).",
        )
        .partial(
            "sentence",
            "The driver of the grey van, [REDACTED], is a brother of the night guard and was paid in cash.",
        ),
        five,
    ])
}

fn redacted_report() -> Story {
    let [one, two, three, four, five] = fillers();
    report(vec![
        one,
        para("[REDACTED: (b)(7)(D)] (E) The gate log shows no entry for that van.")
            .redacted("sentence", "[REDACTED: (b)(7)(D)]"),
        two,
        three,
        para("[REDACTED: (b)(7)(E)] (E)").redacted("paragraph", "[REDACTED: (b)(7)(E)]"),
        four,
        para("XXXXXXXXXXXX XXXXXXXX XXXXXXXXXX. (E)")
            .redacted("paragraph", "XXXXXXXXXXXX XXXXXXXX XXXXXXXXXX."),
        five,
    ])
}

fn fillers() -> [super::Para; 5] {
    let mut paras = filler(5).into_iter();
    std::array::from_fn(|_| paras.next().unwrap_or_default())
}

fn open_interviews() -> Story {
    let mut story = redacted_interviews();
    story.blocks.insert(
        2,
        Block::Para(
            para(
                "The cleaner said that she had seen the officer count notes in the wash room. (E)",
            )
            .whole("The cleaner said that she had seen the officer count notes in the wash room."),
        ),
    );
    story
}

fn redacted_interviews() -> Story {
    Story::new(
        0,
        vec![
            Block::Heading(para("Interviews")),
            Block::Para(para(
                "The supervisor was heard on 9 May and had no complaint about the officer.",
            )),
            Block::Para(para(
                "The night guard was heard on 11 May. He chose option (E) on the form.",
            )),
            Block::Para(para(
                "The officer was heard on 20 May in the presence of a representative.",
            )),
        ],
    )
}

fn memo() -> Story {
    Story::new(
        0,
        vec![
            Block::Heading(para("MEMORANDUM")),
            Block::Para(para(
                "The reply to the proposal is due on 4 June. Please call the labor relations desk at 555-0142 or \
                 write to relations@field-office.example if a page is missing.",
            )),
            Block::Para(para(
                "Annexes are lettered (A) through (E). The index is on the last page.",
            )),
        ],
    )
}

/// A page that is nothing but a picture of text.
fn scan() -> Vec<u8> {
    let mut raster = Raster::new();
    let text = memo();
    let lines = text.paras().into_iter().flat_map(|para| wrapped(&para.text)).zip(0u16..);
    for (line, number) in lines {
        raster.say(72.0, 704.0 - 16.0 * f32::from(number), 11.0, &line);
    }
    let mut sheet = Sheet::new();
    let image = sheet.pdf.packed(&Raster::entries(), raster.pixels());
    sheet.resources = format!("/XObject << /Scan {image} 0 R >>");
    sheet.draw("q 612 0 0 792 0 0 cm /Scan Do Q");
    sheet.finish(Storage::Classic)
}

/// Lines of a dozen words, and an empty one.
fn wrapped(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    words.chunks(12).map(|line| line.join(" ")).chain([String::new()]).collect()
}
