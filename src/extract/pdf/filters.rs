//! Stream filters with a cap on what comes out (ISO 32000-2 §7.4). What was decoded before an error counts: a
//! truncated stream still shows its beginning to whoever opens it.

use flate2::{Decompress, FlushDecompress, Status};
use lopdf::{Dictionary, Object};

use super::tokens::unhex;

/// What undoing a filter came to.
pub(super) struct Undone {
    /// The data, or as much of it as was readable and allowed.
    pub(super) data: Vec<u8>,
    /// Why that is not all.
    pub(super) shortfall: Option<Shortfall>,
}

/// Why data is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shortfall {
    /// The data is damaged.
    Damaged,
    /// It would be larger than allowed.
    OverBudget,
    /// It is left as it is: a picture format, or a filter nobody knows.
    Picture,
    /// No reader for the filter.
    Unsupported,
}

/// Undoes one filter. `parameters` is its `DecodeParms`, if any; `limit` is in bytes.
pub(super) fn undo(
    filter: &[u8],
    parameters: Option<&Dictionary>,
    data: &[u8],
    limit: usize,
) -> Undone {
    let undone = match filter {
        b"FlateDecode" | b"Fl" => inflate(data, limit),
        b"LZWDecode" | b"LZW" => lzw(data, parameters, limit),
        b"ASCIIHexDecode" | b"AHx" => hexadecimal(data, limit),
        b"ASCII85Decode" | b"A85" => base85(data, limit),
        b"RunLengthDecode" | b"RL" => run_length(data, limit),
        // lopdf has decrypted the stream already; what is left is the identity filter.
        b"Crypt" => capped(data.to_vec(), limit),
        b"DCTDecode" | b"DCT" | b"JPXDecode" | b"CCITTFaxDecode" | b"CCF" | b"JBIG2Decode" => {
            return Undone { data: data.to_vec(), shortfall: Some(Shortfall::Picture) };
        }
        _ => return Undone { data: data.to_vec(), shortfall: Some(Shortfall::Unsupported) },
    };
    match filter {
        b"FlateDecode" | b"Fl" | b"LZWDecode" | b"LZW" => {
            let data = predicted(undone.data, parameters);
            Undone { data, ..undone }
        }
        _ => undone,
    }
}

fn capped(mut data: Vec<u8>, limit: usize) -> Undone {
    let shortfall = (data.len() > limit).then_some(Shortfall::OverBudget);
    data.truncate(limit);
    Undone { data, shortfall }
}

fn inflate(data: &[u8], limit: usize) -> Undone {
    let zlib = inflate_with(Decompress::new(true), data, limit);
    if !zlib.data.is_empty() || zlib.shortfall.is_none() || data.is_empty() {
        return zlib;
    }
    // A broken zlib header in front of good data: try the raw deflate stream behind it, then without a header.
    let behind = inflate_with(Decompress::new(false), data.get(2..).unwrap_or_default(), limit);
    if !behind.data.is_empty() {
        return behind;
    }
    inflate_with(Decompress::new(false), data, limit)
}

fn inflate_with(mut state: Decompress, data: &[u8], limit: usize) -> Undone {
    let mut out = Vec::with_capacity(data.len().saturating_mul(4).clamp(256, 1 << 20).min(limit));
    loop {
        let read = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let rest = data.get(read..).unwrap_or_default();
        let before = (state.total_in(), state.total_out());
        let status = state.decompress_vec(rest, &mut out, FlushDecompress::None);
        if out.len() > limit {
            return capped(out, limit);
        }
        let stuck = before == (state.total_in(), state.total_out());
        match status {
            Ok(Status::StreamEnd) => return Undone { data: out, shortfall: None },
            Ok(Status::Ok | Status::BufError) if out.len() == out.capacity() => {
                if out.len() == limit {
                    return Undone { data: out, shortfall: Some(Shortfall::OverBudget) };
                }
                let more = out.len().clamp(256, limit.saturating_sub(out.len()).max(1));
                out.reserve_exact(more);
            }
            Ok(Status::Ok) if !stuck => {}
            Ok(_) | Err(_) => return Undone { data: out, shortfall: Some(Shortfall::Damaged) },
        }
    }
}

