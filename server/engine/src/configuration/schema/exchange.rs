//! The Exchange family: attributes that Exchange keeps in Active Directory, for objects with a mail
//! nickname.

use super::{AttributeType, TargetAttribute, several, text, typed};
use crate::directory::ObjectKind;

/// One attribute of the family.
pub(crate) struct Member {
    pub(crate) source: &'static str,
    pub(crate) target: TargetAttribute,
    kinds: &'static [ObjectKind],
}

const USERS: &[ObjectKind] = &[ObjectKind::User];
const PEOPLE: &[ObjectKind] = &[ObjectKind::User, ObjectKind::Contact];
const ALL: &[ObjectKind] = &ObjectKind::ALL;

const fn member(
    source: &'static str,
    target: TargetAttribute,
    kinds: &'static [ObjectKind],
) -> Member {
    Member {
        source,
        target,
        kinds,
    }
}

/// The members that objects of this kind have.
pub(crate) fn family(kind: ObjectKind) -> impl Iterator<Item = &'static Member> {
    FAMILY
        .iter()
        .filter(move |member| member.kinds.contains(&kind))
}

static FAMILY: &[Member] = &[
    member(
        "msExchArchiveGUID",
        typed("MSExchArchiveGuid", AttributeType::Binary),
        USERS,
    ),
    member("msExchArchiveName", several("MSExchArchiveName"), USERS),
    member("msExchAssistantName", text("MSExchAssistantName"), PEOPLE),
    member(
        "msExchAuditAdmin",
        typed("MSExchAuditAdmin", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchAuditDelegate",
        typed("MSExchAuditDelegate", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchAuditDelegateAdmin",
        typed("MSExchAuditDelegateAdmin", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchAuditOwner",
        typed("MSExchAuditOwner", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchBlockedSendersHash",
        typed("MSExchBlockedSendersHash", AttributeType::Binary),
        USERS,
    ),
    member(
        "msExchBypassAudit",
        typed("MSExchBypassAudit", AttributeType::Boolean),
        USERS,
    ),
    member(
        "msExchELCExpirySuspensionEnd",
        typed("MSExchELCExpirySuspensionEnd", AttributeType::DateTime),
        USERS,
    ),
    member(
        "msExchELCExpirySuspensionStart",
        typed("MSExchELCExpirySuspensionStart", AttributeType::DateTime),
        USERS,
    ),
    member(
        "msExchELCMailboxFlags",
        typed("MSExchELCMailboxFlags", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchEnableModeration",
        typed("MSExchEnableModeration", AttributeType::Boolean),
        ALL,
    ),
    member(
        "msExchExtensionCustomAttribute1",
        several("MSExchExtensionCustomAttribute1"),
        ALL,
    ),
    member(
        "msExchExtensionCustomAttribute2",
        several("MSExchExtensionCustomAttribute2"),
        ALL,
    ),
    member(
        "msExchExtensionCustomAttribute3",
        several("MSExchExtensionCustomAttribute3"),
        ALL,
    ),
    member(
        "msExchExtensionCustomAttribute4",
        several("MSExchExtensionCustomAttribute4"),
        ALL,
    ),
    member(
        "msExchExtensionCustomAttribute5",
        several("MSExchExtensionCustomAttribute5"),
        ALL,
    ),
    member(
        "msExchHideFromAddressLists",
        typed("MSExchHideFromAddressLists", AttributeType::Boolean),
        ALL,
    ),
    member("msExchImmutableID", text("MSExchImmutableId"), USERS),
    member(
        "msExchLitigationHoldDate",
        typed("MSExchLitigationHoldDate", AttributeType::DateTime),
        USERS,
    ),
    member(
        "msExchLitigationHoldOwner",
        text("MSExchLitigationHoldOwner"),
        USERS,
    ),
    member(
        "msExchMailboxAuditEnable",
        typed("MSExchMailboxAuditEnable", AttributeType::Boolean),
        USERS,
    ),
    member(
        "msExchMailboxAuditLogAgeLimit",
        typed("MSExchMailboxAuditLogAgeLimit", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchMailboxGuid",
        typed("MSExchMailboxGuid", AttributeType::Binary),
        USERS,
    ),
    member(
        "msExchModerationFlags",
        typed("MSExchModerationFlags", AttributeType::Integer),
        ALL,
    ),
    member(
        "msExchRecipientDisplayType",
        typed("MSExchRecipientDisplayType", AttributeType::Integer),
        ALL,
    ),
    member(
        "msExchRecipientTypeDetails",
        typed("MSExchRecipientTypeDetails", AttributeType::Integer),
        ALL,
    ),
    member(
        "msExchRemoteRecipientType",
        typed("MSExchRemoteRecipientType", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchRequireAuthToSendTo",
        typed("MSExchRequireAuthToSendTo", AttributeType::Boolean),
        ALL,
    ),
    member(
        "msExchResourceCapacity",
        typed("MSExchResourceCapacity", AttributeType::Integer),
        USERS,
    ),
    member(
        "msExchResourceDisplay",
        text("MSExchResourceDisplay"),
        USERS,
    ),
    member(
        "msExchResourceMetaData",
        several("MSExchResourceMetaData"),
        USERS,
    ),
    member(
        "msExchResourceSearchProperties",
        several("MSExchResourceSearchProperties"),
        USERS,
    ),
    member(
        "msExchRetentionComment",
        text("MSExchRetentionComment"),
        USERS,
    ),
    member("msExchRetentionURL", text("MSExchRetentionUrl"), USERS),
    member(
        "msExchSafeRecipientsHash",
        typed("MSExchSafeRecipientsHash", AttributeType::Binary),
        USERS,
    ),
    member(
        "msExchSafeSendersHash",
        typed("MSExchSafeSendersHash", AttributeType::Binary),
        USERS,
    ),
    member(
        "msExchSenderHintTranslations",
        several("MSExchSenderHintTranslations"),
        ALL,
    ),
    member(
        "msExchTeamMailboxExpiration",
        typed("MSExchTeamMailboxExpiration", AttributeType::DateTime),
        USERS,
    ),
    member(
        "msExchTeamMailboxSharePointUrl",
        text("MSExchTeamMailboxSharePointUrl"),
        USERS,
    ),
    member(
        "msExchUserHoldPolicies",
        several("MSExchUserHoldPolicies"),
        USERS,
    ),
];
