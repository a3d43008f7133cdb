//! One entry of the directory → one object in the engine's words, or the reason why not.

use engine::directory::{
    AttributeName, AttributeValue, Attributes, Dn, ObjectGuid, SourceAnchor, SourceObject, Values,
};
use ldap3_proto::proto::LdapPartialAttribute;
use uuid::Uuid;

use super::{
    attributes,
    dialect::{kind_of, text, texts},
    search::Entry,
};

/// What an entry turned out to be.
#[derive(Debug)]
pub(super) enum Decoded {
    Object(SourceObject),
    /// Not a person, group or contact.
    NotOurs,
    /// An object that cannot be taken; the sentence says why.
    Unusable(String),
}

pub(super) fn object(entry: Entry) -> Decoded {
    let classes: Vec<_> = texts(&entry, "objectClass").collect();
    if classes.is_empty() {
        return Decoded::Unusable(format!(
            "{} does not show the bind account what it is (objectClass).",
            entry.dn
        ));
    }
    let Some(kind) = kind_of(&classes, text(&entry, "uid").is_some()) else {
        return Decoded::NotOurs;
    };
    let dn = match Dn::parse(&entry.dn) {
        Ok(dn) => dn,
        Err(error) => return Decoded::Unusable(format!("{}: {error}", entry.dn)),
    };
    let Some(anchor) = anchor(&entry) else {
        return Decoded::Unusable(without_anchor(&entry.dn));
    };
    Decoded::Object(SourceObject {
        anchor,
        dn,
        guid: entry.guid,
        kind,
        attributes: attributes_of(entry.attributes),
    })
}

pub(super) fn without_anchor(dn: &str) -> String {
    format!(
        "{dn} has no identifier that the bind account may see (entryUUID or objectGUID), so it \
         cannot be followed through renames."
    )
}

/// Who the entry is for its whole life.
pub(super) fn anchor(entry: &Entry) -> Option<SourceAnchor> {
    attributes::ANCHORS
        .into_iter()
        .find_map(|name| anchor_in(entry, name))
}

fn anchor_in(entry: &Entry, name: &str) -> Option<SourceAnchor> {
    let value = first(entry, name).filter(|value| !value.is_empty())?;
    match name {
        "mS-DS-ConsistencyGuid" => Some(SourceAnchor::from_bytes(value)),
        "objectGUID" => {
            let bytes = value.try_into().ok()?;
            Some(ObjectGuid::from_active_directory(bytes).source_anchor())
        }
        _ => anchor_of_text(std::str::from_utf8(value).ok()?),
    }
}

/// What the directory itself calls the entry by, for entries of any kind.
pub(super) fn directory_identifier(entry: &Entry) -> Option<ObjectGuid> {
    attributes::ANCHORS
        .into_iter()
        .filter(|name| *name != "mS-DS-ConsistencyGuid")
        .find_map(|name| anchor_in(entry, name)?.object_guid())
}

/// `nsUniqueId` groups its digits in fours of eight, unlike everybody else.
fn anchor_of_text(text: &str) -> Option<SourceAnchor> {
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    let uuid = Uuid::try_parse(&digits).ok()?;
    Some(ObjectGuid::from_uuid(uuid).source_anchor())
}

fn first<'a>(entry: &'a Entry, name: &str) -> Option<&'a [u8]> {
    let attribute = entry
        .attributes
        .iter()
        .find(|attribute| attribute.atype.eq_ignore_ascii_case(name))?;
    attribute.vals.first().map(Vec::as_slice)
}

fn attributes_of(received: Vec<LdapPartialAttribute>) -> Attributes {
    let mut attributes = Attributes::new();
    for LdapPartialAttribute { atype, vals } in received {
        let name = name_of(&atype);
        let values = vals.into_iter().map(|value| decode(name, value));
        let values: Values = match name {
            "uniqueMember" => values.map(without_unique_identifier).collect(),
            _ => values.collect(),
        };
        let name = AttributeName::from(if name == "uniqueMember" {
            "member"
        } else {
            name
        });
        let merged = match attributes.remove(&name) {
            Some(earlier) => [earlier, values].concat(),
            None => values,
        };
        attributes.set(name, merged);
    }
    attributes
}

/// `userCertificate;binary` is the certificate itself (RFC 4523); a language, as in `cn;lang-ja`,
/// makes an attribute of its own.
fn name_of(description: &str) -> &str {
    let name = description.strip_suffix(";binary").unwrap_or(description);
    match name {
        _ if name.eq_ignore_ascii_case("uniqueMember") => "uniqueMember",
        _ => name,
    }
}

/// Text unless the attribute's name says bytes, or the bytes are no text.
fn decode(name: &str, value: Vec<u8>) -> AttributeValue {
    if attributes::is_binary(name) {
        return AttributeValue::Binary(value);
    }
    match String::from_utf8(value) {
        Ok(text) => AttributeValue::Text(text),
        Err(error) => AttributeValue::Binary(error.into_bytes()),
    }
}

