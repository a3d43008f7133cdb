//! How Active Directory writes times, accounts and security identifiers.

use engine::directory::AttributeValue;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// `userAccountControl` of an ordinary account (MS-ADTS 2.2.16).
pub(super) const ENABLED: &str = "512";
/// An ordinary account that is switched off.
pub(super) const DISABLED: &str = "514";
/// An ordinary account whose password never expires.
pub(super) const PASSWORD_NEVER_EXPIRES: &str = "66048";
/// `accountExpires` of an account that never does.
pub(super) const NEVER: &str = "9223372036854775807";

/// The bit of `userAccountControl` that switches an account off.
const ACCOUNT_DISABLE: i64 = 2;

const GENERALIZED_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day][hour][minute][second].0Z");

/// `20260901060000.0Z` (RFC 4517, 3.3.13).
pub(super) fn generalized_time(at: OffsetDateTime) -> String {
    at.format(GENERALIZED_TIME)
        .expect("a date and a time have all parts of the form")
}

const SECONDS_FROM_1601_TO_1970: i64 = 11_644_473_600;

/// Ticks of 100 nanoseconds since 1601, as `pwdLastSet` and `accountExpires` count.
pub(super) fn file_time(at: OffsetDateTime) -> String {
    ((at.unix_timestamp() + SECONDS_FROM_1601_TO_1970) * 10_000_000).to_string()
}

/// `pwdLastSet` of a password that must be changed at the next sign-in.
pub(super) const MUST_CHANGE: &str = "0";

/// What [`file_time`] wrote; none for what is no time.
pub(super) fn from_file_time(text: &str) -> Option<OffsetDateTime> {
    let ticks = text.parse::<i64>().ok().filter(|ticks| *ticks > 0)?;
    OffsetDateTime::from_unix_timestamp(ticks / 10_000_000 - SECONDS_FROM_1601_TO_1970).ok()
}

/// Whether `userAccountControl` lets the account sign in.
pub(super) fn is_enabled(user_account_control: &str) -> bool {
    user_account_control
        .parse::<i64>()
        .is_ok_and(|flags| flags & ACCOUNT_DISABLE == 0)
}

/// `userAccountControl` with the account switched on or off.
pub(super) fn with_enabled(user_account_control: &str, enabled: bool) -> String {
    let flags = user_account_control.parse::<i64>().unwrap_or(512);
    let flags = if enabled {
        flags & !ACCOUNT_DISABLE
    } else {
        flags | ACCOUNT_DISABLE
    };
    flags.to_string()
}

/// The bytes of S-1-5-21-(domain)-(relative identifier) (MS-DTYP 2.4.2.2).
pub(super) fn security_identifier(domain: &[u8], relative_identifier: u32) -> AttributeValue {
    let mut bytes = vec![1, 5, 0, 0, 0, 0, 0, 5];
    bytes.extend(21_u32.to_le_bytes());
    bytes.extend(domain);
    bytes.extend(relative_identifier.to_le_bytes());
    AttributeValue::Binary(bytes)
}

/// The last part of a security identifier.
pub(super) fn relative_identifier(sid: &AttributeValue) -> Option<u32> {
    let AttributeValue::Binary(bytes) = sid else {
        return None;
    };
    bytes.last_chunk().map(|last| u32::from_le_bytes(*last))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_written_as_active_directory_writes_them() {
        let at = datetime!(2026-09-01 06:00:07 UTC);
        assert_eq!(generalized_time(at), "20260901060007.0Z");
        assert_eq!(file_time(at), "134327160070000000");
        assert_eq!(from_file_time("134327160070000000"), Some(at));
        assert_eq!(from_file_time(MUST_CHANGE), None);
    }

    #[test]
    fn an_account_is_switched_off_and_on_and_keeps_its_other_flags() {
        let off = with_enabled("66048", false);
        assert_eq!(off, "66050");
        assert!(!is_enabled(&off));
        assert_eq!(with_enabled(&off, true), "66048");
        assert!(is_enabled(ENABLED));
    }

    #[test]
    fn a_security_identifier_ends_in_its_relative_identifier() {
        let sid = security_identifier(&[7; 12], 1104);
        assert_eq!(relative_identifier(&sid), Some(1104));
    }
}
