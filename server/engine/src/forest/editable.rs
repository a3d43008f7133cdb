//! Which attributes of a demo forest's entries a person may change, and how they are typed.
//!
//! The rules are those of a directory, not of the cloud: what a real directory would let through
//! is let through here, so that a demonstration can go wrong in the way real ones do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::EntryClass;
use crate::{
    configuration::draft::FieldError,
    directory::{AttributeName, Dn},
};

/// How the values of an attribute are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shape {
    /// One value on one line.
    Line,
    /// One value of several lines.
    Text,
    /// Several values, one on each line.
    Lines,
    /// The distinguished name of another entry.
    Reference,
}

/// An attribute that may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditableAttribute {
    pub name: &'static str,
    pub label: &'static str,
    pub shape: Shape,
    /// Of each value.
    pub max_characters: usize,
    classes: &'static [EntryClass],
}

const PEOPLE: &[EntryClass] = &[EntryClass::User, EntryClass::Contact];
const USERS: &[EntryClass] = &[EntryClass::User];
const GROUPS: &[EntryClass] = &[EntryClass::Group];
const OBJECTS: &[EntryClass] = &[EntryClass::User, EntryClass::Group, EntryClass::Contact];
const ALL: &[EntryClass] = &[
    EntryClass::OrganizationalUnit,
    EntryClass::User,
    EntryClass::Group,
    EntryClass::Contact,
    EntryClass::Computer,
];

const fn attribute(
    name: &'static str,
    label: &'static str,
    shape: Shape,
    max_characters: usize,
    classes: &'static [EntryClass],
) -> EditableAttribute {
    EditableAttribute {
        name,
        label,
        shape,
        max_characters,
        classes,
    }
}

/// In the order of the form.
const ATTRIBUTES: &[EditableAttribute] = &[
    attribute("displayName", "Display name", Shape::Line, 256, OBJECTS),
    attribute("givenName", "First name", Shape::Line, 64, PEOPLE),
    attribute("sn", "Last name", Shape::Line, 64, PEOPLE),
    attribute("initials", "Initials", Shape::Line, 6, PEOPLE),
    attribute("description", "Description", Shape::Line, 1024, ALL),
    attribute(
        "userPrincipalName",
        "User principal name",
        Shape::Line,
        1024,
        USERS,
    ),
    attribute("sAMAccountName", "Account name", Shape::Line, 20, USERS),
    attribute("sAMAccountName", "Account name", Shape::Line, 256, GROUPS),
    attribute("mail", "Mail", Shape::Line, 256, OBJECTS),
    attribute("mailNickname", "Mail nickname", Shape::Line, 64, OBJECTS),
    attribute(
        "proxyAddresses",
        "Proxy addresses",
        Shape::Lines,
        1123,
        OBJECTS,
    ),
    attribute("title", "Job title", Shape::Line, 128, PEOPLE),
    attribute("department", "Department", Shape::Line, 64, PEOPLE),
    attribute("company", "Company", Shape::Line, 64, PEOPLE),
    attribute("manager", "Manager", Shape::Reference, 0, PEOPLE),
    attribute("managedBy", "Managed by", Shape::Reference, 0, GROUPS),
    attribute(
        "physicalDeliveryOfficeName",
        "Office",
        Shape::Line,
        128,
        PEOPLE,
    ),
    attribute(
        "telephoneNumber",
        "Telephone number",
        Shape::Line,
        64,
        PEOPLE,
    ),
    attribute("mobile", "Mobile", Shape::Line, 64, PEOPLE),
    attribute("streetAddress", "Street", Shape::Text, 1024, PEOPLE),
    attribute("postalCode", "Postal code", Shape::Line, 40, PEOPLE),
    attribute("l", "City", Shape::Line, 128, PEOPLE),
    attribute("st", "State or province", Shape::Line, 128, PEOPLE),
    attribute("co", "Country", Shape::Line, 128, PEOPLE),
    attribute("c", "Country code", Shape::Line, 2, PEOPLE),
    attribute(
        "preferredLanguage",
        "Preferred language",
        Shape::Line,
        64,
        USERS,
    ),
    attribute("employeeID", "Employee ID", Shape::Line, 16, USERS),
    attribute("employeeNumber", "Employee number", Shape::Line, 512, USERS),
    attribute("employeeType", "Employee type", Shape::Line, 256, USERS),
    attribute("info", "Notes", Shape::Text, 1024, OBJECTS),
    attribute(
        "adminDescription",
        "Admin description",
        Shape::Line,
        256,
        OBJECTS,
    ),
    attribute(
        "extensionAttribute1",
        "Extension attribute 1",
        Shape::Line,
        1024,
        OBJECTS,
    ),
    attribute(
        "extensionAttribute2",
        "Extension attribute 2",
        Shape::Line,
        1024,
        OBJECTS,
    ),
    attribute(
        "extensionAttribute3",
        "Extension attribute 3",
        Shape::Line,
        1024,
        OBJECTS,
    ),
    attribute(
        "extensionAttribute4",
        "Extension attribute 4",
        Shape::Line,
        1024,
        OBJECTS,
    ),
    attribute(
        "extensionAttribute5",
        "Extension attribute 5",
        Shape::Line,
        1024,
        OBJECTS,
    ),
];

/// What may be changed at entries of a class, in the order of the form.
pub fn editable(class: EntryClass) -> impl Iterator<Item = &'static EditableAttribute> {
    ATTRIBUTES
        .iter()
        .filter(move |attribute| attribute.classes.contains(&class))
}

/// What a person typed, by attribute. Attributes that are not named stay as they are; an empty
/// text removes the values.
pub type ChangeDraft = BTreeMap<String, String>;

