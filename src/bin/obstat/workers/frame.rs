//! What crosses the pipes between parent and worker: JSON with its length before it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};

/// Longer than any report on one file; a worker that claims more is out of its mind.
const MAX_FRAME: u32 = 1 << 30;

/// Writes one value and flushes.
pub(super) fn write<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= MAX_FRAME);
    let length = length.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&json)?;
    out.flush()
}

/// Reads one value; nothing where the other side has closed the pipe.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > MAX_FRAME {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    // Grows with what arrives, not with what was promised.
    let mut json = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut json)?;
    Ok(Some(serde_json::from_slice(&json)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_pass_and_a_torn_or_absurd_frame_is_an_error() {
        let mut pipe = Vec::new();
        write(&mut pipe, &"one").unwrap();
        write(&mut pipe, &"two").unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(read::<String>(&mut input).unwrap().as_deref(), Some("one"));
        assert_eq!(read::<String>(&mut input).unwrap().as_deref(), Some("two"));
        assert_eq!(read::<String>(&mut input).unwrap(), None);
        assert!(read::<String>(&mut &pipe[..6]).is_err());
        assert!(read::<String>(&mut [255; 8].as_slice()).is_err());
    }
}
