//! Proof that stored bytes are those that were written, under this key and in this place. Owns the checksum; guards
//! against disks and stray writes, not against people.

use super::key::Key;
use sha2::{Digest, Sha256};

/// What is sealed: one can never pass for the other.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    Report,
    Request,
    EquivalenceReport,
    EquivalenceRequest,
}

const LENGTH: usize = 16;

/// The bytes with their seal in front.
pub(super) fn seal(key: &Key, content: Content, bytes: &[u8]) -> Vec<u8> {
    let mut sealed = sum(key, content, bytes).to_vec();
    sealed.extend_from_slice(bytes);
    sealed
}

/// The bytes behind the seal, `None` if it does not match.
pub(super) fn unseal<'a>(key: &Key, content: Content, sealed: &'a [u8]) -> Option<&'a [u8]> {
    let (seal, bytes) = sealed.split_at_checked(LENGTH)?;
    (*seal == sum(key, content, bytes)).then_some(bytes)
}

fn sum(key: &Key, content: Content, bytes: &[u8]) -> [u8; LENGTH] {
    let mut hash = Sha256::new();
    hash.update(key.bytes());
    hash.update([content as u8]);
    hash.update(bytes);
    let hash = hash.finalize();
    *hash.first_chunk().expect("SHA-256 has 32 bytes")
}
