//! Writes starting inputs for every target from folders of real files: `cargo run --example seed INTO FOLDER...`.

use lopdf::{Document, Object};
use std::fs;
use std::path::{Path, PathBuf};

/// Larger inputs make a fuzzer slow and teach it little.
const MAX_BYTES: usize = 64 << 10;

fn main() {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let Some(into) = arguments.next() else { return eprintln!("usage: seed INTO FOLDER...") };
    let mut seeds = Seeds { into, count: 0 };
    for folder in arguments {
        files(&folder).iter().for_each(|file| seeds.file(file));
    }
    println!("{} seeds", seeds.count);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

struct Seeds {
    into: PathBuf,
    count: usize,
}

impl Seeds {
    fn file(&mut self, path: &Path) {
        let Ok(bytes) = fs::read(path) else { return };
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "pdf" => {
                self.add("extract_pdf", &bytes);
                self.parts(&bytes);
            }
            "xml" | "xhtml" | "html" | "hocr" => self.add("extract_xml", &bytes),
            "yaml" => self.add("load_ruleset", &bytes),
            "txt" | "csv" | "tsv" | "dat" | "md" => self.add("extract_text", &bytes),
            _ => {}
        }
    }

    /// Content streams, font programs and maps of a PDF.
    fn parts(&mut self, bytes: &[u8]) {
        let Ok(file) = Document::load_mem(bytes) else { return };
        for page in file.get_pages().into_values() {
            self.add("pdf_content", &file.get_page_content(page));
        }
        for object in file.objects.values() {
            let Ok(dictionary) = object.as_dict() else { continue };
            let parts: [(&[u8], u8); 5] = [
                (b"FontFile2", 0),
                (b"FontFile", 1),
                (b"FontFile3", 2),
                (b"ToUnicode", 4),
                (b"Encoding", 5),
            ];
            for (key, kind) in parts {
                let part = dictionary.get(key).ok().and_then(|value| file.dereference(value).ok());
                if let Some((_, Object::Stream(stream))) = part {
                    let plain =
                        stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                    self.add("pdf_font", &[&[kind], plain.as_slice()].concat());
                }
            }
        }
    }

    fn add(&mut self, target: &str, bytes: &[u8]) {
        let folder = self.into.join(target);
        if bytes.len() > MAX_BYTES || fs::create_dir_all(&folder).is_err() {
            return;
        }
        if fs::write(folder.join(format!("{:06}", self.count)), bytes).is_ok() {
            self.count += 1;
        }
    }
}
