//! What a person typed, and the way from there to something that may be stored.
//!
//! The form in the browser and the server call the same functions: the browser to answer at once,
//! the server because a browser can lie.

pub mod mapping;
mod scope;

use std::{num::NonZeroU32, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{DeletionProtection, Deployment, LostMembers, PerKind, Percentage};

pub use scope::{
    ClauseDraft, MOST_ORGANIZATIONAL_UNITS, ScopeChoice, ScopeDraft, ScopeSettings, clause_field,
    scope_name, too_many_units,
};

/// What is wrong with one field, in a sentence that stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// The field's name in the form, for example `accidental_deletion_threshold`.
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
        }
    }
}

/// What the **Create** button sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConfiguration {
    pub domain: String,
    /// A form without a script sends nothing for a box that is not checked.
    #[serde(default)]
    pub password_hash_sync: bool,
}

/// What the **Save** button sends: the settings, and the scope where it was edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigurationDraft {
    /// The revision that the person saw.
    pub revision: i64,
    pub settings: SettingsDraft,
    #[serde(default)]
    pub scope: Option<ScopeDraft>,
}

/// The settings and the selector of the configuration page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsDraft {
    pub notification_email: String,
    pub prevent_accidental_deletion: bool,
    /// May be empty while protection is off: the field cannot be edited then.
    pub accidental_deletion_threshold: String,
    /// None where a form does not show them: then they stay as they are.
    pub limits: Option<LimitsDraft>,
    pub password_hash_sync: bool,
    /// The deploy selector.
    pub enabled: bool,
}

/// Limits of deletions beside the threshold. An empty field is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitsDraft {
    pub deletion_percentage: String,
    pub user_threshold: String,
    pub group_threshold: String,
    pub contact_threshold: String,
    pub lost_members_threshold: String,
    pub lost_members_percentage: String,
}

/// Settings that may be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub notification_emails: Vec<String>,
    pub deletion_protection: DeletionProtection,
    /// Whether the limits beside the threshold stay as they are stored.
    pub keeps_limits: bool,
    pub password_hash_sync: bool,
    pub deployment: Deployment,
}

/// An LDAP connection as a person typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapDraft {
    /// `ldap://host:port` or `ldaps://host:port`.
    pub url: String,
    pub start_tls: bool,
    /// PEM text of the authority that issued the server's certificate; empty for public ones.
    pub ca_certificate_pem: String,
    pub bind_dn: String,
    /// Empty leaves a stored password as it is.
    pub bind_password: String,
    pub base_dn: String,
}

pub const URL: &str = "url";
pub const START_TLS: &str = "start_tls";
pub const CA_CERTIFICATE_PEM: &str = "ca_certificate_pem";
pub const BIND_DN: &str = "bind_dn";
pub const BIND_PASSWORD: &str = "bind_password";
pub const BASE_DN: &str = "base_dn";
pub const NOTIFICATION_EMAIL: &str = "notification_email";
pub const ACCIDENTAL_DELETION_THRESHOLD: &str = "accidental_deletion_threshold";
pub const DELETION_PERCENTAGE: &str = "deletion_percentage";
pub const USER_THRESHOLD: &str = "user_threshold";
pub const GROUP_THRESHOLD: &str = "group_threshold";
pub const CONTACT_THRESHOLD: &str = "contact_threshold";
pub const LOST_MEMBERS_THRESHOLD: &str = "lost_members_threshold";
pub const LOST_MEMBERS_PERCENTAGE: &str = "lost_members_percentage";
pub const SCOPE_CHOICE: &str = "scope_choice";
pub const DISTINGUISHED_NAME: &str = "distinguished_name";
pub const NESTED_GROUP_DEPTH: &str = "nested_group_depth";
pub const DOMAIN: &str = "domain";