fn lzw(data: &[u8], parameters: Option<&Dictionary>, limit: usize) -> Undone {
    let early = integer(parameters, b"EarlyChange", 1) != 0;
    let order = weezl::BitOrder::Msb;
    let mut decoder = if early {
        weezl::decode::Decoder::with_tiff_size_switch(order, 8)
    } else {
        weezl::decode::Decoder::new(order, 8)
    };
    let mut out = Vec::new();
    let mut rest = data;
    let mut buffer = vec![0; 1 << 14];
    loop {
        let result = decoder.decode_bytes(rest, &mut buffer);
        rest = rest.get(result.consumed_in..).unwrap_or_default();
        out.extend_from_slice(buffer.get(..result.consumed_out).unwrap_or_default());
        if out.len() > limit {
            return capped(out, limit);
        }
        match result.status {
            Ok(weezl::LzwStatus::Ok) if result.consumed_in > 0 || result.consumed_out > 0 => {}
            Ok(weezl::LzwStatus::Done) => return Undone { data: out, shortfall: None },
            // Many streams lack the end code; all input used up is the end.
            Ok(_) if rest.is_empty() => return Undone { data: out, shortfall: None },
            Ok(_) | Err(_) => return Undone { data: out, shortfall: Some(Shortfall::Damaged) },
        }
    }
}

fn hexadecimal(data: &[u8], limit: usize) -> Undone {
    let end = memchr::memchr(b'>', data).unwrap_or(data.len());
    let mut out = Vec::with_capacity(end.div_ceil(2));
    unhex(data.get(..end).unwrap_or_default(), &mut out);
    capped(out, limit)
}

fn base85(data: &[u8], limit: usize) -> Undone {
    let mut out = Vec::with_capacity((data.len() / 5).saturating_mul(4).saturating_add(4));
    let (mut group, mut count) = (0_u32, 0_usize);
    let mut shortfall = None;
    // Some producers open with `<~` as in PostScript.
    for &byte in data.strip_prefix(b"<~").unwrap_or(data) {
        match byte {
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte.saturating_sub(b'!')));
                count = count.saturating_add(1);
                if count == 5 {
                    out.extend_from_slice(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            b'~' => break,
            0 | b'\t' | b'\n' | 12 | b'\r' | b' ' => {}
            _ => shortfall = Some(Shortfall::Damaged),
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().iter().take(count.saturating_sub(1)));
    }
    let undone = capped(out, limit);
    Undone { shortfall: undone.shortfall.or(shortfall), ..undone }
}

fn run_length(data: &[u8], limit: usize) -> Undone {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some((&length, tail)) = rest.split_first() {
        if length == 128 || out.len() > limit {
            break;
        }
        if length < 128 {
            let count = usize::from(length).saturating_add(1).min(tail.len());
            out.extend_from_slice(tail.get(..count).unwrap_or_default());
            rest = tail.get(count..).unwrap_or_default();
        } else {
            let Some((&byte, tail)) = tail.split_first() else { break };
            let count = 257_usize.saturating_sub(usize::from(length));
            out.extend(std::iter::repeat_n(byte, count));
            rest = tail;
        }
    }
    capped(out, limit)
}

fn integer(parameters: Option<&Dictionary>, key: &[u8], default: i64) -> i64 {
    parameters
        .and_then(|parameters| parameters.get(key).ok())
        .and_then(|value| value.as_i64().ok())
        .unwrap_or(default)
}

/// Undoes the predictor (ISO 32000-2 §7.4.4.4).
fn predicted(data: Vec<u8>, parameters: Option<&Dictionary>) -> Vec<u8> {
    let predictor = integer(parameters, b"Predictor", 1);
    if predictor < 2 {
        return data;
    }
    let number = |key: &[u8], default: i64, most: usize| {
        usize::try_from(integer(parameters, key, default)).unwrap_or(1).clamp(1, most)
    };
    let colours = number(b"Colors", 1, 32);
    let bits = number(b"BitsPerComponent", 8, 16);
    let columns = number(b"Columns", 1, 1 << 24);
    let pixel = colours.saturating_mul(bits).div_ceil(8).max(1);
    let row = columns.saturating_mul(colours).saturating_mul(bits).div_ceil(8).max(1);
    if predictor == 2 { tiff(data, row, colours, bits) } else { png(&data, row, pixel) }
}

