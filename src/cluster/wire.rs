//! What goes over the server: requests, answers, and the keys of kept results. Owns their bytes: JSON, compressed.

use crate::domain::{CheckReport, CheckRequest};
use crate::store::Mirror;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// A request of a run.
#[derive(Serialize, Deserialize)]
pub struct Request {
    /// Which run asks: its answers have a subject of their own.
    pub run: String,
    /// Which of its requests.
    pub number: u64,
    pub request: <CheckRequest as Mirror>::Form,
}

/// An answer to one.
#[derive(Serialize, Deserialize)]
pub struct Answer {
    pub number: u64,
    pub report: <CheckReport as Mirror>::Form,
    /// True if it was kept from an earlier request, of whatever run.
    pub was_kept: bool,
}

/// Bytes of a message.
pub fn pack(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let json = serde_json::to_vec(value).map_err(|e| e.to_string())?;
    zstd::bulk::compress(&json, 1).map_err(|e| e.to_string())
}

/// Bytes of a message at most, unpacked.
const LARGEST: u64 = 256 << 20;

/// The value of a message.
pub fn unpack<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut json = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(bytes).map_err(|e| e.to_string())?;
    decoder.take(LARGEST).read_to_end(&mut json).map_err(|e| e.to_string())?;
    serde_json::from_slice(&json).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back() {
        let form = |code: &str| CheckRequest::new(code).form();
        let bytes = pack(&Request { run: "r".into(), number: 7, request: form("∀") }).unwrap();
        let back: Request = unpack(&bytes).unwrap();
        assert_eq!((back.run.as_str(), back.number), ("r", 7));
        assert_eq!(CheckRequest::of(back.request).unwrap().code, "∀");
        assert!(unpack::<Request>(b"nonsense").is_err() && unpack::<Request>(&[]).is_err());
    }
}
