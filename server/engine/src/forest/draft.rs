//! What a person typed to make something new in a demo forest.
//!
//! The form in the browser and the server run the same checks. Whether a name is still free and a
//! container exists, only the forest knows.

use serde::{Deserialize, Serialize};

use super::{Forest, editable::account_name};
use crate::{
    configuration::draft::FieldError,
    directory::{AttributeValue, Attributes, Dn},
};

pub const CONTAINER: &str = "container";
pub const NAME: &str = "name";
pub const ACCOUNT_NAME: &str = "account_name";
pub const USER_PRINCIPAL_NAME: &str = "user_principal_name";
pub const MEMBER: &str = "member";
pub const PASSWORD: &str = "password";

/// The longest name that Active Directory gives an entry.
const MAX_NAME: usize = 64;

/// **New user**.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonDraft {
    /// The distinguished name of the container.
    pub container: String,
    pub given_name: String,
    pub surname: String,
    /// First and last name when empty.
    pub display_name: String,
    pub account_name: String,
    /// None when empty, as directories allow.
    pub user_principal_name: String,
    pub mail: String,
    pub title: String,
    pub department: String,
}

/// **New group**.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupDraft {
    pub container: String,
    pub name: String,
    /// The name when empty.
    pub account_name: String,
    pub description: String,
    pub mail: String,
    pub group_type: NewGroupType,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NewGroupType {
    #[default]
    Security,
    Distribution,
}

/// **New organizational unit**.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationalUnitDraft {
    pub container: String,
    pub name: String,
    pub description: String,
}

/// A checked draft: where the entry goes, what it is called, what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    pub container: Dn,
    pub name: String,
    pub attributes: Attributes,
}

impl PersonDraft {
    pub fn validate(&self, forest: Forest) -> Result<NewEntry, Vec<FieldError>> {
        let mut errors = Vec::new();
        let container = checked(&mut errors, container(&self.container, forest));
        let name = checked(&mut errors, entry_name("display_name", &self.full_name()));
        let account = account_name(self.account_name.trim(), 20)
            .map_err(|message| FieldError::new(ACCOUNT_NAME, message));
        checked(&mut errors, account);
        let mut attributes = Attributes::new();
        for (field, attribute, limit, value) in [
            ("given_name", "givenName", 64, &self.given_name),
            ("surname", "sn", 64, &self.surname),
            (
                USER_PRINCIPAL_NAME,
                "userPrincipalName",
                1024,
                &self.user_principal_name,
            ),
            ("mail", "mail", 256, &self.mail),
            ("title", "title", 128, &self.title),
            ("department", "department", 64, &self.department),
        ] {
            if let Some(value) = checked(&mut errors, line(field, limit, value)) {
                set(&mut attributes, attribute, &value);
            }
        }
        set(&mut attributes, "sAMAccountName", self.account_name.trim());
        set(&mut attributes, "displayName", &self.full_name());
        add_mail(&mut attributes, self.account_name.trim());
        finish(errors, container, name, attributes)
    }

    fn full_name(&self) -> String {
        if !self.display_name.trim().is_empty() {
            return self.display_name.trim().to_owned();
        }
        let name = format!("{} {}", self.given_name.trim(), self.surname.trim());
        name.trim().to_owned()
    }
}

impl GroupDraft {
    pub fn validate(&self, forest: Forest) -> Result<NewEntry, Vec<FieldError>> {
        let mut errors = Vec::new();
        let container = checked(&mut errors, container(&self.container, forest));
        let name = checked(&mut errors, entry_name(NAME, &self.name));
        let account = match self.account_name.trim() {
            "" => self.name.trim(),
            account => account,
        };
        let mut attributes = Attributes::new();
        for (field, attribute, limit, value) in [
            (ACCOUNT_NAME, "sAMAccountName", 256, account),
            ("description", "description", 1024, &self.description),
            ("mail", "mail", 256, &self.mail),
        ] {
            if let Some(value) = checked(&mut errors, line(field, limit, value)) {
                set(&mut attributes, attribute, &value);
            }
        }
        set(&mut attributes, "displayName", self.name.trim());
        // Universal; the sign bit marks a security group.
        let group_type = match self.group_type {
            NewGroupType::Security => "-2147483640",
            NewGroupType::Distribution => "8",
        };
        set(&mut attributes, "groupType", group_type);
        add_mail(&mut attributes, account);
        finish(errors, container, name, attributes)
    }
}

impl OrganizationalUnitDraft {
    pub fn validate(&self, forest: Forest) -> Result<NewEntry, Vec<FieldError>> {
        let mut errors = Vec::new();
        let container = checked(&mut errors, container(&self.container, forest));
        let name = checked(&mut errors, entry_name(NAME, &self.name));
        let text = checked(&mut errors, line("description", 1024, &self.description));
        let mut attributes = Attributes::new();
        set(&mut attributes, "description", &text.unwrap_or_default());
        set(&mut attributes, "ou", self.name.trim());
        finish(errors, container, name, attributes)
    }
}

