//! Keys that sign and verify, as PEM: PKCS#8 (RFC 8410) for the private one, `SubjectPublicKeyInfo` for the public.

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    KeypairBytes,
};
use ed25519_dalek::{Signer as _, VerifyingKey};
use miette::Diagnostic;
use sha2::{Digest as _, Sha256};

/// A key cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("this is not {what} key in PEM")]
#[diagnostic(
    code(obstat::clearance::key),
    help("`obstat keygen --output FILE` makes FILE, which is private, and FILE.pub.")
)]
pub struct KeyError {
    what: &'static str,
}

const PRIVATE: KeyError = KeyError { what: "a private Ed25519" };
const PUBLIC: KeyError = KeyError { what: "a public Ed25519" };

/// The private key of whoever clears packages.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

impl SigningKey {
    /// The key of 32 random bytes.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(secret))
    }

    /// Reads a key's file.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        ed25519_dalek::SigningKey::from_pkcs8_pem(text).map(Self).map_err(|_unreadable| PRIVATE)
    }

    /// The key as a file. Nobody else may read it.
    pub fn private_pem(&self) -> Result<String, KeyError> {
        // Without the public key it is version 1 of the format, which every tool reads.
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = bytes.to_pkcs8_pem(LineEnding::LF).map_err(|_unwritable| PRIVATE)?;
        Ok(pem.to_string())
    }

    /// The key for those who verify.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// The public key.
#[derive(Clone, Debug)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a key's file.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        VerifyingKey::from_public_key_pem(text).map(Self).map_err(|_unreadable| PUBLIC)
    }

    /// The key as a file.
    pub fn pem(&self) -> Result<String, KeyError> {
        self.0.to_public_key_pem(LineEnding::LF).map_err(|_unwritable| PUBLIC)
    }

    /// Its name in signatures: the SHA-256 of its 32 bytes.
    pub(super) fn id(&self) -> String {
        crate::model::hexadecimal(&Sha256::digest(self.0.as_bytes()))
    }

    /// Whether the signature is this key's and the message the one that was signed.
    pub(super) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_and_nothing_else_is_a_key() {
        let key = SigningKey::from_secret(&[3; 32]);
        let (private, public) = (key.private_pem().unwrap(), key.public_key().pem().unwrap());
        assert_eq!(SigningKey::from_pem(&private).unwrap().0, key.0);
        assert_eq!(PublicKey::from_pem(&public).unwrap().0, key.public_key().0);
        assert!(SigningKey::from_pem(&public).is_err() && PublicKey::from_pem(&private).is_err());
        assert!(SigningKey::from_pem("").is_err());
        assert_eq!(format!("{key:?}"), "SigningKey(..)");
    }
}