/// A unique member can carry a bit string that tells namesakes apart: `cn=a,dc=x#'0101'B`
/// (RFC 4517, 3.3.21).
fn without_unique_identifier(value: AttributeValue) -> AttributeValue {
    let AttributeValue::Text(text) = value else {
        return value;
    };
    let name = text
        .strip_suffix("'B")
        .and_then(|rest| rest.rsplit_once("#'"))
        .filter(|(_, bits)| bits.chars().all(|bit| matches!(bit, '0' | '1')))
        .map(|(name, _)| name.to_owned());
    AttributeValue::Text(name.unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use engine::directory::ObjectKind;

    use super::*;

    fn entry(attributes: &[(&str, &[&[u8]])]) -> Entry {
        Entry {
            dn: "uid=anna,dc=x".to_owned(),
            guid: None,
            attributes: attributes
                .iter()
                .map(|(name, values)| LdapPartialAttribute {
                    atype: (*name).to_owned(),
                    vals: values.iter().map(|value| value.to_vec()).collect(),
                })
                .collect(),
        }
    }

    fn decoded(attributes: &[(&str, &[&[u8]])]) -> SourceObject {
        let uuid = (
            "entryUUID",
            &[&b"b4c46e65-ec24-464c-8eb7-15835ab02ea0"[..]][..],
        );
        match object(entry(&[attributes, &[uuid]].concat())) {
            Decoded::Object(object) => object,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_kind_of_identifier_gives_the_same_anchor() {
        let guid = *b"\x65\x6e\xc4\xb4\x24\xec\x4c\x46\x8e\xb7\x15\x83\x5a\xb0\x2e\xa0";
        for (name, value) in [
            ("mS-DS-ConsistencyGuid", &guid[..]),
            ("objectguid", &guid),
            ("entryUUID", b"b4c46e65-ec24-464c-8eb7-15835ab02ea0"),
            ("nsUniqueId", b"b4c46e65-ec24464c-8eb71583-5ab02ea0"),
        ] {
            let anchor = anchor(&entry(&[(name, &[value])])).unwrap();
            assert_eq!(anchor.as_str(), "ZW7EtCTsTEaOtxWDWrAuoA==", "{name}");
        }
    }

    #[test]
    fn the_consistency_guid_comes_before_the_object_guid() {
        let both = entry(&[
            ("objectGUID", &[&[1; 16]]),
            ("mS-DS-ConsistencyGuid", &[b"looks-like-text!"]),
        ]);
        assert_eq!(
            anchor(&both).unwrap(),
            SourceAnchor::from_bytes(b"looks-like-text!")
        );
    }

    #[test]
    fn an_object_without_identifier_is_told_by_name() {
        let nameless = entry(&[("objectClass", &[b"person"])]);
        match object(nameless) {
            Decoded::Unusable(reason) => assert!(reason.starts_with("uid=anna,dc=x has no")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_entry_that_hides_what_it_is_is_told_and_not_taken_for_something_else() {
        let reason = |attributes| match object(entry(attributes)) {
            Decoded::Unusable(reason) => Some(reason),
            _ => None,
        };
        assert!(reason(&[]).is_some_and(|reason| reason.contains("objectClass")));
        assert_eq!(reason(&[("objectClass", &[b"organizationalUnit"])]), None);
    }

    #[test]
    fn bytes_are_told_from_text_by_the_name_of_the_attribute() {
        let object = decoded(&[
            ("objectClass", &[b"person"]),
            ("objectSid", &[b"text-like"]),
            ("jpegPhoto", &[b"\xff\xd8"]),
            ("userCertificate;binary", &[b"0"]),
            ("cn;lang-ja", &["山田".as_bytes()]),
            ("cn", &["Jürgen".as_bytes()]),
            ("description", &[b"\xff"]),
        ]);
        let json = serde_json::to_value(&object.attributes).unwrap();
        assert_eq!(json["objectSid"]["$bin"], "dGV4dC1saWtl");
        assert_eq!(json["jpegPhoto"]["$bin"], "/9g=");
        assert_eq!(json["userCertificate"]["$bin"], "MA==");
        assert_eq!(json["cn;lang-ja"], "山田");
        assert_eq!(json["cn"], "Jürgen");
        assert_eq!(json["description"]["$bin"], "/w==");
    }

    #[test]
    fn unique_members_are_members() {
        let object = decoded(&[
            ("objectClass", &[b"groupOfUniqueNames"]),
            ("uniqueMember", &[b"uid=a,dc=x", b"uid=b,dc=x#'0101'B"]),
            ("member", &[b"uid=c,dc=x"]),
        ]);
        assert_eq!(object.kind, ObjectKind::Group);
        let members: Vec<_> = object
            .attributes
            .values("member")
            .iter()
            .filter_map(AttributeValue::as_text)
            .collect();
        assert_eq!(members, ["uid=a,dc=x", "uid=b,dc=x", "uid=c,dc=x"]);
        assert!(object.attributes.values("uniqueMember").is_empty());
    }

    #[test]
    fn a_name_that_is_none_is_told() {
        let mut odd = entry(&[("objectClass", &[b"person"])]);
        odd.dn = "no name".to_owned();
        assert!(matches!(object(odd), Decoded::Unusable(_)));
    }
}