/// The name of a container in the forest, as it stands in a field.
pub fn container(text: &str, forest: Forest) -> Result<Dn, FieldError> {
    in_forest(CONTAINER, text, forest)
}

/// The name of any entry of the forest, as it stands in `field`.
pub fn in_forest(field: &str, text: &str, forest: Forest) -> Result<Dn, FieldError> {
    let dn = Dn::parse(text).map_err(|error| FieldError::new(field, error.to_string()))?;
    let base = forest.base_dn();
    let is_inside = Dn::parse(base).is_ok_and(|base| dn.is_under(&base));
    is_inside
        .then_some(dn)
        .ok_or_else(|| FieldError::new(field, format!("Names of this forest end with {base}.")))
}

/// What an entry may be called within its container.
pub fn entry_name(field: &str, name: &str) -> Result<String, FieldError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(FieldError::new(field, "Enter a name."));
    }
    line(field, MAX_NAME, name)
}

fn line(field: &str, limit: usize, text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    let length = text.chars().count();
    if length > limit {
        let message = format!("This has {length} characters. The directory allows {limit}.");
        return Err(FieldError::new(field, message));
    }
    if text.chars().any(char::is_control) {
        let message = "This must be one line without control characters.";
        return Err(FieldError::new(field, message));
    }
    Ok(text.to_owned())
}

fn checked<T>(errors: &mut Vec<FieldError>, result: Result<T, FieldError>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

fn set(attributes: &mut Attributes, name: &str, value: &str) {
    if !value.is_empty() {
        attributes.set(name, vec![value.into()]);
    }
}

/// An entry with an address is known to the mail system.
fn add_mail(attributes: &mut Attributes, nickname: &str) {
    if let Some(mail) = attributes.text("mail").map(str::to_owned) {
        let primary = AttributeValue::from(format!("SMTP:{mail}"));
        attributes.set("proxyAddresses", vec![primary]);
        set(attributes, "mailNickname", nickname);
    }
}

fn finish(
    errors: Vec<FieldError>,
    container: Option<Dn>,
    name: Option<String>,
    attributes: Attributes,
) -> Result<NewEntry, Vec<FieldError>> {
    match (container, name) {
        (Some(container), Some(name)) if errors.is_empty() => Ok(NewEntry {
            container,
            name,
            attributes,
        }),
        _ => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> PersonDraft {
        PersonDraft {
            container: "OU=Users,OU=Corp,DC=contoso,DC=test".to_owned(),
            given_name: " Iris ".to_owned(),
            surname: "Okafor".to_owned(),
            account_name: "iokafor".to_owned(),
            user_principal_name: "iris.okafor@contoso.test".to_owned(),
            mail: "iris.okafor@contoso.test".to_owned(),
            ..PersonDraft::default()
        }
    }

    fn errors(draft: &PersonDraft) -> Vec<String> {
        let errors = draft.validate(Forest::Contoso).unwrap_err();
        errors
            .into_iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect()
    }

    #[test]
    fn a_person_with_an_address_is_known_to_the_mail_system() {
        let entry = person().validate(Forest::Contoso).unwrap();
        assert_eq!(entry.name, "Iris Okafor");
        assert_eq!(
            serde_json::to_string(&entry.attributes).unwrap(),
            r#"{"displayName":"Iris Okafor","givenName":"Iris","mail":"iris.okafor@contoso.test","mailNickname":"iokafor","proxyAddresses":"SMTP:iris.okafor@contoso.test","sAMAccountName":"iokafor","sn":"Okafor","userPrincipalName":"iris.okafor@contoso.test"}"#
        );
    }

    #[test]
    fn every_mistake_is_named_at_its_field() {
        let draft = PersonDraft {
            container: "OU=Users,DC=fabrikam,DC=test".to_owned(),
            given_name: String::new(),
            surname: String::new(),
            account_name: "a name that is much too long".to_owned(),
            title: "x".repeat(129),
            ..person()
        };
        assert_eq!(
            errors(&draft),
            [
                "container: Names of this forest end with DC=contoso,DC=test.",
                "display_name: Enter a name.",
                "account_name: The account name has 28 characters. The directory allows 20.",
                "title: This has 129 characters. The directory allows 128.",
            ]
        );
    }

    #[test]
    fn a_group_takes_its_name_as_account_name_and_is_a_security_group_by_default() {
        let draft = GroupDraft {
            container: "DC=contoso,DC=test".to_owned(),
            name: "Night Shift".to_owned(),
            ..GroupDraft::default()
        };
        let group = draft.validate(Forest::Contoso).unwrap();
        assert_eq!(group.attributes.text("sAMAccountName"), Some("Night Shift"));
        assert_eq!(group.attributes.text("groupType"), Some("-2147483640"));
    }

    #[test]
    fn an_organizational_unit_needs_a_name_of_one_line() {
        for name in ["", " ", "a\nb"] {
            let draft = OrganizationalUnitDraft {
                container: "DC=contoso,DC=test".to_owned(),
                name: name.to_owned(),
                ..OrganizationalUnitDraft::default()
            };
            assert_eq!(draft.validate(Forest::Contoso).unwrap_err()[0].field, NAME);
        }
    }
}
