//! Names with the identifiers of their objects, as Active Directory hands them out when it is asked
//! to: `<GUID=b4c46e65-…>;<SID=S-1-5-…>;CN=Anna,DC=contoso,DC=test` (MS-ADTS 3.1.1.3.4.1.5).
//!
//! Every name of an answer comes like this: that of the entry, and each value with the syntax of a
//! name. The identifiers are kept where they matter, at the entry itself and at what refers to
//! others; everybody else is given the name as it always was.

use engine::{
    configuration::schema,
    directory::{AttributeName, ObjectReference},
};
use ldap3_proto::proto::LdapSearchResultEntry;

use super::search::Entry;

/// The entry with plain names, but for those that refer to other objects.
pub(super) fn entry(received: LdapSearchResultEntry) -> Entry {
    let mut entry = Entry::from(received);
    if let Ok(name) = ObjectReference::parse(&entry.dn) {
        entry.guid = name.guid;
        entry.dn = name.dn.as_str().to_owned();
    }
    for attribute in &mut entry.attributes {
        let name = attribute.atype.split(';').next().unwrap_or_default();
        let refers = schema::is_source_reference(&AttributeName::from(name));
        for value in &mut attribute.vals {
            if let Some(plainer) = plainer(value, refers) {
                *value = plainer.into_bytes();
            }
        }
    }
    entry
}

fn plainer(value: &[u8], refers: bool) -> Option<String> {
    if !value.starts_with(b"<") {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    let reference = ObjectReference::parse(text).ok()?;
    Some(match refers {
        true => reference.to_string(),
        false => reference.dn.as_str().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use ldap3_proto::proto::LdapPartialAttribute;

    use super::*;

    const GUID: &str = "b4c46e65-ec24-464c-8eb7-15835ab02ea0";

    fn received(name: &str, value: &str) -> Entry {
        let extended = |dn: &str| format!("<GUID={GUID}>;<SID=S-1-5-21-1-2-3-500>;{dn}");
        entry(LdapSearchResultEntry {
            dn: extended("CN=Staff,DC=x"),
            attributes: vec![LdapPartialAttribute {
                atype: name.to_owned(),
                vals: vec![match value.strip_prefix("name ") {
                    Some(dn) => extended(dn).into_bytes(),
                    None => value.as_bytes().to_vec(),
                }],
            }],
        })
    }

    fn value(entry: &Entry) -> &str {
        std::str::from_utf8(&entry.attributes[0].vals[0]).unwrap()
    }

    #[test]
    fn the_entry_keeps_its_identifier_apart_from_its_name() {
        let entry = received("cn", "Staff");
        assert_eq!(entry.dn, "CN=Staff,DC=x");
        assert_eq!(entry.guid.unwrap().to_string(), GUID);
        assert_eq!(value(&entry), "Staff");
    }

    #[test]
    fn only_what_refers_to_others_keeps_their_identifiers() {
        let bound = format!("<GUID={GUID}>;CN=Anna,DC=x");
        assert_eq!(value(&received("member", "name CN=Anna,DC=x")), bound);
        assert_eq!(
            value(&received("member;range=0-1", "name CN=Anna,DC=x")),
            bound
        );
        let plain = received("distinguishedName", "name CN=Anna,DC=x");
        assert_eq!(value(&plain), "CN=Anna,DC=x");
    }

    #[test]
    fn text_that_only_looks_like_it_stays_as_it_is() {
        for text in ["<b>bold</b>", "<GUID=1>;", "<>;;", "a;b"] {
            assert_eq!(value(&received("description", text)), text);
        }
    }
}