fn tiff(mut data: Vec<u8>, row: usize, colours: usize, bits: usize) -> Vec<u8> {
    if bits != 8 {
        // Other depths only occur in pictures, whose pixels are not needed that exactly.
        return data;
    }
    for line in data.chunks_mut(row) {
        for at in colours..line.len() {
            let left = line.get(at.saturating_sub(colours)).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
    data
}

fn png(data: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0; row];
    let mut line = vec![0; row];
    for coded in data.chunks(row.saturating_add(1)) {
        let Some((&kind, coded)) = coded.split_first() else { break };
        line.clear();
        line.extend_from_slice(coded);
        png_line(kind, &mut line, &above, pixel);
        out.extend_from_slice(&line);
        line.resize(row, 0);
        std::mem::swap(&mut above, &mut line);
    }
    out
}

fn png_line(kind: u8, line: &mut [u8], above: &[u8], pixel: usize) {
    if kind == 2 {
        line.iter_mut().zip(above).for_each(|(byte, &up)| *byte = byte.wrapping_add(up));
        return;
    }
    if !(1..=4).contains(&kind) {
        return;
    }
    for at in 0..line.len() {
        let before =
            |row: &[u8]| at.checked_sub(pixel).and_then(|at| row.get(at)).copied().unwrap_or(0);
        let (left, corner) = (before(line), before(above));
        let up = above.get(at).copied().unwrap_or(0);
        let guess = match kind {
            1 => left,
            3 => u8::midpoint(left, up),
            _ => paeth(left, up, corner),
        };
        if let Some(byte) = line.get_mut(at) {
            *byte = byte.wrapping_add(guess);
        }
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left).saturating_add(i16::from(up)).saturating_sub(i16::from(corner));
    let distance = |byte: u8| guess.saturating_sub(i16::from(byte)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

/// The filters of a stream with their parameters, in the order in which they are to be undone.
pub(super) fn chain<'d>(
    dictionary: &'d Dictionary,
    resolve: impl Fn(&'d Object) -> &'d Object,
) -> Vec<(&'d [u8], Option<&'d Dictionary>)> {
    let either = |long: &[u8], short: &[u8]| {
        dictionary.get(long).or_else(|_| dictionary.get(short)).ok().map(&resolve)
    };
    let parameters = either(b"DecodeParms", b"DP");
    let parameter = |index: usize| match parameters {
        Some(Object::Dictionary(only)) if index == 0 => Some(only),
        Some(Object::Array(all)) => all.get(index).and_then(|one| resolve(one).as_dict().ok()),
        _ => None,
    };
    match either(b"Filter", b"F") {
        Some(Object::Name(name)) => vec![(name.as_slice(), parameter(0))],
        Some(Object::Array(names)) => names
            .iter()
            .enumerate()
            .filter_map(|(index, name)| Some((resolve(name).as_name().ok()?, parameter(index))))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_filter_is_undone() {
        let cases: &[(&[u8], &[u8], &[u8])] = &[
            (b"AHx", b"48 65 6C6c6F>zz", b"Hello"),
            (b"A85", b"87cURD]i,\"Ebo80~>", b"Hello World!"),
            (b"A85", b"z87cUR~>", b"\0\0\0\0Hell"),
            (b"RL", &[2, b'a', b'b', b'c', 254, b'x', 128, b'q'], b"abcxxx"),
            (b"LZW", &[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], b"-----A---B"),
            (b"Crypt", b"as it is", b"as it is"),
        ];
        for (filter, data, expected) in cases {
            let undone = undo(filter, None, data, 1 << 20);
            assert_eq!(undone.data, *expected, "{}", String::from_utf8_lossy(filter));
            assert_eq!(undone.shortfall, None);
        }
        assert_eq!(undo(b"Fl", None, &deflated(b"text"), 100).data, b"text");
    }

    #[test]
    fn a_cut_stream_gives_its_beginning_and_says_so() {
        let text: Vec<u8> = (0..4000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let whole = deflated(&text);
        let undone = undo(b"FlateDecode", None, &whole[..whole.len() / 2], 1 << 20);
        assert_eq!(undone.shortfall, Some(Shortfall::Damaged));
        assert!(undone.data.len() > 1000 && text.starts_with(&undone.data));
    }

    #[test]
    fn nothing_grows_beyond_its_limit() {
        let bomb = deflated(&vec![b'a'; 1 << 20]);
        let undone = undo(b"FlateDecode", None, &bomb, 1000);
        assert_eq!((undone.data.len(), undone.shortfall), (1000, Some(Shortfall::OverBudget)));
        let exact = undo(b"FlateDecode", None, &deflated(&[b'a'; 1000]), 2000);
        assert_eq!((exact.data.len(), exact.shortfall), (1000, None));
    }

    #[test]
    fn predictors_are_undone() {
        let mut parameters = Dictionary::new();
        parameters.set("Predictor", 12);
        parameters.set("Columns", 3);
        let up = deflated(&[2, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1]);
        let data = undo(b"FlateDecode", Some(&parameters), &up, 100).data;
        assert_eq!(data, [1, 2, 3, 2, 3, 4, 5, 6, 7]);
        parameters.set("Predictor", 2);
        let left = deflated(&[1, 1, 1, 9, 0, 1]);
        let data = undo(b"FlateDecode", Some(&parameters), &left, 100).data;
        assert_eq!(data, [1, 2, 3, 9, 9, 10]);
    }
}