/// One attribute's new values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeChange {
    Values {
        name: AttributeName,
        values: Vec<String>,
    },
    Reference {
        name: AttributeName,
        target: Option<Dn>,
    },
}

impl AttributeChange {
    pub fn name(&self) -> &AttributeName {
        match self {
            Self::Values { name, .. } | Self::Reference { name, .. } => name,
        }
    }
}

/// Checks each text by itself; whether a name is free or an entry exists, only the forest knows.
pub fn validate(
    class: EntryClass,
    draft: &ChangeDraft,
) -> Result<Vec<AttributeChange>, Vec<FieldError>> {
    let (mut changes, mut errors) = (Vec::new(), Vec::new());
    for (name, text) in draft {
        match change(class, name, text) {
            Ok(change) => changes.push(change),
            Err(message) => errors.push(FieldError::new(name, message)),
        }
    }
    if errors.is_empty() {
        Ok(changes)
    } else {
        Err(errors)
    }
}

fn change(class: EntryClass, name: &str, text: &str) -> Result<AttributeChange, String> {
    let attribute = editable(class)
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| format!("{name} cannot be changed here."))?;
    let name = AttributeName::from(attribute.name);
    if attribute.shape == Shape::Reference {
        let target = match text.trim() {
            "" => None,
            text => Some(Dn::parse(text).map_err(|error| error.to_string())?),
        };
        return Ok(AttributeChange::Reference { name, target });
    }
    let values = attribute.values(text)?;
    if attribute.name == "sAMAccountName" {
        let name = values.first().map_or("", String::as_str);
        account_name(name, attribute.max_characters)?;
    }
    Ok(AttributeChange::Values { name, values })
}

impl EditableAttribute {
    fn values(&self, text: &str) -> Result<Vec<String>, String> {
        let values: Vec<String> = match self.shape {
            Shape::Lines => text.lines().map(|line| line.trim().to_owned()).collect(),
            Shape::Line | Shape::Text | Shape::Reference => vec![text.to_owned()],
        };
        let values = values.into_iter().filter(|value| !value.trim().is_empty());
        values.map(|value| self.value(value)).collect()
    }

    /// Blanks around a value stay: directories are full of them.
    fn value(&self, value: String) -> Result<String, String> {
        let is_control = |character: char| {
            character.is_control() && !(self.shape == Shape::Text && "\r\n\t".contains(character))
        };
        if value.chars().any(is_control) {
            return Err(format!(
                "{} must be one line without control characters.",
                self.label
            ));
        }
        let (length, limit) = (value.chars().count(), self.max_characters);
        if length > limit {
            return Err(format!(
                "{} has {length} characters. The directory allows {limit}.",
                self.label
            ));
        }
        Ok(value)
    }
}

/// The rules of `sAMAccountName` (MS-ADTS 3.1.1.6).
pub(super) fn account_name(name: &str, max_characters: usize) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("Enter an account name.".to_owned());
    }
    if let Some(character) = name.chars().find(|c| "\"/\\[]:;|=,+*?<>@".contains(*c)) {
        return Err(format!(
            "An account name cannot have the character {character}"
        ));
    }
    if name.ends_with('.') || name.trim() != name || name.chars().any(char::is_control) {
        return Err("An account name cannot begin or end with a blank or end with a dot.".into());
    }
    let length = name.chars().count();
    if length > max_characters {
        return Err(format!(
            "The account name has {length} characters. The directory allows {max_characters}."
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validated(name: &str, text: &str) -> Result<AttributeChange, String> {
        let draft = ChangeDraft::from([(name.to_owned(), text.to_owned())]);
        validate(EntryClass::User, &draft)
            .map(|mut changes| changes.remove(0))
            .map_err(|errors| errors[0].message.clone())
    }

    fn values(name: &str, text: &str) -> Vec<String> {
        match validated(name, text).unwrap() {
            AttributeChange::Values { values, .. } => values,
            AttributeChange::Reference { .. } => panic!("{name} is no reference"),
        }
    }

    #[test]
    fn several_values_stand_on_lines_and_an_empty_text_removes_them() {
        let addresses = values("ProxyAddresses", "SMTP:a@b.test\n\n smtp:c@d.test \n");
        assert_eq!(addresses, ["SMTP:a@b.test", "smtp:c@d.test"]);
        assert_eq!(values("title", " "), Vec::<String>::new());
        assert_eq!(values("streetAddress", "one\ntwo"), ["one\ntwo"]);
        assert_eq!(values("sn", " Blank "), [" Blank "]);
    }

    #[test]
    fn what_the_directory_owns_cannot_be_changed() {
        for name in [
            "objectSid",
            "member",
            "cn",
            "userAccountControl",
            "managedBy",
        ] {
            let message = validated(name, "x").unwrap_err();
            assert_eq!(message, format!("{name} cannot be changed here."));
        }
    }

    #[test]
    fn mistakes_are_named_with_their_limit() {
        let long = "x".repeat(129);
        for (name, text, message) in [
            (
                "title",
                long.as_str(),
                "Job title has 129 characters. The directory allows 128.",
            ),
            (
                "title",
                "a\nb",
                "Job title must be one line without control characters.",
            ),
            ("sAMAccountName", "", "Enter an account name."),
            (
                "sAMAccountName",
                "a/b",
                "An account name cannot have the character /",
            ),
            (
                "manager",
                "Anna",
                "\"Anna\" at character 1 has no equals sign.",
            ),
        ] {
            let error = validated(name, text).unwrap_err();
            assert!(error.starts_with(message), "{name}: {error}");
        }
    }

    #[test]
    fn every_attribute_is_offered_once_per_class() {
        for class in EntryClass::ALL {
            let mut names: Vec<_> = editable(class).map(|attribute| attribute.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
