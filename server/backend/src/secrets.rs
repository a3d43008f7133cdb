//! Sealing of stored credentials: the only place that can open them.
//!
//! A credential that the service must use later, such as the password of an LDAP bind account,
//! cannot be hashed. It is encrypted with a key that lies in a file beside the database, so that a
//! copy of the database alone gives nothing away. XChaCha20-Poly1305, whose nonces are long enough
//! to be drawn at random; each sealed text is bound to what it is for, so that it cannot be put in
//! another one's place.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Opens and seals; cheap to clone.
#[derive(Clone)]
pub struct Secrets {
    /// What [`Self::seed`] is made of: not the key itself.
    seeds: Arc<Zeroizing<[u8; 32]>>,
    cipher: Arc<XChaCha20Poly1305>,
    /// For telling whether something changed without keeping it.
    fingerprint_key: Arc<Zeroizing<[u8; KEY_LENGTH]>>,
}

/// Why a secret is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("The key file {path} cannot be used.")]
    KeyFile { path: PathBuf, source: io::Error },
    #[error("The key file does not hold a key of this program: one line that begins {PREFIX}")]
    NotAKey,
    /// Sealed with another key, for another purpose, or damaged.
    #[error("A stored credential cannot be opened with this key. Enter it again.")]
    CannotOpen,
}

impl From<SecretsError> for crate::Error {
    fn from(error: SecretsError) -> Self {
        match error {
            SecretsError::CannotOpen => Self::Outside(error.to_string()),
            SecretsError::KeyFile { .. } | SecretsError::NotAKey => Self::internal(error),
        }
    }
}

/// Begins the text of a key, so that no other file is taken for one.
const PREFIX: &str = "cloud-sync-key-1:";
/// Begins a sealed text; another way of sealing would have another one.
const VERSION: &str = "v1:";
const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

impl Secrets {
    /// Reads the key file; makes it on the first start, readable for its owner only.
    pub fn open_or_create(path: &Path) -> Result<Self, SecretsError> {
        let failed = |source| SecretsError::KeyFile {
            path: path.to_owned(),
            source,
        };
        if let Some(secrets) = Self::open_file(path)? {
            return Ok(secrets);
        }
        create(path).map_err(failed)?;
        let text = fs::read_to_string(path).map_err(failed)?;
        Self::from_key_text(&text.into())
    }

    /// Reads the key file; none when there is no such file.
    pub fn open_file(path: &Path) -> Result<Option<Self>, SecretsError> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let path = path.to_owned();
                return Err(SecretsError::KeyFile { path, source });
            }
            Ok(text) => text,
        };
        warn_if_others_may_read(path);
        Self::from_key_text(&text.into()).map(Some)
    }

    /// From the text of a key file, for servers that share a database and so must share the key.
    pub fn from_key_text(text: &SecretString) -> Result<Self, SecretsError> {
        let encoded = text.expose_secret().trim().strip_prefix(PREFIX);
        let encoded = encoded.ok_or(SecretsError::NotAKey)?;
        let key = BASE64_STANDARD
            .decode(encoded)
            .map_err(|_| SecretsError::NotAKey)?;
        let key = Zeroizing::new(key);
        let key = <[u8; KEY_LENGTH]>::try_from(key.as_slice()).map(Zeroizing::new);
        let key = key.map_err(|_| SecretsError::NotAKey)?;
        Ok(Self::from_key(&key))
    }

    /// A key that ends with this value, for tests and for servers that store nothing.
    pub fn ephemeral() -> Self {
        Self::from_key(&Zeroizing::new(rand::random()))
    }

    fn from_key(key: &[u8; KEY_LENGTH]) -> Self {
        let mut seeds = Sha256::new_with_prefix(b"seeds");
        seeds.update(key);
        // A key for each use: whoever learns one does not learn the other.
        let mut fingerprints = Sha256::new_with_prefix(b"fingerprints");
        fingerprints.update(key);
        Self {
            cipher: Arc::new(XChaCha20Poly1305::new(key.into())),
            seeds: Arc::new(Zeroizing::new(seeds.finalize().into())),
            fingerprint_key: Arc::new(Zeroizing::new(fingerprints.finalize().into())),
        }
    }

    /// Under which fingerprints are made.
    pub(crate) fn fingerprint_key(&self) -> &[u8; KEY_LENGTH] {
        &self.fingerprint_key
    }

    /// A value that nobody can guess without the key, the same for the same purpose every time.
    pub(crate) fn seed(&self, purpose: &str) -> Uuid {
        let mut digest = Sha256::new_with_prefix(self.seeds.as_slice());
        digest.update(purpose.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.finalize()[..16]);
        Uuid::from_bytes(bytes)
    }

    /// The text to store. Opens only for the same purpose, for example `directory` and its
    /// identifier.
    pub fn seal(&self, purpose: &str, secret: &SecretString) -> Result<String, SecretsError> {
        let nonce: [u8; NONCE_LENGTH] = rand::random();
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: purpose.as_bytes(),
        };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| SecretsError::CannotOpen)?;
        let bytes = [nonce.as_slice(), &sealed].concat();
        Ok(format!("{VERSION}{}", BASE64_STANDARD.encode(bytes)))
    }

    /// What was sealed for this purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<SecretString, SecretsError> {
        self.decrypt(purpose, sealed)
            .ok_or(SecretsError::CannotOpen)
    }

    fn decrypt(&self, purpose: &str, sealed: &str) -> Option<SecretString> {
        let bytes = BASE64_STANDARD.decode(sealed.strip_prefix(VERSION)?).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload {
            msg: sealed,
            aad: purpose.as_bytes(),
        };
        let secret = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        let secret = Zeroizing::new(secret);
        std::str::from_utf8(&secret).ok().map(SecretString::from)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// Writes a new key beside its place and links it there whole: a crash leaves no half key, and of
/// two servers that start at once one makes the key for both.
fn create(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".key-{}", Uuid::new_v4()));
    let written = write_key(&draft).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    fs::remove_file(&draft)?;
    written
}

