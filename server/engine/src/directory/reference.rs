//! What one object says of another: the value of `member`, `manager` and their like.

use std::fmt;

use super::{Dn, DnError, ObjectGuid, SourceObject};

/// The object that a reference attribute names. Where the directory tells the identifier of that
/// object with its name, the reference is bound to the object: it follows renames, and whoever gets
/// the name later is somebody else.
///
/// As text `<GUID=b4c46e65-ec24-464c-8eb7-15835ab02ea0>;CN=Anna,DC=contoso,DC=test` (the extended
/// form of MS-ADTS 3.1.1.3.4.1.5, whose `<SID=…>` is passed over), or the name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectReference {
    pub guid: Option<ObjectGuid>,
    pub dn: Dn,
}

impl ObjectReference {
    /// # Errors
    ///
    /// When there is no distinguished name in it.
    pub fn parse(text: &str) -> Result<Self, DnError> {
        let mut guid = None;
        let mut name = text;
        while let Some((part, rest)) = name.strip_prefix('<').and_then(|t| t.split_once(">;")) {
            let identifier = part.strip_prefix("GUID=");
            guid = guid.or(identifier.and_then(|text| text.parse().ok()));
            name = rest;
        }
        Ok(Self {
            guid: guid.map(ObjectGuid::from_uuid),
            dn: Dn::parse(name)?,
        })
    }

    /// Equal to [`SourceObject::reference_key`] of the object that is meant.
    pub fn key(&self) -> String {
        key(self.guid, &self.dn)
    }
}

impl fmt::Display for ObjectReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(guid) = self.guid {
            write!(f, "<GUID={guid}>;")?;
        }
        f.write_str(self.dn.as_str())
    }
}

impl SourceObject {
    /// What references to this object are found by: its identifier where the directory's references
    /// carry one, otherwise the key of its name.
    pub fn reference_key(&self) -> String {
        key(self.guid, &self.dn)
    }
}

const GUID_KEY: &str = "guid:";

fn key(guid: Option<ObjectGuid>, dn: &Dn) -> String {
    match guid {
        Some(guid) => format!("{GUID_KEY}{guid}"),
        None => dn.key().to_owned(),
    }
}

/// The identifier in a [`SourceObject::reference_key`], where it is made of one.
pub fn guid_of_reference_key(key: &str) -> Option<ObjectGuid> {
    let guid = key.strip_prefix(GUID_KEY)?.parse().ok()?;
    Some(ObjectGuid::from_uuid(guid))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "b4c46e65-ec24-464c-8eb7-15835ab02ea0";

    fn parsed(text: &str) -> ObjectReference {
        ObjectReference::parse(text).unwrap()
    }

    #[test]
    fn a_reference_with_an_identifier_means_that_object_whatever_its_name() {
        let one = parsed(&format!(
            "<GUID={GUID}>;<SID=S-1-5-21-1-2-3-1104>;CN=Anna,DC=x"
        ));
        let renamed = parsed(&format!("<GUID={GUID}>;CN=Anna (IT),DC=x"));
        assert_eq!(one.dn.as_str(), "CN=Anna,DC=x");
        assert_eq!(one.to_string(), format!("<GUID={GUID}>;CN=Anna,DC=x"));
        assert_eq!(one.key(), renamed.key());
        assert_eq!(guid_of_reference_key(&one.key()), one.guid);
    }

    #[test]
    fn a_reference_without_an_identifier_means_the_name() {
        let named = parsed("CN=Anna,DC=x");
        assert_eq!(named.guid, None);
        assert_eq!(named.key(), parsed("cn=ANNA,dc=x").key());
        assert_eq!(guid_of_reference_key(&named.key()), None);
    }

    #[test]
    fn what_names_nobody_is_refused() {
        assert!(ObjectReference::parse("<GUID=x>").is_err());
        assert!(ObjectReference::parse("nobody").is_err());
    }
}