impl SettingsDraft {
    pub fn validate(&self) -> Result<Settings, Vec<FieldError>> {
        let emails = notification_emails(&self.notification_email);
        let threshold = threshold(&self.accidental_deletion_threshold);
        // While protection is off its threshold cannot be edited; what stands there is kept if it
        // makes sense.
        let threshold = match threshold {
            Err(_) if !self.prevent_accidental_deletion => {
                Ok(DeletionProtection::DEFAULT_THRESHOLD)
            }
            other => other,
        };
        let limits = self.limits.clone().unwrap_or_default().validate();
        match (emails, threshold, limits) {
            (Ok(notification_emails), Ok(threshold), Ok(limits)) => Ok(Settings {
                notification_emails,
                deletion_protection: DeletionProtection {
                    prevent_accidental_deletion: self.prevent_accidental_deletion,
                    threshold,
                    ..limits
                },
                keeps_limits: self.limits.is_none(),
                password_hash_sync: self.password_hash_sync,
                deployment: if self.enabled {
                    Deployment::Enabled
                } else {
                    Deployment::Disabled
                },
            }),
            (emails, threshold, limits) => {
                let of_fields = [emails.err(), threshold.err()].into_iter().flatten();
                Err(of_fields.chain(limits.err().unwrap_or_default()).collect())
            }
        }
    }
}

impl From<&Settings> for SettingsDraft {
    fn from(settings: &Settings) -> Self {
        Self {
            notification_email: settings.notification_emails.join("; "),
            prevent_accidental_deletion: settings.deletion_protection.prevent_accidental_deletion,
            accidental_deletion_threshold: settings.deletion_protection.threshold.to_string(),
            limits: Some(LimitsDraft::from(&settings.deletion_protection)),
            password_hash_sync: settings.password_hash_sync,
            enabled: settings.deployment.is_enabled(),
        }
    }
}

impl LimitsDraft {
    /// The limits; what they do not say is as by default.
    fn validate(&self) -> Result<DeletionProtection, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut number = |field: &str, text: &str| {
            optional_number(field, text).unwrap_or_else(|error| {
                errors.push(error);
                None
            })
        };
        let threshold_of_kind = PerKind {
            user: number(USER_THRESHOLD, &self.user_threshold),
            group: number(GROUP_THRESHOLD, &self.group_threshold),
            contact: number(CONTACT_THRESHOLD, &self.contact_threshold),
        };
        let lost_members = number(LOST_MEMBERS_THRESHOLD, &self.lost_members_threshold);
        let mut share = |field: &str, text: &str| {
            optional_percentage(field, text).unwrap_or_else(|error| {
                errors.push(error);
                None
            })
        };
        let limits = DeletionProtection {
            percentage: share(DELETION_PERCENTAGE, &self.deletion_percentage),
            threshold_of_kind,
            lost_members: LostMembers {
                threshold: lost_members,
                percentage: share(LOST_MEMBERS_PERCENTAGE, &self.lost_members_percentage),
            },
            ..DeletionProtection::default()
        };
        match errors.is_empty() {
            true => Ok(limits),
            false => Err(errors),
        }
    }
}

impl From<&DeletionProtection> for LimitsDraft {
    fn from(protection: &DeletionProtection) -> Self {
        let number = |limit: Option<NonZeroU32>| limit.map_or_else(String::new, |n| n.to_string());
        let share = |share: Option<Percentage>| {
            share.map_or_else(String::new, |percentage| percentage.get().to_string())
        };
        Self {
            deletion_percentage: share(protection.percentage),
            user_threshold: number(protection.threshold_of_kind.user),
            group_threshold: number(protection.threshold_of_kind.group),
            contact_threshold: number(protection.threshold_of_kind.contact),
            lost_members_threshold: number(protection.lost_members.threshold),
            lost_members_percentage: share(protection.lost_members.percentage),
        }
    }
}

fn optional_number(field: &str, text: &str) -> Result<Option<NonZeroU32>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        FieldError::new(
            field,
            "Enter a whole number of 1 or more, or nothing for no limit.",
        )
    })
}

fn optional_percentage(field: &str, text: &str) -> Result<Option<Percentage>, FieldError> {
    let text = text.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let share = text.parse().ok().and_then(Percentage::new);
    share.map(Some).ok_or_else(|| {
        FieldError::new(
            field,
            "Enter a whole number from 1 to 100, or nothing for no limit.",
        )
    })
}