fn write_key(path: &Path) -> io::Result<()> {
    let key = Zeroizing::new(rand::random::<[u8; KEY_LENGTH]>());
    let text = Zeroizing::new(format!(
        "{PREFIX}{}\n",
        BASE64_STANDARD.encode(key.as_slice())
    ));
    let mut file = new_private_file(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn new_private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Elsewhere a file takes the permissions of its folder.
#[cfg(not(unix))]
fn new_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn warn_if_others_may_read(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let others = fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0);
    if others {
        tracing::warn!(path = %path.display(), "The key file can be read by others; make it 0600");
    }
}

#[cfg(not(unix))]
fn warn_if_others_may_read(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(secrets: &Secrets) -> String {
        secrets.seal("directory 1", &"p@ss wörd".into()).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_with_the_key_for_its_purpose_and_not_otherwise() {
        let secrets = Secrets::ephemeral();
        let text = sealed(&secrets);
        assert!(text.starts_with("v1:") && !text.contains("p@ss"));
        let opened = secrets.open("directory 1", &text).unwrap();
        assert_eq!(opened.expose_secret(), "p@ss wörd");
        assert!(secrets.open("directory 2", &text).is_err());
        assert!(Secrets::ephemeral().open("directory 1", &text).is_err());
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let secrets = Secrets::ephemeral();
        assert_ne!(sealed(&secrets), sealed(&secrets));
    }

    #[test]
    fn a_damaged_text_does_not_open() {
        let secrets = Secrets::ephemeral();
        let text = sealed(&secrets);
        let middle = text.len() / 2;
        let letter = if &text[middle..=middle] == "A" {
            "B"
        } else {
            "A"
        };
        let damaged = format!("{}{letter}{}", &text[..middle], &text[middle + 1..]);
        let cases = [
            "",
            "v1:",
            "v1:AAAA",
            "v2:AAAA",
            "p@ss wörd",
            &damaged,
            &text[..40],
        ];
        for case in cases {
            let error = secrets.open("directory 1", case).unwrap_err();
            assert!(matches!(error, SecretsError::CannotOpen), "{case}");
        }
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_only_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("secret.key");
        let text = sealed(&Secrets::open_or_create(&path).unwrap());
        let again = Secrets::open_or_create(&path).unwrap();
        assert_eq!(
            again.open("directory 1", &text).unwrap().expose_secret(),
            "p@ss wörd"
        );
        let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(names, 1, "no draft is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let short = format!("{PREFIX}{}", BASE64_STANDARD.encode([0; 31]));
        for text in ["", "hello", "cloud-sync-key-1:", &short] {
            fs::write(&path, text).unwrap();
            let error = Secrets::open_or_create(&path).unwrap_err();
            assert!(matches!(error, SecretsError::NotAKey), "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn servers_that_make_the_key_at_once_agree_on_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let all: Vec<Secrets> = std::thread::scope(|scope| {
            let open = || Secrets::open_or_create(&path).unwrap();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let text = sealed(&all[0]);
        assert!(
            all.iter()
                .all(|secrets| secrets.open("directory 1", &text).is_ok())
        );
    }

    #[test]
    fn nothing_shows_when_it_is_printed() {
        assert_eq!(format!("{:?}", Secrets::ephemeral()), "Secrets");
    }
}
