//! How a password of a directory becomes what the tenant keeps of it.
//!
//! The directory keeps the NT hash: MD4 of the password in UTF-16LE. Its 32 upper-case hexadecimal
//! digits, again in UTF-16LE, go through PBKDF2-HMAC-SHA256 with a salt for each user, 1,000 rounds,
//! 32 bytes. The tenant keeps salt, rounds and result, and repeats the way at a sign-in.
//!
//! An NT hash is as good as its password to whoever gets hold of it. So [`NtHash`] has no way out:
//! it cannot be copied, printed, logged, stored or sent, and what held it is overwritten.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// As documented for the original; more would be safer and would be another format.
pub const ROUNDS: u32 = 1_000;

const SALT_LENGTH: usize = 10;
const DERIVED_LENGTH: usize = 32;
const NT_LENGTH: usize = 16;

/// Drawn for each credential.
pub type Salt = [u8; SALT_LENGTH];

/// What a directory keeps of a password.
pub struct NtHash(Zeroizing<[u8; NT_LENGTH]>);

impl NtHash {
    /// The hash of a password as it was typed.
    pub fn of_password(password: &str) -> Self {
        let bytes = utf16_le(password);
        let mut digest = Md4::digest(&*bytes);
        let hash = Zeroizing::new(digest.into());
        digest.zeroize();
        Self(hash)
    }

    /// From 32 hexadecimal digits, as directories write it; none for anything else.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let digits = digits.trim().as_bytes();
        if digits.len() != 2 * NT_LENGTH {
            return None;
        }
        let mut hash = Zeroizing::new([0; NT_LENGTH]);
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (hex_digit(pair[0])? << 4) | hex_digit(pair[1])?;
        }
        Some(Self(hash))
    }

    /// The digits that [`Self::from_hex`] reads: for sealing, never for showing.
    pub fn to_hex(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        // As large as it gets, so that no smaller copy is left behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * NT_LENGTH));
        for byte in self.0.iter() {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text
    }

    /// What the tenant keeps of it.
    pub fn credential(&self, salt: Salt) -> Credential {
        Credential {
            derived: derive(self, &salt, ROUNDS),
            salt,
            rounds: ROUNDS,
        }
    }

    /// Tells by comparing whether two hashes are the same, without either of them. Worth nothing
    /// without the key.
    pub fn fingerprint(&self, key: &[u8; 32]) -> Fingerprint {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
        mac.update(&*self.0);
        Fingerprint(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for NtHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NtHash(…)")
    }
}

/// A keyed digest of an NT hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

/// What the tenant keeps of a password. Whoever has it can try passwords against it, so it is in no
/// output of `Debug`.
pub struct Credential {
    pub salt: Salt,
    pub rounds: u32,
    pub derived: [u8; DERIVED_LENGTH],
}

impl Credential {
    /// Whether this is the password. Takes as long for a wrong one as for the right one.
    pub fn accepts(&self, password: &str) -> bool {
        let mut derived = derive(&NtHash::of_password(password), &self.salt, self.rounds);
        let is_equal = derived.ct_eq(&self.derived).into();
        derived.zeroize();
        is_equal
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        self.derived.zeroize();
    }
}

fn derive(hash: &NtHash, salt: &Salt, rounds: u32) -> [u8; DERIVED_LENGTH] {
    let digits = utf16_le(&hash.to_hex());
    let mut derived = [0; DERIVED_LENGTH];
    pbkdf2::pbkdf2_hmac::<Sha256>(&digits, salt, rounds, &mut derived);
    derived
}

fn utf16_le(text: &str) -> Zeroizing<Vec<u8>> {
    // A character takes at most twice as many bytes as in UTF-8: nothing has to move, and no copy
    // is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * text.len()));
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

fn hex_digit(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn bytes<const LENGTH: usize>(digits: &str) -> [u8; LENGTH] {
        let bytes = digits.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).unwrap();
            u8::from_str_radix(pair, 16).unwrap()
        });
        bytes.collect::<Vec<_>>().try_into().unwrap()
    }

    const PASSWORD: &str = "Wint3r!Brücke-€";
    const DERIVED: &str = "2d2fe225c553ceee0dbf3e7ac9f7aeb2f0f90aaee49dc57560d545a0c7056bb1";

    #[test]
    fn a_password_goes_through_the_documented_chain() {
        let hash = NtHash::of_password(PASSWORD);
        assert_eq!(hex(&*hash.0), "8a782ce1f9906c17865e2a5deb83d853");
        let credential = hash.credential(bytes("00112233445566778899"));
        assert_eq!(credential.rounds, 1_000);
        assert_eq!(hex(&credential.derived), DERIVED);
    }

    #[test]
    fn a_published_hash_goes_through_the_documented_chain() {
        for digits in [
            "92937945b518814341de3f726500d4ff",
            "92937945B518814341DE3F726500D4FF",
        ] {
            let hash = NtHash::from_hex(digits).unwrap();
            let credential = hash.credential(bytes("46c0c5d9095185ce5cf8"));
            assert_eq!(
                hex(&credential.derived),
                "6bb7b360d9105ed5157460b343d5d143e465a59195bc9b568718268c334ea4a9"
            );
        }
    }

    #[test]
    fn the_password_is_accepted_and_no_other() {
        let credential = NtHash::of_password(PASSWORD).credential([7; SALT_LENGTH]);
        assert!(credential.accepts(PASSWORD));
        for wrong in ["", "wint3r!Brücke-€", "Wint3r!Brücke-€ ", "Wint3r!Brucke-€"] {
            assert!(!credential.accepts(wrong), "{wrong}");
        }
    }

    #[test]
    fn only_thirty_two_digits_are_a_hash() {
        let digits = "8A782CE1F9906C17865E2A5DEB83D853";
        let hash = NtHash::from_hex(digits).unwrap();
        assert_eq!(hash.to_hex().as_str(), digits);
        for other in [
            "",
            "8A782CE1F9906C17865E2A5DEB83D85",
            "8A782CE1F9906C17865E2A5DEB83D8533",
            "8A782CE1F9906C17865E2A5DEB83D85G",
            "NO PASSWORDXXXXXXXXXXXXXXXXXXXXX",
            "+A782CE1F9906C17865E2A5DEB83D853",
            "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ",
        ] {
            assert!(NtHash::from_hex(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_fingerprint_tells_hashes_apart_and_means_nothing_without_the_key() {
        let fingerprint = |password, key| NtHash::of_password(password).fingerprint(&[key; 32]);
        assert_eq!(fingerprint("a", 1), fingerprint("a", 1));
        assert_ne!(fingerprint("a", 1), fingerprint("b", 1));
        assert_ne!(fingerprint("a", 1), fingerprint("a", 2));
    }

    #[test]
    fn neither_hash_nor_credential_can_be_printed() {
        let hash = NtHash::of_password(PASSWORD);
        let credential = hash.credential([7; SALT_LENGTH]);
        let fingerprint = hash.fingerprint(&[1; 32]);
        assert_eq!(
            format!("{hash:?} {credential:?} {fingerprint:?}"),
            "NtHash(…) Credential(…) Fingerprint(…)"
        );
    }
}
