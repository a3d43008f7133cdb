//! Which attributes are asked for, and which of them hold bytes rather than text.
//!
//! Attributes are asked for by name: a third of the work of asking for everything, and the
//! directory keeps what nobody needs. Names that a directory does not know are ignored by it.

use super::settings::LdapSettings;

/// What identifies an object, in the order in which a source anchor is made of it.
pub(super) const ANCHORS: [&str; 5] = [
    "mS-DS-ConsistencyGuid",
    "objectGUID",
    "entryUUID",
    "nsUniqueId",
    "ipaUniqueID",
];

/// Asked for whatever the settings say: without these nobody knows what an entry is, who it is, and
/// when it changed.
const ALWAYS: [&str; 8] = [
    "objectClass",
    "uid",
    "modifyTimestamp",
    "mS-DS-ConsistencyGuid",
    "objectGUID",
    "entryUUID",
    "nsUniqueId",
    "ipaUniqueID",
];

pub(super) fn is_always_asked_for(name: &str) -> bool {
    ALWAYS
        .iter()
        .any(|always| always.eq_ignore_ascii_case(name))
}

/// What is always asked for, and then what the settings name.
pub(super) fn to_ask_for(settings: &LdapSettings) -> Vec<String> {
    let named = settings.attributes.iter().map(String::as_str);
    let named = named.filter(|name| !is_always_asked_for(name));
    ALWAYS.into_iter().chain(named).map(str::to_owned).collect()
}

/// What an object is recognized by in a list that a person chooses from. Without what it refers to:
/// a group may have a hundred thousand members.
pub(super) fn to_recognize_by() -> Vec<String> {
    const NAMES: [&str; 6] = [
        "cn",
        "displayName",
        "sAMAccountName",
        "userPrincipalName",
        "mail",
        "description",
    ];
    ALWAYS.into_iter().chain(NAMES).map(str::to_owned).collect()
}

/// Asked for unless the settings say otherwise: what the default mappings read, what `inetOrgPerson`
/// (RFC 2798) and POSIX accounts (RFC 2307) offer for mapping, what identifies and what refers.
pub const ASKED_FOR: &[&str] = &[
    // What it is and who it is.
    "objectClass",
    "mS-DS-ConsistencyGuid",
    "objectGUID",
    "entryUUID",
    "nsUniqueId",
    "ipaUniqueID",
    "objectSid",
    "modifyTimestamp",
    "whenChanged",
    "isCriticalSystemObject",
    "adminDescription",
    // Names.
    "cn",
    "sn",
    "givenName",
    "middleName",
    "initials",
    "displayName",
    "generationQualifier",
    "personalTitle",
    "uid",
    "sAMAccountName",
    "userPrincipalName",
    "distinguishedName",
    "msDS-PhoneticDisplayName",
    "description",
    "info",
    "gecos",
    // Account.
    "userAccountControl",
    "accountExpires",
    "pwdLastSet",
    "pwdAccountLockedTime",
    "nsAccountLock",
    "loginShell",
    "uidNumber",
    "gidNumber",
    "homeDirectory",
    "shadowExpire",
    // Mail.
    "mail",
    "mailNickname",
    "proxyAddresses",
    "targetAddress",
    "legacyExchangeDN",
    "mailAlternateAddress",
    "mailLocalAddress",
    "msExchHideFromAddressLists",
    "msExchMailboxGuid",
    "msExchRecipientDisplayType",
    "msExchRecipientTypeDetails",
    "msExchRemoteRecipientType",
    "msExchUsageLocation",
    "extensionAttribute1",
    "extensionAttribute2",
    "extensionAttribute3",
    "extensionAttribute4",
    "extensionAttribute5",
    "extensionAttribute6",
    "extensionAttribute7",
    "extensionAttribute8",
    "extensionAttribute9",
    "extensionAttribute10",
    "extensionAttribute11",
    "extensionAttribute12",
    "extensionAttribute13",
    "extensionAttribute14",
    "extensionAttribute15",
    // Work.
    "o",
    "ou",
    "company",
    "department",
    "departmentNumber",
    "division",
    "title",
    "employeeID",
    "employeeNumber",
    "employeeType",
    "businessCategory",
    "carLicense",
    "roomNumber",
    "physicalDeliveryOfficeName",
    "preferredLanguage",
    "msDS-preferredDataLocation",
    "msDS-HABSeniorityIndex",
    // Place.
    "c",
    "co",
    "countryCode",
    "l",
    "st",
    "street",
    "streetAddress",
    "postalAddress",
    "postalCode",
    "postOfficeBox",
    // Telephone and web.
    "telephoneNumber",
    "mobile",
    "homePhone",
    "ipPhone",
    "pager",
    "facsimileTelephoneNumber",
    "otherTelephone",
    "otherMobile",
    "otherHomePhone",
    "otherIpPhone",
    "otherPager",
    "otherFacsimileTelephoneNumber",
    "telephoneAssistant",
    "msRTCSIP-PrimaryUserAddress",
    "url",
    "labeledURI",
    "wWWHomePage",
    // Pictures and certificates.
    "thumbnailPhoto",
    "jpegPhoto",
    "userCertificate",
    "userSMIMECertificate",
    // Groups.
    "groupType",
    "member",
    "uniqueMember",
    "memberUid",
    // References.
    "manager",
    "secretary",
    "assistant",
    "managedBy",
    "owner",
    "seeAlso",
];

/// Attributes whose values are bytes, whatever they look like: sixteen letters are a valid
/// identifier, and short security identifiers are valid UTF-8. In lower case.
const BINARY: &[&str] = &[
    "audio",
    "cacertificate",
    "invocationid",
    "jpegphoto",
    "logonhours",
    "ms-ds-consistencyguid",
    "msexcharchiveguid",
    "msexchblockedsendershash",
    "msexchmailboxguid",
    "msexchmasteraccountsid",
    "msexchsaferecipientshash",
    "msexchsafesendershash",
    "ntsecuritydescriptor",
    "objectguid",
    "objectsid",
    "photo",
    "sidhistory",
    "thumbnaillogo",
    "thumbnailphoto",
    "usercertificate",
    "userpkcs12",
    "usersmimecertificate",
];

pub(super) fn is_binary(name: &str) -> bool {
    BINARY
        .iter()
        .any(|binary| binary.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_identifies_an_object_is_always_asked_for() {
        for anchor in ANCHORS {
            assert!(ALWAYS.contains(&anchor), "{anchor}");
        }
    }

    #[test]
    fn secrets_are_never_asked_for() {
        for secret in ["userPassword", "unicodePwd", "sambaNTPassword", "*", "+"] {
            assert!(!ASKED_FOR.contains(&secret), "{secret}");
        }
    }
}
