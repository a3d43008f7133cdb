//! Who an object is for its whole life. Survives renames and moves; a DN does not.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The identifier that the directory gave an object: `objectGUID` in Active Directory,
/// `entryUUID` (RFC 4530) elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectGuid(Uuid);

impl ObjectGuid {
    /// From the sixteen bytes of Active Directory's `objectGUID`: the first three fields are
    /// little-endian (MS-DTYP 2.3.4.2).
    pub fn from_active_directory(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes_le(bytes))
    }

    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    pub fn as_uuid(self) -> Uuid {
        self.0
    }

    /// The anchor made of this identifier: base64 of the bytes as Active Directory stores them,
    /// so that the text equals the immutable ID that other tools show.
    pub fn source_anchor(self) -> SourceAnchor {
        SourceAnchor::from_bytes(&self.0.to_bytes_le())
    }
}

impl fmt::Display for ObjectGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The unchangeable identifier of an on-premises object in the cloud, also called immutable ID:
/// `mS-DS-ConsistencyGuid` when it has a value, else the [`ObjectGuid`]. Base64 of the bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceAnchor(String);

impl SourceAnchor {
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(BASE64_STANDARD.encode(bytes))
    }

    /// An anchor that was stored before; the text is trusted to come from [`Self::as_str`].
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier behind the anchor, where it has the size of one.
    pub fn object_guid(&self) -> Option<ObjectGuid> {
        let bytes = BASE64_STANDARD.decode(&self.0).ok()?;
        Some(ObjectGuid::from_active_directory(bytes.try_into().ok()?))
    }
}

impl fmt::Display for SourceAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_anchor_is_the_base64_of_the_bytes_as_active_directory_stores_them() {
        let guid = ObjectGuid::from_uuid("b4c46e65-ec24-464c-8eb7-15835ab02ea0".parse().unwrap());
        let anchor = guid.source_anchor();
        assert_eq!(anchor.as_str(), "ZW7EtCTsTEaOtxWDWrAuoA==");
        assert_eq!(anchor.object_guid(), Some(guid));
    }
}
