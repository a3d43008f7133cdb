//! What a result code that is not success means here (RFC 4511, appendix A), and what helps.

use ldap3_proto::proto::{LdapResult, LdapResultCode as Code};

use super::settings::LdapSettings;
use crate::source::SourceError;

/// A sign-in that was refused.
pub(super) fn of_bind(settings: &LdapSettings, result: &LdapResult) -> SourceError {
    match result.code {
        Code::InvalidCredentials => SourceError::BadCredentials {
            detail: bad_credentials(&result.message).to_owned(),
        },
        Code::NoSuchObject | Code::InappropriateAuthentication => SourceError::BadCredentials {
            detail: "there is no such account, or it has no password.".to_owned(),
        },
        Code::InvalidDNSyntax => SourceError::BadSettings {
            detail: format!("\"{}\" is not the name of an account.", settings.bind_dn),
        },
        Code::StrongerAuthRequired | Code::ConfidentialityRequired => SourceError::BadSettings {
            detail: "the directory accepts a password only over a secure connection. Use ldaps:// \
                     or StartTLS."
                .to_owned(),
        },
        Code::Busy | Code::Unavailable => unavailable(settings),
        _ => SourceError::BadCredentials {
            detail: in_its_words(result),
        },
    }
}

/// A search that was refused or cut short after so many entries.
pub(super) fn of_search(
    settings: &LdapSettings,
    base: &str,
    result: &LdapResult,
    entries: u64,
) -> SourceError {
    match result.code {
        Code::SizeLimitExceeded | Code::AdminLimitExceeded => {
            SourceError::SizeLimitExceeded { entries }
        }
        Code::TimeLimitExceeded => SourceError::TimeLimitExceeded { entries },
        Code::NoSuchObject | Code::InvalidDNSyntax => SourceError::BaseNotFound {
            base: base.to_owned(),
        },
        Code::InsufficentAccessRights => SourceError::AccessDenied {
            detail: format!("it may not search {base}."),
        },
        Code::Referral => SourceError::BaseNotFound {
            base: format!("{base} itself (it refers to another server)"),
        },
        // Active Directory's answer to an anonymous or expired sign-in.
        Code::OperationsError => SourceError::AccessDenied {
            detail: in_its_words(result),
        },
        Code::Busy | Code::Unavailable => unavailable(settings),
        _ => SourceError::Protocol {
            detail: in_its_words(result),
        },
    }
}

fn unavailable(settings: &LdapSettings) -> SourceError {
    SourceError::Unreachable {
        address: settings.address.to_string(),
        detail: "it says that it is busy or unavailable. The next cycle tries again.".to_owned(),
    }
}

/// The directory's own sentence, with its code. Active Directory ends it with a zero byte.
pub(super) fn in_its_words(result: &LdapResult) -> String {
    let message = result.message.trim_matches(['\0', ' ', '\n']);
    if message.is_empty() {
        format!("it answered {:?}.", result.code)
    } else {
        format!("it answered {:?}: {message}", result.code)
    }
}

/// Active Directory hides the reason in the text: `..., data 52e, v4563`.
fn bad_credentials(message: &str) -> &'static str {
    let code = message
        .split_once(", data ")
        .and_then(|(_, rest)| rest.split([',', ' ', '\0']).next());
    match code {
        Some("530") => "the account may not sign in at this time of day.",
        Some("531") => "the account may not sign in from this machine.",
        Some("532") => "the password of the account has expired.",
        Some("533") => "the account is disabled.",
        Some("701") => "the account has expired.",
        Some("773") => "the account must change its password before it can sign in.",
        Some("775") => "the account is locked.",
        _ => "wrong account name or wrong password.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reasons_of_active_directory_are_read_from_its_text() {
        let text = |data: &str| {
            format!(
                "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data \
                 {data}, v4563\0"
            )
        };
        for (data, words) in [
            ("52e", "wrong account name"),
            ("533", "the account is disabled"),
            ("701", "the account has expired"),
            ("773", "the account must change"),
            ("775", "the account is locked"),
        ] {
            assert!(bad_credentials(&text(data)).starts_with(words), "{data}");
        }
        assert!(bad_credentials("").starts_with("wrong account name"));
    }
}
