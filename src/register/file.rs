//! The register's file: a line that names the schema, then numbers and keyed digests, then a keyed digest of it all.
//!
//! Nothing in it can be read without the key: even the names of the records are enciphered (HMAC-SHA-256 in counter
//! mode), since a file name can say as much as a sentence.

use super::{Entry, Key, Passage, Record, Register};

const SCHEMA: &[u8] = b"obstat-register/1\n";

/// Why a register cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RegisterError {
    /// The caller's fault: the file is something else.
    #[error("this is not a register of exempt passages")]
    #[diagnostic(
        code(obstat::register::not_a_register),
        help("make one with `obstat register build`")
    )]
    NotARegister,
    /// The caller's fault: the right file, another key.
    #[error("the register was made with another key")]
    #[diagnostic(
        code(obstat::register::other_key),
        help(
            "give the key that the register was built with, or build it anew from the marked originals"
        )
    )]
    OtherKey,
    /// The file was cut or changed after it was made.
    #[error("the register is damaged")]
    #[diagnostic(code(obstat::register::damaged), help("build it anew from the marked originals"))]
    Damaged,
}

impl Register {
    /// The register as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = SCHEMA.to_vec();
        out.extend_from_slice(&key_check(&self.key));
        let entries = self.grams.by_hash();
        for count in [self.records.len(), self.passages.len(), entries.len()] {
            out.extend_from_slice(&(count as u64).to_le_bytes());
        }
        for (index, record) in self.records.iter().enumerate() {
            out.extend_from_slice(&record.digest);
            out.extend_from_slice(&record.marked.to_le_bytes());
            let name = enciphered(&self.key, index, record.name.as_bytes());
            out.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes());
            out.extend_from_slice(&name);
        }
        for passage in &self.passages {
            for number in [passage.record, passage.number, passage.letters, passage.grams] {
                out.extend_from_slice(&number.to_le_bytes());
            }
            out.extend_from_slice(&passage.digest);
        }
        for entry in &entries {
            out.extend_from_slice(&entry.hash.to_le_bytes());
            out.extend_from_slice(&entry.passage.to_le_bytes());
            out.extend_from_slice(&entry.position.to_le_bytes());
        }
        let seal = self.key.digest("register file", &out);
        out.extend_from_slice(&seal);
        out
    }

    /// Reads a register's file with the key that it was made with.
    pub fn from_bytes(bytes: &[u8], key: &Key) -> Result<Self, RegisterError> {
        let rest = bytes.strip_prefix(SCHEMA).ok_or(RegisterError::NotARegister)?;
        let mut reader = Reader(rest);
        if reader.take::<32>()? != key_check(key) {
            return Err(RegisterError::OtherKey);
        }
        let sealed = bytes.len().checked_sub(32).ok_or(RegisterError::Damaged)?;
        let (body, seal) = bytes.split_at_checked(sealed).ok_or(RegisterError::Damaged)?;
        if key.digest("register file", body) != seal {
            return Err(RegisterError::Damaged);
        }
        // The seal holds: the rest was written by `to_bytes`.
        let counts = [reader.number()?, reader.number()?, reader.number()?];
        let [records, passages, entries] = counts;
        let records =
            (0..records).map(|index| reader.record(key, index)).collect::<Result<_, _>>()?;
        let passages = (0..passages).map(|_| reader.passage()).collect::<Result<_, _>>()?;
        let entries = (0..entries).map(|_| reader.entry()).collect::<Result<_, _>>()?;
        Ok(Self::new(records, passages, entries, key.clone()))
    }
}

fn key_check(key: &Key) -> [u8; 32] {
    key.digest("register key check", b"")
}

fn enciphered(key: &Key, record: usize, name: &[u8]) -> Vec<u8> {
    let block = |number: usize| {
        let counter = [(record as u64).to_le_bytes(), (number as u64).to_le_bytes()].concat();
        key.digest("register name", &counter)
    };
    let blocks = name.chunks(32).enumerate();
    blocks
        .flat_map(|(number, chunk)| {
            chunk.iter().zip(block(number)).map(|(a, b)| a ^ b).collect::<Vec<_>>()
        })
        .collect()
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], RegisterError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(RegisterError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], RegisterError> {
        self.bytes(N)?.first_chunk::<N>().copied().ok_or(RegisterError::Damaged)
    }

    fn word(&mut self) -> Result<u32, RegisterError> {
        self.take().map(u32::from_le_bytes)
    }

    fn number(&mut self) -> Result<usize, RegisterError> {
        usize::try_from(u64::from_le_bytes(self.take()?)).ok().ok_or(RegisterError::Damaged)
    }

    fn record(&mut self, key: &Key, index: usize) -> Result<Record, RegisterError> {
        let (digest, marked, length) = (self.take()?, self.word()?, self.word()?);
        let name = enciphered(key, index, self.bytes(length as usize)?);
        let name = String::from_utf8(name).ok().ok_or(RegisterError::Damaged)?;
        Ok(Record { name, digest, marked })
    }

    fn passage(&mut self) -> Result<Passage, RegisterError> {
        let [record, number, letters, grams] =
            [self.word()?, self.word()?, self.word()?, self.word()?];
        Ok(Passage { record, number, digest: self.take()?, letters, grams })
    }

    fn entry(&mut self) -> Result<Entry, RegisterError> {
        let (hash, passage) = (u64::from_le_bytes(self.take()?), self.word()?);
        Ok(Entry { hash, passage, position: u16::from_le_bytes(self.take()?) })
    }
}