/// Several addresses are separated by semicolons or commas; none is allowed.
pub fn notification_emails(text: &str) -> Result<Vec<String>, FieldError> {
    let addresses = text
        .split([';', ','])
        .map(str::trim)
        .filter(|address| !address.is_empty());
    addresses
        .map(|address| {
            email_address::EmailAddress::from_str(address)
                .ok()
                .filter(|parsed| parsed.domain().contains('.') && !address.contains(['<', '>']))
                .map(|_| address.to_owned())
                .ok_or_else(|| {
                    FieldError::new(
                        NOTIFICATION_EMAIL,
                        format!(
                            "\"{address}\" is not an email address. Enter one such as \
                             name@example.com, or several with a semicolon between them."
                        ),
                    )
                })
        })
        .collect()
}

/// A whole number from 1 to 4,294,967,295.
pub fn threshold(text: &str) -> Result<NonZeroU32, FieldError> {
    let refuse = |message: &str| Err(FieldError::new(ACCIDENTAL_DELETION_THRESHOLD, message));
    let text = text.trim();
    if text.is_empty() {
        return refuse("Enter a threshold: a whole number of 1 or more.");
    }
    match text.parse::<i128>() {
        Err(_) => refuse("The threshold must be a whole number, without signs or separators."),
        Ok(number) if number < 1 => refuse(
            "The threshold must be 1 or more. To delete without a limit, clear Prevent accidental \
             deletion.",
        ),
        Ok(number) => match u32::try_from(number).ok().and_then(NonZeroU32::new) {
            Some(threshold) => Ok(threshold),
            None => refuse("The threshold must be at most 4294967295."),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> SettingsDraft {
        SettingsDraft {
            notification_email: String::new(),
            prevent_accidental_deletion: true,
            accidental_deletion_threshold: "500".to_owned(),
            limits: None,
            password_hash_sync: true,
            enabled: false,
        }
    }

    #[test]
    fn several_addresses_are_accepted_and_each_is_checked() {
        let good = notification_emails(" a@b.test; c.d+e@f.test ,g@h.example ").unwrap();
        assert_eq!(good, ["a@b.test", "c.d+e@f.test", "g@h.example"]);
        assert_eq!(notification_emails("").unwrap(), Vec::<String>::new());
        for bad in [
            "a",
            "a@",
            "@b.test",
            "a b@c.test",
            "a@b",
            "Anna <a@b.test>",
            "a@b.test\r\nBcc: x@y.test",
        ] {
            assert!(notification_emails(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_threshold_is_a_whole_number_of_one_or_more() {
        assert_eq!(threshold(" 3 ").unwrap().get(), 3);
        for bad in [
            "",
            "0",
            "-1",
            "1.5",
            "many",
            "1,000",
            "4294967296",
            "99999999999999999999999999999999999999999",
        ] {
            assert!(threshold(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_are_optional_and_each_wrong_one_is_named() {
        let limits = LimitsDraft {
            deletion_percentage: " 40 % ".to_owned(),
            group_threshold: "3".to_owned(),
            ..LimitsDraft::default()
        };
        let with = |limits| SettingsDraft {
            limits: Some(limits),
            ..draft()
        };
        let settings = with(limits.clone()).validate().unwrap();
        assert_eq!(
            settings.deletion_protection.percentage,
            Some(Percentage::FORTY)
        );
        assert_eq!(
            SettingsDraft::from(&settings)
                .limits
                .unwrap()
                .group_threshold,
            "3"
        );
        let wrong = LimitsDraft {
            deletion_percentage: "101".to_owned(),
            user_threshold: "0".to_owned(),
            lost_members_percentage: "half".to_owned(),
            ..limits
        };
        let errors = with(wrong).validate().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(
            fields,
            [USER_THRESHOLD, DELETION_PERCENTAGE, LOST_MEMBERS_PERCENTAGE]
        );
    }

    #[test]
    fn every_wrong_field_is_named() {
        let errors = SettingsDraft {
            notification_email: "nobody".to_owned(),
            accidental_deletion_threshold: "0".to_owned(),
            ..draft()
        }
        .validate()
        .unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, [NOTIFICATION_EMAIL, ACCIDENTAL_DELETION_THRESHOLD]);
    }
}
